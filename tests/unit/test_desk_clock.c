/*
 * A question's clock: stories worked out by hand, then random ones in random calendars
 * against a walk minute by minute. Instants are UTC; in January, Paris is an hour ahead.
 */
#include "unit.h"

#include "forum/desk_clock.h"
#include "working_oracle.h"

#define SHARE 75

/* Nine hours a day, 8:00 to 17:00 UTC in winter. 5 January 2026 is a Monday. */
static const struct working_calendar *paris(struct arena *arena)
{
	return calendar_of(arena, "monday-friday 9:00-18:00", "", "", true, "Europe/Paris");
}

static const char *const state_names[] = { "off",      "running", "warned",  "paused",
					   "breached", "met",     "met late" };

struct step {
	const char *at;
	enum desk_clock_event event;
};

struct story {
	const char *name;
	enum desk_clock_kind kind;
	int target_minutes;
	const char *started_at;
	struct step steps[6]; /* until at is NULL */
	const char *now, *state;
	int used_minutes, left_minutes;
	const char *due_at, *warning_at, *breached_at, *next_at; /* NULL: none */
};

#define FIRST    DESK_CLOCK_FIRST_ANSWER
#define SOLUTION DESK_CLOCK_SOLUTION
#define PAUSED   DESK_CLOCK_PAUSED
#define RESUMED  DESK_CLOCK_RESUMED
#define MET      DESK_CLOCK_MET
#define REOPENED DESK_CLOCK_REOPENED
#define HANDED   DESK_CLOCK_HANDED_OVER

