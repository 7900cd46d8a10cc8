/*
 * Badges: small honours in three levels, each for a rule (a figure, how much of it,
 * within how many days) or given by hand. Awarded once, for all that was ever done,
 * and kept even if the figures fall; only a person takes one away. standing.h awards
 * those of the rules.
 */
#ifndef FORUM_BADGE_H
#define FORUM_BADGE_H

#include "forum/figure.h"
#include "forum/person.h"

enum badge_level { BADGE_GOLD = 1, BADGE_SILVER, BADGE_BRONZE };

struct badge {
	int64_t id;
	const char *slug;
	enum badge_level level;
	const char *name, *description; /* in ctx->language */
	bool has_rule;                  /* else given by hand only */
	enum figure figure;
	int64_t threshold;
	int64_t window_days; /* 0: ever */
	bool is_active;      /* else no longer awarded */
	int64_t holder_count;
	int64_t awarded_at; /* of a person's; else 0 */
};
#define BADGES_MAX         100
#define BADGE_WINDOWS_MAX  4 /* different windows of all rules, besides "ever" */
#define BADGE_HOLDERS_PAGE 50

struct badges {
	struct badge *items;
	size_t count;
};

/* All of them: gold first, then by their order in the table. */
enum err badge_list(struct ctx *ctx, struct badges *out) MUST_CHECK;
/* Those of a person, the highest first. Queues one statement; badges_read after db_run. */
void badge_add_rows_of(struct ctx *ctx, int64_t person_id, struct rows *rows);
void badges_read(struct ctx *ctx, struct rows *rows, struct badges *out);

struct badge_holder {
	struct author author;
	int64_t award_id, awarded_at;
	bool is_given; /* by hand */
};
struct badge_holders {
	struct badge badge;
	struct badge_holder *items;
	size_t count;
	int64_t next; /* award id of the last; 0 when there are no more */
};
/* Newest first, before that award (0: from the start). ERR_NOT_FOUND. */
enum err badge_load(struct ctx *ctx, const char *slug, int64_t before,
		    struct badge_holders *out) MUST_CHECK;

/*
 * By hand, for moderators. handle: "@marie" or "marie". A badge of a rule can be given
 * too; one that was taken is not awarded again by its rule.
 * ERR_INVALID: no such person, no reason, or they have it (not).
 */
enum err badge_give(struct ctx *ctx, const char *slug, const char *handle,
		    const char *reason) MUST_CHECK;
enum err badge_take(struct ctx *ctx, const char *slug, const char *handle,
		    const char *reason) MUST_CHECK;

/* For administrators: when the rule awards it, and whether it does. ERR_INVALID. */
struct badge_change {
	const char *slug;
	int64_t threshold, window_days;
	bool is_active;
};
enum err badge_change(struct ctx *ctx, const struct badge_change *change) MUST_CHECK;

/* Pure: is the rule met? figures: of the badge's window. */
bool badge_is_earned(const struct badge *badge, const struct figures *figures);

#endif
