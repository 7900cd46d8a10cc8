/*
 * The lists of synonyms. Each saving is a row and the newest counts: undo is
 * saving an older one again, and what was once in force can always be seen.
 */
#include "forum/synonyms.h"

#include "base/utf8.h"
#include "db/db.h"
#include "forum/actor.h"
#include "forum/audit.h"
#include "forum/constraint.h"
#include "forum/field.h"
#include "forum/once.h"
#include "forum/policy.h"
#include "forum/writing.h"
#include "i18n/i18n.h"
#include "search/search.h"

#define LINE_SHOWN_POINTS 60

DB_STATEMENT(synonyms_newer,
	     "select s.id, s.is_default, s.french, s.english\n"
	     "from (select * from synonym_lists order by id desc limit 1) s\n"
	     "where s.id <> $1",
	     1);

DB_STATEMENT(synonyms_of_id,
	     "select s.id, s.is_default, s.french, s.english, coalesce(p.name, ''), s.created_at\n"
	     "from synonym_lists s left join people p on p.id = s.author_id\n"
	     "where s.id = case when $1::bigint = 0 then (select max(id) from synonym_lists)\n"
	     " else $1 end",
	     1);

DB_STATEMENT(synonyms_versions,
	     "select s.id, s.is_default, coalesce(p.name, ''), s.created_at\n"
	     "from synonym_lists s left join people p on p.id = s.author_id\n"
	     "order by s.id desc limit $1",
	     1);

DB_STATEMENT(synonyms_insert,
	     "insert into synonym_lists (follows_id, is_default, french, english, author_id,\n"
	     " created_at)\n"
	     "values ($1, $2, $3, $4, $5, $6)\n"
	     "returning id",
	     6);

/* In use ----------------------------------------------------------------------- */

void synonyms_add(struct ctx *ctx, const struct synonyms_in_use *in_use, struct rows *rows)
{
	db_add(ctx, &synonyms_newer, rows, param_i64(in_use->version));
}

void synonyms_release(struct synonyms_in_use *in_use)
{
	search_synonyms_free(in_use->parsed);
	*in_use = (struct synonyms_in_use){ 0 };
}

/* Lists that were saved can be read; a line that cannot is left out all the same. */
void synonyms_take(struct synonyms_in_use *in_use, struct rows *rows)
{
	const char *french, *english;
	int64_t version;
	int bad_line;

	if (!rows_next(rows))
		return;
	synonyms_release(in_use);
	version = col_i64(rows);
	if (!col_bool(rows)) {
		french = col_text(rows);
		english = col_text(rows);
		if (search_synonyms_parse(french, english, &in_use->parsed, &bad_line, &bad_line) !=
		    SEARCH_OK)
			return;
	}
	in_use->version = version;
}

/* The page --------------------------------------------------------------------- */

static struct synonym_lists own_lists(void)
{
	return (struct synonym_lists){
		.is_default = true,
		.french = search_synonyms_default("fr"),
		.english = search_synonyms_default("en"),
		.author_name = "",
	};
}

static bool lists_read(struct rows *rows, struct synonym_lists *out)
{
	*out = own_lists();
	if (!rows_next(rows))
		return false;
	out->id = col_i64(rows);
	out->is_default = col_bool(rows);
	if (out->is_default) {
		col_skip(rows);
		col_skip(rows);
	} else {
		out->french = col_text(rows);
		out->english = col_text(rows);
	}
	out->author_name = col_text(rows);
	out->created_at = col_time(rows);
	return true;
}

static void history_read(struct rows *rows, struct synonym_history *out)
{
	while (out->count < SYNONYM_HISTORY_SHOWN - 1 && rows_next(rows)) {
		struct synonym_lists *version = &out->versions[out->count++];

		version->id = col_i64(rows);
		version->is_default = col_bool(rows);
		version->author_name = col_text(rows);
		version->created_at = col_time(rows);
	}
	out->can_undo = out->count > 0;
	out->previous_id = out->count > 1 ? out->versions[1].id : 0;
	if (out->count < SYNONYM_HISTORY_SHOWN - 1)
		out->versions[out->count++] = own_lists();
}

static enum err may_edit(struct ctx *ctx)
{
	return policy_require(ctx, MAY_EDIT_SYNONYMS, &(struct subject){ .now = ctx->now });
}

enum err synonyms_load(struct ctx *ctx, int64_t shown_id, struct synonym_history *out)
{
	struct rows newest, shown, versions;

	*out = (struct synonym_history){ 0 };
	TRY(may_edit(ctx));
	db_add(ctx, &synonyms_of_id, &newest, param_i64(0));
	db_add(ctx, &synonyms_of_id, &shown, param_i64(shown_id));
	db_add(ctx, &synonyms_versions, &versions, param_i64(SYNONYM_HISTORY_SHOWN - 1));
	TRY(db_run(ctx));
	(void)lists_read(&newest, &out->newest);
	if (!lists_read(&shown, &out->shown) && shown_id)
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	history_read(&versions, out);
	return OK;
}

