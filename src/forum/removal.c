/*
 * Bulk removal and its undoing.
 */
#include "forum/removal.h"

#include "db/db.h"
#include "forum/actor.h"
#include "forum/audit.h"
#include "forum/case.h"
#include "forum/field.h"
#include "forum/job.h"
#include "forum/policy.h"
#include "forum/sign_up_block.h"
#include "i18n/i18n.h"

DB_STATEMENT(
	removal_person,
	"select e.name, coalesce(e.handle, ''), e.role <> 'customer',\n"
	"	(select count(*) from posts p where p.author_id = e.id and p.visibility <> 'withdrawn')\n"
	"from people e where e.id = $1",
	1);

DB_STATEMENT(
	removal_list,
	"select r.id, r.asked_at, r.ended_at, r.undone_at, r.total::bigint, r.done::bigint, r.state,\n"
	"	r.reason, coalesce(e.name, ''),\n"
	"	r.state = 'removed' and r.asked_at > now() - make_interval(days => $2::integer)\n"
	"from removals r left join people e on e.id = r.asked_by\n"
	"where r.person_id = $1 order by r.id desc limit 10",
	2);

DB_STATEMENT(removal_insert,
	     "insert into removals (person_id, asked_by, reason, is_spam, case_id, total)\n"
	     "select $1, $2, $3, $4, $5, count(*) from posts p\n"
	     "where p.author_id = $1 and p.visibility <> 'withdrawn' returning id",
	     5);

DB_STATEMENT(
	removal_turn_back,
	"update removals set state = 'restoring', undone_by = $3, undone_at = now(), done = 0,\n"
	"	last_post_id = 0, ended_at = null,\n"
	"	total = (select count(*) from removal_posts k where k.removal_id = removals.id)\n"
	"where id = $1 and person_id = $2 and state = 'removed'\n"
	"	and asked_at > now() - make_interval(days => $4::integer) returning coalesce(case_id, 0)",
	4);

/* Topics first, as everybody locks them; then their posts. */
DB_STATEMENT(removal_take,
	     "select t.id from topics t where t.id in (select p.topic_id from posts p\n"
	     "	join removals r on r.person_id = p.author_id\n"
	     "	where r.id = $1 and p.id > r.last_post_id order by p.id limit 100)\n"
	     "order by t.id for update",
	     1);

DB_STATEMENT(
	removal_batch,
	"with r as (select * from removals where id = $1 and state = 'removing' for update),\n"
	"next as (select p.id, p.visibility, p.kind, p.topic_id from posts p join r on r.person_id = p.author_id\n"
	"	where p.id > r.last_post_id order by p.id limit 100),\n"
	"kept as (insert into removal_posts (removal_id, post_id, was)\n"
	"	select r.id, n.id, n.visibility from next n, r where n.visibility <> 'withdrawn'\n"
	"	on conflict do nothing),\n"
	"gone as (update posts p set visibility = 'withdrawn', withdrawn_by = r.asked_by, withdrawn_at = now()\n"
	"	from next n, r where p.id = n.id and n.visibility <> 'withdrawn' returning p.id),\n"
	"places as (update topics t set visibility = 'withdrawn' from next n\n"
	"	where n.kind = 'question' and t.id = n.topic_id and t.visibility <> 'withdrawn'),\n"
	"items as (update moderation_items i set state = 'decided', decision = 'withdraw',\n"
	"	decided_at = clock_timestamp(), decided_by = r.asked_by, claimed_by = null, claimed_until = null\n"
	"	from next n, r where i.post_id = n.id and i.state = 'open' and i.kind not in ('appeal', 'notice')),\n"
	"lessons as (insert into jobs (kind, payload, key)\n"
	"	select 'post_judged', jsonb_build_object('id', n.id), n.id::text from next n, r\n"
	"	where r.is_spam and n.visibility <> 'withdrawn' on conflict do nothing)\n"
	"update removals set done = removals.done + (select count(*) from gone),\n"
	"	last_post_id = coalesce((select max(id) from next), removals.last_post_id),\n"
	"	state = case when (select count(*) from next) < 100 then 'removed' else 'removing' end,\n"
	"	ended_at = case when (select count(*) from next) < 100 then clock_timestamp() end\n"
	"from r where removals.id = r.id returning removals.state = 'removing'",
	1);

