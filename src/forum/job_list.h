/*
 * The job queue for administrators: what waits, and what died after all its attempts,
 * to be tried again or dropped.
 */
#ifndef FORUM_JOB_LIST_H
#define FORUM_JOB_LIST_H

#include "forum/job.h"

#define DEAD_JOBS_SHOWN 50

struct dead_job {
	int64_t id;
	const char *kind, *payload, *error;
	int64_t attempts;
	int64_t created_at, run_at;
};

struct job_state {
	struct job_counts *counts; /* by kind and state */
	size_t count;
	struct dead_job *dead; /* newest first */
	size_t dead_count;
	int64_t dead_total;
	int64_t next_id; /* before_id of the next page of dead ones; 0: the last */
};

/* ERR_FORBIDDEN. */
enum err job_state_load(struct ctx *ctx, int64_t before_id, struct job_state *out) MUST_CHECK;

/*
 * A dead job, or with id 0 all dead ones of kind (NULL: of every kind); *done how many.
 * ERR_FORBIDDEN.
 */
enum err job_retry(struct ctx *ctx, int64_t id, const char *kind, int64_t *done) MUST_CHECK;
enum err job_drop(struct ctx *ctx, int64_t id, const char *kind, int64_t *done) MUST_CHECK;

#endif
