/*
 * What the demo's rules before publication do: some are on, new people's posts wait in the
 * queue, a spammer was removed and can be put back, sign-up turned programs away. After
 * demo_moderation.h; run again, it adds nothing.
 */
#ifndef CMD_DEMO_HOLDING_H
#define CMD_DEMO_HOLDING_H

#include "base/ctx.h"
#include "cmd/demo_files.h"

enum err demo_seed_holding(struct ctx *ctx, const struct demo *demo) MUST_CHECK;

#endif
