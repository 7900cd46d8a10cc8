/*
 * Taking articles over: what a line must have, all or nothing, a second run, where themes
 * lead, and that what is written down is taken back as the same.
 */
#include "forum_fixture.h"

#include "base/utf8.h"
#include "forum/article_import.h"

#define WORDS "Assez de mots pour un article."

struct said {
	int64_t line;
	int count;
	const char *field, *problem;
};

static void note(void *data, int64_t line, const char *field, const char *problem)
{
	struct said *said = data;

	if (said->count++ == 0)
		*said = (struct said){ line, 1, field, problem };
}

static enum err import(struct ctx *ctx, const char *text, struct article_import_result *result,
		       struct said *said)
{
	const struct article_import_options options = { .language = "fr",
							.complain = said ? note : NULL,
							.data = said };

	return article_import(ctx, text, strlen(text), &options, result);
}

static struct article_import_result imported(struct ctx *ctx, const char *text)
{
	struct article_import_result result;

	assert_ok(ctx, import(ctx, text, &result, NULL));
	return result;
}

static int64_t number_of(struct ctx *ctx, const char *key)
{
	const char *path;

	assert_ok(ctx, article_old_address(ctx, key, &path));
	return strtoll(path + strlen("/kb/"), NULL, 10);
}

static struct article_line line_of(struct ctx *ctx, const char *text)
{
	struct article_line line;

	assert_ok(ctx, article_line_read(ctx, text, strlen(text), "fr", &line));
	return line;
}

static void test_lines_that_are_refused_name_the_field(void **state)
{
	static const struct {
		const char *line, *field;
	} cases[] = {
		{ "not json", NULL },
		{ "[1]", NULL },
		{ "{\"title\":\"abc\",\"body\":\"" WORDS "\"}", "id" },
		{ "{\"id\":\"a/b\",\"title\":\"abc\",\"body\":\"" WORDS "\"}", "id" },
		{ "{\"id\":\"a\",\"title\":\"ab\",\"body\":\"" WORDS "\"}", "title" },
		{ "{\"id\":\"a\",\"title\":\"abc\",\"body\":\"\"}", "body" },
		{ "{\"id\":\"a\",\"title\":\"abc\",\"body\":\"" WORDS "\",\"lang\":\"de\"}",
		  "lang" },
		{ "{\"id\":\"a\",\"title\":\"abc\",\"body\":\"" WORDS "\",\"format\":\"rtf\"}",
		  "format" },
	};
	struct ctx *ctx = *state;
	struct article_line line;

	for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
		assert_int_equal(
			article_line_read(ctx, cases[i].line, strlen(cases[i].line), "fr", &line),
			ERR_INVALID);
		assert_true(ctx->error.message && ctx->error.message[0]);
		if (cases[i].field)
			assert_string_equal(ctx->error.field, cases[i].field);
		error_clear(ctx);
	}
}

static void test_a_line_that_is_too_long_is_refused(void **state)
{
	struct ctx *ctx = *state;
	struct article_line line;
	char *text = arena_alloc(ctx->arena, ARTICLE_LINE_MAX_BYTES + 2);

	memset(text, ' ', ARTICLE_LINE_MAX_BYTES + 1);
	assert_err(ctx, ERR_INVALID,
		   article_line_read(ctx, text, ARTICLE_LINE_MAX_BYTES + 1, "fr", &line));
}

static void test_html_becomes_markdown_and_loses_what_is_hostile(void **state)
{
	struct article_line line = line_of(
		*state, "{\"id\":7,\"title\":\"Un  titre\",\"lang\":\"en\",\"body\":"
			"\"<h2>One</h2><script>alert(1)</script><p>Two <b>three</b></p>\"}");

	assert_string_equal(line.id, "7");
	assert_string_equal(line.title, "Un titre");
	assert_string_equal(line.language, "en");
	assert_non_null(strstr(line.body, "# One"));
	assert_non_null(strstr(line.body, "**three**"));
	assert_null(strstr(line.body, "alert"));
	assert_null(strstr(line.body, "<p>"));
}

