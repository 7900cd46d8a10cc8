/*
 * Words: those that lead to a tag, and those that may not be one.
 */
#include "forum/tag_admin.h"

#include "db/db.h"
#include "forum/field.h"
#include "forum/policy.h"
#include "forum/tag.h"
#include "forum/writing.h"
#include "i18n/i18n.h"

DB_STATEMENT(
	tag_word_insert,
	"insert into tag_words (word, kind, tag_id) select $1, 'synonym', $2::bigint\n"
	"where (select count(*) from tag_words w where w.tag_id = $2::bigint) < $3::bigint\n"
	"on conflict (word) do update set kind = 'synonym' where tag_words.tag_id = $2::bigint",
	3);

DB_STATEMENT(tag_word_delete, "delete from tag_words where word = $1 and tag_id = $2", 2);

DB_STATEMENT(tag_forbidden_words,
	     "select w.word from tag_words w where w.tag_id is null order by w.word limit $1", 1);

DB_STATEMENT(tag_forbid_insert,
	     "insert into tag_words (word, kind) select $1, 'forbidden'\n"
	     "where (select count(*) from tag_words w where w.tag_id is null) < $2::bigint\n"
	     "on conflict (word) do update set kind = 'forbidden' where tag_words.tag_id is null",
	     2);

DB_STATEMENT(tag_forbid_delete, "delete from tag_words where word = $1 and tag_id is null", 1);

static enum err require(struct ctx *ctx)
{
	return policy_require(ctx, MAY_MANAGE_TAGS, &(struct subject){ .now = ctx->now });
}

static enum err add(struct ctx *ctx, int64_t tag_id, const char *word, const char *reason,
		    const char *form_key)
{
	struct tag_locked tag;
	const char *earlier;
	struct rows made;

	TRY(tag_lock(ctx, tag_id, form_key, &tag, &earlier));
	if (earlier)
		return OK;
	if (strcmp(word, tag.name) == 0)
		return fail(ctx, ERR_INVALID, "word", "%s", _("The tag is called that already."));
	TRY(tag_check_word_free(ctx, "word", word, tag_id));
	TRY(db_query(ctx, &tag_word_insert, &made, param_text(word), param_i64(tag_id),
		     param_i64(TAG_SYNONYMS_MAX)));
	if (made.affected == 0)
		return fail(ctx, ERR_INVALID, "word", _("A tag has at most %s synonyms."),
			    i18n_number(ctx->arena, TAG_SYNONYMS_MAX));
	return tag_finish(ctx, "tag_word_added", tag_id, reason,
			  tag_names_json(ctx, word, tag.name), form_key);
}

enum err tag_word_add(struct ctx *ctx, int64_t tag_id, const char *word, const char *reason,
		      const char *form_key)
{
	TRY(require(ctx));
	TRY(tag_parse_one(ctx, "word", word, &word));
	TRY(field_line(ctx, "word_reason", reason, 0, TAG_REASON_MAX, &reason));
	return writing_end(ctx, add(ctx, tag_id, word, reason, form_key));
}

static enum err remove_word(struct ctx *ctx, int64_t tag_id, const char *word, const char *reason,
			    const char *form_key)
{
	struct tag_locked tag;
	const char *earlier;
	struct rows gone;

	TRY(tag_lock(ctx, tag_id, form_key, &tag, &earlier));
	if (earlier)
		return OK;
	TRY(db_query(ctx, &tag_word_delete, &gone, param_text(word), param_i64(tag_id)));
	if (gone.affected == 0)
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	return tag_finish(ctx, "tag_word_removed", tag_id, reason,
			  tag_names_json(ctx, word, tag.name), form_key);
}

enum err tag_word_remove(struct ctx *ctx, int64_t tag_id, const char *word, const char *reason,
			 const char *form_key)
{
	TRY(require(ctx));
	TRY(field_line(ctx, "word_reason", reason, 0, TAG_REASON_MAX, &reason));
	return writing_end(ctx, remove_word(ctx, tag_id, word, reason, form_key));
}

/* Forbidden ones ---------------------------------------------------------------------- */

enum err tag_forbidden_load(struct ctx *ctx, struct tag_forbidden *out)
{
	struct rows rows;

	*out = (struct tag_forbidden){ 0 };
	TRY(require(ctx));
	TRY(db_query(ctx, &tag_forbidden_words, &rows, param_i64(TAG_FORBIDDEN_MAX)));
	out->words = arena_array_of(ctx->arena, (size_t)rows.count + 1, const char *);
	while (rows_next(&rows))
		out->words[out->count++] = col_text(&rows);
	return OK;
}

/* No tag has the number 0: every tag and every word of one is in the way. */
static enum err forbid(struct ctx *ctx, const char *word, const char *reason, const char *form_key)
{
	struct tag_locked none;
	const char *earlier;
	struct rows made;

	TRY(tag_lock(ctx, 0, form_key, &none, &earlier));
	if (earlier)
		return OK;
	TRY(tag_check_word_free(ctx, "word", word, 0));
	TRY(db_query(ctx, &tag_forbid_insert, &made, param_text(word),
		     param_i64(TAG_FORBIDDEN_MAX)));
	if (made.affected == 0)
		return fail(ctx, ERR_INVALID, "word", _("At most %s words can be forbidden."),
			    i18n_number(ctx->arena, TAG_FORBIDDEN_MAX));
	return tag_finish(ctx, "tag_forbidden", 0, reason, tag_names_json(ctx, word, ""), form_key);
}

enum err tag_forbid(struct ctx *ctx, const char *word, const char *reason, const char *form_key)
{
	TRY(require(ctx));
	TRY(tag_parse_one(ctx, "word", word, &word));
	TRY(field_line(ctx, "reason", reason, 1, TAG_REASON_MAX, &reason));
	return writing_end(ctx, forbid(ctx, word, reason, form_key));
}

static enum err allow(struct ctx *ctx, const char *word, const char *form_key)
{
	struct tag_locked none;
	const char *earlier;
	struct rows gone;

	TRY(tag_lock(ctx, 0, form_key, &none, &earlier));
	if (earlier)
		return OK;
	TRY(db_query(ctx, &tag_forbid_delete, &gone, param_text(word)));
	if (gone.affected == 0)
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	return tag_finish(ctx, "tag_allowed", 0, NULL, tag_names_json(ctx, word, ""), form_key);
}

enum err tag_allow(struct ctx *ctx, const char *word, const char *form_key)
{
	TRY(require(ctx));
	return writing_end(ctx, allow(ctx, word, form_key));
}
