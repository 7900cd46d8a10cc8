/*
 * That no post and no import can hold up a process: recipes for slow input, grown
 * to 16 KiB and to MARKDOWN_MAX_BYTES, must be rendered or refused in
 * COST_MAX_MS of processor time. Where the folder shared/ lies beside the
 * checkout, the recipes of others too.
 */
#include "unit.h"

#include <jansson.h>
#include <time.h>

#include "text/markdown.h"
#include "text/sanitize.h"

#define COST_ARENA_BYTES ((size_t)512 * 1024 * 1024)

/* Sanitizers make everything some ten times slower; then only endless is too long. */
#ifdef __SANITIZE_ADDRESS__
#define COST_MAX_MS 3000
#else
#define COST_MAX_MS 100
#endif

static const size_t sizes[] = { 16384, MARKDOWN_MAX_BYTES };

/* Writes about size bytes. */
typedef void (*generator)(struct buf *out, size_t size);

struct recipe {
	const char *name;
	const char *prefix, *unit, *suffix;
	generator generate; /* instead of the three */
};

static void repeat(struct buf *out, const char *unit, size_t size)
{
	size_t length = strlen(unit);

	for (size_t used = 0; used + length <= size; used += length)
		buf_text(out, unit);
}

static void backtick_ladder(struct buf *out, size_t size)
{
	for (size_t length = 1; out->length + length < size; length++) {
		buf_char(out, 'e');
		for (size_t i = 0; i < length; i++)
			buf_char(out, '`');
	}
}

static void list_staircase(struct buf *out, size_t size)
{
	for (int depth = 0; out->length + (size_t)depth + 4 < size; depth++)
		buf_printf(out, "%*s- a\n", depth, "");
}

static void deep_list_with_blank_lines(struct buf *out, size_t size)
{
	repeat(out, "- ", size / 2);
	buf_text(out, "a\n");
	repeat(out, "\n", size / 2);
}

static void deep_quote_with_lazy_lines(struct buf *out, size_t size)
{
	repeat(out, "> ", size / 2);
	buf_text(out, "a\n");
	repeat(out, "b\n", size / 2);
}

static void ten_thousand_quotes(struct buf *out, size_t size)
{
	repeat(out, "> ", 20000);
	(void)size;
}

static void wide_table(struct buf *out, size_t size)
{
	size_t columns = size / 12;

	repeat(out, "|a", 2 * columns);
	buf_text(out, "\n");
	repeat(out, "|-", 2 * columns);
	buf_text(out, "\n");
	repeat(out, "|a\n", size - out->length);
}

static void wide_table_in_quote(struct buf *out, size_t size)
{
	size_t columns = size / 12;

	buf_text(out, "> 1. ");
	repeat(out, "a|", 2 * columns);
	buf_text(out, "\n>    ");
	repeat(out, ":-:|", 4 * columns);
	buf_text(out, "\n");
	repeat(out, ">    a\n", size - out->length);
}

static void many_small_tables(struct buf *out, size_t size)
{
	repeat(out, "|a|b|c|d|\n|-|-|-|-|\nx\nx\nx\n\n", size);
}

static void one_wide_table_after_another(struct buf *out, size_t size)
{
	while (out->length + 500 < size) {
		repeat(out, "|a", 60);
		buf_text(out, "\n");
		repeat(out, "|-", 60);
		buf_text(out, "\n");
		repeat(out, "x\n", 200);
		buf_text(out, "\n");
	}
}

static void references_and_uses(struct buf *out, size_t size)
{
	for (int i = 0; out->length < size / 2; i++)
		buf_printf(out, "[%d]: /u\n", i);
	repeat(out, "[x][1]", size - out->length);
}

static void one_long_reference(struct buf *out, size_t size)
{
	buf_text(out, "[a]: /");
	repeat(out, "u", size / 2);
	buf_text(out, "\n\n");
	repeat(out, "[a]", size - out->length);
}

