/*
 * Markdown as people write it: what it becomes, who is mentioned, what an excerpt
 * says, and the way back from markup. CommonMark itself is tested in
 * test_text_commonmark.c, cost in test_text_cost.c.
 */
#include "unit.h"

#include "text/markdown.h"

struct example {
	const char *from, *to;
};

/* Marie and Jean.Dupont are people here; evil has a bad path. */
static const char *mention(void *data, const char *name)
{
	size_t *calls = data;

	++*calls;
	if (strcmp(name, "evil") == 0)
		return "javascript:alert(1)";
	return strcmp(name, "marie") == 0 || strcmp(name, "jean.dupont") == 0 ? "/u/7-x\"y" : NULL;
}

static const char *rendered(struct arena *arena, const char *markdown)
{
	size_t calls = 0;
	struct markdown_options options = {
		.has_images = true,
		.mention = mention,
		.mention_data = &calls,
	};
	struct ctx ctx = { .arena = arena };
	struct html_fragment out;

	assert_int_equal(markdown_render(&ctx, "body", markdown, &options, &out), OK);
	assert_true(calls <= MARKDOWN_MENTIONS_MAX);
	return out.html;
}

static void test_posts_become_markup(void **state)
{
	static const struct example examples[] = {
		{ "", "" },
		{ "# a\n\n###### b", "<h3>a</h3>\n<h4>b</h4>\n" },
		{ "### a\n\n## b\n\n#### c\n\n### d\n\n## e",
		  "<h3>a</h3>\n<h3>b</h3>\n<h4>c</h4>\n<h4>d</h4>\n<h3>e</h3>\n" },
		{ "a\nb  \nc", "<p>a\nb<br>\nc</p>\n" },
		{ "~~a~~ **b** `c<d`",
		  "<p><del>a</del> <strong>b</strong> <code>c&lt;d</code></p>\n" },
		{ "```c\nx\n```", "<pre><code class=\"language-c\">x\n</code></pre>\n" },
		{ "- [x] a\n- [ ] b", "<ul>\n<li><span class=\"task task-done\">☑</span> a</li>\n"
				      "<li><span class=\"task\">☐</span> b</li>\n</ul>\n" },
		{ "|a|b|\n|:-|-:|\n|c|d|",
		  "<div class=\"table-wrap\" tabindex=\"0\"><table>\n<thead>\n<tr>\n"
		  "<th class=\"align-left\">a</th>\n<th class=\"align-right\">b</th>\n</tr>\n</thead>\n"
		  "<tbody>\n<tr>\n<td class=\"align-left\">c</td>\n<td class=\"align-right\">d</td>\n"
		  "</tr>\n</tbody>\n</table></div>\n" },
		{ "www.a.example", "<p><a href=\"http://www.a.example\" rel=\"ugc nofollow\">"
				   "www.a.example</a></p>\n" },
		{ "![a](/b.png \"c\")",
		  "<p><img src=\"/b.png\" alt=\"a\" title=\"c\" loading=\"lazy\"></p>\n" },
		{ "[a](javascript:b) ![c](data:d)", "<p>a c</p>\n" },
	};

	for (size_t i = 0; i < ARRAY_COUNT(examples); i++)
		assert_string_equal(rendered(*state, examples[i].from), examples[i].to);
}

static void test_raw_html_is_shown_as_it_was_typed(void **state)
{
	static const struct example examples[] = {
		{ "a <b>c</b>", "<p>a &lt;b&gt;c&lt;/b&gt;</p>\n" },
		{ "<div>\na\n</div>", "<p>&lt;div&gt;\na\n&lt;/div&gt;</p>\n" },
		{ "a<br>b<BR />c", "<p>a<br>\nb<br>\nc</p>\n" },
		{ "a<!-- b -->c\n\n<!-- d -->", "<p>ac</p>\n" },
		{ "<!-- a --> b", "<p>&lt;!-- a --&gt; b</p>\n" },
		/* A line break that its cell cannot hold, in a picture that is refused. */
		{ "|a|\n|-|\n|![b<br>c](javascript:d)|",
		  "<div class=\"table-wrap\" tabindex=\"0\"><table>\n<thead>\n<tr>\n<th>a</th>\n</tr>\n"
		  "</thead>\n<tbody>\n<tr>\n<td>bc</td>\n</tr>\n</tbody>\n</table></div>\n" },
	};

	for (size_t i = 0; i < ARRAY_COUNT(examples); i++)
		assert_string_equal(rendered(*state, examples[i].from), examples[i].to);
}

