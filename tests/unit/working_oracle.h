/*
 * Random working calendars with a slow, obviously right way of asking them: minute by
 * minute, each with libc's local time and a plain look at lists of dates. Shares nothing
 * with src/forum/working_*.c but the text it hands them.
 */
#ifndef TESTS_WORKING_ORACLE_H
#define TESTS_WORKING_ORACLE_H

#include "base/clock.h"
#include "forum/working_time.h"

#define ORACLE_MINUTES (21 * 1440) /* three weeks */

struct oracle {
	const struct working_calendar *calendar;
	const char *description;      /* the texts, for a failure's message */
	int64_t from;                 /* of the window: a full minute */
	bool is_open[ORACLE_MINUTES]; /* in the minute that begins then */
};

/* The same numbers on every machine. */
int64_t oracle_random(uint64_t *seed, int64_t least, int64_t most);

/* The calendar and its window, often around a change of the clocks. */
struct oracle *oracle_new(struct arena *arena, uint64_t *seed);

/* A calendar of texts that must be right. */
const struct working_calendar *calendar_of(struct arena *arena, const char *hours,
					   const char *holidays, const char *openings,
					   bool has_french_holidays, const char *zone);

/* "2026-01-05T08:00" or with seconds, UTC. */
int64_t utc(struct arena *arena, const char *text);

#endif
