/*
 * Acts of the desk on a question. What people decide in its row is kept as JSON before and
 * after, made by the database in the same statement that changes it.
 */
#include "forum/desk_act.h"

#include "base/clock.h"
#include "db/db.h"
#include "forum/actor.h"
#include "forum/audit.h"
#include "forum/desk.h"
#include "forum/field.h"
#include "forum/notification.h"
#include "forum/once.h"
#include "forum/writing.h"
#include "i18n/i18n.h"

#define STATE \
	"jsonb_build_object('level', q.level, 'team', q.team_id, 'assigned', q.assigned_to,\n" \
	"	'person', q.escalated_to_person, 'escalated', q.escalated_at, 'due', q.escalated_due_at,\n" \
	"	'follow_up', q.follow_up_at)"

/* The columns that a state of s has. */
#define SET_STATE(s) \
	"level = (" s " ->> 'level')::smallint, team_id = (\n" \
	"	select g.id from desk_teams g where g.id = (" s " ->> 'team')::bigint),\n" \
	"	assigned_to = (" s " ->> 'assigned')::bigint,\n" \
	"	escalated_to_person = (" s " ->> 'person')::bigint,\n" \
	"	escalated_at = (" s " ->> 'escalated')::timestamptz,\n" \
	"	escalated_due_at = (" s " ->> 'due')::timestamptz,\n" \
	"	follow_up_at = (" s " ->> 'follow_up')::timestamptz"

/*
 * $3 level or null, $4 team, $5 person, $6 due, $7 follow up, $8 reason, $9 who, $10 now. By
 * kind: handing over names team or person and ends an escalation; escalating names a person
 * or a level; following up sets its time alone. The claim ends with the first two.
 */
DB_STATEMENT(
	desk_act_do,
	"with old as (select " STATE " as s from desk_questions q where q.topic_id = $1::bigint),\n"
	"new as (\n"
	"	update desk_questions q set\n"
	"		level = coalesce($3::smallint, q.level),\n"
	"		team_id = case $2 when 'hand_over' then $4::bigint else q.team_id end,\n"
	"		assigned_to = case $2 when 'hand_over' then $5::bigint when 'escalate' then null\n"
	"			else q.assigned_to end,\n"
	"		escalated_to_person = case $2 when 'escalate' then $5::bigint when 'hand_over' then null\n"
	"			else q.escalated_to_person end,\n"
	"		escalated_at = case $2 when 'escalate' then $10::timestamptz when 'hand_over' then null\n"
	"			else q.escalated_at end,\n"
	"		escalated_due_at = case $2 when 'escalate' then $6::timestamptz when 'hand_over' then null\n"
	"			else q.escalated_due_at end,\n"
	"		follow_up_at = case $2 when 'follow_up' then $7::timestamptz else q.follow_up_at end,\n"
	"		claimed_by = case $2 when 'follow_up' then q.claimed_by end,\n"
	"		claimed_until = case $2 when 'follow_up' then q.claimed_until end,\n"
	"		claim_token = case $2 when 'follow_up' then q.claim_token end,\n"
	"		updated_at = $10::timestamptz\n"
	"	where q.topic_id = $1::bigint returning " STATE " as s\n"
	")\n"
	"insert into desk_acts (topic_id, kind, reason, actor_id, created_at, before, after)\n"
	"select $1::bigint, $2, $8, $9::bigint, $10::timestamptz, old.s, new.s from old, new",
	10);

/* Rows: the act that stands, and whether the row is still as it left it. */
DB_STATEMENT(desk_act_one,
	     "select a.kind, a.undone_at is not null, a.after = " STATE "\n"
	     "from desk_acts a join desk_questions q on q.topic_id = a.topic_id\n"
	     "where a.topic_id = $1 and a.id = $2",
	     2);

DB_STATEMENT(
	desk_act_turn_back,
	"with act as (\n"
	"	update desk_acts set undone_at = $4, undone_by = $3 where id = $2 and topic_id = $1\n"
	"	returning topic_id, before\n"
	")\n"
	"update desk_questions q set " SET_STATE(
		"act.before") ", updated_at = $4\n"
			      "from act where q.topic_id = act.topic_id",
	4);

