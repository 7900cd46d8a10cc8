/*
 * The baseline and the alarm, against numbers worked out by hand. Whole years of them are
 * in tests/crisis.
 */
#include "unit.h"

#include "forum/crisis_detect.h"

#include <math.h>

static const struct crisis_rules rules = { .probability = 1e-5, .ratio = 1.6, .least = 8 };

static void assert_near(double found, double wanted, double off_by)
{
	if (fabs(found - wanted) > off_by)
		fail_msg("%.9g is not %.9g", found, wanted);
}

/* With spread 1 and mean 1 it is the geometric distribution: P(X ≥ k) = 1/2^k. */
static void test_tail_is_that_of_the_geometric_distribution(void **state)
{
	const struct crisis_level level = { 1, 1 };

	(void)state;
	assert_near(crisis_tail(&level, 2), 0.25, 1e-8);
	assert_near(crisis_tail(&level, 10) * 1024, 1, 1e-8);
	assert_near(crisis_tail(&level, 60) * pow(2, 60), 1, 1e-8);
}

/* Without spread it is Poisson's: of mean 2, 1 − e^−2 · (1 + 2 + 2 + 4/3 + 2/3) = 0.0526530. */
static void test_tail_without_spread_is_that_of_poisson(void **state)
{
	const struct crisis_level level = { 2, 1e-7 };

	(void)state;
	assert_near(crisis_tail(&level, 5), 0.0526530, 1e-6);
	assert_true(crisis_tail(&level, 2) == 1.0);
	assert_true(crisis_tail(&level, 0) == 1.0);
}

static void fill(struct crisis_past *past, int weekday_count, int night_count)
{
	*past = (struct crisis_past){ .known = CRISIS_HOURS };
	for (int i = 0; i < CRISIS_HOURS; i++)
		past->counts[i] = (i + 24 - CRISIS_MARGIN) % 24 < 8 ? night_count : weekday_count;
}

/* The running hour follows an hour 23: it is a night's. */
static void test_baseline_is_that_of_the_same_hour_of_the_week(void **state)
{
	struct crisis_baseline baseline;
	struct crisis_past past;

	(void)state;
	fill(&past, 40, 4);
	crisis_baseline(&past, &baseline);
	/* An hour of the day before it, two of its own, one of the night after: (40+4+4+4)/4. */
	assert_near(baseline.hours[0].mean, 13, 0.1);
	/* (40+40+40+4)/4 */
	assert_near(baseline.hours[1].mean, 31, 0.1);
}

/*
 * 2 % a week, in steps: the first hour of the next week is expected 2 % above the last
 * one's, less what smoothing takes, as the hour before the step is a quarter of it.
 */
static void test_baseline_follows_growth(void **state)
{
	struct crisis_past past = { .known = CRISIS_HOURS };
	struct crisis_baseline baseline;

	(void)state;
	for (int i = 0; i < CRISIS_HOURS; i++)
		past.counts[i] = (int32_t)lround(1000 * pow(1.02, (i - CRISIS_MARGIN) / 168));
	crisis_baseline(&past, &baseline);
	assert_near(baseline.hours[0].mean, 750 * pow(1.02, 8) + 250 * pow(1.02, 7), 2);
}

static void test_incident_of_last_week_does_not_hide_the_next(void **state)
{
	struct crisis_baseline before, after;
	struct crisis_past past;

	(void)state;
	fill(&past, 10, 10);
	crisis_baseline(&past, &before);
	for (int i = 0; i < 6; i++)
		past.counts[CRISIS_HOURS - CRISIS_WEEK_HOURS - 3 + i] = 200;
	crisis_baseline(&past, &after);
	assert_near(before.hours[0].mean, 10, 0.2);
	/* Without the limit it would be (7·10 + 200) / 8 = 34. */
	assert_true(after.hours[0].mean < 11.5);
}

static void judge(const struct crisis_baseline *baseline, int64_t now, int64_t before, int minutes,
		  struct crisis_verdict *verdict)
{
	crisis_judge(baseline, &rules, &(struct crisis_seen){ now, before, minutes }, verdict);
}

