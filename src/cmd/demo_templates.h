/*
 * Reply templates of the demo's desk, in both languages, as its advisors share them. After
 * the demo's articles, which some lead to; run again, it adds nothing.
 */
#ifndef CMD_DEMO_TEMPLATES_H
#define CMD_DEMO_TEMPLATES_H

#include "base/ctx.h"

enum err demo_seed_templates(struct ctx *ctx) MUST_CHECK;

#endif
