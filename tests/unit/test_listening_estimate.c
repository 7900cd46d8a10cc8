/*
 * Estimates from labelled samples: numbers worked out by hand, and the interval's coverage
 * over many drawn samples of made-up weeks.
 */
#include "unit.h"

#include "forum/listening_estimate.h"

#include <math.h>

static void assert_near(double found, double wanted, double off_by)
{
	if (fabs(found - wanted) > off_by)
		fail_msg("%.9g is not %.9g", found, wanted);
}

/* Share --------------------------------------------------------------------------------- */

/* (1 − 100/10000) · 0.2 · 0.8 / 99 = 0.0016, so n* = 100; Wilson of 20 in 100. */
static void test_one_stratum_gives_the_interval_of_wilson(void **state)
{
	const struct listening_stratum stratum = { 10000, 100, 100, 20 };
	struct listening_share share;

	(void)state;
	listening_share(&stratum, 1, &share);
	assert_true(share.is_known);
	assert_near(share.share, 0.2, 1e-12);
	assert_near(share.error, 0.04, 1e-12);
	assert_near(share.effective, 100, 1e-9);
	assert_near(share.low, 0.13337, 1e-5);
	assert_near(share.high, 0.28883, 1e-5);
}

/*
 * 0.3 · 0.5 + 0.7 · 0.1 = 0.22; s² · (n − 1)/n = 0.25 and 0.09, so v =
 * 0.09 · 0.9 · 0.25/29 + 0.49 · 0.9 · 0.09/69 = 0.00069828 + 0.00057522. One sample of 100
 * without strata would have 0.22 · 0.78 · 0.9/99 = 0.00156.
 */
static void test_strata_weigh_by_their_size_and_add_their_own_variance(void **state)
{
	const struct listening_stratum strata[] = { { 300, 30, 30, 15 }, { 700, 70, 70, 7 } };
	struct listening_share share;

	(void)state;
	listening_share(strata, 2, &share);
	assert_near(share.share, 0.22, 1e-12);
	/* Of y − R: the mean of a stratum is not that of all, its variance is the same. */
	assert_near(share.error * share.error, 0.0012735, 1e-7);
	assert_int_equal(share.labelled, 100);
	assert_int_equal(share.negative, 22);
}

/* v = 0.9 · (10 · 0.8² + 40 · 0.2²)/99/100 / 0.5² = 0.0029091; n* = 0.16/v = 55. */
static void test_texts_not_about_us_widen_the_interval(void **state)
{
	const struct listening_stratum stratum = { 1000, 100, 50, 10 };
	struct listening_share share;

	(void)state;
	listening_share(&stratum, 1, &share);
	assert_near(share.share, 0.2, 1e-12);
	assert_near(share.error * share.error, 0.0029091, 1e-7);
	assert_near(share.effective, 55, 1e-3);
}

/* Of 20 none: the upper end is z²/(n + z²) = 3.8415/23.8415. */
static void test_no_negative_text_is_not_no_doubt(void **state)
{
	const struct listening_stratum stratum = { 200000000, 20, 20, 0 };
	struct listening_share share;

	(void)state;
	listening_share(&stratum, 1, &share);
	assert_near(share.low, 0, 1e-12);
	assert_near(share.high, 0.16113, 1e-5);
}

static void test_whole_week_labelled_has_no_doubt(void **state)
{
	const struct listening_stratum strata[] = { { 10, 10, 10, 3 }, { 2, 2, 1, 1 } };
	struct listening_share share;

	(void)state;
	listening_share(strata, 2, &share);
	assert_near(share.share, 4.0 / 11, 1e-12);
	assert_near(share.low, share.high, 1e-12);
}

/* A stratum nobody labelled says nothing; with no text about us nothing is known at all. */
static void test_nothing_labelled_is_nothing_known(void **state)
{
	const struct listening_stratum strata[] = { { 500, 0, 0, 0 }, { 500, 10, 10, 5 } };
	const struct listening_stratum others = { 500, 10, 0, 0 };
	struct listening_share share;

	(void)state;
	listening_share(strata, 2, &share);
	assert_near(share.share, 0.5, 1e-12);
	listening_share(strata, 1, &share);
	assert_false(share.is_known);
	listening_share(&others, 1, &share);
	assert_false(share.is_known);
	assert_int_equal(share.labelled, 10);
}

/* The draw -------------------------------------------------------------------------------- */

static void assert_allocated(const int64_t *sizes, size_t count, int64_t total,
			     const int64_t *wanted)
{
	struct arena *arena = arena_new(1 << 16);
	int64_t drawn[8];

	listening_allocate(arena, sizes, count, total, drawn);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(drawn[i], wanted[i]);
	arena_free(arena);
}

