/*
 * The demo's filled queue: posts that people report, a hidden one, a complaint, measures;
 * through the same rules as the pages. After the threads; run again, it adds nothing.
 */
#ifndef CMD_DEMO_MODERATION_H
#define CMD_DEMO_MODERATION_H

#include "base/ctx.h"
#include "cmd/demo_files.h"

enum err demo_seed_moderation(struct ctx *ctx, const struct demo *demo) MUST_CHECK;

#endif
