/*
 * The community in figures, for the dashboards: what was asked and answered, how fast
 * and by whom, who came, what moderators had to do, how often pages were shown. They
 * stand in tables of sums by day, week and month (UTC), which the worker keeps, so that
 * a page reads as many rows as it shows, however large the forum is.
 *
 * Which figures there are and what each means: docs/dashboards.md. Derived wholly: the
 * SQL functions question_periods_of and community_periods_of say what should stand
 * there, and activity_refresh writes what differs.
 */
#ifndef FORUM_ACTIVITY_H
#define FORUM_ACTIVITY_H

#include "base/ctx.h"

enum activity_unit { ACTIVITY_DAY, ACTIVITY_WEEK, ACTIVITY_MONTH, ACTIVITY_UNITS };

/* How many of each a page shows: 30 days, 12 weeks, 12 months. */
#define ACTIVITY_PERIODS_MAX 30
extern const int activity_period_counts[ACTIVITY_UNITS];

/* Seconds to the first answer; both 0 when there was none. */
struct activity_delay {
	int64_t count, median, p90;
};

struct activity_period {
	int64_t starts_at;
	int64_t questions, answers, solved;
	/* Within 1, 24, 72 hours: of those whose time is over, those answered in it. */
	int64_t due[3], in_time[3];
	struct activity_delay first, staff, expert, customer;
	int64_t views;
	/* Of the whole forum, whichever category was asked for. */
	int64_t active, writers, members, opened, decided;
	struct activity_delay decision; /* count: decided */
};

struct activity {
	struct activity_period periods[ACTIVITY_PERIODS_MAX]; /* oldest first */
	size_t count;
};

/*
 * category_id: of the first level; 0 for the whole forum. One statement.
 * ERR_FORBIDDEN but for the team.
 */
enum err activity_load(struct ctx *ctx, enum activity_unit unit, int64_t category_id,
		       struct activity *out) MUST_CHECK;

/*
 * ACTIVITY_RECENT: every period that the last four days touch, by the job "counts".
 * ACTIVITY_SHOWN: all that the pages show, by the nightly job "activity"; what lies
 * before stays as it was last worked out. *written: rows that were wrong.
 */
enum activity_scope { ACTIVITY_RECENT, ACTIVITY_SHOWN };
enum err activity_refresh(struct ctx *ctx, enum activity_scope scope, int64_t *written) MUST_CHECK;

#endif