static void one_reference_with_long_title(struct buf *out, size_t size)
{
	buf_text(out, "[a]:\n/u\n'");
	repeat(out, "t\n", size / 2);
	buf_text(out, "'\n\n");
	repeat(out, "![a]", size - out->length);
}

static void nested_links(struct buf *out, size_t size)
{
	repeat(out, "[a](", size / 2);
	repeat(out, "b)", size / 2);
}

static void nested_brackets(struct buf *out, size_t size)
{
	repeat(out, "[", size / 2);
	repeat(out, "]", size / 2);
}

static void nested_emphasis(struct buf *out, size_t size)
{
	repeat(out, "*a _a ", size / 2);
	repeat(out, " a_ a*", size / 2);
}

static void headers_that_do_not_fit(struct buf *out, size_t size)
{
	repeat(out, "a|b|c\n", size / 2);
	repeat(out, "|-|-\n", size / 2);
}

static void address_with_brackets(struct buf *out, size_t size)
{
	buf_text(out, "www.a.example/");
	repeat(out, "(", size / 2);
	repeat(out, ")", size / 2);
}

static void many_attributes(struct buf *out, size_t size)
{
	buf_text(out, "<a");
	for (int i = 0; out->length < size; i++)
		buf_printf(out, " a%d=1", i);
	buf_text(out, ">");
}

static void deep_and_unmatched(struct buf *out, size_t size)
{
	repeat(out, "<b>", size / 2);
	repeat(out, "</i>", size / 2);
}

static void emphasis_around_blocks(struct buf *out, size_t size)
{
	repeat(out, "<u>", 180);
	repeat(out, "<p>x</p>", size);
}

static void number_and_stops(struct buf *out, size_t size)
{
	repeat(out, "0", size / 2);
	repeat(out, ".", size / 2);
}

