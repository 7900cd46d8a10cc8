/*
 * Keeping the search index: takes what is marked (forum/indexing.h) into it, some
 * at a time, and remembers which topics are alike. One process at a time does it,
 * by a lock in the database.
 */
#ifndef JOBS_INDEX_H
#define JOBS_INDEX_H

#include "base/ctx.h"

struct index_run {
	size_t most_batches; /* of INDEX_BATCH topics; 0: until nothing is left */
	bool is_anew;        /* begins with an empty index: mark every topic first */
	void (*progress)(void *data, int64_t done); /* after each topic; or NULL */
	void *data;

	/* What came of it. */
	int64_t done;  /* topics looked at */
	bool is_busy;  /* another process is at it: nothing was done */
	bool has_more; /* most_batches was not enough */
};

/*
 * ERR_UNAVAILABLE: the database is away, or the index cannot be written now (full,
 * locked); what was marked stays marked.
 */
enum err index_run(struct ctx *ctx, struct index_run *run) MUST_CHECK;

#endif
