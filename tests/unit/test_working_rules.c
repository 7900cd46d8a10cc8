/*
 * The texts of the working calendar: what they mean, and what is said when they mean
 * nothing; Easter, and the days of the year in Paris.
 */
#include "unit.h"

#include "base/clock.h"
#include "base/zone.h"
#include "forum/desk_calendar.h"
#include "forum/working_rules.h"
#include "working_oracle.h"

typedef bool parse_function(struct arena *arena, const char *text, struct working_rules *rules,
			    int *line, const char **problem);

static struct working_rules parsed(struct arena *arena, parse_function *parse, const char *text)
{
	struct working_rules rules = { .holiday_count = 0 };
	const char *problem;
	int line;

	if (!parse(arena, text, &rules, &line, &problem))
		fail_msg("line %d of “%s”: %s", line, text, problem);
	assert_int_equal(line, 0);
	return rules;
}

/* "1 540-750 840-1080": a day and its minutes. */
static const char *week_text(struct arena *arena, const struct working_rules *rules)
{
	char *text = arena_strdup(arena, "");

	for (int day = 0; day < 7; day++) {
		const struct working_hours *hours = &rules->week[day];

		for (size_t i = 0; i < hours->count; i++)
			text = arena_printf(arena, "%s%s%d %d-%d", text, *text ? ", " : "", day,
					    hours->spans[i].from, hours->spans[i].to);
	}
	return text;
}

static void test_hours_are_read_as_people_write_them(void **state)
{
	static const char *const cases[][2] = {
		{ "", "" },
		{ "\n# nothing\n  \n", "" },
		{ "monday 9:00-12:30, 14:00-18:00", "1 540-750, 1 840-1080" },
		{ "Lundi : 9h-12h30 14h – 18H00", "1 540-750, 1 840-1080" },
		{ "lundi\xC2\xA0: 9h à 12h30", "1 540-750" },
		{ "mon,tue wed 9-17 # three", "1 540-1020, 2 540-1020, 3 540-1020" },
		{ "samedi–dimanche 10:00-11:00", "0 600-660, 6 600-660" },
		{ "saturday to monday 0:00-24:00", "0 0-1440, 1 0-1440, 6 0-1440" },
		{ "sam. 9-10\r\ndim. fermé\r\nlun closed", "6 540-600" },
		{ "MON 9-10,10-11", "1 540-600, 1 600-660" },
		{ "mercredi au vendredi 8:05-8:06", "3 485-486, 4 485-486, 5 485-486" },
	};

	for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
		struct working_rules rules = parsed(*state, working_hours_parse, cases[i][0]);

		assert_string_equal(week_text(*state, &rules), cases[i][1]);
	}
}

struct refusal {
	const char *text;
	int line;
	const char *part; /* of the sentence */
};

static void check_refusals(struct arena *arena, parse_function *parse, const struct refusal *cases,
			   size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct working_rules rules = { .holiday_count = 0 };
		const char *problem = "";
		int line = -1;

		if (parse(arena, cases[i].text, &rules, &line, &problem))
			fail_msg("“%s” was taken", cases[i].text);
		if (line != cases[i].line || !strstr(problem, cases[i].part))
			fail_msg("“%s”: line %d, %s", cases[i].text, line, problem);
	}
}

static void test_wrong_hours_are_named_by_their_line(void **state)
{
	static const struct refusal cases[] = {
		{ "monday 9-17\n\nmoonday 9-17", 3, "“moonday” is not a day of the week" },
		{ "9:00-17:00", 1, "“9:00-17:00” is not a day" },
		{ "monday to nowhere 9-17", 1, "“nowhere” is not a day" },
		{ "monday", 1, "hours are missing" },
		{ "monday 18:00-9:00", 1, "end before they begin" },
		{ "monday 9:00-9:00", 1, "end before they begin" },
		{ "monday 9:00-25:00", 1, "“9:00-25:00” are no hours" },
		{ "monday 24:01-24:02", 1, "no hours" },
		{ "monday 9:60-10:00", 1, "no hours" },
		{ "monday 9:0-10:00", 1, "no hours" },
		{ "monday 009:00-10:00", 1, "no hours" },
		{ "monday 9:00", 1, "no hours" },
		{ "monday 9:00-12:00 noon", 1, "“noon” are no hours" },
		{ "monday 9-12, 11-14", 1, "do not overlap" },
		{ "monday 14-18, 9-12", 1, "follow one another" },
		{ "monday 1-2 3-4 5-6 7-8 9-10 11-12 13-14", 1, "at most 6" },
		{ "monday closed 9-12", 1, "follows “closed”" },
		{ "mon-fri 9-17\nwed 9-12", 2, "has its hours already" },
		{ "mon, mon 9-17", 1, "has its hours already" },
	};
	char *long_text = arena_alloc(*state, WORKING_TEXT_MAX + 2);
	const struct refusal too_long = { long_text, 0, "too long" };

	check_refusals(*state, working_hours_parse, cases, ARRAY_COUNT(cases));
	memset(long_text, '\n', WORKING_TEXT_MAX + 1);
	check_refusals(*state, working_hours_parse, &too_long, 1);
}