DB_STATEMENT(
	desk_acts_of,
	"select a.id, a.kind, a.created_at, a.undone_at, coalesce(p.name, ''), a.reason,\n"
	"	coalesce(w.name, ''), coalesce(g.name, ''), (a.after ->> 'level')::bigint,\n"
	"	(case a.kind when 'escalate' then a.after ->> 'due' when 'follow_up'\n"
	"		then a.after ->> 'follow_up' end)::timestamptz,\n"
	"	a.undone_at is null and a.after = " STATE "\n"
	"from desk_acts a join desk_questions q on q.topic_id = a.topic_id\n"
	"left join people p on p.id = a.actor_id\n"
	"left join people w on w.id = case a.kind when 'escalate' then (a.after ->> 'person')::bigint\n"
	"	when 'hand_over' then (a.after ->> 'assigned')::bigint end\n"
	"left join desk_teams g on g.id = (a.after ->> 'team')::bigint and a.kind = 'hand_over'\n"
	"where a.topic_id = $1 order by a.id desc limit $2::bigint",
	2);

/* The experts in the field of $1. */
#define EXPERTS \
	"select e.person_id from experts e join topics d on d.id = $1::bigint\n" \
	"where e.state = 'active' and e.ends_at > now()\n" \
	"	and (e.category_id in (d.category_id, d.top_category_id) or e.tag_id in\n" \
	"		(select tt.tag_id from topic_tags tt where tt.topic_id = d.id))"

/* Gathered by their indexes: most people are neither of the team nor experts. */
DB_STATEMENT(desk_colleagues,
	     "select p.id, p.name, p.role = 'customer' from people p\n"
	     "where p.state = 'active' and p.id in (select s.id from people s\n"
	     "	where s.role in ('advisor', 'moderator', 'administrator') union " EXPERTS ")\n"
	     "order by p.role = 'customer', lower(p.name), p.id limit $2::bigint",
	     2);

DB_STATEMENT(desk_colleague_one,
	     "select p.id from people p where p.id = $2::bigint and p.state = 'active'\n"
	     "	and (p.role <> 'customer' or p.id in (" EXPERTS "))",
	     2);

DB_STATEMENT(
	desk_teams_all,
	"select g.id, g.level::bigint, g.name from desk_teams g order by g.level, lower(g.name) limit 100",
	0);

DB_STATEMENT(desk_team_lock, "select g.id from desk_teams g where g.id = $1 for key share", 1);

DB_STATEMENT(desk_escalation_met,
	     "with met as (\n"
	     "	update desk_questions set escalated_to_person = null, escalated_at = null,\n"
	     "		escalated_due_at = null\n"
	     "	where topic_id = $1 and escalated_to_person = $2::bigint returning topic_id\n"
	     ")\n"
	     "select desk_event(met.topic_id, 'changed') from met",
	     2);

static const struct {
	const char *text, *label, *audit;
} kinds[DESK_ACT_KIND_COUNT] = {
	[DESK_HAND_OVER] = { "hand_over", N_("Handed over"), "desk_handed_over" },
	[DESK_ESCALATE] = { "escalate", N_("To a higher level"), "desk_escalated" },
	[DESK_FOLLOW_UP] = { "follow_up", N_("To follow up"), "desk_put_off" },
};

const char *desk_act_label(enum desk_act_kind kind)
{
	return _(kinds[kind].label);
}

/* Of a column: its check constraint allows no other word. */
static enum desk_act_kind kind_from_text(const char *text)
{
	for (int i = 0; i < DESK_ACT_KIND_COUNT; i++)
		if (strcmp(kinds[i].text, text) == 0)
			return (enum desk_act_kind)i;
	return DESK_FOLLOW_UP;
}

/* Reading ------------------------------------------------------------------------------- */

void desk_acts_add(struct ctx *ctx, int64_t topic_id, struct rows *rows)
{
	db_add(ctx, &desk_acts_of, rows, param_i64(topic_id), param_i64(DESK_ACTS_SHOWN));
}

