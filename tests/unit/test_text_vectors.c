/*
 * The sanitiser and Markdown against hostile input: our own vectors, and where the
 * folder shared/ lies beside the checkout (or at $ENTRAIDE_SHARED) the collections
 * of others in it. Each output is judged by tests/unit/markup_oracle.c, and must
 * not change when it is sanitised again.
 */
#include "unit.h"

#include <dirent.h>
#include <jansson.h>
#include <sys/stat.h>

#include "base/utf8.h"
#include "markup_oracle.h"
#include "text/markdown.h"
#include "text/sanitize.h"

#define VECTOR_ARENA_BYTES ((size_t)256 * 1024 * 1024)
#define FILE_MAX_BYTES     ((size_t)4 * 1024 * 1024)

struct tally {
	size_t inputs, refused, faults;
};

static struct ctx ctx_of(struct arena *arena)
{
	return (struct ctx){ .arena = arena, .language = "en" };
}

static void judge(struct tally *tally, struct arena *arena, const char *id, const char *html,
		  const struct sanitize_options *options)
{
	struct ctx ctx = ctx_of(arena);
	const char *fault = markup_fault(arena, html);
	struct html_fragment again = { "" };

	if (!fault && sanitize_html(&ctx, html, options, &again) != OK)
		fault = "it cannot be sanitised again";
	if (!fault && strcmp(again.html, html) != 0)
		fault = arena_printf(arena, "sanitised again it is %s", again.html);
	if (!fault)
		return;
	tally->faults++;
	print_error("%s: %s\nin %s\n", id, fault, html);
}

static void try_html(struct tally *tally, const char *id, const char *input)
{
	static const struct sanitize_options options[] = {
		{ .has_images = true },
		{ .are_links_followed = true },
	};

	for (size_t i = 0; i < ARRAY_COUNT(options); i++) {
		struct arena *arena = arena_new(VECTOR_ARENA_BYTES);
		struct ctx ctx = ctx_of(arena);
		struct html_fragment output;

		tally->inputs++;
		if (sanitize_html(&ctx, input, &options[i], &output) == OK)
			judge(tally, arena, id, output.html, &options[i]);
		else
			tally->refused++;
		arena_free(arena);
	}
}

/* Everybody exists, under a path that needs escaping. */
static const char *mention(void *data, const char *name)
{
	(void)data;
	(void)name;
	return "/u/1-<\"'&";
}

static void try_markdown(struct tally *tally, const char *id, const char *input)
{
	struct markdown_options options = { .has_images = true, .mention = mention };
	struct sanitize_options sanitize = { .has_images = true };
	struct arena *arena = arena_new(VECTOR_ARENA_BYTES);
	struct ctx ctx = ctx_of(arena);
	struct html_fragment output;

	tally->inputs++;
	if (markdown_render(&ctx, "body", input, &options, &output) == OK)
		judge(tally, arena, id, output.html, &sanitize);
	else
		tally->refused++;
	arena_free(arena);
}

static void try_both(struct tally *tally, const char *id, const char *input)
{
	try_html(tally, id, input);
	try_markdown(tally, id, input);
}

static void report(const char *what, const struct tally *tally)
{
	print_message("%s: %zu outputs, %zu refused, %zu faults\n", what, tally->inputs,
		      tally->refused, tally->faults);
	assert_true(tally->inputs > 0);
	assert_int_equal(tally->faults, 0);
}

/* Whole file, bytes that are no UTF-8 replaced as a border would refuse them. */
static char *read_text(struct arena *arena, FILE *file)
{
	char *bytes = arena_alloc(arena, FILE_MAX_BYTES);
	size_t length = fread(bytes, 1, FILE_MAX_BYTES - 1, file);
	char *text = arena_alloc(arena, 3 * length + 1);
	size_t end = 0;

	for (size_t i = 0; i < length;) {
		size_t step = 1;

		while (step < 4 && i + step < length && !utf8_is_valid(bytes + i, step))
			step++;
		if (utf8_is_valid(bytes + i, step)) {
			memcpy(text + end, bytes + i, step);
			end += step;
			i += step;
		} else {
			end += utf8_put(text + end, 0xFFFD);
			i++;
		}
	}
	text[end] = '\0';
	return text;
}

static char *source_path(struct arena *arena, const char *path)
{
	const char *source_dir = getenv("ENTRAIDE_SOURCE_DIR");

	return arena_printf(arena, "%s/%s", source_dir ? source_dir : ".", path);
}

/* NULL, after a line that says so, where there is no such file. */
static char *shared_path(struct arena *arena, const char *path)
{
	const char *shared = getenv("ENTRAIDE_SHARED");
	char *full = shared ? arena_printf(arena, "%s/data/security/%s", shared, path)
			    : source_path(arena,
					  arena_printf(arena, "../shared/data/security/%s", path));

	if (access(full, R_OK) == 0)
		return full;
	print_message("skipped: %s is not there\n", full);
	return NULL;
}

/* "\n" and "\t" in a line of the file stand for themselves; "\\" for "\". */
static void unescape(char *line)
{
	char *out = line;

	for (; *line && *line != '\n'; line++) {
		char next = *line == '\\' ? line[1] : '\0';

		if (next == 'n' || next == 't' || next == 'r' || next == '\\') {
			*out++ = next == 'n'   ? '\n'
				 : next == 't' ? '\t'
				 : next == 'r' ? '\r'
					       : '\\';
			line++;
		} else {
			*out++ = *line;
		}
	}
	*out = '\0';
}

