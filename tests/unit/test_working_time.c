/*
 * Working time: cases worked out by hand, then random calendars against a walk minute by
 * minute (working_oracle.h). Instants are UTC; Paris is one hour ahead in winter, two in
 * summer.
 */
#include "unit.h"

#include "working_oracle.h"

/* A day has seven hours and a half. */
static const struct working_calendar *paris(struct arena *arena)
{
	return calendar_of(arena, "lundi-vendredi 9:00-12:30, 14:00-18:00",
			   "2026-12-24 to 2027-01-03 Winter break",
			   "2026-12-19 10:00-16:00 Saturday before Christmas\n"
			   "2026-05-08 9:00-12:00 Open all the same",
			   true, "Europe/Paris");
}

static const struct working_calendar *only(struct arena *arena, const char *hours)
{
	return calendar_of(arena, hours, "", "", false, "Europe/Paris");
}

static const char *shown(struct arena *arena, int64_t time)
{
	return clock_rfc3339(arena, time);
}

struct between_case {
	const char *from, *to;
	int64_t seconds;
};

static void check_between(struct arena *arena, const struct working_calendar *calendar,
			  const struct between_case *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		int64_t found = working_between(calendar, utc(arena, cases[i].from),
						utc(arena, cases[i].to));

		if (found != cases[i].seconds * CLOCK_SECOND)
			fail_msg("%s to %s: %lld s instead of %lld", cases[i].from, cases[i].to,
				 (long long)(found / CLOCK_SECOND), (long long)cases[i].seconds);
	}
}

static void test_between_follows_the_table(void **state)
{
	static const struct between_case cases[] = {
		/* Monday, 5 January 2026: within a span, over lunch, at borders. */
		{ "2026-01-05T08:30", "2026-01-05T10:00", 90 * 60 },
		{ "2026-01-05T11:00", "2026-01-05T13:30", 60 * 60 },
		{ "2026-01-05T11:30", "2026-01-05T13:00", 0 },
		{ "2026-01-05T07:59:59", "2026-01-05T08:00:01", 1 },
		{ "2026-01-05T16:59:59", "2026-01-05T17:00:01", 1 },
		{ "2026-01-05T09:00", "2026-01-05T09:00", 0 },
		{ "2026-01-06T09:00", "2026-01-05T09:00", 0 },
		/* Nights, a weekend, a week. */
		{ "2026-01-05T16:30", "2026-01-06T08:30", 60 * 60 },
		{ "2026-01-05T17:00", "2026-01-06T08:00", 0 },
		{ "2026-01-05T22:00", "2026-01-05T23:30", 0 },
		{ "2026-01-09T16:00", "2026-01-12T09:00", 120 * 60 },
		{ "2026-01-05T00:00", "2026-01-12T00:00", 5 * 450 * 60 },
		/* Holidays: New Year (a Thursday), Easter Monday, Ascension Day, Whit
		 * Monday, 14 July (a Tuesday); Good Friday is none. */
		{ "2025-12-31T16:00", "2026-01-02T09:00", 120 * 60 },
		{ "2026-04-02T15:00", "2026-04-03T08:00", 120 * 60 },
		{ "2026-04-03T15:00", "2026-04-07T08:00", 120 * 60 },
		{ "2026-05-13T15:00", "2026-05-15T08:00", 120 * 60 },
		{ "2026-05-22T15:00", "2026-05-26T08:00", 120 * 60 },
		{ "2026-07-13T16:00", "2026-07-15T07:00", 0 },
		/* A holiday with an opening, an open Saturday, the own break. */
		{ "2026-05-07T15:00", "2026-05-11T08:00", 300 * 60 },
		{ "2026-12-18T17:00", "2026-12-21T08:00", 360 * 60 },
		{ "2026-12-12T00:00", "2026-12-13T23:00", 0 },
		{ "2026-12-23T16:00", "2027-01-04T09:00", 120 * 60 },
		/* Both weekends of the change: the hours are those of the wall. */
		{ "2026-03-27T16:00", "2026-03-30T08:00", 120 * 60 },
		{ "2026-10-23T15:00", "2026-10-26T09:00", 120 * 60 },
		/* Outside the years. */
		{ "1990-01-01T00:00", "1999-12-31T00:00", 0 },
		{ "2070-01-02T00:00", "2080-01-01T00:00", 0 },
	};

	check_between(*state, paris(*state), cases, ARRAY_COUNT(cases));
}