static void test_dates_are_read_as_people_write_them(void **state)
{
	struct working_rules rules = parsed(*state, working_holidays_parse,
					    "2026-12-24 to 2027-01-03 Winter break\n"
					    "12-26: Saint Stephen’s Day # Alsace\n"
					    "easter-2 – Good Friday\n"
					    "12-24 – 01-02\n"
					    "Pâques-1 au pâques+1\n"
					    "2028-02-29\n"
					    "02-29 Leap day\n");
	const struct working_dates *dates = rules.holidays;

	assert_int_equal(rules.holiday_count, 7);
	assert_int_equal(dates[0].kind, WORKING_DATES_ONCE);
	assert_int_equal(dates[0].first, clock_days(2026, 12, 24));
	assert_int_equal(dates[0].last, clock_days(2027, 1, 3));
	assert_string_equal(dates[0].name, "Winter break");
	assert_int_equal(dates[1].kind, WORKING_DATES_YEARLY);
	assert_int_equal(dates[1].first, 1226);
	assert_string_equal(dates[1].name, "Saint Stephen’s Day");
	assert_int_equal(dates[2].kind, WORKING_DATES_EASTER);
	assert_int_equal(dates[2].last, -2);
	assert_string_equal(dates[2].name, "Good Friday");
	assert_int_equal(dates[3].first, 1224);
	assert_int_equal(dates[3].last, 102);
	assert_string_equal(dates[3].name, "");
	assert_int_equal(dates[4].first, -1);
	assert_int_equal(dates[4].last, 1);
	assert_int_equal(dates[6].first, 229);
}

static void test_wrong_dates_are_named_by_their_line(void **state)
{
	static const struct refusal holidays[] = {
		{ "12-25\n24/12/2026 Eve", 2, "“24/12/2026” is no date" },
		{ "2026-02-29", 1, "no date" },
		{ "13-01", 1, "no date" },
		{ "2026-1-05", 1, "no date" },
		{ "20261224", 1, "no date" },
		{ "Christmas", 1, "“Christmas” is no date" },
		{ "1999-12-31", 1, "from 2000 to 2069" },
		{ "2026-12-24 to", 1, "is no date" },
		{ "2026-12-24 to 2026-12-23", 1, "ends before it begins" },
		{ "2026-12-24 to 01-03", 1, "written the same way" },
		{ "2026-01-01 to 2027-01-02", 1, "at most 366 days" },
		{ "easter+81", 1, "at most 80 days" },
		{ "easter+", 1, "at most 80 days" },
		{ "2026-12-24x", 1, "A blank stands between" },
	};
	static const struct refusal openings[] = {
		{ "2026-12-19", 1, "hours are missing" },
		{ "2026-12-19 Saturday", 1, "“Saturday” are no hours" },
		{ "2026-12-19 10:00-9:00", 1, "end before they begin" },
		{ "saturday 10:00-12:00", 1, "“saturday” is no date" },
	};
	char *many = arena_strdup(*state, "");

	check_refusals(*state, working_holidays_parse, holidays, ARRAY_COUNT(holidays));
	check_refusals(*state, working_openings_parse, openings, ARRAY_COUNT(openings));
	for (int i = 0; i <= WORKING_DATES_MAX; i++)
		many = arena_printf(*state, "%s01-01\n", many);
	check_refusals(*state, working_holidays_parse,
		       &(struct refusal){ many, WORKING_DATES_MAX + 1, "at most 200 lines" }, 1);
}

static void test_easter_is_that_of_the_almanac(void **state)
{
	static const int easters[][3] = {
		{ 2000, 4, 23 }, { 2008, 3, 23 }, { 2011, 4, 24 }, { 2016, 3, 27 },
		{ 2019, 4, 21 }, { 2024, 3, 31 }, { 2025, 4, 20 }, { 2026, 4, 5 },
		{ 2027, 3, 28 }, { 2038, 4, 25 }, { 2049, 4, 18 }, { 2069, 4, 14 },
	};

	for (size_t i = 0; i < ARRAY_COUNT(easters); i++)
		assert_int_equal(working_easter(easters[i][0]),
				 clock_days(easters[i][0], easters[i][1], easters[i][2]));
	for (int year = WORKING_FIRST_YEAR; year <= WORKING_LAST_YEAR; year++)
		assert_int_equal(clock_split(working_easter(year) * CLOCK_DAY, 0).weekday, 0);
	assert_non_null(*state);
}

