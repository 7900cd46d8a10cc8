/* A panel of the demo, with people in it and what they answered. */
#ifndef CMD_DEMO_PANELS_H
#define CMD_DEMO_PANELS_H

#include "base/ctx.h"
#include "cmd/demo_files.h"

/* Nothing happens when there is a panel already. */
enum err demo_seed_panels(struct ctx *ctx, const struct demo *demo) MUST_CHECK;

#endif
