/*
 * The escapes of templates, and which addresses are let through.
 */
#include "unit.h"

#include "text/html.h"
#include "text/url.h"

static struct buf new_buf(struct arena *arena)
{
	struct buf out;

	buf_init(&out, arena, 4096);
	return out;
}

static void test_text_is_escaped_for_elements_and_attributes(void **state)
{
	struct buf out = new_buf(*state);

	html_text(&out, "<a href=\"x\">R&D's</a>");
	assert_string_equal(out.data, "&lt;a href=&quot;x&quot;&gt;R&amp;D&#39;s&lt;/a&gt;");
}

static void test_formatted_text_is_escaped_whatever_its_length(void **state)
{
	struct buf out = new_buf(*state);
	char *long_text = arena_alloc(*state, 1001);

	memset(long_text, '<', 1000);
	html_printf(&out, "%s & %d", "<b>", 7);
	assert_string_equal(out.data, "&lt;b&gt; &amp; 7");
	buf_clear(&out);
	html_printf(&out, "%s", long_text);
	assert_int_equal(out.length, 4000);
}

static void test_formatted_text_over_the_maximum_is_remembered(void **state)
{
	struct buf out;

	buf_init(&out, *state, 8);
	html_printf(&out, "%s", "<<<<");
	assert_true(out.is_overflown);
}

static void test_numbers_and_fragments_are_written_as_they_are(void **state)
{
	struct buf out = new_buf(*state);

	html_number(&out, INT64_MIN);
	html_fragment(&out, html_fragment_from_stored_sanitised("<b>x</b>"));
	assert_string_equal(out.data, "-9223372036854775808<b>x</b>");
}

static void test_addresses_of_a_safe_kind_are_written(void **state)
{
	static const char *const safe[][2] = {
		{ "https://example.org/?a=1&b='2'", "https://example.org/?a=1&amp;b=&#39;2&#39;" },
		{ "HTTP://EXAMPLE.ORG", "HTTP://EXAMPLE.ORG" },
		{ "mailto:a@example.org", "mailto:a@example.org" },
		{ "/t/1-x", "/t/1-x" },
		{ "/", "/" },
		{ "#post-3", "#post-3" },
	};

	for (size_t i = 0; i < ARRAY_COUNT(safe); i++) {
		struct buf out = new_buf(*state);

		html_url(&out, safe[i][0]);
		assert_string_equal(out.data, safe[i][1]);
	}
}

static void test_other_addresses_become_a_fragment(void **state)
{
	static const char *const unsafe[] = {
		"javascript:alert(1)",
		" javascript:alert(1)",
		"java\tscript:alert(1)",
		"data:text/html,x",
		"//evil.example",
		"/\\evil.example",
		"\\\\evil.example",
		"/\t/evil.example",
		"http:evil.example",
		"",
		"x",
		"?x",
		"ftp://example.org",
		"/a\nb",
	};

	for (size_t i = 0; i < ARRAY_COUNT(unsafe); i++) {
		struct buf out = new_buf(*state);

		html_url(&out, unsafe[i]);
		assert_string_equal(out.data, "#");
	}
}

static void test_addresses_are_cleaned_as_browsers_read_them(void **state)
{
	static const char *const cleaned[][2] = {
		{ "  https://example.org/ \n", "https://example.org/" },
		{ "java\nscript:\tx", "javascript:x" },
		{ "/a b\\c", "/a%20b%5Cc" },
		{ "\001\037/x", "/x" },
		{ "/\177", "/" },
		{ "/é", "/é" },
		{ "", "" },
	};

	for (size_t i = 0; i < ARRAY_COUNT(cleaned); i++)
		assert_string_equal(url_clean(*state, cleaned[i][0]), cleaned[i][1]);
}

static void test_kinds_of_addresses(void **state)
{
	static const struct {
		const char *url;
		enum url_kind kind;
	} cases[] = {
		{ "https://example.org", URL_WEB },
		{ "http://x", URL_WEB },
		{ "MailTo:a@example.org", URL_MAIL },
		{ "/x", URL_LOCAL },
		{ "x/y:z", URL_LOCAL },
		{ "?a=b:c", URL_LOCAL },
		{ "#a:b", URL_LOCAL },
		{ "", URL_LOCAL },
		{ "foo):", URL_LOCAL },
		{ "x:y", URL_REFUSED },
		{ "a+b-c.d:e", URL_REFUSED },
		{ "x&colon;y", URL_REFUSED },
		{ "<x", URL_REFUSED },
		{ "//x", URL_REFUSED },
		{ "/\\x", URL_REFUSED },
		{ "a b", URL_REFUSED },
		{ "ftp://x", URL_REFUSED },
		{ "https:x", URL_REFUSED },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
		if (url_kind_of(cases[i].url) != cases[i].kind)
			fail_msg("%s", cases[i].url);
	}
}

static void test_the_first_picture_of_a_text_is_found(void **state)
{
	struct arena *arena = *state;
	const struct {
		const char *html, *picture;
	} cases[] = {
		{ NULL, "" },
		{ "", "" },
		{ "<p>No picture: &lt;img src=&quot;/x&quot;></p>", "" },
		{ "<p><img src=\"/media/a.webp\" alt=\"\"><img src=\"/b\" alt=\"\"></p>",
		  "/media/a.webp" },
		{ "<img src=\"https://a.example/?x=1&amp;amp;y=&quot;&#39;\" alt=\"\">",
		  "https://a.example/?x=1&amp;y=\"'" },
		{ "<img src=\"", "" },
	};

	for (size_t i = 0; i < ARRAY_COUNT(cases); i++)
		assert_string_equal(html_first_picture(arena, html_fragment_from_stored_sanitised(
								      cases[i].html)),
				    cases[i].picture);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_text_is_escaped_for_elements_and_attributes),
		TEST(test_formatted_text_is_escaped_whatever_its_length),
		TEST(test_formatted_text_over_the_maximum_is_remembered),
		TEST(test_numbers_and_fragments_are_written_as_they_are),
		TEST(test_addresses_of_a_safe_kind_are_written),
		TEST(test_other_addresses_become_a_fragment),
		TEST(test_addresses_are_cleaned_as_browsers_read_them),
		TEST(test_kinds_of_addresses),
		TEST(test_the_first_picture_of_a_text_is_found),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