static void test_a_long_title_is_shortened_and_kept_whole(void **state)
{
	struct ctx *ctx = *state;
	struct article_line line;
	char title[301];

	for (size_t i = 0; i < 300; i++)
		title[i] = i % 5 == 4 ? ' ' : 'x';
	title[299] = 'x';
	title[300] = '\0';
	line = line_of(ctx, arena_printf(ctx->arena,
					 "{\"id\":\"a\",\"title\":\"%s\",\"body\":\"" WORDS "\"}",
					 title));
	assert_true(line.is_shortened);
	assert_true(utf8_count(line.title) <= ARTICLE_TITLE_MAX);
	assert_non_null(strstr(line.title, "x…"));
	assert_string_equal(line.summary, title);
}

static void test_a_bad_line_is_named_and_nothing_is_stored(void **state)
{
	struct ctx *ctx = *state;
	struct article_import_result result;
	struct said said = { 0 };
	const char *path;

	assert_err(ctx, ERR_INVALID,
		   import(ctx,
			  "{\"id\":\"nothing-1\",\"title\":\"Bon\",\"body\":\"" WORDS "\"}\n\n"
			  "{\"id\":\"nothing-2\",\"title\":\"Bon\"}\n",
			  &result, &said));
	assert_int_equal(said.count, 1);
	assert_int_equal(said.line, 3);
	assert_string_equal(said.field, "body");
	assert_int_equal(result.lines, 2);
	assert_int_equal(result.bad, 1);
	assert_err(ctx, ERR_NOT_FOUND, article_old_address(ctx, "nothing-1", &path));
}

static void test_one_id_twice_is_a_repeat_or_a_mistake(void **state)
{
	static const char same[] = "{\"id\":\"twice\",\"title\":\"Deux fois\",\"body\":\"" WORDS
				   "\"}\n";
	struct ctx *ctx = *state;
	struct article_import_result result;
	struct said said = { 0 };

	result = imported(ctx, arena_printf(ctx->arena, "%s%s", same, same));
	assert_int_equal(result.made, 1);
	assert_int_equal(result.repeated, 1);
	assert_err(
		ctx, ERR_INVALID,
		import(ctx,
		       arena_printf(ctx->arena,
				    "%s{\"id\":\"twice\",\"title\":\"Autrement\",\"body\":\"" WORDS
				    "\"}",
				    same),
		       &result, &said));
	assert_int_equal(said.line, 2);
	assert_string_equal(said.field, "id");
}

static void test_a_second_run_changes_only_what_differs(void **state)
{
	static const char first[] =
		"\xEF\xBB\xBF{\"id\":\"again\",\"title\":\"Premier\",\"body\":\"" WORDS "\"}\r\n";
	static const char second[] = "{\"id\":\"again\",\"title\":\"Second\",\"body\":\"" WORDS
				     "\"}";
	struct ctx *ctx = *state;
	struct article_view view;
	int64_t id;

	assert_int_equal(imported(ctx, first).made, 1);
	id = number_of(ctx, "again");
	assert_int_equal(imported(ctx, first).same, 1);
	assert_int_equal(forum_number(ctx,
				      "select count(*) from article_versions where article_id = $1",
				      id),
			 1);
	assert_int_equal(imported(ctx, second).renewed, 1);
	assert_int_equal(number_of(ctx, "again"), id);
	assert_ok(ctx, article_view_load(ctx, id, &view));
	assert_string_equal(view.article.title, "Second");
}

static void test_what_people_worked_on_is_left_as_it_is(void **state)
{
	static const char line[] = "{\"id\":\"worked-on\",\"title\":\"Importé\",\"body\":\"" WORDS
				   "\"}";
	struct ctx *ctx = *state;
	const struct actor *system = ctx->actor;
	struct article_form form = { .language = "fr",
				     .title = "Repris ici",
				     .summary = "",
				     .product = "",
				     .reason = "",
				     .body_md = WORDS,
				     .follows_number = 1 };
	struct article_work work;

	assert_int_equal(imported(ctx, line).made, 1);
	form.id = number_of(ctx, "worked-on");
	ctx->actor = forum_person(ctx, "Conseil", ROLE_ADVISOR);
	assert_ok(ctx, article_save(ctx, &form, &form.id));
	ctx->actor = system;
	assert_int_equal(imported(ctx, line).kept, 1);
	assert_ok(ctx, article_work_load(ctx, form.id, &work));
	assert_string_equal(work.newest.title, "Repris ici");
}

