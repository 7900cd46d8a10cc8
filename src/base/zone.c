/*
 * GLib knows the number of the stretch that an instant is in, not where it ends: we go
 * on by weeks and halve the last one down to the second. The number never falls, so no
 * stretch is overlooked, however short.
 */
/* First: glib's headers name functions that ours ban. */
#include <glib.h>

#include "base/zone.h"

#include <assert.h>

#include "base/clock.h"

#define WEEK_SECONDS      ((int64_t)7 * 86400)
#define STRETCHES_MAX     1024 /* Morocco has four a year */
#define CENTURY_SECONDS   ((int64_t)36526 * 86400)
#define ALLOWED_IN_A_NAME "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/"

/*
 * GLib would also take paths, offsets, the machine's own zone, and "right/Europe/Paris"
 * with leap seconds, which nobody's clock has.
 */
static bool is_name(const char *name)
{
	size_t length = strlen(name);

	return length <= ZONE_NAME_MAX && name[0] >= 'A' && name[0] <= 'Z' &&
	       strspn(name, ALLOWED_IN_A_NAME) == length && strchr(name, '/') &&
	       name[length - 1] != '/';
}

static int stretch_at(GTimeZone *rules, int64_t seconds)
{
	return g_time_zone_find_interval(rules, G_TIME_TYPE_UNIVERSAL, seconds);
}

/* The first second after from that is in another stretch, or until. */
static int64_t next_change(GTimeZone *rules, int64_t from, int64_t until)
{
	int number = stretch_at(rules, from);
	int64_t low = from, high = from;

	while (high < until && stretch_at(rules, high) == number) {
		low = high;
		high = high + WEEK_SECONDS < until ? high + WEEK_SECONDS : until;
	}
	if (stretch_at(rules, high) == number)
		return until;
	while (high - low > 1) {
		int64_t middle = low + (high - low) / 2;

		if (stretch_at(rules, middle) == number)
			low = middle;
		else
			high = middle;
	}
	return high;
}

/* Stretches that differ in name only are one. */
static void add_stretch(struct zone *zone, GTimeZone *rules, int64_t seconds)
{
	int64_t offset = g_time_zone_get_offset(rules, stretch_at(rules, seconds)) * CLOCK_SECOND;

	if (zone->count > 0 && zone->stretches[zone->count - 1].offset == offset)
		return;
	zone->stretches[zone->count++] = (struct zone_stretch){ .from = seconds * CLOCK_SECOND,
								.offset = offset };
}

bool zone_load(struct arena *arena, const char *name, int64_t from, int64_t until, struct zone *out)
{
	int64_t at = from / CLOCK_SECOND, end = until / CLOCK_SECOND;
	GTimeZone *rules;

	assert(at < end && end - at <= CENTURY_SECONDS);
	*out = (struct zone){ .stretches = arena_array_of(arena, STRETCHES_MAX,
							  struct zone_stretch),
			      .until = end * CLOCK_SECOND };
	if (strcmp(name, "UTC") == 0) {
		out->stretches[out->count++].from = from;
		return true;
	}
	if (!is_name(name))
		return false;
	rules = g_time_zone_new_identifier(name);
	if (!rules)
		return false;
	for (; at < end && out->count < STRETCHES_MAX; at = next_change(rules, at, end))
		add_stretch(out, rules, at);
	g_time_zone_unref(rules);
	return at == end;
}

int64_t zone_wall(const struct zone *zone, int64_t time)
{
	size_t low = 0, high = zone->count;

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (zone->stretches[middle].from <= time)
			low = middle;
		else
			high = middle;
	}
	return time + zone->stretches[low].offset;
}

int64_t zone_time(const struct zone *zone, int64_t wall)
{
	const struct zone_stretch *stretch = zone->stretches;

	for (size_t i = 0; i + 1 < zone->count; i++, stretch++) {
		int64_t time = wall - stretch->offset;

		if (time < stretch[1].from)
			return i > 0 && time < stretch->from ? stretch->from : time;
	}
	return zone->count > 1 && wall - stretch->offset < stretch->from ? stretch->from
									 : wall - stretch->offset;
}