/* What somebody brought back or withdrew otherwise meanwhile is left alone. */
DB_STATEMENT(
	removal_back_batch,
	"with r as (select * from removals where id = $1 and state = 'restoring' for update),\n"
	"next as (select k.post_id as id, k.was, p.kind, p.topic_id, p.visibility = 'withdrawn'\n"
	"		and p.withdrawn_by is not distinct from r.asked_by as is_ours\n"
	"	from removal_posts k join r on r.id = k.removal_id join posts p on p.id = k.post_id\n"
	"	where k.post_id > r.last_post_id order by k.post_id limit 100),\n"
	"back as (update posts p set visibility = n.was, withdrawn_by = null, withdrawn_at = null\n"
	"	from next n where p.id = n.id and n.is_ours returning p.id),\n"
	"places as (update topics t set visibility = n.was from next n\n"
	"	where n.kind = 'question' and n.is_ours and t.id = n.topic_id),\n"
	"lessons as (insert into jobs (kind, payload, key)\n"
	"	select 'post_judged', jsonb_build_object('id', n.id), n.id::text from next n, r\n"
	"	where r.is_spam on conflict do nothing)\n"
	"update removals set done = removals.done + (select count(*) from next),\n"
	"	last_post_id = coalesce((select max(id) from next), removals.last_post_id),\n"
	"	state = case when (select count(*) from next) < 100 then 'restored' else 'restoring' end,\n"
	"	ended_at = case when (select count(*) from next) < 100 then clock_timestamp() end\n"
	"from r where removals.id = r.id returning removals.state = 'restoring'",
	1);

/* The same posts' topics, for the way back. */
DB_STATEMENT(removal_take_back,
	     "select t.id from topics t where t.id in (select p.topic_id from removal_posts k\n"
	     "	join removals r on r.id = k.removal_id join posts p on p.id = k.post_id\n"
	     "	where r.id = $1 and k.post_id > r.last_post_id order by k.post_id limit 100)\n"
	     "order by t.id for update",
	     1);

static enum err require(struct ctx *ctx)
{
	return policy_require(ctx, MAY_MANAGE_PEOPLE, &(struct subject){ .now = ctx->now });
}

/* Reading ---------------------------------------------------------------------------------- */

static enum removal_state state_from_text(const char *text)
{
	static const char *const states[] = {
		[REMOVAL_REMOVING] = "removing",
		[REMOVAL_REMOVED] = "removed",
		[REMOVAL_RESTORING] = "restoring",
		[REMOVAL_RESTORED] = "restored",
	};

	for (size_t i = 0; i < ARRAY_COUNT(states); i++)
		if (strcmp(states[i], text) == 0)
			return (enum removal_state)i;
	return REMOVAL_RESTORED;
}

static void removal_read(struct rows *rows, struct removal *removal)
{
	removal->id = col_i64(rows);
	removal->asked_at = col_time(rows);
	removal->ended_at = col_time(rows);
	removal->undone_at = col_time(rows);
	removal->total = col_i64(rows);
	removal->done = col_i64(rows);
	removal->state = state_from_text(col_text(rows));
	removal->reason = col_text(rows);
	removal->asked_by = col_text(rows);
	removal->can_undo = col_bool(rows);
}

enum err removal_view_load(struct ctx *ctx, int64_t person_id, struct removal_view *out)
{
	struct rows person, list;

	*out = (struct removal_view){ .person_id = person_id };
	TRY(require(ctx));
	db_add(ctx, &removal_person, &person, param_i64(person_id));
	db_add(ctx, &removal_list, &list, param_i64(person_id), param_i64(REMOVAL_UNDO_DAYS));
	TRY(db_run(ctx));
	if (!rows_next(&person))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	out->name = col_text(&person);
	out->handle = col_text(&person);
	out->is_staff = col_bool(&person);
	out->post_count = col_i64(&person);
	while (rows_next(&list))
		removal_read(&list, &out->items[out->count++]);
	return OK;
}

/* Beginning and undoing ------------------------------------------------------------------ */

static void add_job(struct ctx *ctx, int64_t id)
{
	job_add(ctx, "removal", arena_printf(ctx->arena, "{\"id\":%lld}", (long long)id), NULL, 0);
}

