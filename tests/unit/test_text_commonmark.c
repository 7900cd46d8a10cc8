/*
 * That nothing wanted is lost: the examples of the CommonMark specification, where
 * the folder shared/ lies beside the checkout. Twice: their HTML through the
 * sanitiser, and their Markdown through all of markdown_render, both compared as
 * trees with the HTML they should give.
 */
#include "unit.h"

#include <cmark-gfm.h>
#include <jansson.h>

#include "markup_oracle.h"
#include "text/markdown.h"
#include "text/sanitize.h"

struct example {
	const char *id, *markdown, *html;
};

typedef char *(*render_function)(struct arena *arena, const struct example *example);

/* An example that differs on purpose. */
struct exception {
	const char *id, *reason;
};

/* NULL, after a line that says so, where the file is not there. */
static FILE *open_examples(struct arena *arena)
{
	const char *source_dir = getenv("ENTRAIDE_SOURCE_DIR");
	const char *shared = getenv("ENTRAIDE_SHARED");
	const char *folder = shared ? shared
				    : arena_printf(arena, "%s/../shared",
						   source_dir ? source_dir : ".");
	const char *path = arena_printf(arena, "%s/data/security/markdown/commonmark_spec.jsonl",
					folder);
	FILE *file = fopen(path, "r");

	if (!file)
		print_message("skipped: %s is not there\n", path);
	return file;
}

static const char *reason_of(const struct exception *exceptions, const char *id)
{
	for (; exceptions->id; exceptions++) {
		if (strcmp(exceptions->id, id) == 0)
			return exceptions->reason;
	}
	return NULL;
}

static bool has_raw_html(const char *markdown)
{
	cmark_node *root = cmark_parse_document(markdown, strlen(markdown), CMARK_OPT_DEFAULT);
	cmark_iter *iter = cmark_iter_new(root);
	bool is_found = false;

	while (cmark_iter_next(iter) != CMARK_EVENT_DONE) {
		cmark_node_type type = cmark_node_get_type(cmark_iter_get_node(iter));

		is_found = is_found || type == CMARK_NODE_HTML_BLOCK ||
			   type == CMARK_NODE_HTML_INLINE;
	}
	cmark_iter_free(iter);
	cmark_node_free(root);
	return is_found;
}

static char *sanitized(struct arena *arena, const struct example *example)
{
	struct sanitize_options options = { .has_images = true };
	struct ctx ctx = { .arena = arena };
	struct html_fragment output;

	assert_int_equal(sanitize_html(&ctx, example->html, &options, &output), OK);
	return markup_canonical(arena, output.html);
}

static char *rendered(struct arena *arena, const struct example *example)
{
	struct markdown_options options = { .has_images = true };
	struct ctx ctx = { .arena = arena };
	struct html_fragment output;

	assert_int_equal(markdown_render(&ctx, "body", example->markdown, &options, &output), OK);
	return markup_canonical(arena, output.html);
}

static char *expected_of(struct arena *arena, const struct example *example)
{
	return markup_canonical(arena, example->html);
}

struct comparison {
	const char *name;
	render_function actual;
	bool skips_raw_html;
	const struct exception *exceptions;
	size_t compared, equal, excepted, unexpected;
};

static void compare(struct comparison *comparison, const struct example *example)
{
	struct arena *arena = arena_new(UNIT_ARENA_BYTES);
	const char *reason = reason_of(comparison->exceptions, example->id);
	const char *actual, *expected;

	if (comparison->skips_raw_html && has_raw_html(example->markdown)) {
		arena_free(arena);
		return;
	}
	actual = comparison->actual(arena, example);
	expected = expected_of(arena, example);
	comparison->compared++;
	if (strcmp(actual, expected) == 0) {
		comparison->equal++;
	} else if (reason) {
		comparison->excepted++;
		print_message("%s differs: %s\n", example->id, reason);
	} else {
		comparison->unexpected++;
		print_error("%s: %s\nis      %s\nand not %s\n", example->id, example->markdown,
			    actual, expected);
	}
	arena_free(arena);
}

static void compare_all(struct arena *arena, struct comparison *comparison)
{
	FILE *file = open_examples(arena);
	char *line = NULL;
	size_t capacity = 0;

	if (!file)
		skip();
	while (getline(&line, &capacity, file) > 0) {
		json_t *json = json_loads(line, 0, NULL);
		struct example example = {
			.id = json_string_value(json_object_get(json, "id")),
			.markdown = json_string_value(json_object_get(json, "markdown")),
			.html = json_string_value(json_object_get(json, "html")),
		};

		if (json_is_true(json_object_get(json, "safe")) && example.markdown)
			compare(comparison, &example);
		json_decref(json);
	}
	free(line);
	fclose(file);
	print_message("%s: %zu of %zu equal, %zu differ on purpose\n", comparison->name,
		      comparison->equal, comparison->compared, comparison->excepted);
	assert_int_equal(comparison->unexpected, 0);
	assert_true(comparison->compared > 400);
}

#define BACKSLASH  "a backslash in an address is encoded, because browsers take it for a slash"
#define ATTRIBUTES "attributes that mean nothing to us are left out"
#define UNFINISHED "a tag that never ends is not repaired as HTML 5 would"
#define UNCLOSED   "a link that never ends is ended with its paragraph"
#define NESTING    "libxml2 reads this nesting as HTML 4"
#define BLOCKS     "emphasis around a block is written inside it"
#define AUTOLINK   "the extension makes links of bare addresses"
#define CHANGED    "the specification changed after cmark-gfm 0.29"

static void test_sanitiser_keeps_what_commonmark_gives(void **state)
{
	static const struct exception exceptions[] = {
		{ "cm21", BACKSLASH },
		{ "cm148", NESTING },
		{ "cm156", UNFINISHED },
		{ "cm157", UNFINISHED },
		{ "cm158", UNFINISHED },
		{ "cm168", BLOCKS },
		{ "cm171", ATTRIBUTES },
		{ "cm189", UNCLOSED },
		{ "cm193", NESTING },
		{ "cm346", UNCLOSED },
		{ "cm478", UNCLOSED },
		{ "cm479", UNCLOSED },
		{ "cm477", "a picture without alternative text gets an empty one" },
		{ "cm618", ATTRIBUTES },
		{ "cm632", UNCLOSED },
		{ "cm633", BACKSLASH },
		{ "cm645", "blanks in an address are encoded" },
		{ "cm646", BACKSLASH },
		{ NULL, NULL },
	};
	struct comparison comparison = {
		.name = "sanitised",
		.actual = sanitized,
		.exceptions = exceptions,
	};

	compare_all(*state, &comparison);
}

static void test_markdown_gives_what_commonmark_says(void **state)
{
	static const struct exception exceptions[] = {
		{ "cm28", CHANGED },   { "cm356", CHANGED },  { "cm604", AUTOLINK },
		{ "cm608", AUTOLINK }, { "cm610", AUTOLINK }, { "cm613", AUTOLINK },
		{ "cm614", AUTOLINK }, { NULL, NULL },
	};
	struct comparison comparison = {
		.name = "rendered",
		.actual = rendered,
		.skips_raw_html = true,
		.exceptions = exceptions,
	};

	compare_all(*state, &comparison);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_sanitiser_keeps_what_commonmark_gives),
		TEST(test_markdown_gives_what_commonmark_says),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