static const struct recipe markdown_recipes[] = {
	{ "strong that never ends", "", "**a ", "", NULL },
	{ "emphasis of two kinds", "", "*a_ ", "", NULL },
	{ "emphasis of three kinds", "", "a***b_~~c ", "", NULL },
	{ "tildes", "", " ~a", "~~", NULL },
	{ "tildes in words", "", "*~", "", NULL },
	{ "backtick ladder", NULL, NULL, NULL, backtick_ladder },
	{ "backticks", "", "`` a ` b ", "", NULL },
	{ "comments", "a ", "<!-- ", "", NULL },
	{ "comments that nearly end", "a <!--", "-- ", "", NULL },
	{ "processing instructions", "a ", "<?", "", NULL },
	{ "instructions with words", "", "a <?", "", NULL },
	{ "declarations", "", "a <!A ", "", NULL },
	{ "character data", "", "a <![CDATA[", "", NULL },
	{ "tags that never end", "", "<a b=\"", "", NULL },
	{ "tags with attributes", "", "a <b c ", "", NULL },
	{ "less-than", "", "<", "", NULL },
	{ "entities", "", "&#", "", NULL },
	{ "quotes", "", "\"", "", NULL },
	{ "backslashes", "", "\\*", "", NULL },
	{ "spaces", "a", " ", "b", NULL },
	{ "tabs", "", "\t", "", NULL },
	{ "blank lines", "```\n", "\n", "", NULL },
	{ "hashes", "#", " #", "", NULL },
	{ "rules", "", "-\n", "", NULL },
	{ "underlines", "a\n", "=", "", NULL },
	{ "opening brackets", "", "[", "", NULL },
	{ "nested brackets", NULL, NULL, NULL, nested_brackets },
	{ "opening pictures", "", "![[]()", "", NULL },
	{ "picture signs", "", "![", "", NULL },
	{ "opening links", "", "[a](", "", NULL },
	{ "opening addresses", "", "[a](<b", "", NULL },
	{ "opening titles", "", "[a](b 'c", "", NULL },
	{ "nested links", NULL, NULL, NULL, nested_links },
	{ "nested emphasis", NULL, NULL, NULL, nested_emphasis },
	{ "definitions", "", "[a]: u\n", "", NULL },
	{ "definitions that never end", "", "[a]: u '\n", "", NULL },
	{ "references", NULL, NULL, NULL, references_and_uses },
	{ "a long reference", NULL, NULL, NULL, one_long_reference },
	{ "a long title", NULL, NULL, NULL, one_reference_with_long_title },
	{ "links between emphasis", "", "[a]:_=\n__", "", NULL },
	{ "mail addresses", "", "a@b.", "", NULL },
	{ "mail signs", "", "a@", "", NULL },
	{ "mail addresses in words", "", "a.b@c_", "", NULL },
	{ "mail links", "", "a@b.c ", "", NULL },
	{ "web addresses", "", "http://a ", "", NULL },
	{ "web signs", "", "www.", "", NULL },
	{ "web signs and underscores", "", "_www.", "", NULL },
	{ "web signs and tags", "", "www.<~~~", "", NULL },
	{ "colons", "", "a:", "", NULL },
	{ "address with brackets", NULL, NULL, NULL, address_with_brackets },
	{ "address with closing brackets", "http://a.example/", ")", "", NULL },
	{ "address with brackets and stops", "https://a.example/", ").", "", NULL },
	{ "address with entities", "www.a.example/", "&a;", "", NULL },
	{ "quotes in quotes", "", "> ", "", NULL },
	{ "ten thousand quotes", NULL, NULL, NULL, ten_thousand_quotes },
	{ "quotes without spaces", "", ">", "a\n", NULL },
	{ "lists in lists", "", "+ ", "", NULL },
	{ "numbers in lists", "", "1. ", "", NULL },
	{ "lists and quotes", "", "> - 1. ", "", NULL },
	{ "a staircase of lists", NULL, NULL, NULL, list_staircase },
	{ "a deep list and blank lines", NULL, NULL, NULL, deep_list_with_blank_lines },
	{ "a deep quote and lazy lines", NULL, NULL, NULL, deep_quote_with_lazy_lines },
	{ "items", "", "* a\n", "", NULL },
	{ "tasks", "", "- [x] a\n", "", NULL },
	{ "a wide table", NULL, NULL, NULL, wide_table },
	{ "a wide table in a quote", NULL, NULL, NULL, wide_table_in_quote },
	{ "many small tables", NULL, NULL, NULL, many_small_tables },
	{ "wide tables", NULL, NULL, NULL, one_wide_table_after_another },
	{ "lines that nearly make tables", "", "a\n-|-\n", "", NULL },
	{ "lines that make one cell", "a|\n", "-|\n", "", NULL },
	{ "a header of many lines", "", "=\n:-", "", NULL },
	{ "a header of many cells", "|", "|", "|a\n|-|-|\n", NULL },
	{ "headers that do not fit", NULL, NULL, NULL, headers_that_do_not_fit },
	{ "rows of a narrow table", "|a|\n|-|\n", "b\n", "", NULL },
	{ "mentions", "", "@ab ", "", NULL },
	{ "spoilers", "", ">! a\n\n", "", NULL },
	{ "footnotes", "", "[^a]: b\n[^a] ", "", NULL },
};

