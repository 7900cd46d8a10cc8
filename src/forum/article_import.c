/*
 * Taking a file of articles over: everything is read first, and nothing is stored while a
 * line is bad; then all is stored in one transaction. Each line has memory of its own, so
 * that a large file needs little.
 */
#include "forum/article_import.h"

#include "base/crypto.h"
#include "base/slice.h"
#include "db/db.h"
#include "forum/article_parts.h"
#include "forum/category.h"
#include "text/slug.h"

#define LINE_MEMORY_MAX_BYTES ((size_t)64 * 1024 * 1024)
#define REASON                "Import"

DB_STATEMENT(article_import_places,
	     "select id, slug, name_fr, name_en from categories where archived_at is null\n"
	     "order by id limit $1::bigint",
	     1);

/* As it was called elsewhere; else one of ours, which an export calls "kb-12". */
DB_STATEMENT(article_import_find,
	     "select a.id, a.state, v.number, v.author_id, v.title, v.summary, v.body_md\n"
	     "from articles a join article_versions v on v.id = a.latest_version_id\n"
	     "where a.import_key = $1 or (a.id = $2::bigint and a.import_key is null)\n"
	     "order by a.import_key nulls last limit 1 for update of a",
	     2);

struct place {
	int64_t id;
	const char *slugs[3]; /* of its address and its names */
};

/* What a line was, for those after it. */
struct seen {
	const char *id; /* NULL: it was bad, or empty */
	uint8_t hash[CRYPTO_HASH_BYTES];
	int64_t line;
	bool is_repeat;
};

struct import {
	struct ctx *ctx, line_ctx; /* line_ctx: with memory for one line */
	const struct article_import_options *options;
	struct article_import_result *result;
	struct place *places;
	size_t place_count;
	struct seen *seen; /* by line */
	int64_t total;
};

/* Lines --------------------------------------------------------------------------------------- */

static struct slice begin(const char *text, size_t length)
{
	/* A mark that some editors put before everything. */
	bool has_mark = length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0;

	return has_mark ? slice_make(text + 3, length - 3) : slice_make(text, length);
}

/* False at the end. */
static bool next_line(struct slice *rest, struct slice *line)
{
	if (!rest->data)
		return false;
	*line = slice_trim(slice_cut(rest, '\n'));
	return rest->data || line->length > 0;
}

static int64_t count_lines(const char *text, size_t length)
{
	struct slice rest = begin(text, length), line;
	int64_t count = 0;

	while (next_line(&rest, &line))
		count++;
	return count;
}

static void tell(const struct import *import, const char *step, int64_t done)
{
	if (import->options->progress)
		import->options->progress(import->options->data, step, done, import->total);
}

static void complain(struct import *import, int64_t line, const char *field, const char *problem)
{
	import->result->bad++;
	if (import->options->complain)
		import->options->complain(import->options->data, line, field ? field : "", problem);
}

/* Calls take with each line that is not empty, and with memory that is its own. */
static enum err each_line(struct import *import, struct slice rest, const char *step,
			  enum err (*take)(struct import *import, struct slice line,
					   int64_t number))
{
	struct slice line;
	enum err result = OK;

	for (int64_t number = 1; result == OK && next_line(&rest, &line); number++) {
		if (line.length > 0)
			result = take(import, line, number);
		if (result == OK)
			arena_reset(import->line_ctx.arena);
		tell(import, step, number);
	}
	return result;
}

/* Reading first ------------------------------------------------------------------------------- */

static void hash_line(struct ctx *ctx, const struct article_line *line, uint8_t *hash)
{
	const char *whole = article_line_write(ctx->arena, line);

	crypto_sha256(hash, whole, strlen(whole));
}

static enum err check(struct import *import, struct slice line, int64_t number)
{
	struct ctx *ctx = &import->line_ctx;
	struct seen *seen = &import->seen[number - 1];
	struct article_line read;
	enum err result = article_line_read(ctx, line.data, line.length, import->options->language,
					    &read);