/* Service-public's list for 2027. */
static void test_france_has_eleven_public_holidays(void **state)
{
	static const int days[][2] = { { 1, 1 },  { 3, 29 },  { 5, 1 },  { 5, 6 },
				       { 5, 8 },  { 5, 17 },  { 7, 14 }, { 8, 15 },
				       { 11, 1 }, { 11, 11 }, { 12, 25 } };
	const struct working_rules rules = { .has_french_holidays = true };
	size_t found = 0;

	for (int64_t day = clock_days(2027, 1, 1); day < clock_days(2028, 1, 1); day++) {
		struct working_day what = working_day_of(&rules, day);

		if (what.kind != WORKING_DAY_HOLIDAY)
			continue;
		assert_true(found < ARRAY_COUNT(days));
		assert_int_equal(day, clock_days(2027, days[found][0], days[found][1]));
		assert_true(what.name[0] != '\0');
		found++;
	}
	assert_int_equal(found, ARRAY_COUNT(days));
	assert_non_null(*state);
}

static void test_a_day_says_why_it_is_open_or_closed(void **state)
{
	const struct working_calendar *calendar = calendar_of(
		*state, "monday-friday 9:00-18:00", "12-24 to 01-02 Winter break",
		"2026-12-28 10:00-12:00 Stocktaking", true, "Europe/Paris");
	struct working_day day = working_day_at(calendar, utc(*state, "2026-12-28T11:00"));

	assert_int_equal(day.kind, WORKING_DAY_OPENING);
	assert_string_equal(day.name, "Stocktaking");
	assert_int_equal(day.hours->spans[0].from, 600);
	/* 23:30 UTC is half past midnight in Paris: already the 25th, by the first line. */
	day = working_day_at(calendar, utc(*state, "2026-12-24T23:30"));
	assert_int_equal(day.kind, WORKING_DAY_HOLIDAY);
	assert_string_equal(day.name, "Winter break");
	day = working_day_at(calendar, utc(*state, "2027-01-02T22:30"));
	assert_int_equal(day.kind, WORKING_DAY_HOLIDAY);
	day = working_day_at(calendar, utc(*state, "2027-07-13T22:00"));
	assert_string_equal(day.name, "Bastille Day");
	day = working_day_at(calendar, utc(*state, "2027-01-04T11:00"));
	assert_int_equal(day.kind, WORKING_DAY_WEEKLY);
	assert_int_equal(day.hours->count, 1);
	assert_int_equal(working_wall(calendar, utc(*state, "2027-01-04T11:00")),
			 utc(*state, "2027-01-04T12:00"));
	assert_int_equal(working_instant(calendar, utc(*state, "2027-01-04T12:00")),
			 utc(*state, "2027-01-04T11:00"));
}

/* No database was read: the defaults count. 2026-01-05 is a Monday. */
static void test_the_settings_make_a_calendar(void **state)
{
	const struct working_calendar *calendar = desk_calendar();

	assert_ptr_equal(calendar, desk_calendar());
	assert_int_equal(working_between(calendar, utc(*state, "2026-01-05T00:00"),
					 utc(*state, "2026-01-12T00:00")),
			 45 * CLOCK_HOUR);
	assert_true(working_is_open(calendar, utc(*state, "2026-07-13T07:00")));
	assert_false(working_is_open(calendar, utc(*state, "2026-07-14T07:00")));
	assert_true(site_number(SITE_DESK_WARNING_SHARE) == 75);
}

static void test_settings_are_refused_with_the_line(void **state)
{
	static const struct {
		enum site_setting_id id;
		const char *value, *problem;
	} cases[] = {
		{ SITE_DESK_HOURS, "mon 9-17", NULL },
		{ SITE_DESK_HOURS, "mon 9-17\ntue 9", "Line 2: “9” are no hours" },
		{ SITE_DESK_HOLIDAYS, "easter", NULL },
		{ SITE_DESK_HOLIDAYS, "\n\nxmas", "Line 3: “xmas” is no date" },
		{ SITE_DESK_OPENINGS, "2026-12-19 9-12 Ah", NULL },
		{ SITE_DESK_OPENINGS, "2026-12-19", "Line 1: The hours are missing" },
		{ SITE_DESK_TIME_ZONE, "America/Montreal", NULL },
		{ SITE_DESK_TIME_ZONE, "Europe/Atlantis", "no such time zone" },
		{ SITE_WRITING_EDIT_HOURS, "moonday", NULL },
	};

	for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
		const char *problem = desk_setting_problem(*state, cases[i].id, cases[i].value);

		assert_int_equal(problem == NULL, cases[i].problem == NULL);
		if (problem && !strstr(problem, cases[i].problem))
			fail_msg("%s", problem);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_hours_are_read_as_people_write_them),
		TEST(test_wrong_hours_are_named_by_their_line),
		TEST(test_dates_are_read_as_people_write_them),
		TEST(test_wrong_dates_are_named_by_their_line),
		TEST(test_easter_is_that_of_the_almanac),
		TEST(test_france_has_eleven_public_holidays),
		TEST(test_a_day_says_why_it_is_open_or_closed),
		TEST(test_the_settings_make_a_calendar),
		TEST(test_settings_are_refused_with_the_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