static void test_days_of_the_change_have_23_and_25_hours(void **state)
{
	static const struct between_case always[] = {
		{ "2026-03-28T23:00", "2026-03-29T22:00", 23 * 3600 },
		{ "2026-10-24T22:00", "2026-10-25T23:00", 25 * 3600 },
		{ "2026-03-27T23:00", "2026-03-28T23:00", 24 * 3600 },
		{ "2025-12-31T23:00", "2026-12-31T23:00", 365 * 86400 },
	};
	static const struct between_case night[] = {
		{ "2026-03-28T12:00", "2026-03-29T12:00", 2 * 3600 },
		{ "2026-10-24T12:00", "2026-10-25T12:00", 4 * 3600 },
		{ "2026-11-01T00:00", "2026-11-01T12:00", 3 * 3600 },
	};
	static const struct between_case missing[] = {
		{ "2026-03-28T12:00", "2026-03-29T12:00", 0 },
		{ "2026-10-24T12:00", "2026-10-25T12:00", 2 * 3600 },
	};
	static const struct between_case half_missing[] = {
		{ "2026-03-28T12:00", "2026-03-29T12:00", 1800 },
		{ "2026-10-24T12:00", "2026-10-25T12:00", 2 * 1800 + 1800 },
	};

	check_between(*state, only(*state, "monday-sunday 0:00-24:00"), always,
		      ARRAY_COUNT(always));
	check_between(*state, only(*state, "sunday 1:00-4:00"), night, ARRAY_COUNT(night));
	check_between(*state, only(*state, "sunday 2:00-3:00"), missing, ARRAY_COUNT(missing));
	check_between(*state, only(*state, "dimanche 1:30-2:30"), half_missing,
		      ARRAY_COUNT(half_missing));
}

struct due_case {
	const char *from;
	int64_t seconds;
	const char *due; /* NULL: never */
};

static void check_due(struct arena *arena, const struct working_calendar *calendar,
		      const struct due_case *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		int64_t due = 0;
		bool is_found = working_due(calendar, utc(arena, cases[i].from),
					    cases[i].seconds * CLOCK_SECOND, &due);

		if (is_found != (cases[i].due != NULL) ||
		    (is_found && due != utc(arena, cases[i].due)))
			fail_msg("%s and %lld s: %s instead of %s", cases[i].from,
				 (long long)cases[i].seconds, shown(arena, due),
				 cases[i].due ? cases[i].due : "never");
	}
}

