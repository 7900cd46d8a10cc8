/*
 * The job queue: a table. Enqueueing is an insert in the transaction of the change
 * it follows from. A worker takes one with `for update skip locked`, under a
 * lease; a failed job comes back after a doubling delay, and is dead after
 * JOB_ATTEMPTS_MAX, where administrators see it.
 */
#ifndef FORUM_JOB_H
#define FORUM_JOB_H

#include "base/ctx.h"

#define JOB_ATTEMPTS_MAX  10
#define JOB_LEASE_SECONDS 300

struct job {
	int64_t id;
	const char *kind;
	int64_t subject_id; /* the payload's "id"; 0 */
	const char *text;   /* the payload's "text"; "" */
	int attempts;
};

/*
 * Queued with the running batch. payload: a JSON object, or NULL. key: at most
 * one waiting job of that kind and key, due at the earlier of the two times;
 * NULL: none.
 */
void job_add(struct ctx *ctx, const char *kind, const char *payload, const char *key,
	     int delay_seconds);

/* The next due job, leased; *found says whether there was one. */
enum err job_take(struct ctx *ctx, struct job *out, bool *found) MUST_CHECK;
enum err job_done(struct ctx *ctx, const struct job *job) MUST_CHECK;
/* Again in 10 s · 2^attempts (at most 6 h), or dead. */
enum err job_failed(struct ctx *ctx, const struct job *job, const char *why) MUST_CHECK;

struct job_counts {
	const char *kind, *state;
	int64_t count;
	int64_t oldest_seconds;
};
enum err job_count(struct ctx *ctx, struct job_counts **out, size_t *count) MUST_CHECK;

#endif
