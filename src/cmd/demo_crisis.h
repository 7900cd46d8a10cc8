/*
 * The demo's past incident: opened by an advisor, two updates, closed with a summary. After
 * the demo's questions; run again, it adds nothing.
 */
#ifndef CMD_DEMO_CRISIS_H
#define CMD_DEMO_CRISIS_H

#include "base/ctx.h"
#include "cmd/demo_files.h"

enum err demo_seed_crisis(struct ctx *ctx, const struct demo *demo) MUST_CHECK;

#endif