static const struct story stories[] = {
	{ "new",
	  FIRST,
	  240,
	  "2026-01-05T08:00",
	  { { NULL, 0 } },
	  "2026-01-05T09:00",
	  "running",
	  60,
	  180,
	  "2026-01-05T12:00",
	  "2026-01-05T11:00",
	  NULL,
	  "2026-01-05T11:00" },
	{ "warned",
	  FIRST,
	  240,
	  "2026-01-05T08:00",
	  { { NULL, 0 } },
	  "2026-01-05T11:00",
	  "warned",
	  180,
	  60,
	  "2026-01-05T12:00",
	  "2026-01-05T11:00",
	  NULL,
	  "2026-01-05T12:00" },
	{ "at the due time it is still in time",
	  FIRST,
	  240,
	  "2026-01-05T08:00",
	  { { NULL, 0 } },
	  "2026-01-05T12:00",
	  "warned",
	  240,
	  0,
	  "2026-01-05T12:00",
	  "2026-01-05T11:00",
	  NULL,
	  "2026-01-05T12:00" },
	{ "breached",
	  FIRST,
	  240,
	  "2026-01-05T08:00",
	  { { NULL, 0 } },
	  "2026-01-05T13:00",
	  "breached",
	  300,
	  0,
	  "2026-01-05T12:00",
	  "2026-01-05T11:00",
	  "2026-01-05T12:00",
	  NULL },
	{ "asked on Friday evening",
	  FIRST,
	  240,
	  "2026-01-09T16:00",
	  { { NULL, 0 } },
	  "2026-01-11T12:00",
	  "running",
	  60,
	  180,
	  "2026-01-12T11:00",
	  "2026-01-12T10:00",
	  NULL,
	  "2026-01-12T10:00" },
	{ "met in time",
	  FIRST,
	  240,
	  "2026-01-05T08:00",
	  { { "2026-01-05T12:00", MET } },
	  "2026-01-09T12:00",
	  "met",
	  240,
	  0,
	  "2026-01-05T12:00",
	  "2026-01-05T11:00",
	  NULL,
	  NULL },
	{ "met late",
	  FIRST,
	  240,
	  "2026-01-05T08:00",
	  { { "2026-01-05T12:30", MET } },
	  "2026-01-09T12:00",
	  "met late",
	  270,
	  0,
	  "2026-01-05T12:00",
	  "2026-01-05T11:00",
	  "2026-01-05T12:00",
	  NULL },
	{ "due at closing time, met at night: late",
	  FIRST,
	  540,
	  "2026-01-05T08:00",
	  { { "2026-01-05T20:00", MET } },
	  "2026-01-06T08:00",
	  "met late",
	  540,
	  0,
	  "2026-01-05T17:00",
	  "2026-01-05T14:45",
	  "2026-01-05T17:00",
	  NULL },
	{ "paused",
	  SOLUTION,
	  600,
	  "2026-01-05T08:00",
	  { { "2026-01-05T10:00", PAUSED } },
	  "2026-01-20T12:00",
	  "paused",
	  120,
	  480,
	  NULL,
	  NULL,
	  NULL,
	  NULL },
	{ "paused after the warning",
	  SOLUTION,
	  240,
	  "2026-01-05T08:00",
	  { { "2026-01-05T11:30", PAUSED } },
	  "2026-01-20T12:00",
	  "paused",
	  210,
	  30,
	  NULL,
	  "2026-01-05T11:00",
	  NULL,
	  NULL },
	{ "paused after the breach",
	  SOLUTION,
	  240,
	  "2026-01-05T08:00",
	  { { "2026-01-05T13:00", PAUSED } },
	  "2026-01-20T12:00",
	  "breached",
	  300,
	  0,
	  "2026-01-05T12:00",
	  "2026-01-05T11:00",
	  "2026-01-05T12:00",
	  NULL },
	{ "resumed",
	  SOLUTION,
	  600,
	  "2026-01-05T08:00",
	  { { "2026-01-05T10:00", PAUSED }, { "2026-01-06T10:00", RESUMED } },
	  "2026-01-06T11:00",
	  "running",
	  180,
	  420,
	  "2026-01-07T09:00",
	  "2026-01-06T15:30",
	  NULL,
	  "2026-01-06T15:30" },
	{ "paused over the change of the clocks",
	  SOLUTION,
	  180,
	  "2026-03-27T14:00",
	  { { "2026-03-27T15:00", PAUSED }, { "2026-03-30T08:00", RESUMED } },
	  "2026-03-30T09:00",
	  "running",
	  120,
	  60,
	  "2026-03-30T10:00",
	  "2026-03-30T09:15",
	  NULL,
	  "2026-03-30T09:15" },
	{ "said twice",
	  SOLUTION,
	  600,
	  "2026-01-05T08:00",
	  { { "2026-01-05T09:00", RESUMED },
	    { "2026-01-05T10:00", PAUSED },
	    { "2026-01-05T11:00", PAUSED },
	    { "2026-01-06T10:00", RESUMED },
	    { "2026-01-06T10:30", RESUMED } },
	  "2026-01-06T11:00",
	  "running",
	  180,
	  420,
	  "2026-01-07T09:00",
	  "2026-01-06T15:30",
	  NULL,
	  "2026-01-06T15:30" },
	{ "handed over, it goes on",
	  SOLUTION,
	  240,
	  "2026-01-05T08:00",
	  { { "2026-01-05T10:00", HANDED } },
	  "2026-01-05T10:30",
	  "running",
	  150,
	  90,
	  "2026-01-05T12:00",
	  "2026-01-05T11:00",
	  NULL,
	  "2026-01-05T11:00" },
	{ "solved while paused",
	  SOLUTION,
	  240,
	  "2026-01-05T08:00",
	  { { "2026-01-05T10:00", PAUSED }, { "2026-01-05T16:00", MET } },
	  "2026-01-20T10:00",
	  "met",
	  120,
	  120,
	  "2026-01-06T09:00",
	  "2026-01-05T17:00",
	  NULL,
	  NULL },
	{ "reopened, the solution runs on",
	  SOLUTION,
	  240,
	  "2026-01-05T08:00",
	  { { "2026-01-05T10:00", MET }, { "2026-01-08T08:00", REOPENED } },
	  "2026-01-08T08:30",
	  "running",
	  150,
	  90,
	  "2026-01-08T10:00",
	  "2026-01-08T09:00",
	  NULL,
	  "2026-01-08T09:00" },
	{ "reopened and solved again",
	  SOLUTION,
	  240,
	  "2026-01-05T08:00",
	  { { "2026-01-05T10:00", MET },
	    { "2026-01-08T08:00", REOPENED },
	    { "2026-01-08T09:00", MET } },
	  "2026-01-20T08:30",
	  "met",
	  180,
	  60,
	  "2026-01-08T10:00",
	  "2026-01-08T09:00",
	  NULL,
	  NULL },
	{ "late once, late for ever",
	  SOLUTION,
	  60,
	  "2026-01-05T08:00",
	  { { "2026-01-05T10:00", MET }, { "2026-01-08T08:00", REOPENED } },
	  "2026-01-08T08:30",
	  "breached",
	  150,
	  0,
	  "2026-01-05T09:00",
	  "2026-01-05T08:45",
	  "2026-01-05T09:00",
	  NULL },
	{ "reopened, the first answer stays met",
	  FIRST,
	  240,
	  "2026-01-05T08:00",
	  { { "2026-01-05T10:00", MET }, { "2026-01-08T08:00", REOPENED } },
	  "2026-01-20T08:30",
	  "met",
	  120,
	  120,
	  "2026-01-05T12:00",
	  "2026-01-05T11:00",
	  NULL,
	  NULL },
	{ "reopened without having been solved",
	  SOLUTION,
	  240,
	  "2026-01-05T08:00",
	  { { "2026-01-05T09:00", REOPENED } },
	  "2026-01-05T10:00",
	  "running",
	  120,
	  120,
	  "2026-01-05T12:00",
	  "2026-01-05T11:00",
	  NULL,
	  "2026-01-05T11:00" },
	{ "no target",
	  SOLUTION,
	  0,
	  "2026-01-05T08:00",
	  { { NULL, 0 } },
	  "2026-01-05T10:00",
	  "off",
	  120,
	  0,
	  NULL,
	  NULL,
	  NULL,
	  NULL },
	{ "no target, met",
	  SOLUTION,
	  0,
	  "2026-01-05T08:00",
	  { { "2026-01-05T09:00", MET } },
	  "2026-01-05T10:00",
	  "met",
	  60,
	  0,
	  NULL,
	  NULL,
	  NULL,
	  NULL },
};

