/*
 * Measures on people: taking, ending, acknowledging. What is in force is kept in people
 * by trigger (person_measures in migrations/functions.sql).
 */
#include "forum/measure.h"

#include "base/clock.h"
#include "db/db.h"
#include "forum/audit.h"
#include "forum/field.h"
#include "forum/once.h"
#include "forum/policy.h"
#include "forum/writing.h"
#include "i18n/i18n.h"

/* At once in the job, so that no transaction is long. */
#define DUE_AT_ONCE "200"

DB_STATEMENT(
	measure_person,
	"select role, id from people where id = $1 and state <> 'anonymised' for no key update", 1);

DB_STATEMENT(
	measure_insert,
	"insert into measures (person_id, kind, category_id, reason, created_by, created_at, ends_at)\n"
	"values ($1, $2, $3, $4, $5, $6, $7)\n"
	"returning id",
	7);

DB_STATEMENT(measure_by_id,
	     "select m.person_id, m.kind, m.ended_at is not null, a.role\n"
	     "from measures m join people a on a.id = m.person_id\n"
	     "where m.id = $1 for no key update of m",
	     1);

DB_STATEMENT(measure_set_ended,
	     "update measures set ended_at = $2, ended_by = $3, end_reason = $4\n"
	     "where id = $1 and ended_at is null",
	     4);

DB_STATEMENT(
	measure_reverse_cases,
	"with undone as (\n"
	"	update moderation_cases set reversed_at = clock_timestamp(), reversed_by = $2::bigint,\n"
	"		reversal = 'undone'\n"
	"	where measure_id = $1 and reversed_at is null returning id\n"
	")\n"
	"update notifications set read_at = null, created_at = now()\n"
	"where case_id in (select id from undone) and kind = 'case'",
	2);

DB_STATEMENT(measure_unread,
	     "select m.id, m.reason, m.created_at, k.id\n"
	     "from measures m left join moderation_cases k on k.measure_id = m.id\n"
	     "where m.person_id = $1 and m.kind = 'warning' and m.ended_at is null\n"
	     "	and m.acknowledged_at is null\n"
	     "order by m.id limit 5",
	     1);

DB_STATEMENT(measure_set_acknowledged,
	     "update measures set acknowledged_at = $3\n"
	     "where id = $1 and person_id = $2 and kind = 'warning' and acknowledged_at is null",
	     3);

/* Locked in the order of people, as everybody else who writes to several does. */
DB_STATEMENT(
	measure_due,
	"with due as (\n"
	"	select id from measures where ended_at is null and ends_at <= now()\n"
	"	order by person_id, id limit " DUE_AT_ONCE " for update skip locked\n"
	"), ended as (\n"
	"	update measures set ended_at = ends_at where id in (select id from due) returning id\n"
	")\n"
	"select count(*) from ended",
	0);

DB_STATEMENT(measure_category, "select exists (select from categories where id = $1)", 1);

const int64_t measure_steps[4] = { 24, 72, 168, 720 };

int64_t measure_step_after(int64_t earlier)
{
	int64_t last = ARRAY_COUNT(measure_steps) - 1;

	return measure_steps[earlier < last ? earlier : last];
}

static enum err check_role(struct ctx *ctx, const char *role)
{
	struct subject subject = { .now = ctx->now };

	if (!role_from_text(role, &subject.person_role))
		subject.person_role = ROLE_ADMINISTRATOR;
	return policy_require(ctx, MAY_MEASURE, &subject);
}

enum err measure_check_person(struct ctx *ctx, int64_t person_id)
{
	struct rows rows;

	TRY(db_query(ctx, &measure_person, &rows, param_i64(person_id)));
	if (!rows_next(&rows))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	return check_role(ctx, col_text(&rows));
}

static enum err check_times(struct ctx *ctx, const struct measure_new *form)
{
	bool has_end = form->kind != MEASURE_NOTE && form->kind != MEASURE_WARNING;

	if (form->hours < 0 || form->hours > MEASURE_HOURS_MAX)
		return fail(ctx, ERR_INVALID, "hours", "%s",
			    _("Between one hour and ten years; nothing for an open end."));
	if (form->hours && !has_end)
		return fail(ctx, ERR_INVALID, "hours", "%s", _("Notes and warnings have no end."));
	return OK;
}

static enum err check_category(struct ctx *ctx, const struct measure_new *form)
{
	struct rows rows;

	if (form->kind != MEASURE_RIGHTS_REMOVED)
		return OK;
	TRY(db_query(ctx, &measure_category, &rows, param_i64(form->category_id)));
	if (rows_next(&rows) && col_bool(&rows))
		return OK;
	return fail(ctx, ERR_INVALID, "category", "%s", _("Please choose a category."));
}

static enum case_act act_of(enum measure_kind kind)
{
	switch (kind) {
	case MEASURE_SILENCE:
		return CASE_SILENCE;
	case MEASURE_SUSPENSION:
		return CASE_SUSPENSION;
	case MEASURE_RIGHTS_REMOVED:
		return CASE_RIGHTS_REMOVED;
	default:
		return CASE_WARNING;
	}
}