/* Only the newest that stands can be taken back. */
void desk_acts_read(struct ctx *ctx, struct rows *rows, struct desk_act **out, size_t *count)
{
	bool has_newest = false;

	*out = arena_array_of(ctx->arena, (size_t)rows->count + 1, struct desk_act);
	*count = 0;
	while (rows_next(rows)) {
		struct desk_act *act = &(*out)[(*count)++];

		*act = (struct desk_act){ .id = col_i64(rows) };
		act->kind = kind_from_text(col_text(rows));
		act->created_at = col_time(rows);
		act->undone_at = col_time(rows);
		act->actor = col_text(rows);
		act->reason = col_text(rows);
		act->person = col_text(rows);
		act->team = col_text(rows);
		act->level = col_i64(rows);
		act->due_at = col_time(rows);
		act->can_undo = col_bool(rows) && !has_newest;
		has_newest = has_newest || !act->undone_at;
	}
}

void desk_people_add(struct ctx *ctx, int64_t topic_id, struct rows *people, struct rows *teams)
{
	db_add(ctx, &desk_colleagues, people, param_i64(topic_id), param_i64(DESK_PEOPLE_SHOWN));
	db_add_params(ctx, &desk_teams_all, teams, NULL, 0);
}

void desk_people_read(struct ctx *ctx, struct rows *people, struct rows *teams,
		      struct desk_colleague **colleagues, size_t *colleague_count,
		      struct desk_team **out, size_t *team_count)
{
	*colleagues = arena_array_of(ctx->arena, (size_t)people->count + 1, struct desk_colleague);
	*colleague_count = 0;
	while (rows_next(people)) {
		struct desk_colleague *colleague = &(*colleagues)[(*colleague_count)++];

		colleague->id = col_i64(people);
		colleague->name = col_text(people);
		colleague->is_expert = col_bool(people);
	}
	*out = arena_array_of(ctx->arena, (size_t)teams->count + 1, struct desk_team);
	*team_count = 0;
	while (rows_next(teams)) {
		struct desk_team *team = &(*out)[(*team_count)++];

		team->id = col_i64(teams);
		team->level = col_i64(teams);
		team->name = col_text(teams);
	}
}

/* Acting ---------------------------------------------------------------------------------- */

static enum err check_form(struct ctx *ctx, const struct desk_act_form *form)
{
	switch (form->kind) {
	case DESK_HAND_OVER:
		if (!form->person_id && !form->team_id)
			return fail(ctx, ERR_INVALID, "to", "%s",
				    _("Choose to whom you hand it over."));
		return OK;
	case DESK_ESCALATE:
		if (!form->person_id && !form->level)
			return fail(ctx, ERR_INVALID, "to", "%s",
				    _("Choose a level or an expert."));
		if (form->hours < 1 || form->hours > DESK_HOURS_MAX)
			return fail(ctx, ERR_INVALID, "hours", "%s",
				    _("Choose by when you want an answer."));
		return OK;
	case DESK_FOLLOW_UP:
	case DESK_ACT_KIND_COUNT:
		break;
	}
	if (form->follow_up_at && (form->follow_up_at <= ctx->now ||
				   form->follow_up_at > ctx->now + DESK_FOLLOW_DAYS * CLOCK_DAY))
		return fail(ctx, ERR_INVALID, "follow_up", "%s",
			    _("Choose a day to come, within a year."));
	return OK;
}

/* Those it goes to: whoever may not work on it cannot be chosen. */
static enum err check_receiver(struct ctx *ctx, const struct desk_act_form *form)
{
	struct rows person, team;

	db_add(ctx, &desk_colleague_one, &person, param_i64(form->topic_id),
	       param_i64(form->person_id));
	db_add(ctx, &desk_team_lock, &team, param_i64(form->team_id));
	TRY(db_run(ctx));
	if ((form->person_id && !rows_next(&person)) || (form->team_id && !rows_next(&team)))
		return fail(ctx, ERR_INVALID, "to", "%s",
			    _("They cannot work on this question. Choose somebody else."));
	return OK;
}