static void test_rise_is_an_alarm_and_a_busy_hour_is_none(void **state)
{
	struct crisis_baseline baseline;
	struct crisis_verdict verdict;
	struct crisis_past past;

	(void)state;
	fill(&past, 10, 10);
	crisis_baseline(&past, &baseline);
	judge(&baseline, 10, 10, 60, &verdict);
	assert_true(!verdict.is_alarm && verdict.is_quiet);
	judge(&baseline, 17, 12, 60, &verdict);
	assert_false(verdict.is_alarm);
	judge(&baseline, 40, 10, 60, &verdict);
	assert_true(verdict.is_alarm && !verdict.is_quiet);
	assert_int_equal(verdict.hours, 1);
	assert_int_equal(verdict.observed, 40);
	/* Half of the hour, half of what is usual. */
	judge(&baseline, 30, 10, 30, &verdict);
	assert_true(verdict.is_alarm);
	assert_near(verdict.expected, 5, 0.2);
}

/* Just begun: the hour before tells. */
static void test_rise_over_the_turn_of_the_hour_is_an_alarm(void **state)
{
	struct crisis_baseline baseline;
	struct crisis_verdict verdict;
	struct crisis_past past;

	(void)state;
	fill(&past, 10, 10);
	past.counts[CRISIS_HOURS - 1] = 30;
	crisis_baseline(&past, &baseline);
	judge(&baseline, 6, 30, 5, &verdict);
	assert_true(verdict.is_alarm);
	assert_int_equal(verdict.hours, 2);
	assert_int_equal(verdict.observed, 36);
}

static void test_handful_is_no_alarm_however_quiet_it_was(void **state)
{
	struct crisis_past past = { .known = CRISIS_HOURS };
	struct crisis_baseline baseline;
	struct crisis_verdict verdict;

	(void)state;
	crisis_baseline(&past, &baseline);
	judge(&baseline, 7, 0, 60, &verdict);
	assert_false(verdict.is_alarm);
	judge(&baseline, 9, 0, 60, &verdict);
	assert_true(verdict.is_alarm);
}

/* Nothing is known of the site: only what would be much for any is an alarm. */
static void test_new_site_is_not_alarmed_by_its_first_visitors(void **state)
{
	struct crisis_past past = { .known = 0 };
	struct crisis_baseline baseline;
	struct crisis_verdict verdict;

	(void)state;
	crisis_baseline(&past, &baseline);
	assert_near(baseline.hours[0].mean, CRISIS_COLD_MEAN, 1e-9);
	judge(&baseline, 15, 0, 60, &verdict);
	assert_false(verdict.is_alarm);
	judge(&baseline, 60, 0, 60, &verdict);
	assert_true(verdict.is_alarm);
	/* A week of 30 an hour: 40 are not worth a word. */
	for (int i = 0; i < CRISIS_WEEK_HOURS; i++)
		past.counts[CRISIS_HOURS - 1 - i] = 30;
	past.known = CRISIS_WEEK_HOURS;
	crisis_baseline(&past, &baseline);
	judge(&baseline, 40, 30, 60, &verdict);
	assert_false(verdict.is_alarm);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tail_is_that_of_the_geometric_distribution),
		cmocka_unit_test(test_tail_without_spread_is_that_of_poisson),
		cmocka_unit_test(test_baseline_is_that_of_the_same_hour_of_the_week),
		cmocka_unit_test(test_baseline_follows_growth),
		cmocka_unit_test(test_incident_of_last_week_does_not_hide_the_next),
		cmocka_unit_test(test_rise_is_an_alarm_and_a_busy_hour_is_none),
		cmocka_unit_test(test_rise_over_the_turn_of_the_hour_is_an_alarm),
		cmocka_unit_test(test_handful_is_no_alarm_however_quiet_it_was),
		cmocka_unit_test(test_new_site_is_not_alarmed_by_its_first_visitors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
