#include "working_oracle.h"

#include "unit.h"

#include "base/buf.h"

/* Easter Sundays from the almanac. */
static const struct {
	int year, month, day;
} easters[] = {
	{ 2024, 3, 31 }, { 2025, 4, 20 }, { 2026, 4, 5 },  { 2027, 3, 28 },
	{ 2028, 4, 16 }, { 2029, 4, 1 },  { 2030, 4, 21 },
};

static const char *const zones[] = {
	"Europe/Paris",        "Europe/Paris",      "Europe/Paris",
	"Europe/London",       "America/Montreal",  "Asia/Kathmandu",
	"Australia/Lord_Howe", "America/Sao_Paulo", "UTC",
	"Pacific/Chatham",     "Africa/Casablanca",
};

struct plan {
	int spans[7][3][2]; /* minutes; 0, 0: none */
	struct {
		int64_t first, last;
	} closed[4];
	struct {
		int64_t day;
		int from, to;
	} opened[3];
	bool has_french;
};

int64_t oracle_random(uint64_t *seed, int64_t least, int64_t most)
{
	/* Marsaglia's xorshift64. */
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return least + (int64_t)(*seed % (uint64_t)(most - least + 1));
}

int64_t utc(struct arena *arena, const char *text)
{
	int64_t time = 0;

	assert_true(
		clock_parse(strlen(text) > 16 ? text : arena_printf(arena, "%s:00", text), &time));
	return time;
}

const struct working_calendar *calendar_of(struct arena *arena, const char *hours,
					   const char *holidays, const char *openings,
					   bool has_french_holidays, const char *zone_name)
{
	struct working_rules *rules = arena_new_of(arena, struct working_rules);
	struct zone *zone = arena_new_of(arena, struct zone);
	const char *problem = "";
	int line = 0;

	rules->has_french_holidays = has_french_holidays;
	if (!working_hours_parse(arena, hours, rules, &line, &problem) ||
	    !working_holidays_parse(arena, holidays, rules, &line, &problem) ||
	    !working_openings_parse(arena, openings, rules, &line, &problem))
		fail_msg("line %d: %s\n%s\n%s\n%s", line, problem, hours, holidays, openings);
	assert_true(zone_load(arena, zone_name, working_first(), working_end(), zone));
	return working_calendar_new(arena, rules, zone);
}

/* Asking ------------------------------------------------------------------------------ */

static bool is_french_holiday(const struct tm *wall, int64_t day)
{
	static const int fixed[] = { 101, 501, 508, 714, 815, 1101, 1111, 1225 };

	for (size_t i = 0; i < ARRAY_COUNT(fixed); i++)
		if (fixed[i] == (wall->tm_mon + 1) * 100 + wall->tm_mday)
			return true;
	for (size_t i = 0; i < ARRAY_COUNT(easters); i++) {
		int64_t since = day - clock_days(easters[i].year, easters[i].month, easters[i].day);

		if (since == 1 || since == 39 || since == 50)
			return true;
	}
	return false;
}

static bool is_open(const struct plan *plan, const struct tm *wall)
{
	int64_t day = clock_days(wall->tm_year + 1900, wall->tm_mon + 1, wall->tm_mday);
	int minute = wall->tm_hour * 60 + wall->tm_min;

	for (size_t i = 0; i < ARRAY_COUNT(plan->opened); i++)
		if (plan->opened[i].day == day)
			return minute >= plan->opened[i].from && minute < plan->opened[i].to;
	for (size_t i = 0; i < ARRAY_COUNT(plan->closed); i++)
		if (day >= plan->closed[i].first && day <= plan->closed[i].last)
			return false;
	if (plan->has_french && is_french_holiday(wall, day))
		return false;
	for (int i = 0; i < 3; i++)
		if (minute >= plan->spans[wall->tm_wday][i][0] &&
		    minute < plan->spans[wall->tm_wday][i][1])
			return true;
	return false;
}

static void walk(struct oracle *oracle, const struct plan *plan, const char *zone)
{
	setenv("TZ", zone, 1);
	tzset();
	for (int i = 0; i < ORACLE_MINUTES; i++) {
		time_t seconds = (time_t)(oracle->from / CLOCK_SECOND) + (time_t)i * 60;
		struct tm wall;

		localtime_r(&seconds, &wall);
		oracle->is_open[i] = is_open(plan, &wall);
	}
	setenv("TZ", "UTC", 1);
	tzset();
}