static void check_time(struct arena *arena, const struct story *story, const char *what,
		       int64_t time, const char *expected)
{
	if (time != (expected ? utc(arena, expected) : 0))
		fail_msg("%s: %s is %s", story->name, what, clock_rfc3339(arena, time));
}

static struct desk_clock told(struct arena *arena, const struct story *story)
{
	struct desk_clock clock;

	desk_clock_start(&clock, story->kind, story->target_minutes, utc(arena, story->started_at));
	for (size_t i = 0; i < ARRAY_COUNT(story->steps) && story->steps[i].at; i++)
		assert_true(desk_clock_apply(&clock, story->steps[i].event,
					     utc(arena, story->steps[i].at)));
	return clock;
}

static void test_stories_end_as_worked_out_by_hand(void **state)
{
	const struct working_calendar *calendar = paris(*state);

	for (size_t i = 0; i < ARRAY_COUNT(stories); i++) {
		const struct story *story = &stories[i];
		struct desk_clock clock = told(*state, story);
		struct desk_clock_view view = desk_clock_look(&clock, calendar, SHARE,
							      utc(*state, story->now));

		if (strcmp(state_names[view.state], story->state) != 0)
			fail_msg("%s: %s", story->name, state_names[view.state]);
		if (view.used != story->used_minutes * CLOCK_MINUTE ||
		    view.left != story->left_minutes * CLOCK_MINUTE)
			fail_msg("%s: used %lld, left %lld", story->name,
				 (long long)(view.used / CLOCK_MINUTE),
				 (long long)(view.left / CLOCK_MINUTE));
		check_time(*state, story, "due", view.due_at, story->due_at);
		check_time(*state, story, "warning", view.warning_at, story->warning_at);
		check_time(*state, story, "breach", view.breached_at, story->breached_at);
		if (view.state == DESK_CLOCK_IS_WARNED && view.next_at)
			view.next_at--; /* the breach is seen just after */
		check_time(*state, story, "next", view.next_at, story->next_at);
	}
}

