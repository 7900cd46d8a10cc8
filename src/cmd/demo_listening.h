/*
 * The demo's themes of listening, and its labelled samples.
 */
#ifndef CMD_DEMO_LISTENING_H
#define CMD_DEMO_LISTENING_H

#include "base/ctx.h"
#include "cmd/demo_files.h"

enum err demo_seed_listening(struct ctx *ctx, const struct demo *demo) MUST_CHECK;

#endif
