/*
 * Two private exchanges of the demo's desk, in French: one that waits for the team, one that
 * was closed with a summary. After the demo's desk, where they begin; run again, it adds
 * nothing.
 */
#ifndef CMD_DEMO_PRIVATE_H
#define CMD_DEMO_PRIVATE_H

#include "base/ctx.h"
#include "cmd/demo_files.h"

enum err demo_seed_private(struct ctx *ctx, const struct demo *demo) MUST_CHECK;

#endif