static void test_hand_overs_are_counted_and_used_time_told_apart(void **state)
{
	static const struct story story = {
		"handed over",
		SOLUTION,
		600,
		"2026-01-05T08:00",
		{ { "2026-01-05T09:00", HANDED },
		  { "2026-01-05T10:00", PAUSED },
		  { "2026-01-05T11:00", HANDED },
		  { "2026-01-05T12:00", RESUMED } },
		NULL,
		NULL,
		0,
		0,
		NULL,
		NULL,
		NULL,
		NULL,
	};
	struct desk_clock clock = told(*state, &story);
	struct desk_clock_view view = desk_clock_look(&clock, paris(*state), SHARE,
						      utc(*state, "2026-01-05T12:30"));

	assert_int_equal(clock.hand_overs, 2);
	assert_int_equal(view.used, 150 * CLOCK_MINUTE);
	assert_int_equal(view.used_by_last, 30 * CLOCK_MINUTE);
	assert_int_equal(view.over, 0);
}

static void test_what_cannot_have_happened_changes_nothing(void **state)
{
	struct desk_clock clock, before;
	int64_t at = utc(*state, "2026-01-05T08:00");

	desk_clock_start(&clock, SOLUTION, 60, at);
	assert_false(desk_clock_apply(&clock, MET, at - 1));
	assert_true(desk_clock_apply(&clock, PAUSED, at + 5));
	before = clock;
	assert_false(desk_clock_apply(&clock, RESUMED, at + 4));
	assert_memory_equal(&clock, &before, sizeof(clock));
	for (int i = 1; i < DESK_SPELLS_MAX; i++) {
		assert_true(desk_clock_apply(&clock, RESUMED, at + 10 * i));
		assert_true(desk_clock_apply(&clock, PAUSED, at + 10 * i + 5));
	}
	assert_true(desk_clock_apply(&clock, RESUMED, at + CLOCK_SECOND));
	before = clock;
	assert_false(desk_clock_apply(&clock, PAUSED, at + CLOCK_HOUR));
	assert_memory_equal(&clock, &before, sizeof(clock));
	/* Solved it can be still, not reopened. */
	assert_true(desk_clock_apply(&clock, MET, at + CLOCK_HOUR));
	assert_false(desk_clock_apply(&clock, REOPENED, at + CLOCK_HOUR));
}

static void test_a_desk_that_never_opens_is_never_late(void **state)
{
	const struct working_calendar *never = calendar_of(*state, "", "", "", false,
							   "Europe/Paris");
	int64_t at = utc(*state, "2026-01-05T08:00");
	struct desk_clock_view view;
	struct desk_clock clock;

	desk_clock_start(&clock, SOLUTION, 60, at);
	view = desk_clock_look(&clock, never, SHARE, at + 1000 * CLOCK_DAY);
	assert_int_equal(view.state, DESK_CLOCK_IS_RUNNING);
	assert_int_equal(view.due_at, 0);
	assert_int_equal(view.next_at, 0);
	assert_int_equal(view.left, CLOCK_HOUR);
}

/* Properties ------------------------------------------------------------------------------ */

/* What the walk knows: it counts minutes, and has one flag for each condition. */
struct walk {
	enum desk_clock_kind kind;
	int64_t target, used, warning; /* minutes */
	bool is_met, is_paused, is_late;
	int64_t due_minute; /* when used reached the target first; -1: not yet */
	int64_t warning_minute;
};

static void walk_event(struct walk *walk, enum desk_clock_event event)
{
	if (event == PAUSED && !walk->is_met)
		walk->is_paused = true;
	if (event == RESUMED || event == MET)
		walk->is_paused = false;
	if (event == MET)
		walk->is_met = true;
	if (event == REOPENED && walk->kind == SOLUTION)
		walk->is_met = false;
}

