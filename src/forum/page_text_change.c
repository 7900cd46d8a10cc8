/*
 * Writing and publishing the brand's own pages. Each act locks the page's row, so that
 * two administrators are told of each other.
 */
#include "db/db.h"
#include "forum/actor.h"
#include "forum/audit.h"
#include "forum/constraint.h"
#include "forum/field.h"
#include "forum/once.h"
#include "forum/page_text_parts.h"
#include "forum/writing.h"
#include "i18n/i18n.h"
#include "text/markdown.h"

/* The page, its newest version, and what is in force. */
DB_STATEMENT(
	page_text_lock,
	"select coalesce((select max(v.number) from page_text_versions v where v.name = t.name), 0)::bigint,\n"
	"	coalesce((select max(u.id) from page_text_publications u where u.name = t.name), 0)\n"
	"from page_texts t where t.name = $1 for update",
	1);

DB_STATEMENT(page_text_insert,
	     "insert into page_texts (name) select $1\n"
	     "where (select count(*) from page_texts) < $2",
	     2);

DB_STATEMENT(
	page_text_version_insert,
	"insert into page_text_versions (name, number, title_fr, body_fr, title_en, body_en, reason,\n"
	"	written_by, written_at)\n"
	"select $1, $2::integer, $3, $4, $5, $6, $7, $8::bigint, $9::timestamptz",
	9);

/* Whoever was to be asked before still is. Version 0: the theme's file, which asks nobody. */
DB_STATEMENT(
	page_text_publish_insert,
	"insert into page_text_publications (name, version_id, asked_at, published_by, published_at)\n"
	"select $1, (select v.id from page_text_versions v where v.name = $1 and v.number = $2::integer),\n"
	"	case when $3::boolean then $5::timestamptz when $2::integer > 0 then (select u.asked_at\n"
	"		from page_text_publications u where u.name = $1 order by u.id desc limit 1) end,\n"
	"	$4::bigint, $5::timestamptz\n"
	"where $2::integer = 0\n"
	"	or exists (select from page_text_versions v where v.name = $1 and v.number = $2::integer)\n"
	"returning id",
	5);

/* What stood before the newest one; nothing before the first: the theme's file. */
DB_STATEMENT(
	page_text_undo_insert,
	"with before as (select u.version_id, u.asked_at from page_text_publications u\n"
	"	where u.name = $1 and u.id < $2 order by u.id desc limit 1)\n"
	"insert into page_text_publications (name, version_id, asked_at, published_by, published_at,\n"
	"	undoes_id)\n"
	"select $1, b.version_id, b.asked_at, $3::bigint, $4::timestamptz, $2\n"
	"from (select 1) one left join before b on true\n"
	"returning id",
	4);

/* Free pages ----------------------------------------------------------------------- */

static bool is_address(const char *name)
{
	size_t length = strlen(name);

	return length > 0 && length <= PAGE_TEXT_NAME_MAX && name[0] != '-' &&
	       name[length - 1] != '-' && !strstr(name, "--") &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == length;
}

static enum err add(struct ctx *ctx, const char *name, const char *form_key)
{
	struct rows made = { 0 };
	const char *earlier;

	db_begin(ctx);
	TRY(writing_claim(ctx, form_key, &earlier));
	if (earlier)
		return OK;
	TRY(db_query(ctx, &page_text_insert, &made, param_text(name), param_i64(PAGE_TEXTS_MAX)));
	if (made.affected == 0)
		return fail(ctx, ERR_INVALID, "name",
			    _("There are %d pages already: that is the most."), PAGE_TEXTS_MAX);
	audit_write(ctx, &(struct audit_entry){
				 .action = "text_added",
				 .subject = "text",
				 .details = arena_printf(ctx->arena, "{\"name\":\"%s\"}", name) });
	once_result(ctx, form_key, "/admin/texts");
	return db_commit(ctx);
}

enum err page_text_add(struct ctx *ctx, const char **name, const char *form_key)
{
	TRY(page_text_require(ctx));
	TRY(field_line(ctx, "name", *name, 1, PAGE_TEXT_NAME_MAX, name));
	if (!is_address(*name) || page_text_is_ours(*name))
		return fail(ctx, ERR_INVALID, "name", "%s",
			    _("Write the end of the address: lower-case letters without accents, "
			      "digits and hyphens, like first-steps."));
	return constraint_explain(ctx, writing_end(ctx, add(ctx, *name, form_key)));
}

/* Versions --------------------------------------------------------------------------- */

static enum err check_language(struct ctx *ctx, const char *title_field, const char **title,
			       const char *body_field, const char **body)
{
	const struct markdown_options options = { .are_links_followed = true };
	struct html_fragment rendered;

	TRY(field_line(ctx, title_field, *title, 0, PAGE_TEXT_TITLE_MAX, title));
	TRY(field_text(ctx, body_field, *body, 0, MARKDOWN_MAX_BYTES, body));
	if ((*body)[0] && !(*title)[0])
		return fail(ctx, ERR_INVALID, title_field, "%s", _("Give this text a title."));
	return markdown_render(ctx, body_field, *body, &options, &rendered);
}