static void add_audit(struct ctx *ctx, const char *action, int64_t topic_id, const char *reason)
{
	audit_write(ctx, &(struct audit_entry){
				 .action = action,
				 .subject = "topic",
				 .subject_id = topic_id,
				 .reason = reason,
			 });
}

static void add_event(struct ctx *ctx, int64_t topic_id, enum desk_act_kind kind)
{
	desk_changed(ctx, topic_id,
		     kind == DESK_FOLLOW_UP ? DESK_EVENT_CHANGED : DESK_EVENT_HANDED_OVER);
}

static enum err finish(struct ctx *ctx, int64_t topic_id, const char *form_key)
{
	once_result(ctx, form_key, arena_printf(ctx->arena, "/desk/%lld", (long long)topic_id));
	return db_commit(ctx);
}

static enum err lock(struct ctx *ctx, int64_t topic_id, const char *form_key, const char **earlier)
{
	struct desk_question question;

	db_begin(ctx);
	TRY(writing_claim(ctx, form_key, earlier));
	if (*earlier)
		return OK;
	TRY(desk_lock(ctx, topic_id, &question));
	if (question.stage == DESK_DONE)
		return fail(ctx, ERR_CONFLICT, NULL, "%s",
			    _("This question was settled in the meantime."));
	return OK;
}

static enum err act(struct ctx *ctx, const struct desk_act_form *form, const char *reason)
{
	const char *earlier;

	TRY(lock(ctx, form->topic_id, form->form_key, &earlier));
	if (earlier)
		return OK;
	TRY(check_receiver(ctx, form));
	db_add(ctx, &desk_act_do, NULL, param_i64(form->topic_id),
	       param_text(kinds[form->kind].text), param_id(form->level), param_id(form->team_id),
	       param_id(form->person_id),
	       param_time(form->hours ? ctx->now + form->hours * CLOCK_HOUR : 0),
	       param_time(form->follow_up_at), param_text(reason), param_id(ctx->actor->id),
	       param_time(ctx->now));
	if (form->person_id && form->person_id != ctx->actor->id)
		notify_person(ctx, form->person_id, NOTIFY_DESK_HANDED, form->topic_id, 0);
	add_event(ctx, form->topic_id, form->kind);
	add_audit(ctx, kinds[form->kind].audit, form->topic_id, reason);
	return finish(ctx, form->topic_id, form->form_key);
}

enum err desk_act(struct ctx *ctx, const struct desk_act_form *form)
{
	const char *reason;

	TRY(check_form(ctx, form));
	TRY(field_line(ctx, "reason", form->reason ? form->reason : "", 0, DESK_ACT_REASON_MAX,
		       &reason));
	return writing_end(ctx, act(ctx, form, reason));
}

static enum err undo(struct ctx *ctx, int64_t topic_id, int64_t act_id, const char *form_key)
{
	enum desk_act_kind kind;
	const char *earlier;
	struct rows rows;

	TRY(lock(ctx, topic_id, form_key, &earlier));
	if (earlier)
		return OK;
	TRY(db_query(ctx, &desk_act_one, &rows, param_i64(topic_id), param_i64(act_id)));
	if (!rows_next(&rows))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	kind = kind_from_text(col_text(&rows));
	if (col_bool(&rows))
		return finish(ctx, topic_id, form_key);
	if (!col_bool(&rows))
		return fail(ctx, ERR_CONFLICT, NULL, "%s",
			    _("Something else was done with this question since: that cannot be "
			      "undone any more."));
	db_add(ctx, &desk_act_turn_back, NULL, param_i64(topic_id), param_i64(act_id),
	       param_id(ctx->actor->id), param_time(ctx->now));
	add_event(ctx, topic_id, kind);
	add_audit(ctx, "desk_act_undone", topic_id, NULL);
	return finish(ctx, topic_id, form_key);
}

enum err desk_act_undo(struct ctx *ctx, int64_t topic_id, int64_t act_id, const char *form_key)
{
	return writing_end(ctx, undo(ctx, topic_id, act_id, form_key));
}

void desk_add_answered(struct ctx *ctx, int64_t topic_id)
{
	db_add(ctx, &desk_escalation_met, NULL, param_i64(topic_id), param_id(ctx->actor->id));
}