/* Changing --------------------------------------------------------------------- */

static void free_parsed(void *parsed)
{
	search_synonyms_free(parsed);
}

/* The beginning of that line (from 1), for the sentence that refuses it. */
static const char *line_of(struct ctx *ctx, const char *text, int number)
{
	size_t length;

	for (; number > 1 && strchr(text, '\n'); number--)
		text = strchr(text, '\n') + 1;
	length = utf8_prefix(text, LINE_SHOWN_POINTS);
	if (length > strcspn(text, "\n"))
		length = strcspn(text, "\n");
	return arena_strndup(ctx->arena, text, length);
}

static enum err refuse_line(struct ctx *ctx, const char *field, const char *text, int line)
{
	return fail(ctx, ERR_INVALID, field,
		    _("Line %1$s, “%2$s”, cannot be read. Write words with commas between them, "
		      "or one of them, the sign => and the others."),
		    i18n_number(ctx->arena, line), line_of(ctx, text, line));
}

static enum err parse(struct ctx *ctx, const char *french, const char *english,
		      struct search_synonyms **out)
{
	int bad_french = 0, bad_english = 0;

	*out = NULL;
	if (search_synonyms_parse(french, english, out, &bad_french, &bad_english) != SEARCH_OK)
		return fail_log(ctx, ERR_INTERNAL, "synonyms cannot be parsed");
	if (*out)
		arena_defer(ctx->arena, free_parsed, *out);
	if (bad_french)
		return refuse_line(ctx, "french", french, bad_french);
	if (bad_english)
		return refuse_line(ctx, "english", english, bad_english);
	return OK;
}

static enum err clean(struct ctx *ctx, const char **french, const char **english)
{
	TRY(field_text(ctx, "french", *french, 0, SEARCH_SYNONYMS_MAX_BYTES, french));
	return field_text(ctx, "english", *english, 0, SEARCH_SYNONYMS_MAX_BYTES, english);
}

enum err synonyms_try(struct ctx *ctx, const struct synonym_change *change, const char *words,
		      struct search_explained *french, struct search_explained *english)
{
	const char *french_list = change->french, *english_list = change->english;
	struct search_synonyms *parsed;

	TRY(may_edit(ctx));
	TRY(clean(ctx, &french_list, &english_list));
	TRY(parse(ctx, french_list, english_list, &parsed));
	search_synonyms_explain(parsed, words, "fr", french);
	search_synonyms_explain(parsed, words, "en", english);
	return OK;
}

static enum err take_restored(struct ctx *ctx, struct rows *rows, struct synonym_lists *lists)
{
	if (!lists_read(rows, lists))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	return OK;
}

static enum err insert(struct ctx *ctx, const struct synonym_change *change,
		       const struct synonym_lists *lists)
{
	bool is_default = lists->is_default;
	struct rows made;
	int64_t id;

	TRY(db_query(ctx, &synonyms_insert, &made, param_i64(change->follows_id),
		     param_bool(is_default), param_text(is_default ? "" : lists->french),
		     param_text(is_default ? "" : lists->english), param_id(ctx->actor->id),
		     param_time(ctx->now)));
	(void)rows_next(&made);
	id = col_i64(&made);
	audit_add(ctx, "synonyms_changed", "synonyms", id,
		  arena_printf(ctx->arena, "{\"from\":%lld,\"restored\":%lld,\"default\":%s}",
			       (long long)change->follows_id, (long long)change->restored_id,
			       is_default ? "true" : "false"));
	once_result(ctx, change->form_key, "/admin/synonyms");
	return db_commit(ctx);
}

static enum err change_lists(struct ctx *ctx, const struct synonym_change *change,
			     struct synonym_lists *lists)
{
	struct search_synonyms *parsed;
	struct rows restored;
	const char *earlier;

	db_begin(ctx);
	db_add(ctx, &synonyms_of_id, &restored, param_i64(change->restored_id));
	TRY(writing_claim(ctx, change->form_key, &earlier));
	if (earlier)
		return OK;
	if (change->restored_id)
		TRY(take_restored(ctx, &restored, lists));
	else if (!lists->is_default)
		TRY(parse(ctx, lists->french, lists->english, &parsed));
	return insert(ctx, change, lists);
}

enum err synonyms_change(struct ctx *ctx, const struct synonym_change *change)
{
	struct synonym_lists lists = {
		.is_default = change->is_default,
		.french = change->french,
		.english = change->english,
	};

	TRY(may_edit(ctx));
	if (!change->restored_id && !change->is_default)
		TRY(clean(ctx, &lists.french, &lists.english));
	return constraint_explain(ctx, writing_end(ctx, change_lists(ctx, change, &lists)));
}
