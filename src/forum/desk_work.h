/*
 * The worker's side of the desk: takes what triggers noted down, and clocks whose moment
 * has come, and writes the rows that pages read; records breaches and tells advisors, once
 * before a clock runs out and once when it has.
 */
#ifndef FORUM_DESK_WORK_H
#define FORUM_DESK_WORK_H

#include "base/ctx.h"

#define DESK_BATCH 100 /* questions in one transaction */

/*
 * One batch of what is new or due. *has_more: come again at once. Several workers may
 * call it: one works, the others find nothing to do.
 */
enum err desk_work(struct ctx *ctx, bool *has_more) MUST_CHECK;

/*
 * Reckons the next batch of questions behind *after anew, in the order of their numbers:
 * those that the queue has or should have. *after becomes 0 at the end. For the nightly
 * job, after a change of hours, targets or watched words, and after an import.
 */
enum err desk_work_again(struct ctx *ctx, int64_t *after) MUST_CHECK;
/* Queues that for everything; one that waits already is enough. */
void desk_schedule_again(struct ctx *ctx);

#endif
