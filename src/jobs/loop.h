/*
 * The life of a worker process ("slot"): takes jobs and search marks one after the
 * other, and sleeps until the database says that there is something to do, or some
 * seconds have passed. Several run side by side; the queue's leases keep them apart.
 */
#ifndef JOBS_LOOP_H
#define JOBS_LOOP_H

#include "base/ctx.h"
#include "http/supervisor.h"

/*
 * For the supervisor; pool->data: the struct config. Ends after the job in hand
 * when it is told to stop, or after request_limit jobs.
 */
int jobs_work(const struct supervisor_worker *worker);

/*
 * One step, for tests too: runs the next due job. *found: there was one. A job that
 * fails is put back, and logged; the result is not OK only when the queue itself
 * could not be reached.
 */
enum err jobs_run_next(struct ctx *ctx, bool *found) MUST_CHECK;

#endif
