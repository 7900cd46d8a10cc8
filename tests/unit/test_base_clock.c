/* Time: our calendar against libc's, the three formats, the parser. */
#include "unit.h"

#include "base/clock.h"

/* 2026-11-22T15:04:05Z, a Sunday. */
#define MOMENT (1795359845 * CLOCK_SECOND)

static void test_a_moment_is_written_in_each_format(void **state)
{
	assert_string_equal(clock_rfc3339(*state, MOMENT), "2026-11-22T15:04:05Z");
	assert_string_equal(clock_http(*state, MOMENT), "Sun, 22 Nov 2026 15:04:05 GMT");
	assert_string_equal(clock_mail(*state, MOMENT), "Sun, 22 Nov 2026 15:04:05 +0000");
	assert_string_equal(clock_rfc3339(*state, 0), "1970-01-01T00:00:00Z");
	assert_string_equal(clock_rfc3339(*state, -1), "1969-12-31T23:59:59Z");
}

/* Every 19 hours and some over 1,200 years, leap days and centuries included. */
static void test_the_calendar_agrees_with_libc(void **state)
{
	(void)state;
	for (int64_t seconds = -20000000000; seconds < 20000000000; seconds += 68521) {
		struct clock_date date = clock_split(seconds * CLOCK_SECOND, 0);
		time_t libc_seconds = (time_t)seconds;
		struct tm libc;

		gmtime_r(&libc_seconds, &libc);
		if (date.year != libc.tm_year + 1900 || date.month != libc.tm_mon + 1 ||
		    date.day != libc.tm_mday || date.hour != libc.tm_hour ||
		    date.minute != libc.tm_min || date.second != libc.tm_sec ||
		    date.weekday != libc.tm_wday)
			fail_msg("differs at %lld", (long long)seconds);
	}
}

static void test_split_shifts_by_minutes(void **state)
{
	struct clock_date date = clock_split(MOMENT, 9 * 60 + 30);

	(void)state;
	assert_int_equal(date.day, 23);
	assert_int_equal(date.hour, 0);
	assert_int_equal(date.minute, 34);
	assert_int_equal(date.weekday, 1);
	date = clock_split(INT64_MAX, 14 * 60);
	assert_int_equal(date.year, 294247);
	date = clock_split(INT64_MIN, -14 * 60);
	assert_int_equal(date.year, -290308);
}

static void test_what_is_written_can_be_read(void **state)
{
	for (int64_t seconds = -60000000000; seconds < 250000000000; seconds += 98765432) {
		int64_t time;

		assert_true(clock_parse(clock_rfc3339(*state, seconds * CLOCK_SECOND), &time));
		assert_true(time == seconds * CLOCK_SECOND);
	}
}

static void test_fractions_are_read_to_the_microsecond(void **state)
{
	static const struct {
		const char *text;
		int64_t micros;
	} cases[] = {
		{ "2026-11-22T15:04:05", 0 },          { "2026-11-22T15:04:05.7", 700000 },
		{ "2026-11-22T15:04:05.713", 713000 }, { "2026-11-22T15:04:05.713Z", 713000 },
		{ "2026-11-22T15:04:05.000001Z", 1 },  { "2026-11-22T15:04:05.123456789", 123456 },
	};
	int64_t time;

	(void)state;
	for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
		assert_true(clock_parse(cases[i].text, &time));
		assert_true(time == MOMENT + cases[i].micros);
	}
}

static void test_what_is_no_time_is_refused(void **state)
{
	static const char *const bad[] = {
		"",
		"2026",
		"2026-11-22",
		"2026-11-22 15:04:05",
		"2026-11-22T15:04",
		"2026-11-22T15:04:05.",
		"2026-11-22T15:04:05.Z",
		"2026-11-22T15:04:05ZZ",
		"2026-11-22T15:04:05 ",
		"2026-11-22T15:04:05+01:00",
		"2026-13-01T00:00:00",
		"2026-00-01T00:00:00",
		"2026-04-31T00:00:00",
		"2026-02-29T00:00:00",
		"2100-02-29T00:00:00",
		"2026-01-00T00:00:00",
		"2026-01-01T24:00:00",
		"2026-01-01T00:60:00",
		"2026-01-01T00:00:60",
		"-026-01-01T00:00:00",
		"2026-1-01T00:00:00",
		"x026-01-01T00:00:00",
	};
	int64_t time = 99;

	(void)state;
	for (size_t i = 0; i < ARRAY_COUNT(bad); i++)
		if (clock_parse(bad[i], &time))
			fail_msg("\"%s\" was accepted", bad[i]);
	assert_true(time == 99);
	assert_true(clock_parse("2000-02-29T00:00:00", &time));
	assert_true(clock_parse("2028-02-29T23:59:59Z", &time));
}

static void test_the_clocks_run(void **state)
{
	int64_t start = clock_monotonic();

	(void)state;
	assert_true(clock_now() > 1700000000 * CLOCK_SECOND);
	for (int i = 0; i < 1000; i++) {
		int64_t next = clock_monotonic();

		assert_true(next >= start);
		start = next;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_a_moment_is_written_in_each_format),
		TEST(test_the_calendar_agrees_with_libc),
		TEST(test_split_shifts_by_minutes),
		TEST(test_what_is_written_can_be_read),
		TEST(test_fractions_are_read_to_the_microsecond),
		TEST(test_what_is_no_time_is_refused),
		TEST(test_the_clocks_run),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
