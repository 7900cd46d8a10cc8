/*
 * Questionnaires: lists, and writing one.
 */
#include "forum/questionnaire.h"

#include "base/clock.h"
#include "base/slice.h"
#include "forum/audit.h"
#include "forum/field.h"
#include "forum/once.h"
#include "forum/panel_parts.h"
#include "forum/policy.h"
#include "forum/questionnaire_parts.h"
#include "forum/writing.h"
#include "i18n/i18n.h"

#define PLACE "/desk/panels/questions"

/* $2 who asks, $3 whether of the team, $4 now. */
DB_STATEMENT(
	questionnaires_of,
	"select " QUESTIONNAIRE_COLUMNS(
		"$2") "\n"
		      "from questionnaires q join panels n on n.id = q.panel_id\n"
		      "where q.panel_id = $1 and ($3::boolean or (q.opens_at <= $4::timestamptz\n"
		      "	and exists (select from panel_members m where m.panel_id = n.id\n"
		      "		and m.person_id = $2 and m.state = 'joined')))\n"
		      "order by q.id desc limit $5::bigint",
	5);

DB_STATEMENT(
	questionnaire_one,
	"select " QUESTIONNAIRE_COLUMNS(
		"$2") "\n"
		      "from questionnaires q join panels n on n.id = q.panel_id where q.id = $1",
	2);

DB_STATEMENT(questionnaire_lock,
	     "select q.version::bigint, q.text,\n"
	     "	exists (select from questionnaire_answers a where a.questionnaire_id = q.id)\n"
	     "from questionnaires q where q.id = $1 for update",
	     1);

/* $8: what a demo asks is told to nobody. */
DB_STATEMENT(
	questionnaire_insert,
	"insert into questionnaires (panel_id, title, text, opens_at, closes_at, made_by, made_at, told_at)\n"
	"select n.id, $2, $3, $4, $5, $6, $7::timestamptz, case when $8::boolean then $7::timestamptz end\n"
	"from panels n where n.id = $1 returning id",
	8);

DB_STATEMENT(
	questionnaire_update,
	"update questionnaires set version = version + 1, title = $2, text = $3, opens_at = $4, closes_at = $5\n"
	"where id = $1 returning id",
	5);

/* Reading --------------------------------------------------------------------------------- */

void questionnaire_read(struct ctx *ctx, struct rows *rows, struct questionnaire *out)
{
	*out = (struct questionnaire){ .id = col_i64(rows) };
	out->panel_id = col_i64(rows);
	out->version = col_i64(rows);
	out->opens_at = col_time(rows);
	out->closes_at = col_time(rows);
	out->title = col_text(rows);
	out->text = col_text(rows);
	out->panel_title = col_text(rows);
	out->is_anonymous = col_bool(rows);
	out->is_panel_open = col_bool(rows);
	out->answers = col_i64(rows);
	out->joined = col_i64(rows);
	out->has_answered = col_bool(rows);
	out->is_open = out->is_panel_open && out->opens_at <= ctx->now && ctx->now < out->closes_at;
}

void questionnaire_take_questions(struct ctx *ctx, struct questionnaire *out)
{
	const char *problem;
	int line;

	if (!questionnaire_parse(ctx->arena, out->text, &out->questions, &line, &problem))
		out->questions.count = 0;
}

void questionnaires_add(struct ctx *ctx, int64_t panel_id, bool is_team, struct rows *rows)
{
	db_add(ctx, &questionnaires_of, rows, param_i64(panel_id), param_id(ctx->actor->id),
	       param_bool(is_team), param_time(ctx->now), param_i64(QUESTIONNAIRES_SHOWN));
}

void questionnaires_read(struct ctx *ctx, struct rows *rows, struct questionnaires *out)
{
	*out = (struct questionnaires){ .items = arena_array_of(ctx->arena, (size_t)rows->count + 1,
								struct questionnaire) };
	while (rows_next(rows))
		questionnaire_read(ctx, rows, &out->items[out->count++]);
}

enum err questionnaire_load(struct ctx *ctx, int64_t id, struct questionnaire *out)
{
	struct rows rows;

	*out = (struct questionnaire){ 0 };
	TRY(panel_require_see(ctx));
	TRY(db_query(ctx, &questionnaire_one, &rows, param_i64(id), param_id(ctx->actor->id)));
	if (!rows_next(&rows))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	questionnaire_read(ctx, &rows, out);
	questionnaire_take_questions(ctx, out);
	return OK;
}

/* Writing --------------------------------------------------------------------------------- */