static void test_spoilers_are_folded_away(void **state)
{
	static const struct example examples[] = {
		{ ">! a\n>! b",
		  "<details class=\"spoiler\">\n<summary>Spoiler</summary><p>a\nb</p>\n</details>\n" },
		{ ">! **a**\n>\n> - b",
		  "<details class=\"spoiler\">\n<summary>Spoiler</summary><p><strong>a</strong></p>\n"
		  "<ul>\n<li>b</li>\n</ul>\n</details>\n" },
		{ "> a! b", "<blockquote>\n<p>a! b</p>\n</blockquote>\n" },
		{ ">![a](/b.png)",
		  "<blockquote>\n<p><img src=\"/b.png\" alt=\"a\" loading=\"lazy\"></p>\n</blockquote>\n" },
	};

	for (size_t i = 0; i < ARRAY_COUNT(examples); i++)
		assert_string_equal(rendered(*state, examples[i].from), examples[i].to);
}

static void test_mentions_become_links_outside_code_and_links(void **state)
{
#define MARIE "<a href=\"/u/7-x%22y\">@marie</a>"
	static const struct example examples[] = {
		{ "@marie", "<p>" MARIE "</p>\n" },
		{ "(@marie, @marie.)", "<p>(" MARIE ", " MARIE ".)</p>\n" },
		{ "**@jean.dupont**, @nobody",
		  "<p><strong><a href=\"/u/7-x%22y\">@jean.dupont</a></strong>, @nobody</p>\n" },
		{ "`@marie` [@marie](/x)",
		  "<p><code>@marie</code> <a href=\"/x\">@marie</a></p>\n" },
		{ "    @marie", "<pre><code>@marie\n</code></pre>\n" },
		{ "x@marie /@marie @@marie", "<p>x@marie /@marie @@marie</p>\n" },
		{ "@evil", "<p>@evil</p>\n" },
		{ "|@marie|\n|-|",
		  "<div class=\"table-wrap\" tabindex=\"0\"><table>\n<thead>\n<tr>\n<th>" MARIE
		  "</th>\n</tr>\n</thead>\n</table></div>\n" },
	};

	for (size_t i = 0; i < ARRAY_COUNT(examples); i++)
		assert_string_equal(rendered(*state, examples[i].from), examples[i].to);
}

static void test_only_so_many_people_are_asked_for(void **state)
{
	struct buf text;

	buf_init(&text, *state, 4096);
	for (int i = 0; i < 50; i++)
		buf_printf(&text, "@name%d @name%d ", i, i);
	(void)rendered(*state, text.data);
}

static void test_names_are_listed_once_in_order(void **state)
{
	const char *names[MARKDOWN_MENTIONS_MAX];
	size_t count = markdown_mentions(*state,
					 "@marie-anne, @Éloïse_2 `@code` @marie-anne a@b.example "
					 "[@x1](/y) @a @"
					 "1234567890123456789012345678901234567890"
					 "1 @日本語...",
					 names);

	assert_int_equal(count, 3);
	assert_string_equal(names[0], "marie-anne");
	assert_string_equal(names[1], "Éloïse_2");
	assert_string_equal(names[2], "日本語");
}

static void test_what_is_a_name(void **state)
{
	static const char *const valid[] = { "ab", "jean.dupont", "a-b_c", "Éloïse", "日本", "7e" };
	static const char *const invalid[] = { "",    "a",  "-ab", "ab.",  "a b", "a@b",
					       "a/b", "😀😀", "a'b", "a\nb", "_a",  "a-" };

	(void)state;
	for (size_t i = 0; i < ARRAY_COUNT(valid); i++)
		assert_true(markdown_name_is_valid(valid[i]));
	for (size_t i = 0; i < ARRAY_COUNT(invalid); i++)
		assert_false(markdown_name_is_valid(invalid[i]));
	assert_true(markdown_name_is_valid("1234567890123456789012345678901234567890"));
	assert_false(markdown_name_is_valid("12345678901234567890123456789012345678901"));
}

