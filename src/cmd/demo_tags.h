/*
 * A tag with a description and two synonyms, as an administrator would have written them.
 * After the demo's questions; run again, it adds nothing.
 */
#ifndef CMD_DEMO_TAGS_H
#define CMD_DEMO_TAGS_H

#include "base/ctx.h"

enum err demo_seed_tags(struct ctx *ctx) MUST_CHECK;

#endif