static enum err open_case(struct ctx *ctx, const struct measure_new *form, int64_t measure_id,
			  int64_t ends_at, int64_t *case_id)
{
	return case_open(ctx,
			 &(struct case_new){ .act = act_of(form->kind),
					     .rule = form->rule,
					     .is_law = form->is_law,
					     .facts = form->reason,
					     .person_id = form->person_id,
					     .post_id = form->post_id,
					     .measure_id = measure_id,
					     .item_id = form->item_id,
					     .ends_at = ends_at },
			 case_id);
}

enum err measure_add(struct ctx *ctx, const struct measure_new *form, int64_t *id, int64_t *case_id)
{
	bool is_place = form->kind == MEASURE_RIGHTS_REMOVED;
	int64_t ends_at = form->hours ? ctx->now + form->hours * CLOCK_HOUR : 0;
	struct rows rows;

	*case_id = 0;
	TRY(db_query(ctx, &measure_insert, &rows, param_i64(form->person_id),
		     param_text(measure_kind_text(form->kind)),
		     param_id(is_place ? form->category_id : 0), param_text(form->reason),
		     param_id(ctx->actor->id), param_time(ctx->now), param_time(ends_at)));
	rows_next(&rows);
	*id = col_i64(&rows);
	audit_write(ctx,
		    &(struct audit_entry){ .action = arena_printf(ctx->arena, "person_%s",
								  measure_kind_text(form->kind)),
					   .subject = "measure",
					   .subject_id = *id,
					   .person_id = form->person_id,
					   .reason = form->reason });
	if (form->kind == MEASURE_NOTE)
		return OK;
	return open_case(ctx, form, *id, ends_at, case_id);
}

static enum err take(struct ctx *ctx, const struct measure_new *form)
{
	struct measure_new cleaned = *form;
	int64_t id, case_id;
	const char *earlier;

	TRY(field_line(ctx, "measure_reason", form->reason, 3, MEASURE_REASON_MAX,
		       &cleaned.reason));
	TRY(check_times(ctx, form));
	db_begin(ctx);
	TRY(once_claim(ctx, form->form_key, &earlier));
	if (earlier)
		return OK;
	TRY(measure_check_person(ctx, form->person_id));
	TRY(check_category(ctx, form));
	TRY(measure_add(ctx, &cleaned, &id, &case_id));
	once_result(ctx, form->form_key, "measure");
	return db_commit(ctx);
}

enum err measure_take(struct ctx *ctx, const struct measure_new *form)
{
	return writing_end(ctx, take(ctx, form));
}

void measure_add_end(struct ctx *ctx, int64_t id, const char *reason)
{
	db_add(ctx, &measure_set_ended, NULL, param_i64(id), param_time(ctx->now),
	       param_id(ctx->actor->id), param_text(reason));
	db_add(ctx, &measure_reverse_cases, NULL, param_i64(id), param_id(ctx->actor->id));
}

static enum err end(struct ctx *ctx, int64_t id, const char *typed, const char *form_key)
{
	const char *reason, *earlier;
	int64_t person_id;
	struct rows rows;

	TRY(field_line(ctx, "end_reason", typed, 3, MEASURE_REASON_MAX, &reason));
	db_begin(ctx);
	TRY(once_claim(ctx, form_key, &earlier));
	if (earlier)
		return OK;
	TRY(db_query(ctx, &measure_by_id, &rows, param_i64(id)));
	if (!rows_next(&rows))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	person_id = col_i64(&rows);
	col_skip(&rows);
	col_skip(&rows);
	TRY(check_role(ctx, col_text(&rows)));
	measure_add_end(ctx, id, reason);
	audit_write(ctx, &(struct audit_entry){ .action = "measure_end",
						.subject = "measure",
						.subject_id = id,
						.person_id = person_id,
						.reason = reason });
	once_result(ctx, form_key, "ended");
	return db_commit(ctx);
}

enum err measure_end(struct ctx *ctx, int64_t id, const char *reason, const char *form_key)
{
	return writing_end(ctx, end(ctx, id, reason, form_key));
}

enum err measure_warnings(struct ctx *ctx, struct measure **out, size_t *count)
{
	struct rows rows;

	TRY(db_query(ctx, &measure_unread, &rows, param_i64(ctx->actor->id)));
	*out = arena_array_of(ctx->arena, (size_t)rows.count, struct measure);
	*count = 0;
	while (rows_next(&rows)) {
		struct measure *measure = &(*out)[(*count)++];

		measure->kind = MEASURE_WARNING;
		measure->id = col_i64(&rows);
		measure->reason = col_text(&rows);
		measure->created_at = col_time(&rows);
		measure->case_id = col_i64(&rows);
	}
	return OK;
}

enum err measure_acknowledge(struct ctx *ctx, int64_t id)
{
	return db_query(ctx, &measure_set_acknowledged, NULL, param_i64(id),
			param_i64(ctx->actor->id), param_time(ctx->now));
}

enum err measure_end_due(struct ctx *ctx, bool *has_more)
{
	struct rows rows;

	TRY(db_query_params(ctx, &measure_due, &rows, NULL, 0));
	rows_next(&rows);
	*has_more = col_i64(&rows) > 0;
	return OK;
}
