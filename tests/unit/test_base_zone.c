/*
 * Time zones: changes of the clocks at their instant, years ahead, held against libc,
 * which reads the same rules in another way.
 */
#include "unit.h"

#include "base/clock.h"
#include "base/zone.h"

static int64_t at(const char *text)
{
	int64_t time = 0;

	assert_true(clock_parse(text, &time));
	return time;
}

static struct zone load(struct arena *arena, const char *name)
{
	struct zone zone = { .count = 0 };

	assert_true(zone_load(arena, name, at("2000-01-01T00:00:00"), at("2070-01-01T00:00:00"),
			      &zone));
	return zone;
}

static void test_paris_changes_twice_a_year(void **state)
{
	struct zone paris = load(*state, "Europe/Paris");

	/* The first of January, and two changes a year. */
	assert_int_equal(paris.count, 1 + 70 * 2);
	assert_int_equal(paris.stretches[0].from, at("2000-01-01T00:00:00"));
	assert_int_equal(paris.stretches[1].from, at("2000-03-26T01:00:00"));
	assert_int_equal(paris.stretches[1].offset, 2 * CLOCK_HOUR);
	assert_int_equal(paris.stretches[53].from, at("2026-03-29T01:00:00"));
	assert_int_equal(paris.stretches[54].from, at("2026-10-25T01:00:00"));
	assert_int_equal(paris.stretches[54].offset, CLOCK_HOUR);
	/* Beyond what the files list one by one. */
	assert_int_equal(paris.stretches[139].from, at("2069-03-31T01:00:00"));
	assert_int_equal(zone_wall(&paris, at("2026-03-29T00:59:59")), at("2026-03-29T01:59:59"));
	assert_int_equal(zone_wall(&paris, at("2026-03-29T01:00:00")), at("2026-03-29T03:00:00"));
	assert_int_equal(zone_wall(&paris, at("1980-07-01T12:00:00")), at("1980-07-01T13:00:00"));
	assert_int_equal(zone_wall(&paris, at("2090-07-01T12:00:00")), at("2090-07-01T13:00:00"));
}

static void test_walls_lead_back_to_instants(void **state)
{
	static const char *const cases[][2] = {
		{ "2026-01-05T09:00:00", "2026-01-05T08:00:00" },
		{ "2026-07-05T09:00:00", "2026-07-05T07:00:00" },
		{ "2026-03-29T01:59:59", "2026-03-29T00:59:59" },
		/* Left out: the change itself. */
		{ "2026-03-29T02:00:00", "2026-03-29T01:00:00" },
		{ "2026-03-29T02:59:59", "2026-03-29T01:00:00" },
		{ "2026-03-29T03:00:00", "2026-03-29T01:00:00" },
		/* Twice: the first. */
		{ "2026-10-25T02:30:00", "2026-10-25T00:30:00" },
		{ "2026-10-25T03:00:00", "2026-10-25T02:00:00" },
	};
	struct zone paris = load(*state, "Europe/Paris"), utc = load(*state, "UTC");

	for (size_t i = 0; i < ARRAY_COUNT(cases); i++)
		assert_int_equal(zone_time(&paris, at(cases[i][0])), at(cases[i][1]));
	assert_int_equal(utc.count, 1);
	assert_int_equal(zone_time(&utc, at("2026-07-05T09:00:00")), at("2026-07-05T09:00:00"));
}

static void check_against_libc(struct arena *arena, const char *name, const char *until)
{
	struct zone zone = load(arena, name);

	setenv("TZ", name, 1);
	tzset();
	for (int64_t time = at("2000-01-01T00:00:00"); time < at(until);
	     time += 5 * CLOCK_HOUR + 7 * CLOCK_MINUTE) {
		time_t seconds = (time_t)(time / CLOCK_SECOND);
		struct tm wall;

		localtime_r(&seconds, &wall);
		if (zone_wall(&zone, time) - time != wall.tm_gmtoff * CLOCK_SECOND)
			fail_msg("%s at %s", name, clock_rfc3339(arena, time));
	}
}

static void test_offsets_are_those_of_libc(void **state)
{
	static const char *const names[] = {
		"Europe/Paris",        "Europe/London",
		"America/St_Johns",    "Asia/Kathmandu",
		"Australia/Lord_Howe", "Africa/Casablanca",
		"Pacific/Apia",        "America/Montreal",
		"Etc/GMT+12",          "UTC",
	};

	for (size_t i = 0; i < ARRAY_COUNT(names); i++)
		check_against_libc(*state, names[i], "2069-12-31T00:00:00");
	/* Its winter time is the exception, which GLib 2.74 turns round where the list of
	 * changes ends and the rule begins. */
	check_against_libc(*state, "Europe/Dublin", "2037-12-31T00:00:00");
}

static void test_what_is_no_zone_is_refused(void **state)
{
	static const char *const names[] = {
		"",
		"Paris",
		"Europe/paris",
		"Europe/",
		"Europe",
		"europe/Paris",
		"localtime",
		"posixrules",
		"leapseconds",
		"/etc/localtime",
		"Europe/../Europe/Paris",
		"right/Europe/Paris",
		"+02:00",
		"Z",
		"CET-1CEST",
		"EST5EDT,M3/M4",
		"Europe/Paris ",
		"Europe//Nowhere",
		"Europe/Aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
	};
	struct zone zone;

	for (size_t i = 0; i < ARRAY_COUNT(names); i++)
		if (zone_load(*state, names[i], 0, CLOCK_DAY, &zone))
			fail_msg("“%s” is a zone", names[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_paris_changes_twice_a_year),
		TEST(test_walls_lead_back_to_instants),
		TEST(test_offsets_are_those_of_libc),
		TEST(test_what_is_no_zone_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