static void add_audit(struct ctx *ctx, const char *action, int64_t id, int64_t person_id,
		      const char *reason)
{
	audit_write(ctx, &(struct audit_entry){ .action = action,
						.subject = "removal",
						.subject_id = id,
						.person_id = person_id,
						.reason = reason });
}

static enum err begin(struct ctx *ctx, int64_t person_id, const char *reason, bool is_spam)
{
	const struct case_new file = { .act = CASE_WITHDRAW,
				       .rule = is_spam ? RULE_SPAM : RULE_OTHER,
				       .facts = reason,
				       .origin = CASE_BY_TEAM,
				       .person_id = person_id };
	int64_t case_id, id;
	struct rows rows;

	db_begin(ctx);
	TRY(case_open(ctx, &file, &case_id));
	TRY(db_query(ctx, &removal_insert, &rows, param_i64(person_id), param_id(ctx->actor->id),
		     param_text(reason), param_bool(is_spam), param_id(case_id)));
	rows_next(&rows);
	id = col_i64(&rows);
	if (is_spam)
		TRY(sign_up_block_person(ctx, person_id, id));
	add_job(ctx, id);
	add_audit(ctx, "removal_begin", id, person_id, reason);
	return db_commit(ctx);
}

static enum err ended(struct ctx *ctx, enum err result)
{
	if (result != OK)
		db_rollback(ctx);
	if (result == ERR_CONFLICT && ctx->error.constraint) {
		error_clear(ctx);
		return fail(ctx, ERR_CONFLICT, NULL, "%s",
			    _("This is under way already: see how far it is."));
	}
	return result;
}

enum err removal_begin(struct ctx *ctx, int64_t person_id, const char *reason, bool is_spam)
{
	struct removal_view view;

	TRY(removal_view_load(ctx, person_id, &view));
	if (view.is_staff)
		return fail(ctx, ERR_FORBIDDEN, NULL, "%s",
			    _("This person is of the team: take the role away first."));
	TRY(field_line(ctx, "reason", reason, 1, REMOVAL_REASON_MAX, &reason));
	return ended(ctx, begin(ctx, person_id, reason, is_spam));
}

static enum err undo(struct ctx *ctx, int64_t person_id, int64_t id)
{
	struct rows rows;
	int64_t case_id;

	db_begin(ctx);
	TRY(db_query(ctx, &removal_turn_back, &rows, param_i64(id), param_i64(person_id),
		     param_id(ctx->actor->id), param_i64(REMOVAL_UNDO_DAYS)));
	if (!rows_next(&rows))
		return fail(ctx, ERR_CONFLICT, NULL, "%s",
			    _("This can no longer be undone, or is under way already."));
	case_id = col_i64(&rows);
	if (case_id)
		case_reverse(ctx, case_id, CASE_UNDONE);
	sign_up_block_undo(ctx, id);
	add_job(ctx, id);
	add_audit(ctx, "removal_undo", id, person_id, NULL);
	return db_commit(ctx);
}

enum err removal_undo(struct ctx *ctx, int64_t person_id, int64_t removal_id)
{
	TRY(require(ctx));
	return ended(ctx, undo(ctx, person_id, removal_id));
}

/* The worker's part --------------------------------------------------------------------- */

static enum err run_batch(struct ctx *ctx, int64_t id, bool *has_more)
{
	struct rows gone, back;
	bool is_removing, is_restoring;

	*has_more = false;
	db_begin(ctx);
	db_add(ctx, &removal_take, NULL, param_i64(id));
	db_add(ctx, &removal_take_back, NULL, param_i64(id));
	db_add(ctx, &removal_batch, &gone, param_i64(id));
	/* Only one of the two finds its state. */
	db_add(ctx, &removal_back_batch, &back, param_i64(id));
	TRY(db_commit(ctx));
	is_removing = rows_next(&gone) && col_bool(&gone);
	is_restoring = rows_next(&back) && col_bool(&back);
	*has_more = is_removing || is_restoring;
	return OK;
}

enum err removal_run(struct ctx *ctx, int64_t removal_id, bool *has_more)
{
	enum err result = run_batch(ctx, removal_id, has_more);

	if (result != OK)
		db_rollback(ctx);
	return result;
}
