/*
 * Themes: reading and changing them, and which text is of which.
 */
#include "forum/listening_parts.h"

#include "base/clock.h"
#include "forum/audit.h"
#include "forum/desk_calendar.h"
#include "forum/field.h"
#include "forum/job.h"
#include "forum/once.h"
#include "forum/policy.h"
#include "forum/writing.h"
#include "i18n/i18n.h"
#include "text/word_list.h"

#define PLACE         "/desk/listening/themes"
#define TEXTS_AT_ONCE 2000
#define TEXTS_MEMORY  ((size_t)64 << 20)
/* Days from 1970 to Monday, 3 January 2000. */
#define FIRST_MONDAY  10959

DB_STATEMENT(listening_themes_all,
	     "select h.id, h.name, h.words, array_to_string(h.category_ids, ','), h.changed_at,\n"
	     "	coalesce(p.name, '')\n"
	     "from listening_themes h left join people p on p.id = h.changed_by\n"
	     "order by h.id limit 20",
	     0);

/*
 * A stretch of posts by number, whatever they are, and then what of it counts: with the
 * conditions inside, each stretch would sort all that is left. The stretch's own end comes
 * beside it, as nothing of it may count. The 0 keeps the smallest number from being looked
 * for along the numbers.
 */
#define STRETCH "(select p.* from posts p where p.id > $4::bigint order by p.id limit $5::bigint)"
DB_STATEMENT(
	listening_texts,
	"select p.id, " LISTENING_WEEK_SQL(
		"(p.created_at at time zone $3::text)::date") "::bigint,\n"
							      "	coalesce(i.source_id, 0), t.category_id, t.top_category_id, t.language,\n"
							      "	case when p.kind = 'question' then t.title || e'\\n' else '' end || left(p.body_md, 4000)\n"
							      "from " STRETCH " p " LISTENING_JOINS
							      "where " LISTENING_BETWEEN
							      " and " LISTENING_COUNTS,
	5);
DB_STATEMENT(listening_stretch_end,
	     "select count(*), coalesce(max(s.id), 0)\n"
	     "from (select p.id from posts p where p.id > $1 order by p.id limit $2) s",
	     2);
DB_STATEMENT(listening_first_text,
	     "select coalesce(min(p.id + 0), 0) from posts p where " LISTENING_BETWEEN, 3);

/* The others are locked, so that their number stays. */
DB_STATEMENT(listening_themes_lock,
	     "select h.id, h.name from listening_themes h order by h.id for update", 0);
DB_STATEMENT(listening_theme_insert,
	     "insert into listening_themes (name, words, category_ids, changed_by, changed_at)\n"
	     "values ($1, $2, $3::bigint[], $4, $5)",
	     5);
DB_STATEMENT(listening_theme_update,
	     "update listening_themes set name = $2, words = $3, category_ids = $4::bigint[],\n"
	     "	changed_by = $5, changed_at = $6 where id = $1",
	     6);
DB_STATEMENT(listening_theme_remove, "delete from listening_themes where id = $1", 1);
DB_STATEMENT(listening_recount, "update listening_state set counted_at = null", 0);

/* Weeks ------------------------------------------------------------------------------------ */

int64_t listening_week(int64_t at)
{
	return (working_wall(desk_calendar(), at) / CLOCK_DAY - FIRST_MONDAY) / 7;
}

int64_t listening_week_noon(int64_t week)
{
	return (FIRST_MONDAY + 7 * week) * CLOCK_DAY + 12 * CLOCK_HOUR;
}

/* Reading ---------------------------------------------------------------------------------- */

enum err listening_require(struct ctx *ctx)
{
	return policy_require(ctx, MAY_WORK_DESK, &(struct subject){ .now = ctx->now });
}

void listening_themes_add(struct ctx *ctx, struct rows *rows)
{
	db_add_params(ctx, &listening_themes_all, rows, NULL, 0);
}

