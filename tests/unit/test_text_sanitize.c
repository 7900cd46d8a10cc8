/*
 * What the sanitiser makes of HTML, case by case. That nothing forbidden gets
 * through is proved with many more in test_text_vectors.c.
 */
#include "unit.h"

#include "text/sanitize.h"

static const char *clean_with(struct arena *arena, const char *html,
			      const struct sanitize_options *options)
{
	static const struct config config = { .site.base_url = "https://forum.example" };
	struct ctx ctx = { .arena = arena, .config = &config };
	struct html_fragment out;

	assert_int_equal(sanitize_html(&ctx, html, options, &out), OK);
	return out.html;
}

static const char *clean(struct arena *arena, const char *html)
{
	return clean_with(arena, html, &(struct sanitize_options){ .has_images = true });
}

struct example {
	const char *html, *expected;
};

static void check(struct arena *arena, const struct example *examples, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const char *html = clean(arena, examples[i].html);

		assert_string_equal(html, examples[i].expected);
		assert_string_equal(clean(arena, html), html);
	}
}

#define CHECK(examples) check(*state, examples, ARRAY_COUNT(examples))

static void test_allowed_markup_is_kept(void **state)
{
	static const struct example examples[] = {
		{ "", "" },
		{ "words & <b>signs</b>", "words &amp; <strong>signs</strong>" },
		{ "<p>a</p>\n<p>b</p>\n", "<p>a</p>\n<p>b</p>\n" },
		{ "<ol start=\"3\"><li>a</li></ol>", "<ol start=\"3\"><li>a</li></ol>" },
		{ "<ol start=\"-x\"><li>a</li></ol>", "<ol><li>a</li></ol>" },
		{ "<h1>a</h1><h2>b</h2><h5>c</h5>", "<h3>a</h3><h3>b</h3><h5>c</h5>" },
		{ "<pre><code class=\"x language-c y\">a\n</code></pre>",
		  "<pre><code class=\"language-c\">a\n</code></pre>" },
		{ "<dl><dt>a</dt><dd>b</dd></dl>", "<dl><dt>a</dt><dd>b</dd></dl>" },
		{ "<abbr title=\"a &quot;b&quot;\">c</abbr>",
		  "<abbr title=\"a &quot;b&quot;\">c</abbr>" },
		{ "H<sub>2</sub>O <kbd>x</kbd><br>y<hr>z",
		  "H<sub>2</sub>O <kbd>x</kbd><br>y<hr>z" },
		{ "<center>a</center><strike>b</strike><tt>c</tt>",
		  "<div>a</div><del>b</del><code>c</code>" },
	};

	CHECK(examples);
}

static void test_what_is_not_allowed_loses_its_tags_or_all(void **state)
{
	static const struct example examples[] = {
		{ "<font color=red>a</font>", "a" },
		{ "<p id=a class=b style=c onclick=d title=e>f</p>", "<p>f</p>" },
		{ "a<script>b</script>c", "ac" },
		{ "a<style>b</style><svg><b>c</b></svg>d", "ad" },
		{ "a<!-- b --><?c d?><!DOCTYPE e>f", "af" },
		{ "<button>a</button><textarea>b</textarea><input value=c>", "a" },
		{ "<embed src=x>a", "a" },
		{ "<span class=x>a</span><span class=task>b</span>",
		  "a<span class=\"task\">b</span>" },
		{ "a\001\177b\302\205c", "abc" },
		{ "a\r\nb\rc", "a\nb\nc" },
	};

	CHECK(examples);
}

static void test_structure_is_mended(void **state)
{
	static const struct example examples[] = {
		{ "<p>a<p>b", "<p>a</p><p>b</p>" },
		{ "<p>a<div>b</div>c</p>", "<p>a</p><div>b</div>c" },
		{ "<ul>a<li>b</ul>", "<ul><li>a</li><li>b</li></ul>" },
		{ "<li>a</li>", "<div>a</div>" },
		{ "<td>a</td>", "<div>a</div>" },
		{ "<dl>a<dt>b</dl>", "<dl><dd>a</dd><dt>b</dt></dl>" },
		{ "<em>a<p>b</p>c</em>", "<em>a</em><p><em>b</em></p><em>c</em>" },
		{ "<h3>a<blockquote>b</blockquote></h3>", "<h3>a b</h3>" },
		{ "<pre>\n\na</pre>", "<pre>\n\na</pre>" },
		{ "<pre>\na</pre>", "<pre>a</pre>" },
		{ "<details>a</details>", "<details><summary>Spoiler</summary>a</details>" },
		{ "<details><summary>a</summary><summary>b</summary></details>",
		  "<details><summary>a</summary><div>b</div></details>" },
		{ "<a href=/x>a<a href=/y>b</a></a>", "<a href=\"/x\">a</a><a href=\"/y\">b</a>" },
	};

	CHECK(examples);
}

