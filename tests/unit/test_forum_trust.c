/*
 * Levels of trust: the rules, as a pure function over figures.
 */
#include "unit.h"

#include "base/clock.h"
#include "forum/site_setting.h"
#include "forum/trust.h"

#define NOW (INT64_C(1000) * CLOCK_DAY)

/* Exactly what the rules ask for up to that level. */
static struct trust_person somebody(enum trust_level level)
{
	struct trust_rule rules[TRUST_RULES_MAX];
	struct trust_person person = {
		.given = -1, .role = ROLE_CUSTOMER, .is_confirmed = true, .now = NOW
	};
	size_t count = trust_rules(rules);

	for (size_t i = 0; i < count; i++) {
		int64_t *value =
			&(rules[i].is_recent ? &person.recent : &person.ever)->of[rules[i].figure];

		if (rules[i].level <= level && *value < rules[i].least)
			*value = rules[i].least;
	}
	return person;
}

static void test_each_level_is_reached_by_its_figures(void **state)
{
	(void)state;
	for (int level = TRUST_NEW; level <= TRUST_REGULAR; level++) {
		struct trust_person person = somebody((enum trust_level)level);

		assert_int_equal(trust_reached(&person), level);
	}
}

/* One less in any of them is not enough. */
static void test_every_condition_counts(void **state)
{
	struct trust_rule rules[TRUST_RULES_MAX];
	size_t count = trust_rules(rules);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		struct trust_person person = somebody(rules[i].level);
		struct figures *figures = rules[i].is_recent ? &person.recent : &person.ever;

		figures->of[rules[i].figure] = rules[i].least - 1;
		assert_true(trust_reached(&person) < rules[i].level);
	}
}

static void test_level_four_is_never_reached_by_figures(void **state)
{
	struct trust_person person = somebody(TRUST_REGULAR);

	(void)state;
	for (int i = 0; i < FIGURE_COUNT; i++)
		if (i != FIGURE_CONFIRMED_FLAGS)
			person.ever.of[i] = person.recent.of[i] = 100000;
	assert_int_equal(trust_reached(&person), TRUST_REGULAR);
}

static void test_levels_one_and_two_are_kept(void **state)
{
	struct trust_person person = somebody(TRUST_NEW);

	(void)state;
	person.level = TRUST_BASIC;
	assert_int_equal(trust_reached(&person), TRUST_BASIC);
	person.level = TRUST_MEMBER;
	assert_int_equal(trust_reached(&person), TRUST_MEMBER);
}

static void test_level_three_is_kept_at_nine_tenths_and_lost_below(void **state)
{
	struct trust_person person = somebody(TRUST_REGULAR);

	(void)state;
	person.level = TRUST_REGULAR;
	person.recent.of[FIGURE_THANKS] = 18;
	assert_int_equal(trust_reached(&person), TRUST_REGULAR);
	person.recent.of[FIGURE_THANKS] = 17;
	assert_int_equal(trust_reached(&person), TRUST_MEMBER);
}

static void test_level_three_has_two_weeks_of_grace(void **state)
{
	struct trust_person person = somebody(TRUST_MEMBER);

	(void)state;
	person.level = TRUST_REGULAR;
	person.changed_at = NOW - 14 * CLOCK_DAY + 1;
	assert_int_equal(trust_reached(&person), TRUST_REGULAR);
	person.changed_at = NOW - 14 * CLOCK_DAY;
	assert_int_equal(trust_reached(&person), TRUST_MEMBER);
}

static void test_abuse_brings_down_to_level_one(void **state)
{
	struct trust_person person = somebody(TRUST_REGULAR);

	(void)state;
	person.recent.of[FIGURE_CONFIRMED_FLAGS] = 5;
	assert_int_equal(trust_reached(&person), TRUST_REGULAR);
	person.recent.of[FIGURE_CONFIRMED_FLAGS] = 6;
	assert_int_equal(trust_reached(&person), TRUST_BASIC);
}

static void test_suspended_and_unconfirmed_people_have_no_trust(void **state)
{
	struct trust_person person = somebody(TRUST_REGULAR);

	(void)state;
	person.level = TRUST_REGULAR;
	person.is_suspended = true;
	assert_int_equal(trust_reached(&person), TRUST_NEW);
	person.is_suspended = false;
	person.is_confirmed = false;
	assert_int_equal(trust_reached(&person), TRUST_NEW);
}

static void test_level_by_hand_stays_and_the_team_stands_above(void **state)
{
	struct trust_person person = somebody(TRUST_REGULAR);

	(void)state;
	person.given = TRUST_NEW;
	assert_int_equal(trust_reached(&person), TRUST_NEW);
	person.given = TRUST_LEADER;
	assert_int_equal(trust_reached(&person), TRUST_LEADER);
	person.given = -1;
	person.role = ROLE_ADVISOR;
	assert_int_equal(trust_reached(&person), TRUST_LEVEL_MAX);
}

static void test_new_people_have_limits_that_others_do_not(void **state)
{
	struct actor actor = { .id = 1, .role = ROLE_CUSTOMER, .trust_level = TRUST_NEW };
	struct trust_limits limits = trust_limits(&actor);

	(void)state;
	assert_int_equal(limits.links, 2);
	assert_int_equal(limits.images, 1);
	assert_int_equal(limits.mentions, 2);
	assert_int_equal(limits.rate_percent, 100);
	actor.trust_level = TRUST_BASIC;
	assert_int_equal(trust_limits(&actor).links, -1);
	actor.trust_level = TRUST_MEMBER;
	assert_int_equal(trust_limits(&actor).rate_percent, 150);
	actor.trust_level = TRUST_REGULAR;
	assert_int_equal(trust_limits(&actor).rate_percent, 200);
	actor.trust_level = TRUST_LEADER;
	assert_int_equal(trust_limits(&actor).rate_percent, 300);
}

static void test_links_out_are_counted_and_those_to_oneself_are_not(void **state)
{
	static const struct actor newcomer = { .id = 1, .role = ROLE_CUSTOMER };
	static const struct config config = { .site = { .base_url = "https://forum.example" } };
	struct ctx ctx = { .arena = *state, .actor = &newcomer, .config = &config };
	const char *two = "<a href=\"https://a.example/\">a</a> <a href=\"http://b.example\">b</a>"
			  " <a href=\"https://forum.example/t/1\">c</a> <a href=\"/u/1\">d</a>";
	const char *three =
		"<a href=\"https://a.example/\">a</a> <a href=\"http://b.example\">b</a>"
		" <a href=\"http://c.example\">c</a>";

	assert_int_equal(trust_check_body(&ctx, "body", two, 2), OK);
	assert_int_equal(trust_check_body(&ctx, "body", three, 0), ERR_INVALID);
	assert_string_equal(ctx.error.field, "body");
	assert_int_equal(trust_check_body(&ctx, "body", "", 3), ERR_INVALID);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_each_level_is_reached_by_its_figures),
		TEST(test_every_condition_counts),
		TEST(test_level_four_is_never_reached_by_figures),
		TEST(test_levels_one_and_two_are_kept),
		TEST(test_level_three_is_kept_at_nine_tenths_and_lost_below),
		TEST(test_level_three_has_two_weeks_of_grace),
		TEST(test_abuse_brings_down_to_level_one),
		TEST(test_suspended_and_unconfirmed_people_have_no_trust),
		TEST(test_level_by_hand_stays_and_the_team_stands_above),
		TEST(test_new_people_have_limits_that_others_do_not),
		TEST(test_links_out_are_counted_and_those_to_oneself_are_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
