/*
 * What people type, made fit to be kept: lines, texts and tags.
 */
#include "unit.h"

#include "base/ctx.h"
#include "forum/field.h"
#include "forum/tag.h"

static const char *line_of(struct arena *arena, const char *typed)
{
	struct ctx ctx = { .arena = arena };
	const char *line;

	assert_int_equal(field_line(&ctx, "title", typed, 0, 100, &line), OK);
	return line;
}

static const char *text_of(struct arena *arena, const char *typed)
{
	struct ctx ctx = { .arena = arena };
	const char *text;

	assert_int_equal(field_text(&ctx, "body", typed, 0, 100, &text), OK);
	return text;
}

static void test_line_is_trimmed_and_has_single_spaces(void **state)
{
	assert_string_equal(line_of(*state, " \t Ma\u00A0 box\r\n  rame \u2003"), "Ma box rame");
	assert_string_equal(line_of(*state, ""), "");
	assert_string_equal(line_of(*state, NULL), "");
}

static void test_line_loses_what_cannot_be_seen(void **state)
{
	assert_string_equal(
		line_of(*state, "a\u200Bb\u202Ec\u2066d\uFEFFe\u00ADf\x01g\x7Fh\xC2\x85i"),
		"abcdefgh i");
	assert_string_equal(line_of(*state, "\u200E\u200F\u202A"), "");
	/* A joiner joins, but stands neither alone nor at an end. */
	assert_string_equal(line_of(*state, "\u200D👨\u200D👩 \u200Cx"), "👨\u200D👩 x");
}

static void test_length_counts_code_points_and_is_told_at_the_field(void **state)
{
	struct ctx ctx = { .arena = *state };
	const char *line;

	assert_int_equal(field_line(&ctx, "title", "éèàù", 4, 4, &line), OK);
	assert_int_equal(field_line(&ctx, "title", "éèàùî", 1, 4, &line), ERR_INVALID);
	assert_string_equal(ctx.error.field, "title");
	assert_string_equal(ctx.error.message, "Too long: at most 4 characters.");
	assert_int_equal(field_line(&ctx, "title", "é\u200Bé", 3, 9, &line), ERR_INVALID);
	assert_string_equal(ctx.error.message, "Too short: write at least 3 characters.");
	assert_int_equal(field_line(&ctx, "name", "  ", 1, 9, &line), ERR_INVALID);
	assert_string_equal(ctx.error.message, "Please fill in this field.");
}

static void test_text_has_plain_line_ends_and_no_blank_ends(void **state)
{
	assert_string_equal(text_of(*state, "a\r\nb\rc\n"), "a\nb\nc");
	assert_string_equal(text_of(*state, "\r\n  \n    code\n\n \t\n"), "    code");
	assert_string_equal(text_of(*state, " \r\n\t "), "");
	assert_string_equal(text_of(*state, "\r"), "");
}

static void test_text_with_controls_or_too_long_is_refused(void **state)
{
	struct ctx ctx = { .arena = *state };
	const char *text;

	assert_int_equal(field_text(&ctx, "body", "a\x1B[31m", 0, 100, &text), ERR_INVALID);
	assert_string_equal(ctx.error.field, "body");
	assert_int_equal(field_text(&ctx, "body", "ééé", 3, 6, &text), OK);
	assert_int_equal(field_text(&ctx, "body", "éééé", 3, 6, &text), ERR_INVALID);
	assert_int_equal(field_text(&ctx, "body", "éé", 3, 6, &text), ERR_INVALID);
}

static void assert_tags(struct arena *arena, const char *typed, const char *wanted)
{
	struct ctx ctx = { .arena = arena };
	const char **names, *found = "";
	size_t count;

	assert_int_equal(tag_parse(&ctx, typed, &names, &count), OK);
	for (size_t i = 0; i < count; i++)
		found = arena_printf(arena, "%s%s%s", found, i ? "|" : "", names[i]);
	assert_string_equal(found, wanted);
}

static void test_tags_are_lower_case_words_with_hyphens(void **state)
{
	assert_tags(*state, "Wi-Fi, Fibre  optique", "wi-fi|fibre-optique");
	assert_tags(*state, "box fibre wifi", "box|fibre|wifi");
	assert_tags(*state, "#Wifi #5G", "wifi|5g");
	assert_tags(*state, "C++, c#, .NET, node.js", "c++|c#|.net|node.js");
	assert_tags(*state, "Téléphonie, Œuvre, ÉTÉ", "téléphonie|œuvre|été");
	assert_tags(*state, "l'été, -- box --, snake_case", "l-été|box|snake-case");
	assert_tags(*state, "box, BOX , Box", "box");
	assert_tags(*state, " , ,, ", "");
	assert_tags(*state, NULL, "");
}

static void test_bad_tags_are_refused_at_the_field(void **state)
{
	static const char *const bad[] = {
		"a b c d e f",
		"a,b,c,d,e,f",
		"<b>",
		"a;b",
		"a/b",
		"e-mail@example.org",
		"un-mot-vraiment-beaucoup-trop-long-pour",
		"12:34",
	};
	const char **names;
	size_t count;

	for (size_t i = 0; i < ARRAY_COUNT(bad); i++) {
		struct ctx ctx = { .arena = *state };

		if (tag_parse(&ctx, bad[i], &names, &count) != ERR_INVALID)
			fail_msg("\"%s\" was taken", bad[i]);
		assert_string_equal(ctx.error.field, "tags");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_line_is_trimmed_and_has_single_spaces),
		TEST(test_line_loses_what_cannot_be_seen),
		TEST(test_length_counts_code_points_and_is_told_at_the_field),
		TEST(test_text_has_plain_line_ends_and_no_blank_ends),
		TEST(test_text_with_controls_or_too_long_is_refused),
		TEST(test_tags_are_lower_case_words_with_hyphens),
		TEST(test_bad_tags_are_refused_at_the_field),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