static void test_due_follows_the_table(void **state)
{
	static const struct due_case cases[] = {
		{ "2026-01-05T08:00", 4 * 3600, "2026-01-05T13:30" },
		{ "2026-01-05T08:00", 0, "2026-01-05T08:00" },
		{ "2026-01-10T12:00", 0, "2026-01-10T12:00" },
		{ "2026-01-10T12:00", -5, "2026-01-10T12:00" },
		/* The end of a span, not the beginning of the next. */
		{ "2026-01-05T08:00", 210 * 60, "2026-01-05T11:30" },
		{ "2026-01-05T08:00", 450 * 60, "2026-01-05T17:00" },
		{ "2026-01-05T08:00", 450 * 60 + 1, "2026-01-06T08:00:01" },
		/* Asked at night, at a weekend, before a holiday. */
		{ "2026-01-05T23:00", 3600, "2026-01-06T09:00" },
		{ "2026-01-10T12:00", 1, "2026-01-12T08:00:01" },
		{ "2026-01-09T16:00", 2 * 3600, "2026-01-12T09:00" },
		{ "2026-04-03T15:00", 2 * 3600, "2026-04-07T08:00" },
		{ "2026-12-18T17:00", 7 * 3600, "2026-12-21T09:00" },
		{ "2026-12-23T16:00", 2 * 3600, "2027-01-04T09:00" },
		/* Over both changes of the clocks. */
		{ "2026-03-27T16:00", 2 * 3600, "2026-03-30T08:00" },
		{ "2026-10-23T15:00", 2 * 3600, "2026-10-26T09:00" },
		/* Too far. */
		{ "2069-12-30T08:00", 40 * 3600, NULL },
		{ "2026-01-05T08:00", (int64_t)1000000 * 3600, NULL },
		{ "2080-01-05T08:00", 1, NULL },
	};
	/* In autumn 2:00 to 2:30 comes twice, with half an hour between. */
	static const struct due_case doubled[] = {
		{ "2026-10-24T12:00", 30 * 60, "2026-10-25T00:30" },
		{ "2026-10-24T12:00", 31 * 60, "2026-10-25T01:01" },
		{ "2026-10-24T12:00", 60 * 60, "2026-10-25T01:30" },
		{ "2026-10-24T12:00", 61 * 60, "2026-11-01T01:01" },
	};

	check_due(*state, paris(*state), cases, ARRAY_COUNT(cases));
	check_due(*state, only(*state, "sunday 2:00-2:30"), doubled, ARRAY_COUNT(doubled));
}

struct pause_case {
	const char *from;
	int64_t seconds;
	const char *pauses[2][2]; /* NULL: none; "": without end */
	const char *due;          /* NULL: never */
};

static const struct pause_case pause_cases[] = {
	/* Within a span; two that overlap; one that ends before the question. */
	{ "2026-01-05T08:00",
	  4 * 3600,
	  { { "2026-01-05T09:00", "2026-01-05T10:00" } },
	  "2026-01-05T14:30" },
	{ "2026-01-05T08:00",
	  4 * 3600,
	  { { "2026-01-05T09:00", "2026-01-05T10:00" },
	    { "2026-01-05T09:30", "2026-01-05T10:30" } },
	  "2026-01-05T15:00" },
	{ "2026-01-05T08:00",
	  4 * 3600,
	  { { "2026-01-05T09:00", "2026-01-05T11:00" },
	    { "2026-01-05T09:30", "2026-01-05T10:00" } },
	  "2026-01-05T15:30" },
	{ "2026-01-05T08:00",
	  4 * 3600,
	  { { "2026-01-01T09:00", "2026-01-05T07:00" } },
	  "2026-01-05T13:30" },
	/* Over the night; at night only; over a weekend with a change of the clocks. */
	{ "2026-01-05T15:00",
	  3 * 3600,
	  { { "2026-01-05T16:00", "2026-01-06T09:00" } },
	  "2026-01-06T11:00" },
	{ "2026-01-05T16:00",
	  2 * 3600,
	  { { "2026-01-05T18:00", "2026-01-06T07:00" } },
	  "2026-01-06T09:00" },
	{ "2026-03-27T14:00",
	  3 * 3600,
	  { { "2026-03-27T15:00", "2026-03-30T08:00" } },
	  "2026-03-30T10:00" },
	{ "2026-10-23T13:00",
	  3 * 3600,
	  { { "2026-10-23T14:00", "2026-10-26T09:00" } },
	  "2026-10-26T11:00" },
	/* Until further notice: what was due before it is. */
	{ "2026-01-05T08:00", 3600, { { "2026-01-05T09:00", "" } }, "2026-01-05T09:00" },
	{ "2026-01-05T08:00", 3601, { { "2026-01-05T09:00", "" } }, NULL },
	{ "2026-01-05T08:00", 3600, { { "2026-01-05T08:00", "" } }, NULL },
	{ "2026-01-05T08:00", 0, { { "2026-01-05T07:00", "" } }, "2026-01-05T08:00" },
};