static void test_draw_is_in_proportion_and_leaves_none_out(void **state)
{
	(void)state;
	/* 2 each, then 94 over 598, 298, 0: 62.7 and 31.3. */
	assert_allocated((const int64_t[]){ 600, 300, 2 }, 3, 100, (const int64_t[]){ 65, 33, 2 });
	/* Less than was asked for. */
	assert_allocated((const int64_t[]){ 3, 1 }, 2, 100, (const int64_t[]){ 3, 1 });
	/* More strata than there is room for. */
	assert_allocated((const int64_t[]){ 9, 9, 9 }, 3, 5, (const int64_t[]){ 2, 2, 1 });
	assert_allocated((const int64_t[]){ 9, 0 }, 2, 4, (const int64_t[]){ 4, 0 });
}

static void test_draw_adds_up(void **state)
{
	struct arena *arena = arena_new(1 << 16);
	uint64_t step = 0;

	(void)state;
	for (int round = 0; round < 500; round++) {
		int64_t sizes[12], drawn[12], sum = 0, all = 0;
		int64_t total = (int64_t)(listening_order(7, (int64_t)step++) % 300);

		for (size_t i = 0; i < 12; i++) {
			sizes[i] = (int64_t)(listening_order(8, (int64_t)step++) % 60);
			all += sizes[i];
		}
		listening_allocate(arena, sizes, 12, total, drawn);
		for (size_t i = 0; i < 12; i++) {
			assert_in_range(drawn[i], 0, sizes[i]);
			sum += drawn[i];
		}
		assert_int_equal(sum, total < all ? total : all);
		arena_reset(arena);
	}
	arena_free(arena);
}

/* Coverage -------------------------------------------------------------------------------- */

#define STRATA_MAX 6
#define WEEKS      4000

/* A made-up week: so many texts, of them about us and negative, by stratum. */
struct week {
	size_t count;
	int64_t sizes[STRATA_MAX], about[STRATA_MAX], negative[STRATA_MAX];
	int64_t sample;
};

static double truth_of(const struct week *week)
{
	int64_t about = 0, negative = 0;

	for (size_t i = 0; i < week->count; i++) {
		about += week->about[i];
		negative += week->negative[i];
	}
	return (double)negative / (double)about;
}

/* Without replacement: of the texts that are left, one after the other. */
static void draw(const struct week *week, size_t stratum, int64_t drawn, uint64_t *chance,
		 struct listening_stratum *out)
{
	int64_t negative = week->negative[stratum], about = week->about[stratum] - negative;
	int64_t left = week->sizes[stratum];

	*out = (struct listening_stratum){ .size = left, .labelled = drawn };
	for (int64_t i = 0; i < drawn; i++, left--) {
		int64_t pick = (int64_t)(listening_order(*chance, i + 1) % (uint64_t)left);

		out->negative += pick < negative;
		out->about += pick < negative + about;
		if (pick < negative)
			negative--;
		else if (pick < negative + about)
			about--;
	}
	*chance = listening_order(*chance, 1000000007);
}

static double coverage_of(struct arena *arena, const struct week *week, uint64_t seed)
{
	struct listening_stratum strata[STRATA_MAX];
	int64_t drawn[STRATA_MAX];
	double truth = truth_of(week);
	int covered = 0;

	listening_allocate(arena, week->sizes, week->count, week->sample, drawn);
	for (int i = 0; i < WEEKS; i++) {
		struct listening_share share;

		for (size_t k = 0; k < week->count; k++)
			draw(week, k, drawn[k], &seed, &strata[k]);
		listening_share(strata, week->count, &share);
		covered += share.is_known && share.low <= truth && truth <= share.high;
	}
	return (double)covered / WEEKS;
}

static void test_interval_covers_the_truth_in_95_of_100_samples(void **state)
{
	static const struct week weeks[] = {
		/* One source without themes. */
		{ 1, { 4000 }, { 4000 }, { 800 }, 100 },
		/* Sources of very different moods. */
		{ 3, { 3000, 1500, 500 }, { 3000, 1500, 500 }, { 300, 600, 350 }, 100 },
		/* A third is not about us. */
		{ 3, { 3000, 1500, 500 }, { 2000, 1000, 400 }, { 500, 300, 100 }, 100 },
		/* Small strata, a quarter of all is drawn. */
		{ 6,
		  { 150, 90, 60, 40, 30, 30 },
		  { 140, 80, 50, 30, 30, 20 },
		  { 35, 20, 10, 12, 6, 5 },
		  100 },
		/* Six in a hundred: where p ± 1.96 s fails. */
		{ 4, { 2000, 900, 300, 200 }, { 2000, 900, 300, 200 }, { 100, 60, 24, 20 }, 150 },
		/* Half of the labels came in. */
		{ 2, { 2500, 500 }, { 2200, 450 }, { 600, 200 }, 50 },
	};
	struct arena *arena = arena_new(1 << 16);

	(void)state;
	for (size_t i = 0; i < ARRAY_COUNT(weeks); i++) {
		double coverage = coverage_of(arena, &weeks[i], 42 + i);

		print_message("week %zu: %.4f\n", i, coverage);
		if (coverage < 0.93 || coverage > 0.97)
			fail_msg("week %zu: the interval covers the truth in %.4f of samples", i,
				 coverage);
	}
	arena_free(arena);
}

