/*
 * The life of a worker process ("slot"), whatever it works at: takes one step after the
 * other while there is work, and sleeps until the database calls, a signal comes, or it
 * is time to look anyway. Signals are blocked while a step is in hand, so nothing is ever
 * cut short; only the wait lets them through.
 */
#ifndef JOBS_SLOT_H
#define JOBS_SLOT_H

#include "base/ctx.h"
#include "http/supervisor.h"

#define SLOT_CHANNELS_MAX 4

struct slot {
	const struct supervisor_worker *worker;  /* its pool's data: the struct config */
	const char *name;                        /* for log lines outside of any task */
	const char *channels[SLOT_CHANNELS_MAX]; /* notified there: look at once; NULL ends */
	int poll_seconds;                        /* at the latest then */
	int (*wait_ms)(const void *state);       /* NULL; or sooner, each time anew */
	size_t memory_max_bytes;                 /* of one step */
	bool is_repeatable;                      /* db.h: its commits do not wait for the disk */
	/* *worked: there may be more. Not OK only when nothing can be done for now. */
	enum err (*step)(struct ctx *ctx, void *state, bool *worked);
	void *state;
};

/* Until it is told to stop or the worker's request_limit; the exit status. */
int slot_work(const struct slot *slot);

/* Why something failed, in the words that are the nearest to the cause. */
const char *slot_why(const struct error *error);

#endif