static void test_pauses_stop_the_clock(void **state)
{
	const struct working_calendar *calendar = paris(*state);

	for (size_t i = 0; i < ARRAY_COUNT(pause_cases); i++) {
		const struct pause_case *c = &pause_cases[i];
		int64_t from = utc(*state, c->from), working = c->seconds * CLOCK_SECOND, due = 0;
		struct working_pause pauses[2];
		size_t count = 0;
		bool is_found;

		for (; count < 2 && c->pauses[count][0]; count++) {
			const char *to = c->pauses[count][1];

			pauses[count].from = utc(*state, c->pauses[count][0]);
			pauses[count].to = to[0] ? utc(*state, to) : 0;
		}
		is_found = working_due_paused(calendar, from, working, pauses, count, &due);
		if (is_found != (c->due != NULL) || (is_found && due != utc(*state, c->due)))
			fail_msg("case %zu: %s", i, shown(*state, due));
		if (is_found)
			assert_int_equal(working_between_paused(calendar, from, due, pauses, count),
					 working);
		else
			assert_true(working_between_paused(calendar, from, from + 9 * CLOCK_DAY,
							   pauses, count) < working);
	}
}

static void test_openings_and_closings_are_found(void **state)
{
	static const struct {
		const char *at, *opening, *closing;
	} cases[] = {
		{ "2026-01-05T08:00", "2026-01-05T08:00", "2026-01-05T11:30" },
		{ "2026-01-05T11:29:59", "2026-01-05T11:29:59", "2026-01-05T11:30" },
		{ "2026-01-05T11:30", "2026-01-05T13:00", NULL },
		{ "2026-01-05T17:00", "2026-01-06T08:00", NULL },
		{ "2026-01-10T09:00", "2026-01-12T08:00", NULL },
		{ "2026-12-19T08:59", "2026-12-19T09:00", NULL },
		{ "2026-12-19T10:00", "2026-12-19T10:00", "2026-12-19T15:00" },
		{ "2026-12-24T09:00", "2027-01-04T08:00", NULL },
		{ "2069-12-31T17:00", NULL, NULL },
		{ "1969-12-31T17:00", "2000-01-03T08:00", NULL },
	};
	const struct working_calendar *calendar = paris(*state);
	int64_t opening, closing;

	for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
		int64_t at = utc(*state, cases[i].at);

		assert_int_equal(working_next_opening(calendar, at, &opening),
				 cases[i].opening != NULL);
		if (cases[i].opening)
			assert_int_equal(opening, utc(*state, cases[i].opening));
		assert_int_equal(working_is_open(calendar, at), cases[i].closing != NULL);
		assert_int_equal(working_closing(calendar, at, &closing), cases[i].closing != NULL);
		if (cases[i].closing)
			assert_int_equal(closing, utc(*state, cases[i].closing));
	}
	/* What spring leaves out opens a week later. */
	assert_true(working_next_opening(only(*state, "sunday 2:15-2:45"),
					 utc(*state, "2026-03-28T12:00"), &opening));
	assert_int_equal(opening, utc(*state, "2026-04-05T00:15"));
	/* Midnight between two open days is no closing. */
	assert_true(working_closing(only(*state, "mon 20:00-24:00\ntue 0:00-4:00"),
				    utc(*state, "2026-01-05T20:00"), &closing));
	assert_int_equal(closing, utc(*state, "2026-01-06T03:00"));
}

static void test_what_never_opens_is_never_due(void **state)
{
	const struct working_calendar *never = only(*state, "");
	const struct working_calendar *closed = only(*state, "monday-sunday closed");
	int64_t from = utc(*state, "2026-01-05T08:00"), at = -1;

	assert_int_equal(working_between(never, 0, INT64_MAX), 0);
	assert_false(working_due(never, from, 1, &at));
	assert_false(working_due_paused(never, from, 1, NULL, 0, &at));
	assert_false(working_next_opening(never, from, &at));
	assert_false(working_next_opening(closed, from, &at));
	assert_false(working_closing(never, from, &at));
	assert_false(working_is_open(never, from));
	assert_int_equal(at, -1);
	assert_true(working_due(never, from, 0, &at));
	assert_int_equal(at, from);
}

