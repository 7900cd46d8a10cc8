/* What the files of the indexer share. */
#ifndef JOBS_INDEX_PARTS_H
#define JOBS_INDEX_PARTS_H

#include "forum/index_state.h"
#include "forum/indexing.h"
#include "jobs/index.h"
#include "search/search.h"

/* A batch of topics with all their answers, and what is made of them. */
#define INDEX_ARENA_MAX_BYTES ((size_t)256 * 1024 * 1024)

/* The same context with another arena, which is emptied more often. */
struct ctx index_inner(const struct ctx *ctx, struct arena *arena);
/* Keeps an inner context's failure, whose strings end with its arena. */
enum err index_pass_on(struct ctx *ctx, const struct ctx *inner, enum err result) MUST_CHECK;

/* One batch, topics or articles of which some may be gone, into a writer. */
struct index_batch {
	struct search_writer *writer;
	enum search_kind kind;
	const int64_t *ids;
	size_t count;
};
enum err index_put(struct ctx *ctx, const struct index_batch *batch,
		   enum search_result *written) MUST_CHECK;

/* Marks into the living index. SEARCH_MISSING, SEARCH_CORRUPT: a new one is due. */
enum err index_write(struct ctx *ctx, struct index_run *run,
		     enum search_result *written) MUST_CHECK;

/* One small batch. */
enum err index_relate(struct ctx *ctx, struct index_run *run) MUST_CHECK;

/* As index_build, but says what went wrong with the place apart from the rest. */
enum err index_build_piece(struct ctx *ctx, struct index_build *build,
			   enum search_result *written) MUST_CHECK;

#endif
