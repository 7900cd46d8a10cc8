/*
 * The spans of all years, in order, and binary searches among them.
 *
 * They are made stretch by stretch of the zone, in each of which the wall is ahead of
 * UTC by a constant: there the hours of a day are cut to what the wall shows within the
 * stretch, and moved. So no local time is ever asked for its instant, which in spring
 * has none and in autumn two.
 */
#include "forum/working_time.h"

#include "base/clock.h"

struct open_span {
	int64_t from, to;
	int64_t before; /* working time until from */
};

struct working_calendar {
	const struct working_rules *rules;
	const struct zone *zone;
	struct open_span *spans;
	size_t count;
	int64_t total;
};

int64_t working_first(void)
{
	return (clock_days(WORKING_FIRST_YEAR, 1, 1) - 1) * CLOCK_DAY;
}

int64_t working_end(void)
{
	return (clock_days(WORKING_LAST_YEAR + 1, 1, 1) + 1) * CLOCK_DAY;
}

/* Making ---------------------------------------------------------------------------- */

static int64_t day_of(int64_t wall)
{
	return wall / CLOCK_DAY - (wall % CLOCK_DAY < 0);
}

/* What touches the one before is one span with it: midnight between two open days. */
static void add_span(struct working_calendar *calendar, int64_t from, int64_t to)
{
	struct open_span *last = calendar->spans + calendar->count;

	if (from >= to)
		return;
	if (calendar->count > 0 && last[-1].to == from)
		last[-1].to = to;
	else
		calendar->spans[calendar->count++] = (struct open_span){
			.from = from, .to = to, .before = calendar->total
		};
	calendar->total += to - from;
}

/* The hours of a day, as far as the wall shows them from first until end. */
static void add_day(struct working_calendar *calendar, int64_t day, int64_t offset, int64_t first,
		    int64_t end)
{
	const struct working_hours *hours = working_day_of(calendar->rules, day).hours;

	for (size_t i = 0; i < hours->count; i++) {
		int64_t from = day * CLOCK_DAY + hours->spans[i].from * CLOCK_MINUTE;
		int64_t to = day * CLOCK_DAY + hours->spans[i].to * CLOCK_MINUTE;

		add_span(calendar, (from > first ? from : first) - offset,
			 (to < end ? to : end) - offset);
	}
}

static void add_stretch(struct working_calendar *calendar, size_t number)
{
	const struct zone *zone = calendar->zone;
	int64_t offset = zone->stretches[number].offset;
	bool is_last = number + 1 == zone->count;
	int64_t first = zone->stretches[number].from + offset;
	int64_t end = (is_last ? zone->until : zone->stretches[number + 1].from) + offset;
	int64_t first_day = clock_days(WORKING_FIRST_YEAR, 1, 1);
	int64_t end_day = clock_days(WORKING_LAST_YEAR + 1, 1, 1);

	if (day_of(first) > first_day)
		first_day = day_of(first);
	if (day_of(end - 1) + 1 < end_day)
		end_day = day_of(end - 1) + 1;
	for (int64_t day = first_day; day < end_day; day++)
		add_day(calendar, day, offset, first, end);
}

/* How many there can be: a day that a stretch ends in is gone through twice. */
static size_t most_spans(const struct working_calendar *calendar)
{
	int64_t first_day = clock_days(WORKING_FIRST_YEAR, 1, 1);
	int64_t end_day = clock_days(WORKING_LAST_YEAR + 1, 1, 1);
	size_t count = calendar->zone->count * WORKING_SPANS_MAX;

	for (int64_t day = first_day; day < end_day; day++)
		count += working_day_of(calendar->rules, day).hours->count;
	return count;
}

struct working_calendar *working_calendar_new(struct arena *arena,
					      const struct working_rules *rules,
					      const struct zone *zone)
{
	struct working_calendar *calendar = arena_new_of(arena, struct working_calendar);

	calendar->rules = rules;
	calendar->zone = zone;
	calendar->spans = arena_array_of(arena, most_spans(calendar), struct open_span);
	for (size_t i = 0; i < zone->count; i++)
		add_stretch(calendar, i);
	return calendar;
}

