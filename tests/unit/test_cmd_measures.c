/*
 * The measures of a search evaluation, against values worked out by hand.
 */
#include "unit.h"

#include "cmd/measures.h"

static struct measures of(const bool *is_right, size_t count, size_t expected)
{
	struct measures measures = { 0 };

	measures_add(&measures, is_right, count, expected);
	measures_finish(&measures);
	return measures;
}

static void assert_near(double value, double expected)
{
	assert_true(value > expected - 0.0001 && value < expected + 0.0001);
}

static void test_right_first_hit_is_perfect(void **state)
{
	const bool hits[] = { true, false, false };
	struct measures measures = of(hits, 3, 1);

	(void)state;
	assert_near(measures.reciprocal_rank, 1);
	assert_near(measures.first_is_right, 1);
	assert_near(measures.is_hit, 1);
	assert_near(measures.average_precision, 1);
	assert_near(measures.gain, 1);
}

static void test_nothing_found_is_nothing(void **state)
{
	struct measures measures = of(NULL, 0, 3);

	(void)state;
	assert_near(measures.reciprocal_rank, 0);
	assert_near(measures.is_hit, 0);
	assert_near(measures.average_precision, 0);
	assert_near(measures.gain, 0);
}

static void test_fifth_is_a_hit_and_sixth_is_none(void **state)
{
	const bool fifth[] = { false, false, false, false, true };
	const bool sixth[] = { false, false, false, false, false, true };

	(void)state;
	assert_near(of(fifth, 5, 1).is_hit, 1);
	assert_near(of(fifth, 5, 1).reciprocal_rank, 0.2);
	assert_near(of(sixth, 6, 1).is_hit, 0);
	assert_near(of(sixth, 6, 1).reciprocal_rank, 1.0 / 6);
}

static void test_several_right_ones_share_the_gain(void **state)
{
	const bool hits[] = { true, false, true, false };
	struct measures measures = of(hits, 4, 3);

	(void)state;
	assert_near(measures.average_precision, (1.0 + 2.0 / 3) / 3);
	/* (1 + 1/log2(4)) / (1 + 1/log2(3) + 1/log2(4)) */
	assert_near(measures.gain, 1.5 / 2.13093);
}

static void test_means_are_over_all_questions(void **state)
{
	const bool first[] = { true }, second[] = { false, true };
	struct measures measures = { 0 };

	(void)state;
	measures_add(&measures, first, 1, 1);
	measures_add(&measures, second, 2, 1);
	measures_add(&measures, NULL, 0, 1);
	measures_finish(&measures);
	assert_int_equal(measures.count, 3);
	assert_near(measures.reciprocal_rank, 0.5);
	assert_near(measures.first_is_right, 1.0 / 3);
	assert_near(measures.is_hit, 2.0 / 3);
}

static void test_percentiles_are_values_of_the_list(void **state)
{
	double values[] = { 5, 1, 4, 2, 3 }, one[] = { 7 };

	(void)state;
	assert_near(measures_percentile(values, 5, 0.5), 3);
	assert_near(measures_percentile(values, 5, 0.99), 5);
	assert_near(measures_percentile(one, 1, 0.5), 7);
	assert_near(measures_percentile(one, 0, 0.5), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_right_first_hit_is_perfect),
		cmocka_unit_test(test_nothing_found_is_nothing),
		cmocka_unit_test(test_fifth_is_a_hit_and_sixth_is_none),
		cmocka_unit_test(test_several_right_ones_share_the_gain),
		cmocka_unit_test(test_means_are_over_all_questions),
		cmocka_unit_test(test_percentiles_are_values_of_the_list),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