static void read_categories(struct ctx *ctx, const char *text, struct listening_theme *theme)
{
	int64_t *ids = arena_array_of(ctx->arena, strlen(text) / 2 + 1, int64_t);

	for (char *end = NULL; *text; text = *end ? end + 1 : end)
		ids[theme->category_count++] = strtoll(text, &end, 10);
	theme->category_ids = ids;
}

void listening_themes_read(struct ctx *ctx, struct rows *rows, struct listening_themes *out)
{
	*out = (struct listening_themes){
		.items = arena_array_of(ctx->arena, LISTENING_THEMES_MAX, struct listening_theme),
	};
	while (rows_next(rows) && out->count < LISTENING_THEMES_MAX) {
		struct listening_theme *theme = &out->items[out->count++];

		*theme = (struct listening_theme){ .id = col_i64(rows) };
		theme->name = col_text(rows);
		theme->words = col_text(rows);
		read_categories(ctx, col_text(rows), theme);
		theme->changed_at = col_time(rows);
		theme->changed_by = col_text(rows);
	}
}

enum err listening_theme_list(struct ctx *ctx, struct listening_themes *out)
{
	struct rows rows;

	*out = (struct listening_themes){ 0 };
	TRY(listening_require(ctx));
	listening_themes_add(ctx, &rows);
	TRY(db_run(ctx));
	listening_themes_read(ctx, &rows, out);
	return OK;
}

static enum err require_change(struct ctx *ctx)
{
	return policy_require(ctx, MAY_MANAGE_DESK, &(struct subject){ .now = ctx->now });
}

enum err listening_theme_load(struct ctx *ctx, int64_t id, struct listening_theme *out,
			      struct categories *categories)
{
	struct listening_themes themes;
	struct rows rows, category_rows;

	*out = (struct listening_theme){ .name = "", .words = "", .changed_by = "" };
	*categories = (struct categories){ 0 };
	TRY(require_change(ctx));
	listening_themes_add(ctx, &rows);
	category_add_all(ctx, &category_rows);
	TRY(db_run(ctx));
	category_read_all(ctx, &category_rows, categories);
	if (!id)
		return OK;
	listening_themes_read(ctx, &rows, &themes);
	for (size_t i = 0; i < themes.count; i++)
		if (themes.items[i].id == id) {
			*out = themes.items[i];
			return OK;
		}
	return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
}

/* Changing --------------------------------------------------------------------------------- */

static enum err check_words(struct ctx *ctx, const char *words)
{
	const struct word_entry like = { .list_id = 1, .languages = WORD_ANY };
	struct word_entry *entries;
	size_t bad_line;

	(void)word_list_parse(ctx->arena, words, &like, &entries, &bad_line);
	if (!bad_line)
		return OK;
	return fail(ctx, ERR_INVALID, "words", _("Line %d: %s"), (int)bad_line,
		    _("This is not a word or a phrase that can be looked for."));
}

static enum err check(struct ctx *ctx, struct listening_theme_form *form)
{
	TRY(field_line(ctx, "name", form->name, 1, LISTENING_NAME_MAX, &form->name));
	TRY(field_text(ctx, "words", form->words, 0, LISTENING_WORDS_MAX, &form->words));
	TRY(check_words(ctx, form->words));
	if (!form->words[0] && form->category_count == 0)
		return fail(ctx, ERR_INVALID, "words", "%s",
			    _("Write at least one word, or choose a category."));
	return OK;
}

/* The first round trip: is there room, is the name free, is it there? */
static enum err begin(struct ctx *ctx, const struct listening_theme_form *form, bool *is_done)
{
	const char *earlier;
	bool is_there = form->id == 0;
	struct rows rows;

