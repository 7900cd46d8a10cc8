/* Slices and UTF-8: what parsers and the border lean on. */
#include "unit.h"

#include "base/slice.h"
#include "base/utf8.h"

static void test_slices_compare_by_content(void **state)
{
	(void)state;
	assert_true(slice_is(slice_of("abc"), "abc"));
	assert_false(slice_is(slice_of("abc"), "ab"));
	assert_false(slice_is(slice_of("ab"), "abc"));
	assert_true(slice_is(slice_make(NULL, 0), ""));
	assert_true(slice_starts_with(slice_of("abc"), "ab"));
	assert_true(slice_starts_with(slice_make(NULL, 0), ""));
	assert_false(slice_starts_with(slice_of("a"), "ab"));
}

static void test_trim_takes_ascii_space_from_both_ends(void **state)
{
	(void)state;
	assert_true(slice_is(slice_trim(slice_of(" \t\r\n a b\v\f ")), "a b"));
	assert_true(slice_is(slice_trim(slice_of("  ")), ""));
	/* A no-break space is a character like any other. */
	assert_true(slice_is(slice_trim(slice_of(" \u00A0x")), "\u00A0x"));
}

static void test_cut_tells_nothing_left_from_an_empty_part(void **state)
{
	struct slice rest = slice_of("a,,b,");

	(void)state;
	assert_true(slice_is(slice_cut(&rest, ','), "a"));
	assert_true(slice_is(slice_cut(&rest, ','), ""));
	assert_true(slice_is(slice_cut(&rest, ','), "b"));
	assert_non_null(rest.data);
	assert_true(slice_is(slice_cut(&rest, ','), ""));
	assert_null(rest.data);
}

static void test_numbers_are_read_to_both_extremes(void **state)
{
	static const struct {
		const char *text;
		int64_t number;
	} good[] = {
		{ "0", 0 },
		{ "-0", 0 },
		{ "007", 7 },
		{ "-12", -12 },
		{ "9223372036854775807", INT64_MAX },
		{ "-9223372036854775808", INT64_MIN },
	};
	int64_t number;

	(void)state;
	for (size_t i = 0; i < ARRAY_COUNT(good); i++) {
		number = 99;
		assert_true(text_to_i64(good[i].text, &number));
		assert_true(number == good[i].number);
	}
}

static void test_what_is_no_number_leaves_the_result_alone(void **state)
{
	static const char *const bad[] = {
		"",
		"-",
		"+1",
		" 1",
		"1 ",
		"1a",
		"0x10",
		"1.0",
		"--1",
		"٣",
		"9223372036854775808",
		"-9223372036854775809",
		"99999999999999999999999999999999999999",
	};
	int64_t number = 99;

	(void)state;
	for (size_t i = 0; i < ARRAY_COUNT(bad); i++) {
		assert_false(text_to_i64(bad[i], &number));
		assert_true(number == 99);
	}
}

/* Every code point there is goes out, comes back and is valid or not. */
static void test_all_code_points_round_trip(void **state)
{
	(void)state;
	for (uint32_t point = 1; point <= 0x10FFFF; point++) {
		char text[5] = "";
		size_t length = utf8_put(text, point);
		bool is_surrogate = point >= 0xD800 && point <= 0xDFFF;
		uint32_t read;

		if (!utf8_is_valid(text, length) || utf8_next(text, &read) != length ||
		    read != (is_surrogate ? 0xFFFD : point))
			fail_msg("U+%04X does not survive", (unsigned)point);
	}
}

static void test_malformed_utf8_is_refused(void **state)
{
	static const char *const bad[] = {
		"\x80",
		"\xBF",
		"a\x80",
		"\xC3",
		"\xC3(",
		"\xE2\x82",
		"\xE2(\xA1",
		"\xF0\x9F\x98",
		"\xF0(\x8C\xBC",
		"\xC0\x80",
		"\xC0\xAF",
		"\xC1\xBF", /* overlong, two bytes */
		"\xE0\x80\xAF",
		"\xE0\x9F\xBF", /* overlong, three */
		"\xF0\x80\x80\xAF",
		"\xF0\x8F\xBF\xBF", /* overlong, four */
		"\xED\xA0\x80",
		"\xED\xBF\xBF", /* surrogates */
		"\xF4\x90\x80\x80",
		"\xF5\x80\x80\x80", /* above U+10FFFF */
		"\xF8\x88\x80\x80\x80",
		"\xFE",
		"\xFF",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_COUNT(bad); i++)
		if (utf8_is_valid(bad[i], strlen(bad[i])))
			fail_msg("malformed text %zu was accepted", i);
	assert_false(utf8_is_valid("a\0b", 3));
	assert_true(utf8_is_valid("", 0));
	assert_true(utf8_is_valid("\xEF\xBF\xBF\xF4\x8F\xBF\xBF\xED\x9F\xBF", 10));
}

/* A reader given unchecked bytes all the same must not step over the NUL. */
static void test_next_stops_before_a_cut_off_sequence(void **state)
{
	uint32_t point;

	(void)state;
	assert_int_equal(utf8_next("\xF0\x9F", &point), 2);
	assert_int_equal(point, 0xFFFD);
	assert_int_equal(utf8_next("\xE2", &point), 1);
	assert_int_equal(utf8_next("", &point), 0);
}

static void test_control_characters_are_not_clean(void **state)
{
	static const char *const dirty[] = {
		"\x01", "a\x08", "\x0B", "\x0C", "\x1B[31m", "\x7F", "\xC2\x80", "\xC2\x9F",
	};
	static const char *const clean[] = {
		"", "a\tb\r\nc", "\xC2\xA0", "é😀", "\u00AD",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_COUNT(dirty); i++)
		assert_false(utf8_is_clean(dirty[i], strlen(dirty[i])));
	for (size_t i = 0; i < ARRAY_COUNT(clean); i++)
		assert_true(utf8_is_clean(clean[i], strlen(clean[i])));
	assert_false(utf8_is_clean("a\0b", 3));
}

static void test_texts_are_counted_and_cut_by_code_points(void **state)
{
	(void)state;
	assert_int_equal(utf8_count(""), 0);
	assert_int_equal(utf8_count("été😀"), 4);
	assert_int_equal(utf8_prefix("été😀", 0), 0);
	assert_int_equal(utf8_prefix("été😀", 1), 2);
	assert_int_equal(utf8_prefix("été😀", 3), 5);
	assert_int_equal(utf8_prefix("été😀", 4), 9);
	assert_int_equal(utf8_prefix("été😀", 400), 9);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_slices_compare_by_content),
		TEST(test_trim_takes_ascii_space_from_both_ends),
		TEST(test_cut_tells_nothing_left_from_an_empty_part),
		TEST(test_numbers_are_read_to_both_extremes),
		TEST(test_what_is_no_number_leaves_the_result_alone),
		TEST(test_all_code_points_round_trip),
		TEST(test_malformed_utf8_is_refused),
		TEST(test_next_stops_before_a_cut_off_sequence),
		TEST(test_control_characters_are_not_clean),
		TEST(test_texts_are_counted_and_cut_by_code_points),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