static void test_tables_stand_in_a_box_and_are_complete(void **state)
{
	static const struct example examples[] = {
		{ "<table><td>a",
		  "<div class=\"table-wrap\" tabindex=\"0\"><table><tbody><tr><td>a</td></tr></tbody>"
		  "</table></div>" },
		{ "<table><caption>c</caption><thead><tr><th align=right>a</thead></table>",
		  "<div class=\"table-wrap\" tabindex=\"0\"><table><caption>c</caption><thead><tr>"
		  "<th class=\"align-right\">a</th></tr></thead></table></div>" },
		{ "<table>x<tr><td>a</table>",
		  "<div class=\"table-wrap\" tabindex=\"0\"><table><tbody><tr><td>x</td></tr><tr><td>a"
		  "</td></tr></tbody></table></div>" },
	};

	CHECK(examples);
}

static void test_links_are_marked_as_what_people_wrote(void **state)
{
	static const struct example examples[] = {
		{ "<a href=\"http://a.example/?b&c\" title=\"d\" target=_blank rel=opener>e</a>",
		  "<a href=\"http://a.example/?b&amp;c\" title=\"d\" rel=\"ugc nofollow\">e</a>" },
		{ "<a href=/t/1>a</a><a href=#b>b</a><a href=mailto:a@b.example>c</a>",
		  "<a href=\"/t/1\">a</a><a href=\"#b\">b</a><a href=\"mailto:a@b.example\">c</a>" },
		{ "<a href=\"https://forum.example/t/1\">a</a>",
		  "<a href=\"https://forum.example/t/1\">a</a>" },
		{ "<a href=\"https://forum.example.evil/\">a</a>",
		  "<a href=\"https://forum.example.evil/\" rel=\"ugc nofollow\">a</a>" },
		{ "<a href=javascript:b>a</a><a name=c>d</a>", "ad" },
	};
	struct sanitize_options trusted = { .are_links_followed = true };

	CHECK(examples);
	assert_string_equal(clean_with(*state, "<a href=http://a.example>b</a>", &trusted),
			    "<a href=\"http://a.example\" rel=\"ugc\">b</a>");
}

static void test_pictures_are_shown_or_linked(void **state)
{
	static const struct example examples[] = {
		{ "<img src=http://a.example/b.png alt=\"c'd\" title=e width=9999 srcset=f>",
		  "<img src=\"http://a.example/b.png\" alt=\"c&#39;d\" title=\"e\" loading=\"lazy\">" },
		{ "<img src=/b.png>", "<img src=\"/b.png\" alt=\"\" loading=\"lazy\">" },
		{ "<img src=data:image/png,x alt=a><img src=mailto:a><img alt=b>", "" },
	};
	struct sanitize_options linked = { 0 };

	CHECK(examples);
	assert_string_equal(clean_with(*state, "<img src=/b.png alt=c><img src=/d.png>", &linked),
			    "<a href=\"/b.png\">c</a><a href=\"/d.png\">/d.png</a>");
	assert_string_equal(clean_with(*state, "<a href=/x><img src=/b.png alt=c></a>", &linked),
			    "<a href=\"/x\">c</a>");
	assert_string_equal(clean_with(*state, "<img src=javascript:x alt=c>", &linked), "");
	assert_string_equal(clean_with(*state, "<img src=/b.png alt='c\034d'>", &linked),
			    "<a href=\"/b.png\">cd</a>");
}

static void test_task_boxes_become_characters(void **state)
{
	static const struct example examples[] = {
		{ "<li><input type=checkbox checked disabled> a",
		  "<div><span class=\"task task-done\">☑</span> a</div>" },
		{ "<input type=CHECKBOX>", "<span class=\"task\">☐</span>" },
	};

	CHECK(examples);
}

static const char *rewrite(void *data, const char *url)
{
	(void)data;
	if (strcmp(url, "http://old.example/1") == 0)
		return "/t/1";
	if (strcmp(url, "http://old.example/evil") == 0)
		return "javascript:x";
	return strcmp(url, "http://old.example/gone") == 0 ? NULL : url;
}

static void test_addresses_can_be_rewritten(void **state)
{
	struct sanitize_options options = { .rewrite_url = rewrite };

	assert_string_equal(clean_with(*state,
				       "<a href=http://old.example/1>a</a>"
				       "<a href=http://old.example/gone>b</a>"
				       "<a href=http://old.example/evil>c</a>"
				       "<a href=/2>d</a>",
				       &options),
			    "<a href=\"/t/1\">a</a>bc<a href=\"/2\">d</a>");
}

static void assert_refused(struct arena *arena, const char *html)
{
	struct sanitize_options options = { 0 };
	struct ctx ctx = { .arena = arena };
	struct html_fragment out;

	assert_int_equal(sanitize_html(&ctx, html, &options, &out), ERR_INVALID);
	assert_non_null(ctx.error.message);
}

