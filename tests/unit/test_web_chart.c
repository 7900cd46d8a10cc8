/*
 * Charts: where things stand in the picture, and what they say in words.
 */
#include "unit.h"

#include "i18n/i18n.h"
#include "web/chart.h"

static struct arena *arena;

static int begin(void **state)
{
	(void)state;
	arena = arena_new((size_t)4 << 20);
	i18n_use("en");
	return 0;
}

static int end(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

static struct chart *drawn(enum chart_kind kind, enum chart_scale scale, size_t series,
			   const int64_t (*values)[3])
{
	static const char *const names[] = { "Questions", "Answers", "Others" };
	struct chart *chart = arena_new_of(arena, struct chart);

	chart->kind = kind;
	chart->scale = scale;
	chart->series_count = series;
	chart->point_count = 3;
	for (size_t i = 0; i < 3; i++)
		chart->point_names[i] = arena_printf(arena, "day %zu", i + 1);
	for (size_t s = 0; s < series; s++) {
		chart->series[s].name = names[s];
		memcpy(chart->series[s].values, values[s], sizeof values[s]);
	}
	chart_draw(arena, chart);
	return chart;
}

static void test_bars_stand_beside_each_other_in_their_place(void **state)
{
	const struct chart *chart = drawn(
		CHART_BARS, CHART_COUNT, 2,
		(const int64_t[][3]){ { 5, 0, 40 }, { 20, 1, CHART_GAP } });

	(void)state;
	assert_int_equal(chart->top, 40);
	assert_string_equal(chart->top_label, "40");
	assert_string_equal(chart->middle_label, "20");
	/* What is nought has no bar; what is little is seen. */
	assert_int_equal(chart->bar_count, 4);
	assert_int_equal(chart->bars[0].height, 20);
	assert_int_equal(chart->bars[1].height, 80);
	assert_int_equal(chart->bars[2].height, 4);
	assert_int_equal(chart->bars[3].height, CHART_HEIGHT);
	assert_int_equal(chart->bars[3].y, 0);
	assert_true(chart->bars[0].x + chart->bars[0].width <= chart->bars[1].x);
	for (size_t i = 0; i < chart->bar_count; i++) {
		assert_int_equal(chart->bars[i].y + chart->bars[i].height, CHART_HEIGHT);
		assert_in_range(chart->bars[i].x + chart->bars[i].width, 1, CHART_WIDTH);
	}
	assert_string_equal(chart->bars[1].label, "day 1, Answers: 20");
	assert_string_equal(chart->description,
			    "First period: day 1; last: day 3. Questions: at most 40. Answers: at "
			    "most 20. The table below has every number.");
}

static void test_as_many_bars_as_there_may_be_stay_inside(void **state)
{
	struct chart *chart = arena_new_of(arena, struct chart);

	(void)state;
	chart->series_count = CHART_SERIES_MAX;
	chart->point_count = CHART_POINTS_MAX;
	for (size_t i = 0; i < CHART_POINTS_MAX; i++)
		chart->point_names[i] = "x";
	for (size_t s = 0; s < CHART_SERIES_MAX; s++) {
		chart->series[s].name = "y";
		for (size_t i = 0; i < CHART_POINTS_MAX; i++)
			chart->series[s].values[i] = INT64_C(1) << 40;
	}
	chart_draw(arena, chart);
	assert_int_equal(chart->bar_count, CHART_SERIES_MAX * CHART_POINTS_MAX);
	for (size_t i = 1; i < chart->bar_count; i++) {
		assert_true(chart->bars[i].x >= chart->bars[i - 1].x + chart->bars[i - 1].width);
		assert_true(chart->bars[i].x + chart->bars[i].width <= CHART_WIDTH);
	}
}

static void test_shares_fill_the_whole_height(void **state)
{
	const struct chart *chart = drawn(
		CHART_SHARE, CHART_COUNT, 3,
		(const int64_t[][3]){ { 1, 0, 0 }, { 1, 3, 0 }, { 1, 0, 0 } });

	(void)state;
	assert_int_equal(chart->bar_count, 4);
	assert_int_equal(chart->bars[0].height + chart->bars[1].height + chart->bars[2].height,
			 CHART_HEIGHT);
	assert_int_equal(chart->bars[0].y + chart->bars[0].height, CHART_HEIGHT);
	assert_int_equal(chart->bars[2].y, 0);
	assert_int_equal(chart->bars[3].height, CHART_HEIGHT);
	assert_string_equal(chart->top_label, "100%");
	assert_string_equal(chart->middle_label, "50%");
}

static void test_a_line_breaks_where_there_is_no_value(void **state)
{
	const struct chart *chart = drawn(
		CHART_LINES, CHART_PERCENT, 2,
		(const int64_t[][3]){ { 0, 50, 100 }, { 100, CHART_GAP, 25 } });

	(void)state;
	assert_int_equal(chart->top, 100);
	assert_string_equal(chart->lines[0].path, "M100 161L300 81L500 1");
	assert_string_equal(chart->lines[1].path, "M100 1M500 121");
	assert_string_equal(chart->lines[1].dots, "M100 1h0M500 121h0");
	assert_false(chart->is_empty);
}

static void test_delays_are_shown_in_the_unit_that_fits(void **state)
{
	const struct chart *chart = drawn(CHART_LINES, CHART_SECONDS, 1,
					  (const int64_t[][3]){ { 60, 5000, CHART_GAP } });

	(void)state;
	assert_string_equal(chart->top_label, "2 h");
	assert_string_equal(chart->middle_label, "1 h");
	chart = drawn(CHART_LINES, CHART_SECONDS, 1,
		      (const int64_t[][3]){ { 3 * 3600, 1, 7 * 3600 } });
	assert_string_equal(chart->top_label, "8 h");
	chart = drawn(CHART_LINES, CHART_SECONDS, 1, (const int64_t[][3]){ { 50 * 3600, 1, 1 } });
	assert_string_equal(chart->top_label, "4 d");
	assert_string_equal(chart_value(arena, CHART_SECONDS, 26 * 3600), "1 d 2 h");
	assert_string_equal(chart_value(arena, CHART_SECONDS, 59), "59 s");
	assert_string_equal(chart_value(arena, CHART_SECONDS, CHART_GAP), "–");
}

static void test_nothing_is_said_to_be_nothing(void **state)
{
	const struct chart *chart = drawn(CHART_BARS, CHART_COUNT, 1,
					  (const int64_t[][3]){ { 0, CHART_GAP, 0 } });

	(void)state;
	assert_true(chart->is_empty);
	assert_int_equal(chart->bar_count, 0);
	assert_int_equal(chart->top, 2);
	chart = drawn(CHART_SHARE, CHART_COUNT, 1, (const int64_t[][3]){ { 0, 0, 0 } });
	assert_true(chart->is_empty);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_bars_stand_beside_each_other_in_their_place,
						begin, end),
		cmocka_unit_test_setup_teardown(test_as_many_bars_as_there_may_be_stay_inside,
						begin, end),
		cmocka_unit_test_setup_teardown(test_shares_fill_the_whole_height, begin, end),
		cmocka_unit_test_setup_teardown(test_a_line_breaks_where_there_is_no_value, begin,
						end),
		cmocka_unit_test_setup_teardown(test_delays_are_shown_in_the_unit_that_fits, begin,
						end),
		cmocka_unit_test_setup_teardown(test_nothing_is_said_to_be_nothing, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