static void test_own_vectors_leave_nothing_forbidden(void **state)
{
	FILE *file = fopen(source_path(*state, "tests/unit/data/xss.txt"), "r");
	struct tally tally = { 0 };
	char line[65536];
	size_t number = 0;

	assert_non_null(file);
	while (fgets(line, sizeof(line), file)) {
		number++;
		if (line[0] == '\n' || strncmp(line, "# ", 2) == 0)
			continue;
		unescape(line);
		try_both(&tally, arena_printf(*state, "xss.txt:%zu", number), line);
	}
	fclose(file);
	report("own vectors", &tally);
	assert_true(tally.inputs > 3 * 200);
}

/* Without this, the zero faults above would prove nothing. */
static void test_oracle_sees_what_is_forbidden(void **state)
{
	static const char *const bad[] = {
		"<script>x</script>",
		"<p onclick=\"x\">x</p>",
		"<a href=\"javascript:x\">x</a>",
		"<p id=\"x\">x</p>",
		"<svg></svg>",
		"<!-- x -->",
		"<p>x",
		"<p>a<p>b</p></p>",
		"<a href=\"http://a.example\">x</a>",
		"<img src=\"/x\">",
		"</div><p>x</p>",
		"<a href=\"/\\x\">x</a>",
		"<a href=\"//x\">x</a>",
		"<p>a<div>b</div></p>",
		"<a href=\"data&amp;colon;x\">x</a>",
		"<table><tr><td>x</td></tr></table>",
		"<input>",
		"<p style=\"x\">x</p>",
		"<pre>\nx</pre>",
		"<b>x</b>",
	};
	static const char *const good[] = {
		"",
		"x",
		"<p>x</p>",
		"<a href=\"/x\">x</a>",
		"<pre>\n\nx</pre>",
		"<a href=\"http://a.example\" rel=\"ugc\">x</a>",
		"<ul><li>x</li></ul>",
	};

	for (size_t i = 0; i < ARRAY_COUNT(bad); i++) {
		if (!markup_fault(*state, bad[i]))
			fail_msg("not seen: %s", bad[i]);
	}
	for (size_t i = 0; i < ARRAY_COUNT(good); i++)
		assert_null(markup_fault(*state, good[i]));
}

typedef void (*try_function)(struct tally *tally, const char *id, const char *input);

/* One JSON object a line. */
static void try_json_lines(struct arena *arena, const char *path, try_function try)
{
	struct tally tally = { 0 };
	char *line = NULL;
	size_t capacity = 0;
	FILE *file;

	path = shared_path(arena, path);
	if (!path)
		return;
	file = fopen(path, "r");
	while (getline(&line, &capacity, file) > 0) {
		json_t *vector = json_loads(line, 0, NULL);
		const char *input = json_string_value(json_object_get(vector, "input"));

		/* What holds U+0000 never passes the border. */
		if (input)
			try(&tally, json_string_value(json_object_get(vector, "id")), input);
		json_decref(vector);
	}
	free(line);
	fclose(file);
	report(path, &tally);
}

static void test_html_vectors_of_others(void **state)
{
	try_json_lines(*state, "xss/html_vectors.jsonl", try_both);
}

static void test_markdown_vectors_of_others(void **state)
{
	try_json_lines(*state, "xss/markdown_vectors.jsonl", try_both);
}

/* html5lib's format: the input stands between "#data" and "#errors". */
static void try_dat(struct tally *tally, struct arena *arena, const char *id, const char *text)
{
	const char *start = text;

	while ((start = strstr(start, "#data\n"))) {
		const char *end = strstr(start, "\n#errors");

		start += strlen("#data\n");
		if (end && end > start)
			try_both(tally, id, arena_strndup(arena, start, (size_t)(end - start)));
	}
}

static void try_file(struct tally *tally, const char *path)
{
	struct arena *arena = arena_new(VECTOR_ARENA_BYTES);
	bool is_packed = strstr(path, ".gz") != NULL;
	FILE *file = is_packed ? popen(arena_printf(arena, "gzip -dc '%s'", path), "r")
			       : fopen(path, "r");
	char *text;

	assert_non_null(file);
	text = read_text(arena, file);
	if (is_packed)
		pclose(file);
	else
		fclose(file);
	try_both(tally, path, text);
	try_dat(tally, arena, path, text);
	arena_free(arena);
}

static void try_folder(struct tally *tally, const char *path)
{
	DIR *folder = opendir(path);
	struct dirent *entry;

	assert_non_null(folder);
	while ((entry = readdir(folder))) {
		char inner[4096];
		struct stat status;

		snprintf(inner, sizeof(inner), "%s/%s", path, entry->d_name);
		if (entry->d_name[0] == '.' || stat(inner, &status) != 0)
			continue;
		if (S_ISDIR(status.st_mode))
			try_folder(tally, inner);
		else
			try_file(tally, inner);
	}
	closedir(folder);
}

static void test_html5_parser_tests_and_fuzz_files(void **state)
{
	const char *path = shared_path(*state, "html5");
	struct tally tally = { 0 };

	if (!path)
		skip();
	try_folder(&tally, path);
	report(path, &tally);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_oracle_sees_what_is_forbidden),
		TEST(test_own_vectors_leave_nothing_forbidden),
		TEST(test_html_vectors_of_others),
		TEST(test_markdown_vectors_of_others),
		TEST(test_html5_parser_tests_and_fuzz_files),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