static char *repeated(struct arena *arena, const char *prefix, const char *unit, size_t count)
{
	struct buf out;

	buf_init(&out, arena, UNIT_ARENA_BYTES);
	buf_text(&out, prefix);
	while (count-- > 0)
		buf_text(&out, unit);
	return out.data;
}

static void test_what_would_take_too_long_is_refused(void **state)
{
	assert_refused(*state, repeated(*state, "", "x", SANITIZE_MAX_BYTES + 1));
	assert_refused(*state, repeated(*state, "<a", " b", 300));
	assert_refused(*state, repeated(*state, "<a x=\"", "y\" b=\"", 300));
	assert_refused(*state, repeated(*state, "<!-- <a x=\" --><a", " b", 300));
	assert_refused(*state, repeated(*state, "", "<div>", 300));
	assert_refused(*state, repeated(*state, "", "<b>", 200));
	assert_string_equal(clean(*state, repeated(*state, "", "x", 3)), "xxx");
}

static void assert_brand(struct arena *arena, const char *html, enum err expected)
{
	struct ctx ctx = { .arena = arena };
	struct html_fragment out = { NULL };

	assert_int_equal(sanitize_brand_html(&ctx, html, &out), expected);
	if (expected == OK)
		assert_string_equal(out.html, html);
	else
		assert_non_null(ctx.error.message);
}

static void test_brand_markup_passes_unless_the_browser_would_drop_it(void **state)
{
	assert_brand(*state, "<nav id=a><svg viewBox=\"0 0 1 1\"><path d=\"M0 0\"/></svg></nav>",
		     OK);
	assert_brand(*state,
		     "<link rel=\"icon\" href=\"/theme/i.svg\"><script src=\"/x.js\"></script>",
		     OK);
	assert_brand(*state, "<script>x()</script>", ERR_INVALID);
	assert_brand(*state, "<p onclick=\"x()\">a</p>", ERR_INVALID);
	assert_brand(*state, "<style>p{}</style>", ERR_INVALID);
	assert_brand(*state, "<p style=\"color:red\">a</p>", ERR_INVALID);
	assert_brand(*state, "<a href=\" JavaScript:x()\">a</a>", ERR_INVALID);
	assert_brand(*state, "\xff", ERR_INVALID);
}

/* One picture of the site; everything else is none. */
static bool own_picture(const void *data, const char *url, struct sanitize_picture *out)
{
	if (strcmp(url, data) != 0)
		return false;
	*out = (struct sanitize_picture){ .url = "/files/1/\"a.webp",
					  .small_url = "/files/1/small/a.webp",
					  .alt = "A & b",
					  .width = 1200,
					  .height = 900,
					  .small_width = 640 };
	return true;
}

static void test_only_chosen_pictures_are_shown_with_their_size(void **state)
{
	const struct sanitize_options options = { .has_images = true,
						  .picture = own_picture,
						  .picture_data = "/files/1/a.webp" };

	assert_string_equal(
		clean_with(*state,
			   "<img src='/files/1/a.webp' onerror=x width=9 srcset='https://e/ 1w'>",
			   &options),
		"<img src=\"/files/1/&quot;a.webp\" alt=\"A &amp; b\" width=\"1200\" height=\"900\" "
		"srcset=\"/files/1/small/a.webp 640w, /files/1/&quot;a.webp 1200w\" "
		"sizes=\"(min-width: 48em) 45rem, 100vw\" loading=\"lazy\">");
	assert_non_null(
		strstr(clean_with(*state, "<img src='/files/1/a.webp' alt='Own'>", &options),
		       "alt=\"Own\""));
	assert_string_equal(
		clean_with(*state, "<img src='https://e.example/x.png' alt='X'>", &options),
		"<a href=\"https://e.example/x.png\" rel=\"ugc nofollow\">X</a>");
	assert_string_equal(clean_with(*state, "<img src='/files/2/b.webp' alt='B'>", &options),
			    "<a href=\"/files/2/b.webp\">B</a>");
	assert_string_equal(clean_with(*state, "<img src='javascript:x' alt='B'>", &options), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_only_chosen_pictures_are_shown_with_their_size),
		TEST(test_allowed_markup_is_kept),
		TEST(test_what_is_not_allowed_loses_its_tags_or_all),
		TEST(test_structure_is_mended),
		TEST(test_tables_stand_in_a_box_and_are_complete),
		TEST(test_links_are_marked_as_what_people_wrote),
		TEST(test_pictures_are_shown_or_linked),
		TEST(test_task_boxes_become_characters),
		TEST(test_addresses_can_be_rewritten),
		TEST(test_what_would_take_too_long_is_refused),
		TEST(test_brand_markup_passes_unless_the_browser_would_drop_it),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
