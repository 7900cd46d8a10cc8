/*
 * Time. One type everywhere: int64_t microseconds since 1970-01-01 UTC, as
 * PostgreSQL's timestamptz has (with another epoch). Zero means "never".
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include "base/arena.h"

#define CLOCK_SECOND ((int64_t)1000000)
#define CLOCK_MINUTE (60 * CLOCK_SECOND)
#define CLOCK_HOUR   (60 * CLOCK_MINUTE)
#define CLOCK_DAY    (24 * CLOCK_HOUR)

int64_t clock_now(void);       /* wall clock */
int64_t clock_monotonic(void); /* for durations; never goes back */

/* "2026-11-22T15:04:05Z" (RFC 3339), for <time datetime>, feeds and JSON. */
char *clock_rfc3339(struct arena *arena, int64_t time);

/* "Sun, 22 Nov 2026 15:04:05 GMT" (RFC 9110 5.6.7), for HTTP headers. */
char *clock_http(struct arena *arena, int64_t time);

/* "Sun, 22 Nov 2026 15:04:05 +0000" (RFC 5322), for mail. */
char *clock_mail(struct arena *arena, int64_t time);

/* Reads "2011-10-11T19:42:20.713" with an optional fraction and Z. UTC. */
bool clock_parse(const char *text, int64_t *out);

struct clock_date {
	int year, month, day, hour, minute, second, weekday;
};

/* UTC shifted by offset_minutes; month 1..12, weekday 0 = Sunday. */
struct clock_date clock_split(int64_t time, int offset_minutes);

/* Days from 1970-01-01 to a date of the Gregorian calendar, and whether there is one. */
int64_t clock_days(int year, int month, int day);
bool clock_has_date(int year, int month, int day);

#endif
