/*
 * Where people stand: what follows from their figures (figure.h), worked out anew
 * when these change (the job "standing", queued by trigger) and every night for
 * everybody (the job "standing_all"): the level of trust, the rank, the badges. All of it
 * can be recomputed from the posts, the thanks and the ledger at any time.
 */
#ifndef FORUM_STANDING_H
#define FORUM_STANDING_H

#include "forum/person.h"
#include "forum/rank.h"
#include "forum/trust.h"

#define STANDING_BATCH 200

/* These people, at most STANDING_BATCH; in a transaction of its own. */
enum err standing_refresh(struct ctx *ctx, const int64_t *ids, size_t count) MUST_CHECK;

/*
 * The next STANDING_BATCH people behind *after, who are then refreshed; *after becomes
 * the last of them, 0 when there are no more.
 */
enum err standing_refresh_next(struct ctx *ctx, int64_t *after) MUST_CHECK;

/*
 * Everybody, one batch after the other: *changed is how many levels and ranks are not
 * what the figures say. They are written only when is_kept; for `entraide check`.
 */
enum err standing_check(struct ctx *ctx, bool is_kept, int64_t *changed) MUST_CHECK;

/* Days and addresses that no rule looks at any more. */
enum err standing_purge(struct ctx *ctx) MUST_CHECK;

/* How far somebody is on what a rank asks for. */
struct standing_condition {
	enum figure figure;
	int64_t value, least;
};

/* For the page of one person. */
struct standing {
	struct author author;
	struct trust_person trust;
	int64_t reputation;
	bool is_ranked;
	int64_t rank_points;
	const char *rank;      /* in ctx->language */
	const char *next_rank; /* "": none above, or the brand does not show it */
	int64_t next_points;
	struct standing_condition conditions[FIGURE_COUNT]; /* of the next rank */
	size_t condition_count;
};
/* ERR_NOT_FOUND; ERR_FORBIDDEN for whom it does not concern. */
enum err standing_load(struct ctx *ctx, int64_t person_id, struct standing *out) MUST_CHECK;

/*
 * For a demo, whose people never signed in: they came on most of the last so many days,
 * not all on the same ones.
 */
enum err standing_add_days(struct ctx *ctx, int64_t person_id, int64_t days) MUST_CHECK;

/* Opting out of rankings, or in again: the actor's own. */
enum err standing_set_ranked(struct ctx *ctx, bool is_ranked) MUST_CHECK;

#endif