/* Asking ------------------------------------------------------------------------------ */

/* The number of spans that begin at an instant or before. */
static size_t begun(const struct working_calendar *calendar, int64_t at)
{
	size_t low = 0, high = calendar->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (calendar->spans[middle].from <= at)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Working time from the beginning of the calendar. Never falls: all else follows. */
static int64_t worked_until(const struct working_calendar *calendar, int64_t at)
{
	size_t count = begun(calendar, at);
	const struct open_span *last = calendar->spans + count;

	if (count == 0)
		return 0;
	last--;
	return last->before + (at < last->to ? at : last->to) - last->from;
}

/* The first instant at which it is worked, which is more than 0 and at most all. */
static int64_t instant_of(const struct working_calendar *calendar, int64_t worked)
{
	size_t low = 0, high = calendar->count;

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (calendar->spans[middle].before < worked)
			low = middle;
		else
			high = middle;
	}
	return calendar->spans[low].from + (worked - calendar->spans[low].before);
}

int64_t working_between(const struct working_calendar *calendar, int64_t from, int64_t to)
{
	return to <= from ? 0 : worked_until(calendar, to) - worked_until(calendar, from);
}

bool working_due(const struct working_calendar *calendar, int64_t from, int64_t working,
		 int64_t *due)
{
	int64_t worked = worked_until(calendar, from);

	if (working > calendar->total - worked)
		return false;
	*due = working <= 0 ? from : instant_of(calendar, worked + working);
	return true;
}

/* With to == 0 there is no end. */
static int64_t end_of(const struct working_pause *pause)
{
	return pause->to ? pause->to : INT64_MAX;
}

int64_t working_between_paused(const struct working_calendar *calendar, int64_t from, int64_t to,
			       const struct working_pause *pauses, size_t count)
{
	int64_t working = 0, at = from;

	for (size_t i = 0; i < count && at < to; i++) {
		int64_t until = pauses[i].from < to ? pauses[i].from : to;

		working += working_between(calendar, at, until);
		if (end_of(&pauses[i]) > at)
			at = end_of(&pauses[i]);
	}
	return working + working_between(calendar, at, to);
}

bool working_due_paused(const struct working_calendar *calendar, int64_t from, int64_t working,
			const struct working_pause *pauses, size_t count, int64_t *due)
{
	int64_t at = from;

	if (working <= 0)
		return working_due(calendar, from, working, due);
	for (size_t i = 0; i < count; i++) {
		int64_t before = working_between(calendar, at, pauses[i].from);

		if (working <= before)
			break;
		working -= before;
		if (!pauses[i].to)
			return false;
		if (pauses[i].to > at)
			at = pauses[i].to;
	}
	return working_due(calendar, at, working, due);
}

bool working_is_open(const struct working_calendar *calendar, int64_t at)
{
	int64_t closing;

	return working_closing(calendar, at, &closing);
}

bool working_next_opening(const struct working_calendar *calendar, int64_t at, int64_t *opening)
{
	size_t next = begun(calendar, at);

	if (working_is_open(calendar, at)) {
		*opening = at;
		return true;
	}
	if (next == calendar->count)
		return false;
	*opening = calendar->spans[next].from;
	return true;
}

bool working_closing(const struct working_calendar *calendar, int64_t at, int64_t *closing)
{
	size_t count = begun(calendar, at);

	if (count == 0 || at >= calendar->spans[count - 1].to)
		return false;
	*closing = calendar->spans[count - 1].to;
	return true;
}

struct working_day working_day_at(const struct working_calendar *calendar, int64_t at)
{
	return working_day_of(calendar->rules, day_of(zone_wall(calendar->zone, at)));
}

int64_t working_wall(const struct working_calendar *calendar, int64_t at)
{
	return zone_wall(calendar->zone, at);
}

int64_t working_instant(const struct working_calendar *calendar, int64_t wall)
{
	return zone_time(calendar->zone, wall);
}
