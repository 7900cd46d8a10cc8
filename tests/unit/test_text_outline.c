/*
 * Contents and boxes of articles: what gets an id, and that everything else stays as it
 * came.
 */
#include "unit.h"

#include "text/outline.h"

static struct outline outline_of(struct arena *arena, const char *html)
{
	struct outline outline;

	outline_make(arena, html_fragment_from_stored_sanitised(html), &outline);
	return outline;
}

static void test_headings_get_an_id_each(void **state)
{
	struct outline outline = outline_of(
		*state, "<h3>Été &amp; <em>hiver</em></h3><h4>Là</h4><h3>Été &amp; hiver</h3>");

	assert_int_equal(outline.count, 3);
	assert_string_equal(outline.entries[0].text, "Été & hiver");
	assert_string_equal(outline.entries[0].id, "s-ete-hiver");
	assert_string_equal(outline.entries[2].id, "s-ete-hiver-2");
	assert_int_equal(outline.entries[1].depth, 1);
	assert_string_equal(
		outline.html.html,
		"<h3 id=\"s-ete-hiver\">Été &amp; <em>hiver</em></h3><h4 id=\"s-la\">Là</h4>"
		"<h3 id=\"s-ete-hiver-2\">Été &amp; hiver</h3>");
}

static void test_quotes_that_warn_become_boxes(void **state)
{
	assert_string_equal(
		outline_of(*state, "<blockquote>\n<p><strong>Attention</strong> !</p></blockquote>")
			.html.html,
		"<blockquote class=\"callout callout-warning\">\n<p><strong>Attention</strong> !</p></blockquote>");
	assert_string_equal(
		outline_of(*state, "<blockquote><p><strong>Tip:</strong> x</p></blockquote>")
			.html.html,
		"<blockquote class=\"callout callout-tip\"><p><strong>Tip:</strong> x</p></blockquote>");
}

static void test_everything_else_stays_as_it_came(void **state)
{
	static const char *const kept[] = {
		"",
		"words only",
		"<p>a &lt;h3&gt; b</p>",
		"<blockquote><p>Warning</p></blockquote>",
		"<blockquote><p><strong>Warnings</strong></p></blockquote>",
		"<h3>not closed",
		"<hr>",
		"<p>cut <",
	};

	for (size_t i = 0; i < ARRAY_COUNT(kept); i++) {
		struct outline outline = outline_of(*state, kept[i]);

		assert_string_equal(outline.html.html, kept[i]);
		assert_int_equal(outline.count, 0);
	}
}

static void test_too_many_headings_are_passed_on(void **state)
{
	struct buf html;
	struct outline outline;

	buf_init(&html, *state, 1 << 20);
	for (int i = 0; i < OUTLINE_ENTRIES_MAX + 5; i++)
		buf_text(&html, "<h3>x</h3>");
	outline = outline_of(*state, html.data);
	assert_int_equal(outline.count, OUTLINE_ENTRIES_MAX);
	assert_non_null(strstr(outline.html.html, "</h3><h3>x</h3>"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_headings_get_an_id_each),
		TEST(test_quotes_that_warn_become_boxes),
		TEST(test_everything_else_stays_as_it_came),
		TEST(test_too_many_headings_are_passed_on),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
