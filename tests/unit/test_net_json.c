/* Foreign JSON: what is mended, what is refused, and what comes out. */
#include "unit.h"

#include "base/buf.h"
#include "net/json.h"

static const struct config config;

static const json_t *parse(struct arena *arena, const char *text, size_t length)
{
	struct ctx ctx = { .arena = arena, .config = &config };
	const char *problem = NULL;
	const json_t *root = json_read(&ctx, text, length, &problem);

	assert_int_equal(root == NULL, problem != NULL);
	return root;
}

static const json_t *parse_text(struct arena *arena, const char *text)
{
	return parse(arena, text, strlen(text));
}

static void test_ids_keep_every_digit(void **state)
{
	static const char text[] = "{\"a\":9007199254740993,\"b\":18446744073709551616123,"
				   "\"c\":\"123_456\",\"d\":-1.50e+3,\"e\":[7310000000000001],"
				   "\"f\":\"12 and 13\",\"g\":\"\\\"14\"}";
	const json_t *root = parse_text(*state, text);

	assert_string_equal(json_text_at(root, "a"), "9007199254740993");
	assert_string_equal(json_text_at(root, "b"), "18446744073709551616123");
	assert_string_equal(json_text_at(root, "c"), "123_456");
	assert_string_equal(json_text_at(root, "d"), "-1.50e+3");
	assert_string_equal(json_string_value(json_array_get(json_at(root, "e"), 0)),
			    "7310000000000001");
	assert_string_equal(json_text_at(root, "f"), "12 and 13");
	assert_string_equal(json_text_at(root, "g"), "\"14");
}

static void assert_string(struct arena *arena, const char *json, size_t length,
			  const char *expected)
{
	const json_t *root = parse(arena, json, length);

	if (!root || strcmp(json_string_value(root), expected) != 0)
		fail_msg("%s became %s", json, root ? json_string_value(root) : "nothing");
}

static void test_what_is_no_character_becomes_one(void **state)
{
	static const struct {
		const char *json;
		size_t length; /* 0: of the text */
		const char *expected;
	} cases[] = {
		{ "\"a\\u0000b\"", 0,
		  "a\xef\xbf\xbd"
		  "b" },
		{ "\"a\0b\"", 5,
		  "a\xef\xbf\xbd"
		  "b" },
		{ "\"\\ud83d\"", 0, "\xef\xbf\xbd" },
		{ "\"\\ude00\"", 0, "\xef\xbf\xbd" },
		{ "\"\\ud83dx\"", 0, "\xef\xbf\xbdx" },
		{ "\"\\ud83d\\u0041\"", 0,
		  "\xef\xbf\xbd"
		  "A" },
		{ "\"\\ud83d\\ud83d\\ude00\"", 0, "\xef\xbf\xbd\xf0\x9f\x98\x80" },
		{ "\"\\ude00\\ud83d\"", 0, "\xef\xbf\xbd\xef\xbf\xbd" },
		{ "\"\\ud83d\\ude42\\u200d\"", 0, "\xf0\x9f\x99\x82\xe2\x80\x8d" },
		{ "\"\\UD83D\"", 0, NULL },
		{ "\"\xff\xc3\xa9\xc3\"", 0, "\xef\xbf\xbd\xc3\xa9\xef\xbf\xbd" },
		{ "\"\xed\xa0\x80\"", 0, "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" },
		{ "\"\xc0\x80\"", 0, "\xef\xbf\xbd\xef\xbf\xbd" },
		{ "\"\xf4\x90\x80\x80\"", 0, "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" },
		{ "\"a\tb\nc\x01\"", 0, "a\tb\nc\x01" },
		{ "\"a\\/b\\\\u0000\"", 0, "a/b\\u0000" },
		{ "\xef\xbb\xbf\"x\"", 0, "x" },
	};

	for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
		size_t length = cases[i].length ? cases[i].length : strlen(cases[i].json);

		if (cases[i].expected)
			assert_string(*state, cases[i].json, length, cases[i].expected);
		else
			assert_null(parse(*state, cases[i].json, length));
	}
}