static void test_themes_lead_to_categories_by_address_or_name(void **state)
{
	struct ctx *ctx = *state;
	struct article_import_result result;
	struct article_work work;

	forum_sql(ctx, "insert into categories (slug, name_fr, name_en, position)"
		       " values ('theme-of-import', 'Été à la mer', 'Summer', 90)"
		       " on conflict do nothing");
	result = imported(
		ctx,
		"{\"id\":\"t1\",\"title\":\"Par nom\",\"theme\":\"ETE A LA MER\",\"body\":\"" WORDS
		"\"}\n"
		"{\"id\":\"t2\",\"title\":\"Par adresse\",\"theme\":\"theme-of-import\",\"body\":\"" WORDS
		"\"}\n"
		"{\"id\":\"t3\",\"title\":\"Produit\",\"theme\":\"Jamais vu\",\"body\":\"" WORDS
		"\"}\n"
		"{\"id\":\"t4\",\"title\":\"Sans rien\",\"body\":\"" WORDS "\"}\n");
	assert_int_equal(result.in_categories, 2);
	assert_int_equal(result.in_products, 1);
	assert_int_equal(result.nowhere, 1);
	assert_ok(ctx, article_work_load(ctx, number_of(ctx, "t1"), &work));
	assert_string_equal(work.article.category_slug, "theme-of-import");
	assert_ok(ctx, article_work_load(ctx, number_of(ctx, "t3"), &work));
	assert_string_equal(work.article.product, "Jamais vu");
}

static void test_drafts_are_not_published(void **state)
{
	static const char line[] = "{\"id\":\"as-draft\",\"title\":\"Brouillon\",\"body\":\"" WORDS
				   "\"}";
	const struct article_import_options options = { .language = "fr", .are_drafts = true };
	struct ctx *ctx = *state;
	struct article_import_result result;

	assert_ok(ctx, article_import(ctx, line, strlen(line), &options, &result));
	assert_int_equal(forum_number(ctx,
				      "select count(*) from articles where import_key = 'as-draft'"
				      " and state = 'draft' and not is_public and $1 = 0",
				      0),
			 1);
}

static const char *exported(struct ctx *ctx)
{
	struct article_line *lines;
	const char *text = "";
	int64_t after = 0;
	size_t count;

	do {
		assert_ok(ctx, article_export(ctx, &after, &lines, &count));
		for (size_t i = 0; i < count; i++)
			text = arena_printf(ctx->arena, "%s%s", text,
					    article_line_write(ctx->arena, &lines[i]));
	} while (count == ARTICLE_BATCH);
	return text;
}

static void test_an_export_is_taken_back_as_the_same(void **state)
{
	struct ctx *ctx = *state;
	struct article_import_result result;
	const char *text;

	imported(ctx, "{\"id\":\"exported\",\"title\":\"Écrit \\\"là\\\"\",\"summary\":\"Bref\","
		      "\"body\":\"## Un\\n\\n1. deux\\n2. trois\\n\"}");
	text = exported(ctx);
	assert_non_null(strstr(text, "{\"id\":\"exported\",\"title\":\"Écrit \\\"là\\\"\""));
	result = imported(ctx, text);
	assert_true(result.same > 0);
	assert_int_equal(result.made + result.renewed, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FORUM_TEST(test_lines_that_are_refused_name_the_field),
		FORUM_TEST(test_a_line_that_is_too_long_is_refused),
		FORUM_TEST(test_html_becomes_markdown_and_loses_what_is_hostile),
		FORUM_TEST(test_a_long_title_is_shortened_and_kept_whole),
		FORUM_TEST(test_a_bad_line_is_named_and_nothing_is_stored),
		FORUM_TEST(test_one_id_twice_is_a_repeat_or_a_mistake),
		FORUM_TEST(test_a_second_run_changes_only_what_differs),
		FORUM_TEST(test_what_people_worked_on_is_left_as_it_is),
		FORUM_TEST(test_themes_lead_to_categories_by_address_or_name),
		FORUM_TEST(test_drafts_are_not_published),
		FORUM_TEST(test_an_export_is_taken_back_as_the_same),
	};
	return forum_run(tests, ARRAY_COUNT(tests), "test_forum_article_import");
}
