/*
 * For `entraide check`: does the desk have the questions that it should have, and no
 * others? What the worker has not seen yet (new events) counts as neither.
 */
#ifndef FORUM_DESK_CHECK_H
#define FORUM_DESK_CHECK_H

#include "base/ctx.h"

/*
 * *differing: questions that wait and are not in the queue, and rows in the queue of
 * questions that wait for nobody. is_repair: all rows are asked to be reckoned anew, which
 * the worker does within seconds to minutes.
 */
enum err desk_check(struct ctx *ctx, bool is_repair, int64_t *differing) MUST_CHECK;

#endif