	*is_done = false;
	db_begin(ctx);
	db_add_params(ctx, &listening_themes_lock, &rows, NULL, 0);
	TRY(writing_claim(ctx, form->form_key, &earlier));
	*is_done = earlier != NULL;
	if (*is_done)
		return OK;
	if (!form->id && rows.count >= LISTENING_THEMES_MAX)
		return fail(ctx, ERR_INVALID, "name",
			    _("There are %d themes already: delete one first."),
			    LISTENING_THEMES_MAX);
	while (rows_next(&rows)) {
		int64_t id = col_i64(&rows);
		const char *name = col_text(&rows);

		is_there |= id == form->id;
		if (form->name && id != form->id && strcasecmp(name, form->name) == 0)
			return fail(ctx, ERR_INVALID, "name", "%s",
				    _("Another theme has this name already."));
	}
	return is_there ? OK : fail(ctx, ERR_NOT_FOUND, NULL, NULL);
}

/* Counted anew at once, and what the audit log says. */
static enum err finish(struct ctx *ctx, const char *action, const struct listening_theme_form *form)
{
	db_add_params(ctx, &listening_recount, NULL, NULL, 0);
	job_add(ctx, "listening", NULL, "listening", 0);
	audit_write(ctx, &(struct audit_entry){
				 .action = action,
				 .subject = "listening_theme",
				 .subject_id = form->id,
				 .details = "{}",
			 });
	once_result(ctx, form->form_key, PLACE);
	return db_commit(ctx);
}

static enum err save(struct ctx *ctx, const struct listening_theme_form *form)
{
	struct param categories = param_i64s(ctx->arena, form->category_ids, form->category_count);
	bool is_done;

	TRY(begin(ctx, form, &is_done));
	if (is_done)
		return OK;
	if (form->id)
		db_add(ctx, &listening_theme_update, NULL, param_i64(form->id),
		       param_text(form->name), param_text(form->words), categories,
		       param_id(ctx->actor->id), param_time(ctx->now));
	else
		db_add(ctx, &listening_theme_insert, NULL, param_text(form->name),
		       param_text(form->words), categories, param_id(ctx->actor->id),
		       param_time(ctx->now));
	return finish(ctx, form->id ? "listening_theme_changed" : "listening_theme_made", form);
}

enum err listening_theme_save(struct ctx *ctx, const struct listening_theme_form *form)
{
	struct listening_theme_form clean = *form;

	TRY(require_change(ctx));
	TRY(check(ctx, &clean));
	return writing_end(ctx, save(ctx, &clean));
}

static enum err delete_one(struct ctx *ctx, const struct listening_theme_form *form)
{
	bool is_done;

	TRY(begin(ctx, form, &is_done));
	if (is_done)
		return OK;
	db_add(ctx, &listening_theme_remove, NULL, param_i64(form->id));
	return finish(ctx, "listening_theme_deleted", form);
}

enum err listening_theme_delete(struct ctx *ctx, int64_t id, const char *form_key)
{
	const struct listening_theme_form form = { .id = id, .form_key = form_key };

	TRY(require_change(ctx));
	if (!id)
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	return writing_end(ctx, delete_one(ctx, &form));
}

/* Which text is of which theme --------------------------------------------------------------- */

static void free_matcher(void *matcher)
{
	word_matcher_free(matcher);
}

/* All lists in one; an entry's list is its theme's place, from 1. NULL: no words. */
static struct word_matcher *matcher_of(struct ctx *ctx, const struct listening_themes *themes)
{
	struct word_matcher *matcher;
	struct word_entry *all, *entries;
	size_t most = 1, count = 0, bad_line;

	for (size_t i = 0; i < themes->count; i++)
		most += strlen(themes->items[i].words) + 1;
	all = arena_array_of(ctx->arena, most, struct word_entry);
	for (size_t i = 0; i < themes->count; i++) {
		const struct word_entry like = { .list_id = (int64_t)i + 1, .languages = WORD_ANY };
		size_t found = word_list_parse(ctx->arena, themes->items[i].words, &like, &entries,
					       &bad_line);

		for (size_t k = 0; k < found; k++)
			all[count++] = entries[k];
	}
	if (count == 0)
		return NULL;
	matcher = word_matcher_new(all, count);
	arena_defer(ctx->arena, free_matcher, matcher);
	return matcher;
}

