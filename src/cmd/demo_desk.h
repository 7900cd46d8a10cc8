/*
 * The demo's desk at work: two teams, and questions that are in hand, escalated, handed
 * over and put off, with notes, and the cause of one that was late. After the demo's
 * questions; run again, it adds nothing.
 */
#ifndef CMD_DEMO_DESK_H
#define CMD_DEMO_DESK_H

#include "base/ctx.h"
#include "cmd/demo_files.h"

enum err demo_seed_desk(struct ctx *ctx, const struct demo *demo) MUST_CHECK;

#endif