/* What is true when a minute begins, before anything happens in it. */
static void walk_to(struct walk *walk, int64_t minute)
{
	if (walk->used == walk->target && walk->due_minute < 0)
		walk->due_minute = minute;
	if (walk->used >= walk->warning && walk->warning_minute < 0)
		walk->warning_minute = minute;
	if (!walk->is_met && walk->due_minute >= 0 && minute > walk->due_minute)
		walk->is_late = true;
}

static const char *walk_state(const struct walk *walk)
{
	if (walk->is_met)
		return walk->is_late ? "met late" : "met";
	if (walk->is_late)
		return "breached";
	if (walk->is_paused)
		return "paused";
	return walk->warning_minute >= 0 ? "warned" : "running";
}

static void compare(const struct oracle *oracle, const struct desk_clock *clock,
		    const struct walk *walk, int64_t minute)
{
	struct desk_clock_view view = desk_clock_look(clock, oracle->calendar, SHARE,
						      oracle->from + minute * CLOCK_MINUTE);

	if (strcmp(state_names[view.state], walk_state(walk)) != 0)
		fail_msg("minute %lld: %s instead of %s in\n%s", (long long)minute,
			 state_names[view.state], walk_state(walk), oracle->description);
	assert_int_equal(view.used, walk->used * CLOCK_MINUTE);
	assert_int_equal(view.left - view.over, (walk->target - walk->used) * CLOCK_MINUTE);
	assert_true(view.left == 0 || view.over == 0);
	if (walk->due_minute >= 0)
		assert_int_equal(view.due_at, oracle->from + walk->due_minute * CLOCK_MINUTE);
	if (view.breached_at)
		assert_int_equal(view.breached_at, view.due_at);
	assert_int_equal(view.breached_at != 0, walk->is_late);
	if (view.next_at)
		assert_true(view.next_at > oracle->from + minute * CLOCK_MINUTE);
}

static enum desk_clock_event invent_event(uint64_t *seed)
{
	static const enum desk_clock_event events[] = { PAUSED,   RESUMED, PAUSED, RESUMED,
							REOPENED, HANDED,  MET };

	return events[oracle_random(seed, 0, ARRAY_COUNT(events) - 1)];
}

/* From the start to the end of the window, with events at full minutes now and then. */
static void live(const struct oracle *oracle, uint64_t *seed)
{
	int64_t start = oracle_random(seed, 0, ORACLE_MINUTES / 4);
	int64_t target = 20 * oracle_random(seed, 1, 300);
	struct walk walk = { .kind = oracle_random(seed, 0, 2) ? SOLUTION : FIRST,
			     .target = target,
			     .warning = target * SHARE / 100,
			     .due_minute = -1,
			     .warning_minute = -1 };
	struct desk_clock clock;

	desk_clock_start(&clock, walk.kind, (int)target, oracle->from + start * CLOCK_MINUTE);
	for (int64_t minute = start; minute < ORACLE_MINUTES; minute++) {
		bool is_eventful = oracle_random(seed, 0, 2500) == 0;

		walk_to(&walk, minute);
		if (is_eventful) {
			enum desk_clock_event event = invent_event(seed);

			assert_true(desk_clock_apply(&clock, event,
						     oracle->from + minute * CLOCK_MINUTE));
			walk_event(&walk, event);
		}
		if (is_eventful || minute % 97 == 0)
			compare(oracle, &clock, &walk, minute);
		walk.used += oracle->is_open[minute] && !walk.is_met && !walk.is_paused;
	}
}

static void test_random_stories_agree_with_a_walk(void **state)
{
	uint64_t seed = 42;

	for (int round = 0; round < 40; round++) {
		struct arena *arena = arena_new(UNIT_ARENA_BYTES);
		struct oracle *oracle = oracle_new(arena, &seed);

		for (int i = 0; i < 25; i++)
			live(oracle, &seed);
		arena_free(arena);
	}
	assert_non_null(*state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_stories_end_as_worked_out_by_hand),
		TEST(test_hand_overs_are_counted_and_used_time_told_apart),
		TEST(test_what_cannot_have_happened_changes_nothing),
		TEST(test_a_desk_that_never_opens_is_never_late),
		TEST(test_random_stories_agree_with_a_walk),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
