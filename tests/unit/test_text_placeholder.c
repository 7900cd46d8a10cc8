/*
 * Texts with named places.
 */
#include "unit.h"

#include "base/arena.h"
#include "base/buf.h"
#include "text/placeholder.h"

/* "words|<place>|…" */
static const char *shown(struct arena *arena, const char *text)
{
	struct placeholder_text parsed;
	struct buf out;

	buf_init(&out, arena, 4096);
	if (!placeholder_parse(arena, text, &parsed))
		return arena_printf(arena, "refused at %s",
				    parsed.problem ? parsed.problem : "too many");
	for (size_t i = 0; i < parsed.count; i++)
		buf_printf(&out, parsed.pieces[i].is_place ? "%s<%s>" : "%s%s", i > 0 ? "|" : "",
			   parsed.pieces[i].text);
	return out.data;
}

static void test_a_text_is_words_and_places(void **state)
{
	static const struct {
		const char *text, *expected;
	} cases[] = {
		{ "", "" },
		{ "Hello", "Hello" },
		{ "{name}", "<name>" },
		{ "Hello {name},\n\n{link}", "Hello |<name>|,\n\n|<link>" },
		{ "{a}{b_c}", "<a>|<b_c>" },
		{ "«\u00A0{title}\u00A0»", "«\u00A0|<title>|\u00A0»" },
		{ "{{name}}", "{name}" },
		{ "{{{name}}}", "{|<name>|}" },
		{ "a {{ b }} c", "a { b } c" },
		{ "{abcdefghijklmnopqrst}", "<abcdefghijklmnopqrst>" },
	};
	struct arena *arena = arena_new(1 << 20);

	(void)state;
	for (size_t i = 0; i < ARRAY_COUNT(cases); i++)
		assert_string_equal(shown(arena, cases[i].text), cases[i].expected);
	arena_free(arena);
}

static void test_a_brace_alone_is_refused_where_it_stands(void **state)
{
	static const struct {
		const char *text, *at;
	} cases[] = {
		{ "{", "{" },
		{ "}", "}" },
		{ "a {b", "{b" },
		{ "a b} c", "} c" },
		{ "{}", "{}" },
		{ "{Name}", "{Name}" },
		{ "{na me}", "{na me}" },
		{ "{name\n}", "{name\n}" },
		{ "{name1}", "{name1}" },
		{ "{abcdefghijklmnopqrstu}", "{abcdefghijklmnopqrstu}" },
		{ "{{{", "{" },
		{ "{a}}", "}" },
	};
	struct arena *arena = arena_new(1 << 20);

	(void)state;
	for (size_t i = 0; i < ARRAY_COUNT(cases); i++)
		assert_string_equal(shown(arena, cases[i].text),
				    arena_printf(arena, "refused at %s", cases[i].at));
	arena_free(arena);
}

static void test_only_so_many_places_fit_into_a_text(void **state)
{
	struct arena *arena = arena_new(1 << 20);
	struct placeholder_text parsed;
	struct buf text;

	(void)state;
	buf_init(&text, arena, 4096);
	for (int i = 0; i < PLACEHOLDERS_MAX; i++)
		buf_text(&text, "{a} ");
	assert_true(placeholder_parse(arena, text.data, &parsed));
	assert_int_equal(parsed.place_count, PLACEHOLDERS_MAX);
	assert_int_equal(parsed.count, 2 * PLACEHOLDERS_MAX);
	buf_text(&text, "{a}");
	assert_string_equal(shown(arena, text.data), "refused at too many");
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_a_text_is_words_and_places),
		TEST(test_a_brace_alone_is_refused_where_it_stands),
		TEST(test_only_so_many_places_fit_into_a_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
