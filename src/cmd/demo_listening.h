/*
 * The demo's themes of listening.
 */
#ifndef CMD_DEMO_LISTENING_H
#define CMD_DEMO_LISTENING_H

#include "base/ctx.h"

enum err demo_seed_listening(struct ctx *ctx) MUST_CHECK;

#endif
