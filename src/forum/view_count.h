/*
 * How often pages of questions are shown, counted without saying who looked: no cookie,
 * no address, nothing about anybody, a number a day and category. A process counts in
 * its memory and writes now and then, so that looking at a page writes nothing; what a
 * process had not written when it died is lost.
 */
#ifndef FORUM_VIEW_COUNT_H
#define FORUM_VIEW_COUNT_H

#include "base/ctx.h"

#define VIEW_COUNT_CATEGORIES 64
/* So many are never held back, nor any for longer. */
#define VIEW_COUNT_MAX        1000
#define VIEW_COUNT_SECONDS    60

/* What a process has counted and not written. All noughts is empty. */
struct view_count {
	struct view_count_entry {
		int64_t category_id, views;
	} entries[VIEW_COUNT_CATEGORIES];
	size_t count;
	int64_t views;
	int64_t since; /* of the first; monotonic, microseconds */
};

/*
 * A robot that says so ("…bot", "crawler", "spider"…; all of http/crawler.h), or whoever
 * says nothing. nginx has the same words (nginx/http.conf), for what it answers by itself.
 */
bool view_is_by_robot(const char *user_agent);

/*
 * What a view is, wherever the page came from: it was asked for, not only its head, and
 * sent, not only said to be the same as before, to somebody who is no robot.
 */
bool view_counts(bool is_get, int status, bool is_by_robot);

/* now: monotonic. */
void view_count_add(struct view_count *counts, int64_t category_id, int64_t now);

/* Is it time to write? */
bool view_count_is_due(const struct view_count *counts, int64_t now);

/*
 * Adds it to the day of ctx->now and empties it. Outside a transaction. Never fails: what
 * cannot be written is logged, and kept for the next time.
 */
void view_count_store(struct ctx *ctx, struct view_count *counts);

/*
 * Views that nginx answered by itself, of topics on a day (days since 1970, UTC). Queued:
 * part of the caller's transaction. What is not public by now is not counted.
 */
void view_days_add_topics(struct ctx *ctx, const int64_t *days, const int64_t *topic_ids,
			  const int64_t *views, size_t count);

#endif
