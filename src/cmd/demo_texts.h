/*
 * A page of the brand's own in two versions, as an administrator would have written it.
 * Run again, it adds nothing.
 */
#ifndef CMD_DEMO_TEXTS_H
#define CMD_DEMO_TEXTS_H

#include "base/ctx.h"

enum err demo_seed_texts(struct ctx *ctx) MUST_CHECK;

#endif