static void test_ten_years_ahead_are_found_at_once(void **state)
{
	const struct working_calendar *calendar = paris(*state);
	int64_t from = utc(*state, "2026-01-05T08:00"), began, due = 0, sum = 0;
	int64_t working = working_between(calendar, from, utc(*state, "2036-01-07T10:00"));

	began = clock_monotonic();
	for (int i = 0; i < 100000; i++) {
		assert_true(working_due(calendar, from, working - i, &due));
		sum += working_between(calendar, from, due);
	}
	assert_true(sum > 0);
	/* 0.05 s here; 10 leaves room for a busy machine under sanitizers. */
	assert_true(clock_monotonic() - began < 10 * CLOCK_SECOND);
	assert_true(working_due(calendar, from, working, &due));
	assert_int_equal(due, utc(*state, "2036-01-07T10:00"));
}

/* Properties ------------------------------------------------------------------------------ */

static int64_t minute_of(const struct oracle *oracle, int64_t number)
{
	return oracle->from + number * CLOCK_MINUTE;
}

static int64_t walked(const struct oracle *oracle, int64_t first, int64_t end)
{
	int64_t minutes = 0;

	for (int64_t i = first; i < end; i++)
		minutes += oracle->is_open[i];
	return minutes;
}

/* The first minute at which so many are over, or -1 beyond the window. */
static int64_t walked_due(const struct oracle *oracle, int64_t first, int64_t minutes)
{
	for (int64_t i = first; i < ORACLE_MINUTES; i++) {
		if (minutes == 0)
			return i;
		minutes -= oracle->is_open[i];
	}
	return -1;
}

static void check_minutes(const struct oracle *oracle)
{
	for (int64_t i = 0; i < ORACLE_MINUTES; i++) {
		int64_t at = minute_of(oracle, i);

		if (working_is_open(oracle->calendar, at) != oracle->is_open[i] ||
		    working_is_open(oracle->calendar, at + CLOCK_MINUTE - 1) != oracle->is_open[i])
			fail_msg("minute %lld of %s", (long long)i, oracle->description);
	}
}

static void check_pair(struct arena *arena, const struct oracle *oracle, uint64_t *seed)
{
	const struct working_calendar *calendar = oracle->calendar;
	int64_t a = oracle_random(seed, 0, ORACLE_MINUTES - 1);
	int64_t c = oracle_random(seed, a, ORACLE_MINUTES - 1), b = oracle_random(seed, a, c);
	int64_t from = minute_of(oracle, a), middle = minute_of(oracle, b),
		to = minute_of(oracle, c);
	int64_t working = working_between(calendar, from, to), due = 0, expected;

	if (working != walked(oracle, a, c) * CLOCK_MINUTE)
		fail_msg("%s to %s: %lld in\n%s", shown(arena, from), shown(arena, to),
			 (long long)working, oracle->description);
	/* Additive, monotone, no more than has passed. */
	assert_int_equal(working, working_between(calendar, from, middle) +
					  working_between(calendar, middle, to));
	assert_true(working_between(calendar, from, middle) <= working && working <= to - from);
	/* Due is the first such instant: not after to, and the other way round the same. */
	assert_true(working_due(calendar, from, working, &due));
	assert_true(due >= from && due <= to);
	assert_int_equal(working_between(calendar, from, due), working);
	expected = walked_due(oracle, a, working / CLOCK_MINUTE);
	assert_int_equal(due, minute_of(oracle, expected));
	if (working)
		assert_int_equal(working_between(calendar, from, due - 1), working - 1);
}

