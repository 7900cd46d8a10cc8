/*
 * After the team let a held post through: who would have been told when it was written
 * is told now. A job (post_released), queued by a trigger, so that every way of letting
 * it through comes here.
 */
#ifndef FORUM_POST_RELEASE_H
#define FORUM_POST_RELEASE_H

#include "base/ctx.h"

/* Nothing when it is hidden again, or its author is gone. */
enum err post_announce(struct ctx *ctx, int64_t post_id) MUST_CHECK;

#endif