static enum err check_words(struct ctx *ctx, struct page_text_version *words)
{
	TRY(check_language(ctx, "title_fr", &words->title_fr, "body_fr", &words->body_fr));
	TRY(check_language(ctx, "title_en", &words->title_en, "body_en", &words->body_en));
	if (!words->body_fr[0] && !words->body_en[0])
		return fail(ctx, ERR_INVALID, "body_fr", "%s",
			    _("Write the text in at least one language."));
	return field_line(ctx, "reason", words->reason, 0, PAGE_TEXT_REASON_MAX, &words->reason);
}

struct present {
	int64_t newest_number, publication_id;
};

/* The first round trip: *earlier when this very form was sent before. */
static enum err begin(struct ctx *ctx, const struct page_text_form *form, struct present *present,
		      const char **earlier)
{
	struct rows rows;

	*present = (struct present){ 0 };
	*earlier = NULL;
	db_begin(ctx);
	db_add(ctx, &page_text_lock, &rows, param_text(form->name));
	TRY(writing_claim(ctx, form->form_key, earlier));
	if (*earlier)
		return OK;
	if (!rows_next(&rows))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	present->newest_number = col_i64(&rows);
	present->publication_id = col_i64(&rows);
	return OK;
}

static enum err finish(struct ctx *ctx, const struct page_text_form *form)
{
	once_result(ctx, form->form_key, "/admin/texts");
	return db_commit(ctx);
}

static void add_audit(struct ctx *ctx, const char *action, const struct page_text_form *form,
		      int64_t number, const char *reason)
{
	audit_write(ctx,
		    &(struct audit_entry){
			    .action = action,
			    .subject = "text",
			    .subject_id = number,
			    .reason = reason,
			    .details = arena_printf(
				    ctx->arena, "{\"name\":\"%s\",\"version\":%lld,\"asks\":%s}",
				    form->name, (long long)number, form->asks ? "true" : "false"),
		    });
}

static void add_publication(struct ctx *ctx, const struct page_text_form *form, int64_t number,
			    struct rows *rows)
{
	bool asks = form->asks && strcmp(form->name, PAGE_TEXT_CHARTER) == 0 && number > 0;

	db_add(ctx, &page_text_publish_insert, rows, param_text(form->name), param_i64(number),
	       param_bool(asks), param_id(ctx->actor->id), param_time(ctx->now));
	add_audit(ctx, "text_published", form, number, form->words.reason);
}

static enum err somebody_was_faster(struct ctx *ctx)
{
	return fail(ctx, ERR_CONFLICT, NULL, "%s",
		    _("Somebody else changed this text in the meantime. Yours is still in the "
		      "fields: look at the newest version below, then save again."));
}

static enum err save(struct ctx *ctx, struct page_text_form *form, int64_t *number)
{
	const struct page_text_version *words = &form->words;
	struct present present;
	const char *earlier;

	TRY(begin(ctx, form, &present, &earlier));
	if (earlier)
		return OK;
	if (present.newest_number != form->follows_number)
		return somebody_was_faster(ctx);
	*number = present.newest_number + 1;
	db_add(ctx, &page_text_version_insert, NULL, param_text(form->name), param_i64(*number),
	       param_text(words->title_fr), param_text(words->body_fr), param_text(words->title_en),
	       param_text(words->body_en), param_text(words->reason), param_id(ctx->actor->id),
	       param_time(ctx->now));
	if (form->is_published)
		add_publication(ctx, form, *number, NULL);
	else
		add_audit(ctx, "text_saved", form, *number, words->reason);
	return finish(ctx, form);
}

enum err page_text_save(struct ctx *ctx, struct page_text_form *form, int64_t *number)
{
	*number = form->follows_number + 1;
	TRY(page_text_require(ctx));
	TRY(check_words(ctx, &form->words));
	return writing_end(ctx, save(ctx, form, number));
}

/* Publications ------------------------------------------------------------------------- */

static enum err publish(struct ctx *ctx, const struct page_text_form *form, int64_t number)
{
	struct present present;
	const char *earlier;
	struct rows made;

	TRY(begin(ctx, form, &present, &earlier));
	if (earlier)
		return OK;
	if (present.publication_id != form->publication_id)
		return somebody_was_faster(ctx);
	add_publication(ctx, form, number, &made);
	TRY(db_run(ctx));
	if (made.count == 0)
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	return finish(ctx, form);
}

enum err page_text_publish(struct ctx *ctx, const struct page_text_form *form, int64_t number)
{
	TRY(page_text_require(ctx));
	return writing_end(ctx, publish(ctx, form, number));
}

static enum err undo(struct ctx *ctx, const struct page_text_form *form)
{
	struct present present;
	const char *earlier;

	TRY(begin(ctx, form, &present, &earlier));
	if (earlier)
		return OK;
	if (present.publication_id != form->publication_id || !form->publication_id)
		return somebody_was_faster(ctx);
	db_add(ctx, &page_text_undo_insert, NULL, param_text(form->name),
	       param_i64(form->publication_id), param_id(ctx->actor->id), param_time(ctx->now));
	add_audit(ctx, "text_undone", form, 0, "");
	return finish(ctx, form);
}

enum err page_text_undo(struct ctx *ctx, const struct page_text_form *form)
{
	TRY(page_text_require(ctx));
	return writing_end(ctx, undo(ctx, form));
}