	import->result->lines++;
	if (result == ERR_INVALID) {
		complain(import, number, ctx->error.field, ctx->error.message);
		error_clear(ctx);
		return OK;
	}
	TRY(result);
	seen->id = arena_strdup(import->ctx->arena, read.id);
	seen->line = number;
	hash_line(ctx, &read, seen->hash);
	return OK;
}

static int compare(const void *left, const void *right)
{
	const struct seen *a = left, *b = right;
	int order = strcmp(a->id, b->id);

	return order ? order : (a->line > b->line) - (a->line < b->line);
}

/* Two lines of one id are the same one twice, or a mistake. */
static void find_repeats(struct import *import)
{
	struct arena *arena = import->ctx->arena;
	struct seen *sorted = arena_array_of(arena, (size_t)import->total, struct seen);
	size_t count = 0;

	for (int64_t i = 0; i < import->total; i++)
		if (import->seen[i].id)
			sorted[count++] = import->seen[i];
	qsort(sorted, count, sizeof(sorted[0]), compare);
	for (size_t i = 1; i < count; i++) {
		const struct seen *before = &sorted[i - 1], *seen = &sorted[i];

		if (strcmp(seen->id, before->id) != 0)
			continue;
		import->seen[seen->line - 1].is_repeat = true;
		import->result->repeated++;
		if (memcmp(seen->hash, before->hash, CRYPTO_HASH_BYTES) != 0)
			complain(import, seen->line, "id",
				 arena_printf(arena, "Line %lld has the same id and other words.",
					      (long long)before->line));
	}
}

/* Storing then -------------------------------------------------------------------------------- */

static enum err load_places(struct import *import)
{
	struct ctx *ctx = import->ctx;
	struct rows rows;

	TRY(db_query(ctx, &article_import_places, &rows, param_i64(2 * CATEGORIES_MAX)));
	import->places = arena_array_of(ctx->arena, (size_t)rows.count, struct place);
	while (rows_next(&rows)) {
		struct place *place = &import->places[import->place_count++];

		place->id = col_i64(&rows);
		for (size_t i = 0; i < ARRAY_COUNT(place->slugs); i++)
			place->slugs[i] = slug_from(ctx->arena, col_text(&rows));
	}
	return OK;
}

/* Addresses before names: they are nobody else's. */
static int64_t category_of(const struct import *import, const char *theme)
{
	const char *slug = slug_from(import->line_ctx.arena, theme);

	for (size_t name = 0; theme[0] && name < ARRAY_COUNT(import->places[0].slugs); name++)
		for (size_t i = 0; i < import->place_count; i++)
			if (slug[0] != '-' && strcmp(import->places[i].slugs[name], slug) == 0)
				return import->places[i].id;
	return 0;
}

static struct article_form form_of(struct import *import, const struct article_line *line)
{
	struct article_form form = { .language = line->language,
				     .category_id = category_of(import, line->theme),
				     .product = line->product,
				     .title = line->title,
				     .summary = line->summary,
				     .body_md = line->body,
				     .reason = REASON };

	if (!form.category_id && !form.product[0])
		form.product = line->theme;
	return form;
}

static void count_place(struct article_import_result *result, const struct article_form *form)
{
	if (form->category_id)
		result->in_categories++;
	else if (form->product[0])
		result->in_products++;
	else
		result->nowhere++;
}

static enum err add_words(struct ctx *ctx, const struct article_form *form, int64_t number,
			  bool is_published)
{
	struct html_fragment html = { "" };

	TRY(article_render(ctx, form->id, form->body_md, &html));
	article_add_version(ctx, form->id,
			    &(struct article_words){ .number = number,
						     .title = form->title,
						     .summary = form->summary,
						     .body_md = form->body_md,
						     .body_html = html.html,
						     .reason = form->reason });
	article_audit(ctx, number == 1 ? "article_created" : "article_written", form->id, number,
		      form->reason);
	if (is_published) {
		article_add_publication(ctx, form->id);
		article_audit(ctx, "article_published", form->id, number, form->reason);
	}
	return db_run(ctx);
}