static void test_keys_are_mended_too_and_the_last_of_two_counts(void **state)
{
	const json_t *root = parse_text(*state, "{\"a\":1,\"\\u0000\":2,\"a\":3}");

	assert_string_equal(json_text_at(root, "a"), "3");
	assert_string_equal(json_text_at(root, "\xef\xbf\xbd"), "2");
}

static void test_what_is_no_json_is_refused(void **state)
{
	static const char *const texts[] = {
		"",          "Service Unavailable",
		"<html>",    "{",
		"[1,]",      "{\"a\":01}",
		"[1.]",      "[.5]",
		"[-]",       "[1e]",
		"[+1]",      "{\"a\" 1}",
		"[1]x",      "nul",
		"NaN",       "[1 2]",
		"\"a",       "\"\\x41\"",
		"\"\\u12\"", "[--1]",
		"[1-2]",     "]",
		"'a'",       "[0x10]",
	};

	for (size_t i = 0; i < ARRAY_COUNT(texts); i++)
		if (parse_text(*state, texts[i]))
			fail_msg("%s was taken", texts[i]);
}

static void test_bare_values_are_taken(void **state)
{
	assert_true(json_is_true(parse_text(*state, "true")));
	assert_true(json_is_false(parse_text(*state, " false\n")));
	assert_string_equal(json_string_value(parse_text(*state, "12")), "12");
}

static void nest(struct buf *out, int depth)
{
	for (int i = 0; i < depth; i++)
		buf_char(out, '[');
	for (int i = 0; i < depth; i++)
		buf_char(out, ']');
}

static void test_depth_and_number_of_values_are_bounded(void **state)
{
	struct buf text;

	buf_init(&text, *state, 8 << 20);
	nest(&text, JSON_READ_DEPTH_MAX);
	assert_non_null(parse(*state, text.data, text.length));
	buf_clear(&text);
	nest(&text, JSON_READ_DEPTH_MAX + 1);
	assert_null(parse(*state, text.data, text.length));
	buf_clear(&text);
	nest(&text, 200000);
	assert_null(parse(*state, text.data, text.length));
	buf_clear(&text);
	buf_char(&text, '[');
	for (int i = 0; i < JSON_READ_VALUES_MAX + 1; i++)
		buf_text(&text, "0,");
	buf_text(&text, "0]");
	assert_null(parse(*state, text.data, text.length));
}

static void test_values_are_read_in_all_their_spellings(void **state)
{
	const json_t *root = parse_text(
		*state, "{\"t\":true,\"f\":false,\"ts\":\"true\",\"one\":1,\"zero\":\"0\","
			"\"n\":null,\"i\":\"12\",\"d\":1.5,\"o\":{\"x\":\"y\"},\"l\":[]}");

	assert_true(json_bool_at(root, "t", false));
	assert_false(json_bool_at(root, "f", true));
	assert_true(json_bool_at(root, "ts", false));
	assert_true(json_bool_at(root, "one", false));
	assert_false(json_bool_at(root, "zero", true));
	assert_true(json_bool_at(root, "absent", true));
	assert_true(json_bool_at(root, "o", true));
	assert_int_equal(json_i64_at(root, "i", -1), 12);
	assert_int_equal(json_i64_at(root, "one", -1), 1);
	assert_int_equal(json_i64_at(root, "d", -1), -1);
	assert_int_equal(json_i64_at(root, "o", -1), -1);
	assert_null(json_at(root, "n"));
	assert_false(json_has(root, "n"));
	assert_true(json_has(root, "f"));
	assert_string_equal(json_text_at(json_at(root, "o"), "x"), "y");
	assert_null(json_text_at(json_at(root, "l"), "x"));
	assert_null(json_at(json_at(json_at(NULL, "x"), "y"), "z"));
	assert_string_equal(json_text_or_empty(root, "n"), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_ids_keep_every_digit),
		TEST(test_what_is_no_character_becomes_one),
		TEST(test_keys_are_mended_too_and_the_last_of_two_counts),
		TEST(test_what_is_no_json_is_refused),
		TEST(test_bare_values_are_taken),
		TEST(test_depth_and_number_of_values_are_bounded),
		TEST(test_values_are_read_in_all_their_spellings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
