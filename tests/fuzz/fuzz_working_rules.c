/*
 * The first line says which text it is and names a zone; then the text. What is taken
 * makes a calendar in which spans are spans and due times are the inverse of working
 * time; what is not names a line and a reason.
 */
#include "fuzz.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "forum/working_time.h"

static bool parse(struct arena *arena, char kind, const char *text, struct working_rules *rules,
		  int *line, const char **problem)
{
	if (kind == 'o')
		return working_openings_parse(arena, text, rules, line, problem);
	if (kind == 'c')
		return working_holidays_parse(arena, text, rules, line, problem);
	return working_hours_parse(arena, text, rules, line, problem);
}

static void check_hours(const struct working_hours *hours)
{
	int last = 0;

	must(hours->count <= WORKING_SPANS_MAX);
	for (size_t i = 0; i < hours->count; i++) {
		must(hours->spans[i].from >= last && hours->spans[i].to > hours->spans[i].from);
		last = hours->spans[i].to;
	}
	must(last <= 1440);
}

static void check_rules(const struct working_rules *rules)
{
	for (int day = 0; day < 7; day++)
		check_hours(&rules->week[day]);
	must(rules->holiday_count <= WORKING_DATES_MAX);
	must(rules->opening_count <= WORKING_DATES_MAX);
	for (size_t i = 0; i < rules->opening_count; i++)
		check_hours(&rules->openings[i].hours);
	for (size_t i = 0; i < rules->holiday_count; i++)
		must(utf8_is_valid(rules->holidays[i].name, strlen(rules->holidays[i].name)));
}

static void check_calendar(struct arena *arena, const struct working_rules *rules,
			   const char *zone_name)
{
	struct working_calendar *calendar;
	int64_t from = clock_days(2026, 1, 1) * CLOCK_DAY, working, due, opening;
	struct zone zone;

	if (!zone_load(arena, zone_name, working_first(), working_end(), &zone))
		return;
	calendar = working_calendar_new(arena, rules, &zone);
	for (int i = 0; i < 20; i++) {
		int64_t to = from + (int64_t)i * i * 37 * CLOCK_HOUR;

		working = working_between(calendar, from, to);
		must(working >= 0 && working <= to - from);
		must(working_due(calendar, from, working, &due) && due <= to);
		must(working_between(calendar, from, due) == working);
		if (working_next_opening(calendar, to, &opening))
			must(opening >= to && working_is_open(calendar, opening));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new((size_t)32 << 20);
	struct working_rules *rules = arena_new_of(arena, struct working_rules);
	char *zone, *text;
	const char *problem = NULL;
	int line = -1;

	if (size > 0 && size < 9000 && utf8_is_valid((const char *)data, size)) {
		zone = arena_strndup(arena, (const char *)data, size);
		text = strchr(zone, '\n');
		if (text) {
			*text++ = '\0';
			if (parse(arena, zone[0], text, rules, &line, &problem)) {
				must(line == 0);
				check_rules(rules);
				check_calendar(arena, rules, zone[0] ? zone + 1 : "UTC");
			} else {
				must(line >= 0 && problem && problem[0]);
				must(utf8_is_valid(problem, strlen(problem)));
			}
		}
	}
	arena_free(arena);
	return 0;
}
