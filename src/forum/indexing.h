/* What the search index owes: the marks, and the documents they stand for. */
#ifndef FORUM_INDEXING_H
#define FORUM_INDEXING_H

#include "base/ctx.h"

struct search_document; /* search/search.h */

struct index_mark {
	int64_t topic_id, marked_at;
};
#define INDEX_BATCH 200

/* Oldest first. */
enum err index_marks(struct ctx *ctx, struct index_mark **out, size_t *count) MUST_CHECK;
/* *is_gone: not publicly visible, to be removed from the index. */
enum err index_document(struct ctx *ctx, int64_t topic_id, struct search_document *out,
			bool *is_gone) MUST_CHECK;
/* Takes marks away that were not set again meanwhile. */
enum err index_marks_done(struct ctx *ctx, const struct index_mark *marks, size_t count) MUST_CHECK;
/* Remembers what the index found alike, so that no page has to search. */
#define RELATED_MAX 5
enum err related_store(struct ctx *ctx, int64_t topic_id, const int64_t *topic_ids,
		       size_t count) MUST_CHECK;

/* How many marks there are. */
enum err index_owed(struct ctx *ctx, int64_t *count) MUST_CHECK;

/*
 * The index has one writer: whoever holds this lock, on this connection, until
 * index_unlock or the connection's end. It never waits.
 */
enum err index_lock(struct ctx *ctx, bool *is_ours) MUST_CHECK;
enum err index_unlock(struct ctx *ctx) MUST_CHECK;

/* Marks every topic: the index is made anew. */
enum err index_mark_all(struct ctx *ctx, int64_t *count) MUST_CHECK;

#endif