/* Inventing ----------------------------------------------------------------------------- */

static void write_span(struct buf *out, int from, int to)
{
	buf_printf(out, " %d:%02d-%d:%02d,", from / 60, from % 60, to / 60, to % 60);
}

/* Up to three spans a day; a third of the days are closed, some open until midnight. */
static const char *invent_week(struct arena *arena, uint64_t *seed, struct plan *plan)
{
	static const char *const names[] = { "sunday",   "lundi", "tue",    "mercredi",
					     "Thursday", "VEN",   "samedi:" };
	struct buf out;

	buf_init(&out, arena, 4096);
	for (int day = 0; day < 7; day++) {
		int at = 0, count = (int)oracle_random(seed, 0, 3);

		buf_printf(&out, "%s%s", names[day], count ? "" : " closed");
		for (int i = 0; i < count && at < 1300; i++) {
			int from = (int)oracle_random(seed, i ? at : 0, at + 400);

			if (from >= 1440)
				break;
			at = (int)oracle_random(seed, from + 1, 1440);
			plan->spans[day][i][0] = from;
			plan->spans[day][i][1] = at;
			write_span(&out, from, at);
		}
		buf_text(&out, "\n");
	}
	return buf_to_arena(&out, arena);
}

static const char *date_text(struct arena *arena, int64_t day)
{
	struct clock_date date = clock_split(day * CLOCK_DAY, 0);

	return arena_printf(arena, "%04d-%02d-%02d", date.year, date.month, date.day);
}

static const char *invent_closed(struct arena *arena, uint64_t *seed, struct plan *plan,
				 int64_t first_day)
{
	struct buf out;

	buf_init(&out, arena, 4096);
	for (size_t i = 0; i < ARRAY_COUNT(plan->closed); i++) {
		plan->closed[i].first = first_day + oracle_random(seed, -5, 25);
		plan->closed[i].last = plan->closed[i].first + oracle_random(seed, 0, 2);
		buf_printf(&out, "%s to %s Closed %d\n", date_text(arena, plan->closed[i].first),
			   date_text(arena, plan->closed[i].last), (int)i);
	}
	return buf_to_arena(&out, arena);
}

static const char *invent_opened(struct arena *arena, uint64_t *seed, struct plan *plan,
				 int64_t first_day)
{
	struct buf out;

	buf_init(&out, arena, 4096);
	for (size_t i = 0; i < ARRAY_COUNT(plan->opened); i++) {
		plan->opened[i].day = first_day + oracle_random(seed, 0, 20);
		plan->opened[i].from = (int)oracle_random(seed, 0, 1439);
		plan->opened[i].to = (int)oracle_random(seed, plan->opened[i].from + 1, 1440);
		buf_text(&out, date_text(arena, plan->opened[i].day));
		write_span(&out, plan->opened[i].from, plan->opened[i].to);
		buf_text(&out, " Open\n");
	}
	return buf_to_arena(&out, arena);
}

struct oracle *oracle_new(struct arena *arena, uint64_t *seed)
{
	/* Changes of Paris in both directions, of others, holidays, and anything. */
	static const int near[][2] = { { 3, 18 },  { 10, 16 }, { 3, 3 },
				       { 10, 26 }, { 4, 25 },  { 12, 20 } };
	const int *date = near[oracle_random(seed, 0, ARRAY_COUNT(near) - 1)];
	int64_t first_day = clock_days((int)oracle_random(seed, 2024, 2030), date[0],
				       date[1] + (int)oracle_random(seed, 0, 5));
	const char *zone = zones[oracle_random(seed, 0, ARRAY_COUNT(zones) - 1)];
	struct oracle *oracle = arena_new_of(arena, struct oracle);
	struct plan plan = { .has_french = oracle_random(seed, 0, 1) == 1 };
	const char *hours = invent_week(arena, seed, &plan);
	const char *holidays = invent_closed(arena, seed, &plan, first_day);
	const char *openings = invent_opened(arena, seed, &plan, first_day);

	oracle->from = first_day * CLOCK_DAY + oracle_random(seed, 0, 1439) * CLOCK_MINUTE;
	oracle->calendar = calendar_of(arena, hours, holidays, openings, plan.has_french, zone);
	oracle->description = arena_printf(arena, "%s from %s\n%s%s%s", zone,
					   clock_rfc3339(arena, oracle->from), hours, holidays,
					   openings);
	walk(oracle, &plan, zone);
	return oracle;
}