static void test_excerpt_is_words_on_one_line(void **state)
{
	static const struct example examples[] = {
		{ "# Titre\n\nUn *mot* et [un lien](/x).\n\n- a\n- b",
		  "Titre Un mot et un lien. a b" },
		{ "`code` ![image](/x.png)\n\n```\nx  y\n```", "code image x y" },
		{ ">! caché\n\nvisible", "visible" },
		{ "", "" },
		{ "a & <b>", "a & <b>" },
	};

	for (size_t i = 0; i < ARRAY_COUNT(examples); i++)
		assert_string_equal(markdown_excerpt(*state, examples[i].from, 100),
				    examples[i].to);
	assert_string_equal(markdown_excerpt(*state, "été à la mer", 3), "été…");
	assert_string_equal(markdown_excerpt(*state, "été à la mer", 4), "été…");
	assert_string_equal(markdown_excerpt(*state, "abc", 3), "abc");
}

static void test_quote_marks_every_line(void **state)
{
	assert_string_equal(markdown_quote(*state, "a\n\nb\n"), "> a\n>\n> b\n\n");
	assert_string_equal(markdown_quote(*state, "> a"), "> > a\n\n");
	assert_string_equal(rendered(*state, markdown_quote(*state, "# a\n- b")),
			    "<blockquote>\n<h3>a</h3>\n<ul>\n<li>b</li>\n</ul>\n</blockquote>\n");
}

static char *repeated(struct arena *arena, const char *unit, size_t count)
{
	struct buf out;

	buf_init(&out, arena, UNIT_ARENA_BYTES);
	while (count-- > 0)
		buf_text(&out, unit);
	return out.data;
}

/* A list in a list in a list, one level a line. */
static char *staircase(struct arena *arena, int levels)
{
	struct buf out;

	buf_init(&out, arena, UNIT_ARENA_BYTES);
	for (int level = 0; level < levels; level++)
		buf_printf(&out, "%*s- a\n", 2 * level, "");
	return out.data;
}

static char *nested_emphasis(struct arena *arena, size_t pairs)
{
	return arena_printf(arena, "%sx%s", repeated(arena, "*a _a ", pairs),
			    repeated(arena, " a_ a*", pairs));
}

static void test_over_a_limit_the_field_and_the_reason_are_named(void **state)
{
	const char *const texts[] = {
		repeated(*state, "x", MARKDOWN_MAX_BYTES + 1),
		repeated(*state, "> ", MARKDOWN_NESTING_MAX + 1),
		repeated(*state, "+ ", MARKDOWN_NESTING_MAX + 1),
		staircase(*state, MARKDOWN_NESTING_MAX + 1),
		nested_emphasis(*state, 30),
		arena_printf(*state, "%s\n%s\n", repeated(*state, "|a", MARKDOWN_COLUMNS_MAX + 1),
			     repeated(*state, "|-", MARKDOWN_COLUMNS_MAX + 1)),
		arena_printf(*state, "|a|b|\n|-|-|\n%s",
			     repeated(*state, "c\n", MARKDOWN_CELLS_MAX)),
		repeated(*state, "@", 2000),
	};

	for (size_t i = 0; i < ARRAY_COUNT(texts); i++) {
		struct markdown_options options = { 0 };
		struct ctx ctx = { .arena = *state };
		struct html_fragment out;

		assert_int_equal(markdown_render(&ctx, "body", texts[i], &options, &out),
				 ERR_INVALID);
		assert_string_equal(ctx.error.field, "body");
		assert_true(strlen(ctx.error.message) > 10);
	}
}

static void test_at_the_limit_it_still_works(void **state)
{
	(void)rendered(*state, repeated(*state, "x", MARKDOWN_MAX_BYTES));
	(void)rendered(*state, repeated(*state, "> ", MARKDOWN_NESTING_MAX));
	(void)rendered(*state, staircase(*state, MARKDOWN_NESTING_MAX));
	(void)rendered(*state, nested_emphasis(*state, 20));
	(void)rendered(*state, repeated(*state, "- ", 500)); /* a line across the page */
	(void)rendered(*state, arena_printf(*state, "%s\n%s\n",
					    repeated(*state, "|a", MARKDOWN_COLUMNS_MAX),
					    repeated(*state, "|-", MARKDOWN_COLUMNS_MAX)));
}

