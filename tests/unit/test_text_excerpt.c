/*
 * First words of texts and of markup: folded, cut between words.
 */
#include "unit.h"

#include "text/excerpt.h"

static void test_text_is_folded_and_cut_between_words(void **state)
{
	const struct {
		const char *text;
		size_t points;
		const char *excerpt;
	} cases[] = {
		{ "", 10, "" },
		{ " \n\t ", 10, "" },
		{ "  one\n two\t\tthree ", 20, "one two three" },
		{ "one two three", 13, "one two three" },
		{ "one two three", 12, "one two…" },
		{ "one two, three", 12, "one two…" },
		{ "onetwothreefourfive", 10, "onetwothr…" },
		{ "a onetwothreefourfive", 10, "a onetwot…" },
		{ "éàüö éàüö éàüö", 10, "éàüö éàüö…" },
		{ "🙈🙉🙊🙈🙉🙊", 4, "🙈🙉🙊…" },
	};

	for (size_t i = 0; i < ARRAY_COUNT(cases); i++)
		assert_string_equal(excerpt_of_text(*state, cases[i].text, cases[i].points),
				    cases[i].excerpt);
}

static void test_markup_is_read_as_its_words(void **state)
{
	const struct {
		const char *html, *excerpt;
	} cases[] = {
		{ NULL, "" },
		{ "<h1>One</h1><p>Two &amp; <em>three</em></p>", "One Two & three" },
		{ "<p>&lt;script&gt; &quot;a&quot; &#39;b&#39;</p>", "<script> \"a\" 'b'" },
		{ "<p>cut in a tag <img src=\"/a", "cut in a tag" },
	};

	for (size_t i = 0; i < ARRAY_COUNT(cases); i++)
		assert_string_equal(
			excerpt_of_html(*state, html_fragment_from_stored_sanitised(cases[i].html),
					40),
			cases[i].excerpt);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_text_is_folded_and_cut_between_words),
		TEST(test_markup_is_read_as_its_words),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