struct scan {
	const struct listening_themes *themes;
	const struct word_matcher *matcher;
	struct arena *scratch;
	int64_t from_week, until_week, last_id;
	listening_visit *visit;
	void *context;
};

static void mark_categories(const struct scan *scan, int64_t category_id, int64_t top_id,
			    struct listening_text *text)
{
	for (size_t i = 0; i < scan->themes->count; i++) {
		const struct listening_theme *theme = &scan->themes->items[i];

		for (size_t k = 0; k < theme->category_count; k++)
			text->is_of[i] |= theme->category_ids[k] == category_id ||
					  theme->category_ids[k] == top_id;
	}
}

static void mark_words(const struct scan *scan, const char *words, const char *language,
		       struct listening_text *text)
{
	struct word_match *matches;
	size_t count;

	if (!scan->matcher)
		return;
	count = word_matcher_find(scan->matcher, scan->scratch, words, language, &matches);
	for (size_t i = 0; i < count; i++)
		text->is_of[matches[i].list_id - 1] = true;
	arena_reset(scan->scratch);
}

static void add_weeks(struct param weeks[3], const struct scan *scan)
{
	weeks[0] = param_i64(scan->from_week);
	weeks[1] = param_i64(scan->until_week);
	weeks[2] = param_text(site_text(SITE_DESK_TIME_ZONE));
}

static enum err begin_scan(struct ctx *ctx, struct scan *scan, bool *has_more)
{
	struct param weeks[3];
	struct rows first;

	add_weeks(weeks, scan);
	TRY(db_query(ctx, &listening_first_text, &first, weeks[0], weeks[1], weeks[2]));
	scan->last_id = rows_next(&first) ? col_i64(&first) - 1 : -1;
	*has_more = scan->last_id >= 0;
	return OK;
}

static enum err visit_rows(struct rows *rows, struct scan *scan)
{
	while (rows_next(rows)) {
		struct listening_text text = { .post_id = col_i64(rows) };
		int64_t category_id;
		const char *language;

		text.week = col_i64(rows);
		text.source_id = col_i64(rows);
		category_id = col_i64(rows);
		mark_categories(scan, category_id, col_i64(rows), &text);
		language = col_text(rows);
		mark_words(scan, col_text(rows), language, &text);
		TRY(scan->visit(scan->context, &text));
	}
	return OK;
}

static enum err visit_some(struct ctx *ctx, struct scan *scan, bool *has_more)
{
	struct param weeks[3];
	struct rows rows, end;

	add_weeks(weeks, scan);
	db_add(ctx, &listening_texts, &rows, weeks[0], weeks[1], weeks[2], param_i64(scan->last_id),
	       param_i64(TEXTS_AT_ONCE));
	db_add(ctx, &listening_stretch_end, &end, param_i64(scan->last_id),
	       param_i64(TEXTS_AT_ONCE));
	TRY(db_run(ctx));
	*has_more = rows_next(&end) && col_i64(&end) == TEXTS_AT_ONCE;
	if (*has_more)
		scan->last_id = col_i64(&end);
	return visit_rows(&rows, scan);
}

enum err listening_visit_texts(struct ctx *ctx, const struct listening_themes *themes,
			       int64_t from_week, int64_t until_week, listening_visit *visit,
			       void *context)
{
	struct scan scan = { .themes = themes,
			     .matcher = matcher_of(ctx, themes),
			     .scratch = arena_new(TEXTS_MEMORY),
			     .from_week = from_week,
			     .until_week = until_week,
			     .visit = visit,
			     .context = context };
	struct ctx part = *ctx;
	bool has_more = false;
	enum err result = begin_scan(&part, &scan, &has_more);

	while (result == OK && has_more) {
		part.arena = arena_new(TEXTS_MEMORY);
		result = visit_some(&part, &scan, &has_more);
		arena_free(part.arena);
	}
	arena_free(scan.scratch);
	ctx->error = part.error;
	return result;
}
