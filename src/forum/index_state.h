/*
 * How the search index is, as all processes see it: one row. The worker writes it;
 * the pages for operators and the commands read it.
 */
#ifndef FORUM_INDEX_STATE_H
#define FORUM_INDEX_STATE_H

#include "base/ctx.h"

struct index_state {
	int64_t marks, related; /* what is owed */
	int64_t oldest_seconds; /* age of the oldest mark; 0 without one */
	int64_t last_commit_at; /* 0: never */
	const char *failure;    /* "full"; "" if the last attempt worked */
	int64_t failing_since, failures, failure_count;
	bool is_waiting; /* for the time to try again */
	bool is_broken;
	int64_t generation, generation_began_at, done, total; /* being built; 0: none */
	int64_t built_at;
};
enum err index_state_load(struct ctx *ctx, struct index_state *out) MUST_CHECK;

/* The same for the worker's loop: whether there is anything, not how much. */
struct index_work {
	bool has_words, has_marks, has_related, is_waiting, is_broken, was_failing;
	int64_t generation, failures;
};
enum err index_work_load(struct ctx *ctx, struct index_work *out) MUST_CHECK;

/*
 * Writing failed: it is tried again after 2, 4, 8 … 60 seconds. *is_news: it failed in
 * another way, or not at all, before.
 */
enum err index_failed(struct ctx *ctx, const char *failure, bool *is_news) MUST_CHECK;
enum err index_worked(struct ctx *ctx) MUST_CHECK;

/*
 * Somebody met broken parts: it is not written any more, and a new one is built. Any
 * process may say so; within ten minutes of a new one it is not believed.
 */
enum err index_report_broken(struct ctx *ctx) MUST_CHECK;

/* Building anew ---------------------------------------------------------------- */

/*
 * Begins with a generation number, unless one is under way, which then is *generation.
 * From here on what goes into the living index is noted, to be done again in the new
 * one. is_anew: gives up what was under way.
 */
enum err index_build_begin(struct ctx *ctx, bool is_anew, int64_t *generation) MUST_CHECK;
enum err index_build_progress(struct ctx *ctx, int64_t generation, int64_t done) MUST_CHECK;
/*
 * After the exchange: what was noted is marked, and topics without related questions
 * are put down for them (all: every topic). May be repeated.
 */
enum err index_build_end(struct ctx *ctx, int64_t generation, bool is_related_anew) MUST_CHECK;
/* About how many bytes of words there are, for whoever looks for room. */
enum err index_text_bytes(struct ctx *ctx, int64_t *bytes) MUST_CHECK;

/*
 * Who writes the living index, who builds the next one, who looks for related
 * questions: whoever holds the lock, on this connection, until index_unlock or the
 * connection's end. Only index_lock_wait waits; it comes before those who try.
 */
enum index_lock { INDEX_LOCK_WRITE, INDEX_LOCK_BUILD, INDEX_LOCK_RELATE };
enum err index_lock_wait(struct ctx *ctx, enum index_lock which) MUST_CHECK;
enum err index_lock(struct ctx *ctx, enum index_lock which, bool *is_ours) MUST_CHECK;
enum err index_unlock(struct ctx *ctx, enum index_lock which) MUST_CHECK;

#endif
