/*
 * Time zones by their IANA name, as a table of what the wall clock was and will be
 * ahead of UTC. Once loaded, it is arithmetic: no file, no environment, no state.
 *
 * The rules come from GLib, which reads the machine's zoneinfo (package tzdata), the
 * very files that PostgreSQL uses, so that SQL and C never differ and a country's new
 * rule arrives with the system's updates. ICU has the same function but rules of its
 * own, as old as the release of the library; libc knows one zone a process, and changing
 * TZ while it runs changes it for everybody.
 *
 * Of all zones of tzdata 2025b, GLib 2.74 is right until 2069 in all but Europe/Dublin,
 * which it is until 2037.
 *
 * Times are microseconds UTC as in clock.h. "Wall" is the same count of what the clock on
 * the wall shows: clock_split(wall, 0) are its hour and date.
 */
#ifndef BASE_ZONE_H
#define BASE_ZONE_H

#include "base/arena.h"

#define ZONE_NAME_MAX 64

struct zone_stretch {
	int64_t from;   /* UTC; until the next one's */
	int64_t offset; /* wall = UTC + offset, in microseconds */
};

struct zone {
	struct zone_stretch *stretches; /* at least one; neighbours differ in offset */
	size_t count;
	int64_t until; /* of the last stretch */
};

/*
 * Loads what holds from one instant until another (both UTC, a century at most). The
 * first stretch begins at from. Names are "Area/Place" or "UTC".
 * False: there is no such zone, or the machine has no zoneinfo.
 */
bool zone_load(struct arena *arena, const char *name, int64_t from, int64_t until,
	       struct zone *out) MUST_CHECK;

/* Outside the loaded time the nearest stretch counts. */
int64_t zone_wall(const struct zone *zone, int64_t time);

/*
 * The instant at which the clock shows this. What it shows twice, in autumn, is the
 * first time; what it leaves out, in spring, is the instant of the change.
 */
int64_t zone_time(const struct zone *zone, int64_t wall);

#endif
