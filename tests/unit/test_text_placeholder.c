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

/* "words|<place=argument>|…" */
static const char *shown_with_arguments(struct arena *arena, const char *text)
{
	struct placeholder_text parsed;
	struct buf out;

	buf_init(&out, arena, 4096);
	if (!placeholder_parse_arguments(arena, text, &parsed))
		return arena_printf(arena, "refused at %s",
				    parsed.problem ? parsed.problem : "too many");
	for (size_t i = 0; i < parsed.count; i++) {
		const struct placeholder_piece *piece = &parsed.pieces[i];

		buf_text(&out, i > 0 ? "|" : "");
		if (!piece->is_place)
			buf_text(&out, piece->text);
		else if (piece->argument)
			buf_printf(&out, "<%s=%s@%zu>", piece->text, piece->argument,
				   piece->offset);
		else
			buf_printf(&out, "<%s@%zu>", piece->text, piece->offset);
	}
	return out.data;
}

static void test_a_place_may_have_an_argument_where_that_is_allowed(void **state)
{
	static const struct {
		const char *text, *expected;
	} cases[] = {
		{ "{link:12}", "<link=12@0>" },
		{ "Voir {link: Ma box, et après ?  } {me}",
		  "Voir |<link=Ma box, et après ?@5>| |<me@35>" },
		{ "{link:a:b}", "<link=a:b@0>" },
		{ "{{link:12}}", "{link:12}" },
		{ "{link:}", "refused at {link:}" },
		{ "{link:  }", "refused at {link:  }" },
		{ "{link:a\nb}", "refused at {link:a\nb}" },
		{ "{link:a{b}}", "refused at {link:a{b}}" },
		{ "{:a}", "refused at {:a}" },
		{ "{link:a", "refused at {link:a" },
	};
	struct arena *arena = arena_new(1 << 20);

	(void)state;
	for (size_t i = 0; i < ARRAY_COUNT(cases); i++)
		assert_string_equal(shown_with_arguments(arena, cases[i].text), cases[i].expected);
	assert_string_equal(shown(arena, "{link:12}"), "refused at {link:12}");
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_a_text_is_words_and_places),
		TEST(test_a_brace_alone_is_refused_where_it_stands),
		TEST(test_only_so_many_places_fit_into_a_text),
		TEST(test_a_place_may_have_an_argument_where_that_is_allowed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