/* What people did with it here counts more than where it came from. */
static enum err renew(struct import *import, struct rows *found, struct article_form *form)
{
	enum article_state state = ARTICLE_ARCHIVED;
	const char *title, *summary, *body;
	int64_t number, author_id;

	form->id = col_i64(found);
	(void)article_state_parse(col_text(found), &state);
	number = col_i64(found);
	author_id = col_i64(found);
	title = col_text(found);
	summary = col_text(found);
	body = col_text(found);
	if (strcmp(title, form->title) == 0 && strcmp(summary, form->summary) == 0 &&
	    strcmp(body, form->body_md) == 0) {
		import->result->same++;
		return OK;
	}
	if (author_id || state == ARTICLE_ARCHIVED) {
		import->result->kept++;
		return OK;
	}
	import->result->renewed++;
	return add_words(&import->line_ctx, form, number + 1, state == ARTICLE_PUBLISHED);
}

static enum err store(struct import *import, struct slice text, int64_t number)
{
	struct ctx *ctx = &import->line_ctx;
	struct article_form form;
	struct article_line line;
	struct rows found;
	int64_t own_id = 0;

	if (import->seen[number - 1].is_repeat)
		return OK;
	TRY(article_line_read(ctx, text.data, text.length, import->options->language, &line));
	form = form_of(import, &line);
	if (strncmp(line.id, "kb-", 3) == 0)
		(void)text_to_i64(line.id + 3, &own_id);
	TRY(db_query(ctx, &article_import_find, &found, param_text(line.id), param_i64(own_id)));
	import->result->shortened += line.is_shortened;
	count_place(import->result, &form);
	if (rows_next(&found))
		return renew(import, &found, &form);
	import->result->made++;
	TRY(article_add_row(ctx, &form, 0, line.id, &form.id));
	return add_words(ctx, &form, 1, !import->options->are_drafts);
}

/* The transaction belongs to the memory of the whole, not to that of a line. */
static enum err store_all(struct import *import, struct slice text)
{
	db_begin(import->ctx);
	TRY(load_places(import));
	TRY(each_line(import, text, "storing", store));
	return db_commit(import->ctx);
}

static enum err run(struct import *import, const char *text, size_t length)
{
	struct ctx *ctx = import->ctx;

	import->total = count_lines(text, length);
	if (import->total > ARTICLE_IMPORT_MAX)
		return fail(ctx, ERR_INVALID, NULL, "The file has more than %d lines.",
			    ARTICLE_IMPORT_MAX);
	import->seen = arena_array_of(ctx->arena, (size_t)import->total, struct seen);
	TRY(each_line(import, begin(text, length), "checking", check));
	find_repeats(import);
	if (import->result->bad > 0)
		return fail(ctx, ERR_INVALID, NULL,
			    "Nothing was stored: %lld of %lld lines are bad.",
			    (long long)import->result->bad, (long long)import->result->lines);
	return store_all(import, begin(text, length));
}

enum err article_import(struct ctx *ctx, const char *text, size_t length,
			const struct article_import_options *options,
			struct article_import_result *out)
{
	struct import import = {
		.ctx = ctx,
		.line_ctx = *ctx,
		.options = options,
		.result = out,
	};
	enum err result;

	*out = (struct article_import_result){ 0 };
	import.line_ctx.arena = arena_new(LINE_MEMORY_MAX_BYTES);
	result = run(&import, text, length);
	if (result != OK && import.line_ctx.error.code != OK) {
		ctx->error.code = import.line_ctx.error.code;
		ctx->error.message = arena_strdup(
			ctx->arena,
			import.line_ctx.error.message ? import.line_ctx.error.message : "");
	}
	if (result != OK)
		db_rollback(ctx);
	arena_free(import.line_ctx.arena);
	return result;
}
