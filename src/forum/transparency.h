/*
 * The yearly transparency report (Digital Services Act, articles 15 and 24): figures of
 * legal notices, decisions, complaints and suspensions, aggregated by the function
 * transparency_of of migrations/functions.sql. Administrators see any year as it is
 * today, and publish one: its figures are then kept as they were, for everybody.
 */
#ifndef FORUM_TRANSPARENCY_H
#define FORUM_TRANSPARENCY_H

#include "base/ctx.h"

#define TRANSPARENCY_ROWS_MAX  1000
#define TRANSPARENCY_YEARS_MAX 50

enum transparency_section {
	TRANSPARENCY_ALL_NOTICES,    /* subject: open, decided */
	TRANSPARENCY_NOTICES,        /* subject: the category; detail: the outcome, or open */
	TRANSPARENCY_BY_NOTICE,      /* cases: subject the act, detail the rule */
	TRANSPARENCY_OWN_INITIATIVE, /* the same, of what nobody outside told us */
	TRANSPARENCY_COMPLAINTS,     /* subject: author, notifier; detail: upheld, rejected, open */
	TRANSPARENCY_SUSPENSIONS,    /* subject: illegal_content, unfounded_notices,
				   * notifier_warning, unfounded_complaints, complaint_warning */
	TRANSPARENCY_RECIPIENTS,     /* subject: a month, "2026-03"; people who were signed in */
	TRANSPARENCY_SECTION_COUNT,
};
const char *transparency_section_text(enum transparency_section section);

struct transparency_row {
	enum transparency_section section;
	const char *subject, *detail;
	int64_t count, automated; /* decided by the program alone */
	double median_hours;      /* until the decision */
	bool has_median;
};

struct transparency {
	int64_t year;
	int64_t published_at; /* 0: not published; then the figures are today's */
	struct transparency_row *rows;
	size_t count;
	int64_t years[TRANSPARENCY_YEARS_MAX]; /* that are published, the newest first */
	size_t year_count;
	int64_t recipients; /* a month, on the average of the last six with any */
};

/* A published year; 0: the newest. year is 0 when none is. ERR_NOT_FOUND: that one is not. */
enum err transparency_published(struct ctx *ctx, int64_t year, struct transparency *out) MUST_CHECK;

/* Any year as it is today, with whether it was published. Administrators. */
enum err transparency_of_year(struct ctx *ctx, int64_t year, struct transparency *out) MUST_CHECK;

/*
 * Keeps today's figures for everybody, instead of those published before; or takes the
 * report back. ERR_INVALID at "year": it has not begun.
 */
enum err transparency_publish(struct ctx *ctx, int64_t year, const char *form_key) MUST_CHECK;
enum err transparency_withdraw(struct ctx *ctx, int64_t year, const char *form_key) MUST_CHECK;

#endif
