/*
 * Opening and reversing cases.
 */
#include "forum/case.h"

#include <assert.h>

#include "base/clock.h"
#include "db/db.h"
#include "forum/actor.h"
#include "forum/field.h"
#include "i18n/i18n.h"

/*
 * The case, the notification and the mail are one statement, so that an act has its case
 * told or none of it happened. The statement of reasons comes in both languages, and the
 * person's own is kept. $17: whether mail goes out; $18: the site's address.
 */
DB_STATEMENT(
	case_insert,
	"with person as (\n"
	"	select p.id, p.name, p.email, p.language, p.email_confirmed_at is not null as is_reached\n"
	"	from people p\n"
	"	where p.id = coalesce($1::bigint, (select o.author_id from posts o where o.id = $3::bigint))\n"
	"), made as (\n"
	"	insert into moderation_cases (person_id, topic_id, post_id, measure_id, item_id, act, rule, ground,\n"
	"		facts, origin, is_detected_automatically, is_decided_automatically, decided_by, ends_at,\n"
	"		language, statement, complaint_until)\n"
	"	select (select id from person), $2::bigint, $3::bigint, $4::bigint, $5::bigint, $6, $7, $8, $9, $10,\n"
	"		$11::boolean, $12::boolean, $13::bigint, $14::timestamptz,\n"
	"		coalesce((select language from person), 'fr'),\n"
	"		case when (select language from person) = 'en' then $16 else $15 end,\n"
	"		now() + interval '6 months'\n"
	"	returning id, person_id, topic_id, post_id, statement, language\n"
	"), told as (\n"
	"	insert into notifications (person_id, kind, topic_id, post_id, case_id)\n"
	"	select person_id, 'case', topic_id, post_id, id from made where person_id is not null\n"
	"	returning id\n"
	"), queued as (\n"
	"	insert into mails (person_id, address, language, kind, parameters, key)\n"
	"	select p.id, p.email, made.language, 'moderation',\n"
	"		jsonb_build_object('link', $18 || '/cases/' || made.id, 'name', p.name, 'title', $6::text,\n"
	"			'excerpt', made.statement), 'case:' || made.id\n"
	"	from made join person p on p.id = made.person_id\n"
	"	where $17::boolean and p.is_reached and p.email is not null\n"
	"	returning id\n"
	"), sending as (\n"
	"	insert into jobs (kind, payload, key)\n"
	"	select 'mail', jsonb_build_object('id', id), 'mail:' || id from queued\n"
	")\n"
	"select id from made",
	18);
_Static_assert(CASE_COMPLAINT_MONTHS == 6, "the statement says so too");

DB_STATEMENT(
	case_set_reversed,
	"update moderation_cases set reversed_at = clock_timestamp(), reversed_by = $2::bigint,\n"
	"	reversal = $3\n"
	"where id = $1 and reversed_at is null",
	3);

DB_STATEMENT(
	case_set_hiding_reversed,
	"update moderation_cases set reversed_at = clock_timestamp(), reversed_by = $2::bigint,\n"
	"	reversal = $3\n"
	"where post_id = $1 and act = 'hide' and reversed_at is null",
	3);

/* What was undone is news to whom it concerned. */
DB_STATEMENT(case_tell_again,
	     "update notifications set read_at = null, created_at = now()\n"
	     "where case_id = $1 and kind = 'case'",
	     1);

/* The title of what the post is under: the statement names it. */
DB_STATEMENT(
	case_place,
	"select t.title from topics t\n"
	"where t.id = coalesce($1::bigint, (select p.topic_id from posts p where p.id = $2::bigint))",
	2);

/* A demo acts in people's names; what the program itself decides is told. */
static bool is_told_by_mail(const struct ctx *ctx)
{
	return !(ctx->actor->is_automatic && ctx->actor->id);
}

static const char *statement_in(struct ctx *ctx, const char *language, const struct case_new *form,
				const char *place)
{
	const char *statement;

	i18n_use(language);
	statement = case_statement(ctx, form, place);
	i18n_use(ctx->language);
	return statement;
}

static enum err load_place(struct ctx *ctx, const struct case_new *form, const char **place)
{
	struct rows rows;

	*place = "";
	TRY(db_query(ctx, &case_place, &rows, param_id(form->topic_id), param_id(form->post_id)));
	if (rows_next(&rows))
		*place = col_text(&rows);
	return OK;
}

static enum err insert(struct ctx *ctx, const struct case_new *form, const char *place,
		       struct rows *rows)
{
	bool is_automatic = form->is_decided_automatically;

	return db_query(ctx, &case_insert, rows, param_id(form->person_id),
			param_id(form->topic_id), param_id(form->post_id),
			param_id(form->measure_id), param_id(form->item_id),
			param_text(case_act_text(form->act)), param_text(rule_text(form->rule)),
			param_text(form->is_law ? "law" : "charter"),
			param_text(form->facts ? form->facts : ""),
			param_text(case_origin_text(form->origin)),
			param_bool(form->is_detected_automatically), param_bool(is_automatic),
			param_id(is_automatic ? 0 : ctx->actor->id), param_time(form->ends_at),
			param_text(statement_in(ctx, "fr", form, place)),
			param_text(statement_in(ctx, "en", form, place)),
			param_bool(is_told_by_mail(ctx)), param_text(ctx->config->site.base_url));
}

enum err case_open(struct ctx *ctx, const struct case_new *form, int64_t *id)
{
	struct case_new cleaned = *form;
	const char *place;
	struct rows rows;

	assert(form->person_id || form->post_id);
	assert(form->is_decided_automatically || ctx->actor->id);
	TRY(field_line(ctx, "facts", form->facts ? form->facts : "", 0, CASE_FACTS_MAX,
		       &cleaned.facts));
	TRY(load_place(ctx, &cleaned, &place));
	TRY(insert(ctx, &cleaned, place, &rows));
	rows_next(&rows);
	if (id)
		*id = col_i64(&rows);
	return OK;
}

void case_reverse(struct ctx *ctx, int64_t id, enum case_reversal how)
{
	db_add(ctx, &case_set_reversed, NULL, param_i64(id), param_id(ctx->actor->id),
	       param_text(case_reversal_text(how)));
	if (how == CASE_UNDONE)
		db_add(ctx, &case_tell_again, NULL, param_i64(id));
}

void case_reverse_hiding(struct ctx *ctx, int64_t post_id, enum case_reversal how)
{
	db_add(ctx, &case_set_hiding_reversed, NULL, param_i64(post_id), param_id(ctx->actor->id),
	       param_text(case_reversal_text(how)));
}