static void test_markup_becomes_markdown_that_people_would_type(void **state)
{
	static const struct example examples[] = {
		{ "<p>a <strong>b</strong> <em>c</em></p><p>d</p>", "a **b** *c*\n\nd" },
		{ "<h3>a</h3><h4>b #</h4>", "# a\n\n## b \\#" },
		{ "<ul><li>a</li><li>b<ol start=\"3\"><li>c</li></ol></li></ul>",
		  "- a\n- b\n  3. c" },
		{ "<blockquote><p>a</p><p>b</p></blockquote>", "> a\n>\n> b" },
		{ "<p>a_b *c* [d] 1. e</p><p>1. f</p><p>- g</p>",
		  "a_b \\*c\\* \\[d\\] 1. e\n\n1\\. f\n\n\\- g" },
		{ "<pre><code class=\"language-c\">a\n\n```\n</code></pre>",
		  "````c\na\n\n```\n````" },
		{ "<p><code>a`b</code></p>", "``a`b``" },
		{ "<p><a href=\"http://a.example/b\">c</a></p>", "[c](http://a.example/b)" },
		{ "<p><a href=\"http://a.example/b_c\">http://a.example/b_c</a></p>",
		  "<http://a.example/b_c>" },
		{ "<p><a href=\"http://www.a.example\">www.a.example</a></p>", "www.a.example" },
		{ "<p><a href=\"/u/7-x\">@marie</a> <a href=\"/y(z)\" title=\"t\">u</a></p>",
		  "@marie [u](</y(z)> \"t\")" },
		{ "<p><img src=\"/a.png\" alt=\"b\"></p>", "![b](/a.png)" },
		{ "<p>a<br>b</p><hr>", "a\\\nb\n\n___" },
		{ "<table><tr><th>a</th><th class=\"align-right\">b|c</th></tr><tr><td>d</td></tr></table>",
		  "| a | b\\|c |\n| --- | --: |\n| d |  |" },
		{ "<details class=\"spoiler\"><summary>Spoiler</summary><p>a</p></details>",
		  ">! a" },
		{ "<ul><li><span class=\"task task-done\">☑</span> a</li></ul>", "- [x] a" },
		{ "<p>H<sub>2</sub>O &amp;copy; <kbd>x</kbd></p>", "H2O \\&copy; x" },
		{ "<ul><li>a</li></ul><ul><li>b</li></ul>", "- a\n\n* b" },
		{ "<p><em> a </em>b</p>", "*a* b" },
		{ "", "" },
	};

	for (size_t i = 0; i < ARRAY_COUNT(examples); i++)
		assert_string_equal(markdown_from_html(*state, examples[i].from), examples[i].to);
}

/* What people type most comes back as the same markup. */
static void test_markup_survives_the_way_to_markdown_and_back(void **state)
{
	static const char *const texts[] = {
		"# a\n\nb **c** *d* ~~e~~ `f`\n\n- g\n- h\n  1. i\n  2. j\n\n> k\n> l\n",
		"- a\n\n  b\n\n- c\n\n      d\n",
		"```sh\necho \"*\" | sed 's/_/\\\\/'\n```\n",
		"|a|b|\n|:-:|-|\n|`c\\|d`|[e](/f)|\n",
		">! a **b**\n>! c\n\n- [ ] d\n- [x] e\n",
		"[a](http://b.example/c_d_e \"f\") <http://g.example> h@i.example ![j](/k.png)\n",
		"a\\\nb\n\n***\n\n1) c\n2) d\n\n1. e\n",
		"\\*a\\* \\_b\\_ \\# \\> c\n\\- d\n\\1. 2024\\. e\n\n&amp;lt; \\<b> \\`c\\`\n",
		"***a** b* **c *d***\n\n> - a\n>\n>   > b\n\n## c **d** `e`\n",
	};

	for (size_t i = 0; i < ARRAY_COUNT(texts); i++) {
		const char *html = rendered(*state, texts[i]);

		assert_string_equal(rendered(*state, markdown_from_html(*state, html)), html);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_posts_become_markup),
		TEST(test_raw_html_is_shown_as_it_was_typed),
		TEST(test_spoilers_are_folded_away),
		TEST(test_mentions_become_links_outside_code_and_links),
		TEST(test_only_so_many_people_are_asked_for),
		TEST(test_names_are_listed_once_in_order),
		TEST(test_what_is_a_name),
		TEST(test_excerpt_is_words_on_one_line),
		TEST(test_quote_marks_every_line),
		TEST(test_over_a_limit_the_field_and_the_reason_are_named),
		TEST(test_at_the_limit_it_still_works),
		TEST(test_markup_becomes_markdown_that_people_would_type),
		TEST(test_markup_survives_the_way_to_markdown_and_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