static const struct recipe html_recipes[] = {
	{ "paragraphs in bold", "", "<b><p>", "", NULL },
	{ "attributes", NULL, NULL, NULL, many_attributes },
	{ "less-than", "", "<", "", NULL },
	{ "tags that never end", "", "<a ", "", NULL },
	{ "quotes that never end", "", "<a b='", "", NULL },
	{ "a quote that never ends", "<a href=\"", "\"", "", NULL },
	{ "tables in tables", "", "<table>", "", NULL },
	{ "svg in svg", "", "<svg>", "", NULL },
	{ "crossed formatting", "", "<b><font>", "</b>", NULL },
	{ "crossed links", "", "<a href=/><b>", "", NULL },
	{ "deep and unmatched", NULL, NULL, NULL, deep_and_unmatched },
	{ "ends only", "", "</p>", "", NULL },
	{ "ends of bodies", "", "</body><p>", "", NULL },
	{ "bodies", "", "<body a=b>", "", NULL },
	{ "comments", "", "<!--", "", NULL },
	{ "entities", "", "&#x", "", NULL },
	{ "long entity", "&", "a", ";", NULL },
	{ "cells", "<table>", "<td>", "", NULL },
	{ "items", "<ul>", "<li>a", "", NULL },
	{ "terms", "", "<dl><dt>a<dd>", "", NULL },
	{ "spoilers", "", "<details>", "", NULL },
	{ "emphasis around blocks", NULL, NULL, NULL, emphasis_around_blocks },
	{ "links", "", "<a href=http://a.example/>a</a>", "", NULL },
	{ "classes", "<code class=\"", "language-a ", "\">", NULL },
	{ "line feeds", "<pre>", "\r", "", NULL },
	{ "a number and stops", NULL, NULL, NULL, number_and_stops },
};