/* Agreement ------------------------------------------------------------------------------- */

/* Cohen's kind of table: 35 of 50 agree, 25 expected: κ = (0.7 − 0.5)/0.5. */
static void test_kappa_of_a_table_by_hand(void **state)
{
	const struct listening_confusion confusion = { { { 20, 5 }, { 10, 15 } } };
	struct listening_kappa kappa;

	(void)state;
	listening_kappa(&confusion, &kappa);
	assert_true(kappa.is_known);
	assert_int_equal(kappa.pairs, 50);
	assert_int_equal(kappa.agreed, 35);
	assert_near(kappa.kappa, 0.4, 1e-12);
	/* Margins 0.5, 0.5 and 0.6, 0.4: (0.4·(1 − 1.1·0.6)² + 0.3·(1 − 0.9·0.6)² +
	 * 0.6²·(0.1·(0.6 + 0.5)² + 0.2·(0.4 + 0.5)²) − (0.4 − 0.5·0.6)²)/(50·0.5²). */
	assert_near(kappa.error * kappa.error,
		    (0.4 * 0.1156 + 0.3 * 0.2116 + 0.36 * (0.1 * 1.21 + 0.2 * 0.81) - 0.01) / 12.5,
		    1e-9);
}

/* The example of Fleiss, Cohen & Everitt 1969: 0.429 of 200 pairs, and its error. */
static void test_kappa_of_the_published_example(void **state)
{
	const struct listening_confusion confusion = {
		{ { 106, 10, 4 }, { 22, 28, 10 }, { 2, 12, 6 } }
	};
	struct listening_kappa kappa;

	(void)state;
	listening_kappa(&confusion, &kappa);
	assert_near(kappa.kappa, 0.429, 5e-4);
	assert_near(kappa.error, 0.054, 5e-4);
}

static void test_agreement_that_chance_cannot_miss_says_nothing(void **state)
{
	const struct listening_confusion all_one = { { { 30 } } };
	const struct listening_confusion perfect = { { { 10 }, { 0, 10 }, { 0, 0, 5 } } };
	struct listening_kappa kappa;

	(void)state;
	listening_kappa(&all_one, &kappa);
	assert_false(kappa.is_known);
	assert_int_equal(kappa.agreed, 30);
	listening_kappa(&perfect, &kappa);
	assert_near(kappa.kappa, 1, 1e-12);
	assert_near(kappa.error, 0, 1e-9);
}

static void test_kappa_in_words_changes_where_landis_and_koch_say(void **state)
{
	(void)state;
	assert_string_equal(listening_kappa_words(-0.01), "less agreement than by chance");
	assert_string_equal(listening_kappa_words(0.20), "slight agreement");
	assert_string_equal(listening_kappa_words(0.21), "fair agreement");
	assert_string_equal(listening_kappa_words(0.60), "moderate agreement");
	assert_string_equal(listening_kappa_words(0.61), "substantial agreement");
	assert_string_equal(listening_kappa_words(0.81), "almost perfect agreement");
	assert_string_equal(listening_kappa_words(1), "almost perfect agreement");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_stratum_gives_the_interval_of_wilson),
		cmocka_unit_test(test_strata_weigh_by_their_size_and_add_their_own_variance),
		cmocka_unit_test(test_texts_not_about_us_widen_the_interval),
		cmocka_unit_test(test_no_negative_text_is_not_no_doubt),
		cmocka_unit_test(test_whole_week_labelled_has_no_doubt),
		cmocka_unit_test(test_nothing_labelled_is_nothing_known),
		cmocka_unit_test(test_draw_is_in_proportion_and_leaves_none_out),
		cmocka_unit_test(test_draw_adds_up),
		cmocka_unit_test(test_interval_covers_the_truth_in_95_of_100_samples),
		cmocka_unit_test(test_kappa_of_a_table_by_hand),
		cmocka_unit_test(test_kappa_of_the_published_example),
		cmocka_unit_test(test_agreement_that_chance_cannot_miss_says_nothing),
		cmocka_unit_test(test_kappa_in_words_changes_where_landis_and_koch_say),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
