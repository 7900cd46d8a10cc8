/*
 * People as others see them, and what they may change about themselves.
 */
#include "forum/person.h"

#include "db/db.h"
#include "forum/author.h"
#include "forum/constraint.h"
#include "forum/field.h"
#include "forum/policy.h"
#include "i18n/i18n.h"
#include "text/markdown.h"

/*
 * The address is for oneself and for those who manage people ($3). Somebody who
 * has not confirmed it has no page yet for others: names and profiles would be an
 * open wall for spam.
 */
#define PERSON_COLUMNS \
	PERSON_AUTHOR_COLUMNS("p") \
	", coalesce(p.handle, ''), p.state, p.bio_html, p.bio_md, p.language," \
	" case when p.id = $2 or $3::boolean then p.email else '' end," \
	" p.email_confirmed_at is not null, p.wants_mail, p.is_minor and p.id = $2," \
	" p.question_count, p.thanks_count, p.reputation"

DB_STATEMENT(person_by_id,
	     "select " PERSON_COLUMNS " from people p"
	     " where p.id = $1 and p.state <> 'anonymised'"
	     " and (p.state <> 'unconfirmed' or p.id = $2 or $3::boolean)",
	     3);

DB_STATEMENT(
	person_change,
	"update people set language = $2, bio_md = $3, bio_html = $4, wants_mail = $5::boolean,\n"
	"	is_minor = $6::boolean\n"
	"where id = $1",
	6);

DB_STATEMENT(person_change_language, "update people set language = $2 where id = $1", 2);

static void person_read(struct ctx *ctx, struct rows *rows, struct person *person)
{
	author_read(ctx, rows, &person->author);
	person->handle = col_text(rows);
	person->state = col_text(rows);
	person->bio = html_fragment_from_stored_sanitised(col_text(rows));
	person->bio_md = col_text(rows);
	person->language = col_text(rows);
	person->email = col_text(rows);
	person->is_confirmed = col_bool(rows);
	person->wants_mail = col_bool(rows);
	person->is_minor = col_bool(rows);
	person->question_count = col_i64(rows);
	person->thanks_count = col_i64(rows);
	person->reputation = col_i64(rows);
}

enum err person_load(struct ctx *ctx, int64_t id, struct person *out)
{
	const struct subject nobody = { 0 };
	bool manages_people = policy_can(ctx->actor, MAY_MANAGE_PEOPLE, &nobody);
	struct rows rows;

	TRY(db_query(ctx, &person_by_id, &rows, param_i64(id), param_i64(ctx->actor->id),
		     param_bool(manages_people)));
	if (!rows_next(&rows))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	person_read(ctx, &rows, out);
	return OK;
}

static enum err check_language(struct ctx *ctx, const char *language)
{
	if (!i18n_is_supported(language))
		return fail(ctx, ERR_INVALID, "language", "%s",
			    _("This language is not offered here."));
	return OK;
}

enum err person_update(struct ctx *ctx, const struct person_changes *changes)
{
	const struct markdown_options options = { .are_links_followed = ctx->actor->is_trusted };
	struct html_fragment bio = { "" };
	const char *bio_md;

	TRY(check_language(ctx, changes->language));
	TRY(field_text(ctx, "bio", changes->bio_md, 0, PERSON_BIO_MAX_BYTES, &bio_md));
	if (ctx->actor->is_suspended && bio_md[0])
		return fail(ctx, ERR_FORBIDDEN, "bio", "%s",
			    _("Your account is suspended: you can read, but not take part."));
	if (bio_md[0])
		TRY(markdown_render(ctx, "bio", bio_md, &options, &bio));
	return constraint_explain(ctx,
				  db_query(ctx, &person_change, NULL, param_i64(ctx->actor->id),
					   param_text(changes->language), param_text(bio_md),
					   param_text(bio.html), param_bool(changes->wants_mail),
					   param_bool(changes->is_minor)));
}

enum err person_set_language(struct ctx *ctx, const char *language)
{
	TRY(check_language(ctx, language));
	return db_query(ctx, &person_change_language, NULL, param_i64(ctx->actor->id),
			param_text(language));
}
