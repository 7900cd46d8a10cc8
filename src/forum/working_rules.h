/*
 * When the brand's team works, as administrators write it. Three texts, one thing a
 * line, blank lines allowed, what follows # is a comment:
 *
 *	hours      monday-friday 9:00-12:30, 14:00-18:00
 *	           saturday 10h-16h
 *	holidays   2026-12-24 to 2027-01-03 Winter break
 *	           12-26 Saint Stephen’s Day
 *	           easter-2 Good Friday
 *	openings   2026-12-19 10:00-16:00 Saturday before Christmas
 *
 * Days that no line of hours names are closed. A date without a year comes every year;
 * one range (“to”, “au” or a dash between spaces) may go over the end of the year.
 * Easter is counted in days. A name may follow. Openings replace the hours of their day
 * and win over holidays. Names of days are understood in French and in English, also
 * their first three letters. A span ends at 24:00 at the latest: a night is two spans.
 */
#ifndef FORUM_WORKING_RULES_H
#define FORUM_WORKING_RULES_H

#include "base/ctx.h"

#define WORKING_TEXT_MAX   8000 /* bytes of each of the three texts */
#define WORKING_SPANS_MAX  6    /* a day */
#define WORKING_DATES_MAX  200  /* lines of holidays, and of openings */
#define WORKING_RANGE_MAX  366  /* days */
#define WORKING_NAME_MAX   100  /* characters */
#define WORKING_FIRST_YEAR 2000
#define WORKING_LAST_YEAR  2069

/* Minutes of the wall's day: from 0 to 1439, to after it and 1440 at most. */
struct working_span {
	int from, to;
};

/* In order, none overlaps another. */
struct working_hours {
	struct working_span spans[WORKING_SPANS_MAX];
	size_t count;
};

enum working_dates_kind {
	WORKING_DATES_ONCE,   /* first and last: clock_days */
	WORKING_DATES_YEARLY, /* month * 100 + day; last < first goes over New Year */
	WORKING_DATES_EASTER, /* days after Easter Sunday */
};

struct working_dates {
	enum working_dates_kind kind;
	int64_t first, last;        /* both belong to it */
	const char *name;           /* or "" */
	struct working_hours hours; /* of openings */
};

struct working_rules {
	struct working_hours week[7]; /* 0 is Sunday */
	struct working_dates *holidays, *openings;
	size_t holiday_count, opening_count;
	bool has_french_holidays; /* the eleven of the Code du travail, L3133-1 */
};

/*
 * Reads one text into *rules, which was zeroed or filled by the others. False: *line is
 * the line that is wrong (0: the whole text) and *problem says why, translated; *rules
 * are not to be used. Names live in the arena.
 */
bool working_hours_parse(struct arena *arena, const char *text, struct working_rules *rules,
			 int *line, const char **problem) MUST_CHECK;
bool working_holidays_parse(struct arena *arena, const char *text, struct working_rules *rules,
			    int *line, const char **problem) MUST_CHECK;
bool working_openings_parse(struct arena *arena, const char *text, struct working_rules *rules,
			    int *line, const char **problem) MUST_CHECK;

/* What one day is: the rule that decided, for pages that show the calendar. */
enum working_day_kind {
	WORKING_DAY_WEEKLY,
	WORKING_DAY_HOLIDAY, /* closed */
	WORKING_DAY_OPENING, /* an exceptional one */
};

struct working_day {
	enum working_day_kind kind;
	const char *name; /* of the holiday or opening, or ""; French holidays translated */
	const struct working_hours *hours; /* owned by rules */
};

/* number: clock_days of a wall's date. The first line that fits counts. */
struct working_day working_day_of(const struct working_rules *rules, int64_t number);

/* Easter Sunday of a year, as clock_days. */
int64_t working_easter(int year);

#endif