static void test_random_calendars_agree_with_a_walk(void **state)
{
	uint64_t seed = 20261123;

	for (int round = 0; round < 60; round++) {
		struct arena *arena = arena_new(UNIT_ARENA_BYTES);
		struct oracle *oracle = oracle_new(arena, &seed);

		check_minutes(oracle);
		for (int i = 0; i < 60; i++)
			check_pair(arena, oracle, &seed);
		arena_free(arena);
	}
	assert_non_null(*state);
}

/* Pauses of whole minutes, by their beginning; one may have no end. */
static size_t invent_pauses(const struct oracle *oracle, uint64_t *seed,
			    struct working_pause *pauses, bool *is_paused)
{
	size_t count = (size_t)oracle_random(seed, 0, 5);
	int64_t first = 0, end;

	memset(is_paused, 0, ORACLE_MINUTES);
	for (size_t i = 0; i < count; i++) {
		first = oracle_random(seed, first, ORACLE_MINUTES - 2);
		end = oracle_random(seed, first, ORACLE_MINUTES - 1);
		if (oracle_random(seed, 0, 1))
			end = oracle_random(seed, first, first + (end - first) / 20);
		pauses[i] = (struct working_pause){ minute_of(oracle, first),
						    minute_of(oracle, end) };
		if (i + 1 == count && oracle_random(seed, 0, 2) == 0) {
			pauses[i].to = 0;
			end = ORACLE_MINUTES;
		}
		memset(is_paused + first, 1, (size_t)(end - first));
	}
	return count;
}

static void check_pauses(struct oracle *oracle, uint64_t *seed)
{
	static bool is_paused[ORACLE_MINUTES];
	struct working_pause pauses[5];
	size_t count = invent_pauses(oracle, seed, pauses, is_paused);
	int64_t a = oracle_random(seed, 0, ORACLE_MINUTES - 1);
	int64_t c = oracle_random(seed, a, ORACLE_MINUTES - 1), from = minute_of(oracle, a);
	int64_t to = minute_of(oracle, c), working, due = 0, expected = a, left = 0;
	bool is_endless = count > 0 && !pauses[count - 1].to;

	for (int64_t i = a; i < c; i++)
		left += oracle->is_open[i] && !is_paused[i];
	working = working_between_paused(oracle->calendar, from, to, pauses, count);
	if (working != left * CLOCK_MINUTE)
		fail_msg("%lld instead of %lld minutes in\n%s", (long long)(working / CLOCK_MINUTE),
			 (long long)left, oracle->description);
	assert_true(working_due_paused(oracle->calendar, from, working, pauses, count, &due));
	for (; left > 0; expected++)
		left -= oracle->is_open[expected] && !is_paused[expected];
	assert_int_equal(due, minute_of(oracle, expected));
	/* More than there is before an endless pause is never due. */
	working = working_between_paused(oracle->calendar, from, INT64_MAX, pauses, count);
	assert_false(working_due_paused(oracle->calendar, from, working + 1, pauses, count, &due));
	if (is_endless)
		assert_true(working <= working_between(oracle->calendar, from,
						       minute_of(oracle, ORACLE_MINUTES)));
}

static void test_random_pauses_agree_with_a_walk(void **state)
{
	uint64_t seed = 19700101;

	for (int round = 0; round < 40; round++) {
		struct arena *arena = arena_new(UNIT_ARENA_BYTES);
		struct oracle *oracle = oracle_new(arena, &seed);

		for (int i = 0; i < 100; i++)
			check_pauses(oracle, &seed);
		arena_free(arena);
	}
	assert_non_null(*state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_between_follows_the_table),
		TEST(test_days_of_the_change_have_23_and_25_hours),
		TEST(test_due_follows_the_table),
		TEST(test_pauses_stop_the_clock),
		TEST(test_openings_and_closings_are_found),
		TEST(test_what_never_opens_is_never_due),
		TEST(test_ten_years_ahead_are_found_at_once),
		TEST(test_random_calendars_agree_with_a_walk),
		TEST(test_random_pauses_agree_with_a_walk),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
