/*
 * Keeping the search index: takes what is marked (forum/indexing.h) into it, builds it
 * anew when it is missing, broken or of other words than this program's, and remembers
 * which topics are alike. One process at a time does each, by locks in the database.
 */
#ifndef JOBS_INDEX_H
#define JOBS_INDEX_H

#include "base/ctx.h"

struct job; /* forum/job.h */

/* What may be done before it is somebody else's turn. Zero: no limit. */
struct index_limits {
	size_t batches;   /* of marks */
	int64_t build_ms; /* of building anew */
};

struct index_run {
	struct index_limits limits;

	/* What came of it. */
	int64_t written;  /* topics put into the living index or taken out of it */
	int64_t articles; /* articles, likewise */
	int64_t built;    /* topics put into the new one */
	int64_t related;  /* topics whose related questions were found */
	bool is_busy;     /* another process is at it: not all was done */
	bool has_more;    /* the limits were not enough */
};

/*
 * Once all there is to do, in the order of what people wait for: marks, building,
 * related questions (a few of them). A place that cannot be written is no error: that
 * is noted (forum/index_state.h), said once in the log, and tried again after a while.
 * ERR_UNAVAILABLE: the database is away; what was marked stays marked.
 */
enum err index_run(struct ctx *ctx, struct index_run *run) MUST_CHECK;

/*
 * Building, for the command: waits for a piece that the worker has in hand, then goes
 * on with it, or begins with an empty one. ERR_UNAVAILABLE: why is in ctx->error.
 */
struct index_build {
	bool is_anew;             /* gives up what was begun before */
	bool is_related_anew;     /* looks for all related questions again */
	int64_t wait_ms, most_ms; /* most_ms: 0 is to the end */
	/* After each batch, and with done = total when it is being packed; or NULL. */
	void (*progress)(void *data, int64_t done, int64_t total);
	void *data;

	/* What came of it. */
	int64_t resumed; /* topics that were in it already */
	int64_t built, total;
	bool is_busy, is_finished;
};
enum err index_build(struct ctx *ctx, struct index_build *build) MUST_CHECK;

/* Jobs: a category was renamed, somebody joined or left the team. */
enum err job_search_category(struct ctx *ctx, const struct job *job) MUST_CHECK;
enum err job_search_author(struct ctx *ctx, const struct job *job) MUST_CHECK;

#endif
