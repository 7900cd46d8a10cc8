/*
 * Another service's opinion on what new members write, by Akismet's interface
 * (comment-check, submit-spam, submit-ham, verify-key): off unless the configuration has a
 * key and the setting is on. Asked by the worker after the post was written, so nobody
 * waits for it and nothing depends on it. What it takes for spam comes before the team; it
 * hides nothing by itself. What the team decides otherwise it is told.
 *
 * It gets: the text, where it stands, the writer's name here, the address and browser of
 * their newest session. Never the mail address.
 */
#ifndef FORUM_SPAM_SERVICE_H
#define FORUM_SPAM_SERVICE_H

#include "base/ctx.h"

struct rows;

/* The service cuts longer texts anyway. */
#define SPAM_SERVICE_TEXT_BYTES     32000
/* So many failures in a row, and it is left alone for a while. */
#define SPAM_SERVICE_FAILURES_MOST  5
#define SPAM_SERVICE_CLOSED_MINUTES 10
/* A post that is older than this when the service answers again is not asked about. */
#define SPAM_SERVICE_POST_HOURS     24

/* Is it on, and is the actor somebody whose texts are sent? */
bool spam_service_is_asked(const struct ctx *ctx);
/* How it is doing, for those who run the forum. Queue; then _read_state. */
#define SPAM_SERVICE_SHOWN_DAYS 30
struct spam_service_state {
	bool has_key, is_on;         /* in the configuration; in the settings */
	int64_t asked_at;            /* 0: never */
	int64_t failures;            /* in a row; 0: the last question was answered */
	int64_t closed_minutes;      /* so long it is left alone; 0: it is not */
	const char *last_error;      /* for the operator, as it came; "" */
	int64_t checks, spam, wrong; /* of the last SPAM_SERVICE_SHOWN_DAYS; told it was wrong */
};
void spam_service_add_state(struct ctx *ctx, struct rows *rows);
void spam_service_read_state(const struct ctx *ctx, struct rows *rows,
			     struct spam_service_state *out);

/* Queues the question about a post into the running transaction. */
void spam_service_add_check(struct ctx *ctx, int64_t post_id);

/*
 * The worker's: asks about a post. OK also when there is nothing to ask, or when the
 * service is left alone for a while: then it is asked later. ERR_UNAVAILABLE: it failed,
 * the job comes again.
 */
enum err spam_service_check(struct ctx *ctx, int64_t post_id) MUST_CHECK;

/* After a decision: tells the service, if it saw it otherwise. As spam_service_check. */
enum err spam_service_tell(struct ctx *ctx, int64_t post_id) MUST_CHECK;
/* Queues that, where the post was asked about. */
enum err spam_service_add_tell(struct ctx *ctx, int64_t post_id) MUST_CHECK;

#endif