static double milliseconds(void)
{
	struct timespec time;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
	return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

static const char *grow(struct arena *arena, const struct recipe *recipe, size_t size)
{
	struct buf out;

	buf_init(&out, arena, 4 * size);
	if (recipe->generate) {
		recipe->generate(&out, size);
	} else {
		buf_text(&out, recipe->prefix);
		repeat(&out, recipe->unit, size - out.length - strlen(recipe->suffix));
		buf_text(&out, recipe->suffix);
	}
	/* Ten thousand quotes are what they are; the rest stays within the size. */
	if (out.length > size && recipe->generate != ten_thousand_quotes)
		out.data[size] = '\0';
	return out.data;
}

typedef enum err (*action)(struct ctx *ctx, const char *text);

static enum err render(struct ctx *ctx, const char *text)
{
	struct markdown_options options = { .has_images = true };
	struct html_fragment out;

	return markdown_render(ctx, "body", text, &options, &out);
}

static enum err list_and_shorten(struct ctx *ctx, const char *text)
{
	const char *names[MARKDOWN_MENTIONS_MAX];

	(void)markdown_mentions(ctx->arena, text, names);
	(void)markdown_excerpt(ctx->arena, text, 200);
	return OK;
}

static enum err sanitize(struct ctx *ctx, const char *text)
{
	struct sanitize_options options = { .has_images = true };
	struct html_fragment out;

	TRY(sanitize_html(ctx, text, &options, &out));
	(void)markdown_from_html(ctx->arena, out.html);
	return OK;
}

/* The better of two: a machine with other work to do is no news. */
static double cost_of(action act, const char *text)
{
	double best = 1e9;

	for (int i = 0; i < 2 && best > COST_MAX_MS / 2.0; i++) {
		struct arena *arena = arena_new(COST_ARENA_BYTES);
		struct ctx ctx = { .arena = arena };
		double start = milliseconds(), cost;
		enum err result = act(&ctx, text);

		cost = milliseconds() - start;
		assert_true(result == OK || (result == ERR_INVALID && ctx.error.message));
		best = cost < best ? cost : best;
		arena_free(arena);
	}
	return best;
}

struct worst {
	double cost;
	const char *name;
	size_t tried, failed;
};

static void measure(struct worst *worst, action act, const char *name, const char *text)
{
	double cost = cost_of(act, text);

	worst->tried++;
	if (cost > COST_MAX_MS) {
		worst->failed++;
		print_error("%s, %zu bytes: %.1f ms\n", name, strlen(text), cost);
	}
	if (cost > worst->cost) {
		worst->cost = cost;
		worst->name = name;
	}
}

static void report(const struct worst *worst)
{
	print_message("%zu inputs, the slowest %.1f ms: %s\n", worst->tried, worst->cost,
		      worst->name);
	assert_true(worst->tried > 0);
	assert_int_equal(worst->failed, 0);
}

static void measure_all(const struct recipe *recipes, size_t count, action act)
{
	struct worst worst = { .name = "" };

	for (size_t i = 0; i < count; i++) {
		for (size_t j = 0; j < ARRAY_COUNT(sizes); j++) {
			struct arena *arena = arena_new(COST_ARENA_BYTES);

			measure(&worst, act, recipes[i].name, grow(arena, &recipes[i], sizes[j]));
			arena_free(arena);
		}
	}
	report(&worst);
}

static void test_markdown_is_rendered_or_refused_in_time(void **state)
{
	(void)state;
	measure_all(markdown_recipes, ARRAY_COUNT(markdown_recipes), render);
}

static void test_mentions_and_excerpts_are_made_in_time(void **state)
{
	(void)state;
	measure_all(markdown_recipes, ARRAY_COUNT(markdown_recipes), list_and_shorten);
}

static void test_html_is_sanitised_or_refused_in_time(void **state)
{
	(void)state;
	measure_all(html_recipes, ARRAY_COUNT(html_recipes), sanitize);
	measure_all(markdown_recipes, ARRAY_COUNT(markdown_recipes), sanitize);
}

/* The generators that the file of recipes only names. */
static generator named_generator(const char *name)
{
	static const struct {
		const char *name;
		generator generate;
	} named[] = {
		{ "LADDER", backtick_ladder },
		{ "NEST", list_staircase },
		{ "REFS", references_and_uses },
		{ "TABLE", wide_table },
		{ "TABLE2", one_wide_table_after_another },
		{ "ATTRS", many_attributes },
	};

	for (size_t i = 0; i < ARRAY_COUNT(named); i++) {
		if (strcmp(named[i].name, name) == 0)
			return named[i].generate;
	}
	return NULL;
}

static json_t *load_recipes(struct arena *arena)
{
	const char *source_dir = getenv("ENTRAIDE_SOURCE_DIR");
	const char *shared = getenv("ENTRAIDE_SHARED");
	const char *folder = shared ? shared
				    : arena_printf(arena, "%s/../shared",
						   source_dir ? source_dir : ".");
	const char *path = arena_printf(arena, "%s/data/security/dos/recipes.json", folder);
	json_t *recipes = json_load_file(path, 0, NULL);

	if (!recipes)
		print_message("skipped: %s is not there\n", path);
	return recipes;
}

static void test_recipes_of_others_are_refused_or_done_in_time(void **state)
{
	json_t *recipes = load_recipes(*state);
	struct worst worst = { .name = "" };

	if (!recipes)
		skip();
	for (size_t i = 0; i < json_array_size(recipes); i++) {
		json_t *json = json_array_get(recipes, i);
		const char *target = json_string_value(json_object_get(json, "target"));
		struct recipe recipe = {
			.name = json_string_value(json_object_get(json, "name")),
			.prefix = json_string_value(json_object_get(json, "prefix")),
			.unit = json_string_value(json_object_get(json, "unit")),
			.suffix = json_string_value(json_object_get(json, "suffix")),
		};

		recipe.generate = named_generator(recipe.prefix);
		/* A generator for other targets, such as KEYS for JSON. */
		if (!recipe.generate && !*recipe.unit)
			continue;
		for (size_t j = 0; j < ARRAY_COUNT(sizes); j++) {
			struct arena *arena = arena_new(COST_ARENA_BYTES);
			const char *text = grow(arena, &recipe, sizes[j]);

			measure(&worst, strcmp(target, "md") == 0 ? render : sanitize, recipe.name,
				text);
			arena_free(arena);
		}
	}
	report(&worst);
	json_decref(recipes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_markdown_is_rendered_or_refused_in_time),
		TEST(test_mentions_and_excerpts_are_made_in_time),
		TEST(test_html_is_sanitised_or_refused_in_time),
		TEST(test_recipes_of_others_are_refused_or_done_in_time),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