enum err questionnaire_check(struct ctx *ctx, struct questionnaire_form *form,
			     struct questions *out)
{
	const char *problem;
	int line;

	*out = (struct questions){ 0 };
	TRY(panel_require_run(ctx));
	TRY(field_line(ctx, "title", form->title, 1, PANEL_TITLE_MAX, &form->title));
	TRY(field_text(ctx, "text", form->text, 1, QUESTIONNAIRE_TEXT_MAX, &form->text));
	if (questionnaire_parse(ctx->arena, form->text, out, &line, &problem))
		return OK;
	if (line == 0)
		return fail(ctx, ERR_INVALID, "text", "%s", problem);
	return fail(ctx, ERR_INVALID, "text", _("Line %d: %s"), line, problem);
}

static enum err check_times(struct ctx *ctx, const struct questionnaire_form *form)
{
	if (!form->opens_at)
		return fail(ctx, ERR_INVALID, "opens", "%s", _("Say on which day it opens."));
	if (form->closes_at <= form->opens_at || (!form->id && form->closes_at <= ctx->now))
		return fail(ctx, ERR_INVALID, "closes", "%s",
			    _("It closes after it has opened, and not in the past."));
	if (form->closes_at - form->opens_at > QUESTIONNAIRE_DAYS_MAX * CLOCK_DAY)
		return fail(ctx, ERR_INVALID, "closes", "%s", _("It is open for a year at most."));
	return OK;
}

static enum err check_locked(struct ctx *ctx, const struct questionnaire_form *form,
			     struct rows *locked)
{
	bool is_same;

	if (!rows_next(locked))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	if (col_i64(locked) != form->version)
		return fail(ctx, ERR_CONFLICT, NULL, "%s",
			    _("Somebody else changed this questionnaire in the meantime. Your "
			      "words are still in the fields: compare, then save again."));
	is_same = strcmp(col_text(locked), form->text) == 0;
	if (col_bool(locked) && !is_same)
		return fail(ctx, ERR_CONFLICT, "text", "%s",
			    _("Somebody has answered: the questions stay as they are. Make a new "
			      "questionnaire instead."));
	return OK;
}

/* What the same form came to when it was sent first. */
static enum err id_of(struct ctx *ctx, const char *earlier, int64_t *id)
{
	if (strncmp(earlier, PLACE "/", strlen(PLACE "/")) != 0 ||
	    !slice_to_i64(slice_of(earlier + strlen(PLACE "/")), id))
		return fail(ctx, ERR_BAD_REQUEST, NULL, NULL);
	return OK;
}

static enum err write_row(struct ctx *ctx, const struct questionnaire_form *form, int64_t *id)
{
	struct rows rows;

	if (form->id)
		db_add(ctx, &questionnaire_update, &rows, param_i64(form->id),
		       param_text(form->title), param_text(form->text), param_time(form->opens_at),
		       param_time(form->closes_at));
	else
		db_add(ctx, &questionnaire_insert, &rows, param_i64(form->panel_id),
		       param_text(form->title), param_text(form->text), param_time(form->opens_at),
		       param_time(form->closes_at), param_id(ctx->actor->id), param_time(ctx->now),
		       param_bool(ctx->actor->is_automatic));
	TRY(db_run(ctx));
	if (!rows_next(&rows))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	*id = col_i64(&rows);
	return OK;
}

static enum err save(struct ctx *ctx, const struct questionnaire_form *form, int64_t *id)
{
	const char *earlier;
	struct rows locked;

	db_begin(ctx);
	db_add(ctx, &questionnaire_lock, &locked, param_i64(form->id));
	TRY(writing_claim(ctx, form->form_key, &earlier));
	if (earlier)
		return id_of(ctx, earlier, id);
	if (form->id)
		TRY(check_locked(ctx, form, &locked));
	TRY(write_row(ctx, form, id));
	audit_write(ctx,
		    &(struct audit_entry){
			    .action = form->id ? "questionnaire_changed" : "questionnaire_made",
			    .subject = "questionnaire",
			    .subject_id = *id,
		    });
	once_result(ctx, form->form_key, arena_printf(ctx->arena, PLACE "/%lld", (long long)*id));
	return db_commit(ctx);
}

enum err questionnaire_save(struct ctx *ctx, struct questionnaire_form *form, int64_t *id)
{
	struct questions questions;

	*id = form->id;
	TRY(questionnaire_check(ctx, form, &questions));
	TRY(check_times(ctx, form));
	return writing_end(ctx, save(ctx, form, id));
}
