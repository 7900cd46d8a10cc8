/*
 * Working time: how much of it lies between two instants, and when so much of it is
 * over. All instants are microseconds UTC, as everywhere (base/clock.h), durations are
 * microseconds of open hours, and every function is pure.
 *
 * The team is open at an instant when the clock on its wall then shows a time of day
 * that lies in the hours of the day it shows. Both changes of daylight saving follow
 * from that: what spring leaves out is not worked, what autumn shows twice is worked
 * twice. A span contains its beginning, not its end.
 *
 * A calendar knows the years from WORKING_FIRST_YEAR to WORKING_LAST_YEAR: it keeps every
 * span of them as a pair of instants with the working time before it (0.8 MB for two
 * spans on weekdays, made in 15 ms), so that each question is a binary search
 * and nothing walks or loops. Before and after these years nobody works. To make one from
 * the settings: desk_calendar.h.
 */
#ifndef FORUM_WORKING_TIME_H
#define FORUM_WORKING_TIME_H

#include "base/zone.h"
#include "forum/working_rules.h"

struct working_calendar;

/* rules and zone (loaded for working_first() to working_end()) must live as long. */
struct working_calendar *working_calendar_new(struct arena *arena,
					      const struct working_rules *rules,
					      const struct zone *zone);

/* The instants from and until which a zone is to be loaded: a day more on each side. */
int64_t working_first(void);
int64_t working_end(void);

/* 0 when to is not after from. */
int64_t working_between(const struct working_calendar *calendar, int64_t from, int64_t to);

/*
 * The first instant at which so much working time has passed since from: the end of a
 * span rather than the beginning of the next. working <= 0: from itself.
 * False: not within the years of the calendar, as for one that never opens.
 */
bool working_due(const struct working_calendar *calendar, int64_t from, int64_t working,
		 int64_t *due) MUST_CHECK;

/* A spell in which a clock stands still. to == 0: until further notice. */
struct working_pause {
	int64_t from, to;
};

/* The same without what lies in pauses. They come by their beginning; they may overlap. */
int64_t working_between_paused(const struct working_calendar *calendar, int64_t from, int64_t to,
			       const struct working_pause *pauses, size_t count);
/* False also when a pause without end comes before it. */
bool working_due_paused(const struct working_calendar *calendar, int64_t from, int64_t working,
			const struct working_pause *pauses, size_t count, int64_t *due) MUST_CHECK;

bool working_is_open(const struct working_calendar *calendar, int64_t at);

/* From at on, at itself included. False: never again. */
bool working_next_opening(const struct working_calendar *calendar, int64_t at,
			  int64_t *opening) MUST_CHECK;

/* When what is open at this instant closes. False: it is closed. */
bool working_closing(const struct working_calendar *calendar, int64_t at,
		     int64_t *closing) MUST_CHECK;

/* The day that the wall shows at an instant: its hours, or why it is closed. */
struct working_day working_day_at(const struct working_calendar *calendar, int64_t at);

/* What the wall shows then, for clock_split(…, 0), and back: see zone_time. */
int64_t working_wall(const struct working_calendar *calendar, int64_t at);
int64_t working_instant(const struct working_calendar *calendar, int64_t wall);

#endif
