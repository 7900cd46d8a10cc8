/*
 * Reading a case, complaining, and deciding a complaint.
 */
#include "forum/complaint.h"

#include "base/utf8.h"
#include "db/db.h"
#include "forum/audit.h"
#include "forum/field.h"
#include "forum/measure.h"
#include "forum/moderation.h"
#include "forum/notification.h"
#include "forum/once.h"
#include "forum/policy.h"
#include "forum/post_columns.h"
#include "forum/site_setting.h"
#include "forum/writing.h"
#include "i18n/i18n.h"

/* Of the person of case k. */
#define SUSPENDED_UNTIL \
	"(select max(u.suspends_until) from complaints u where u.person_id = k.person_id\n" \
	"		and u.unfounded is not null and u.suspends_until > now())"

DB_STATEMENT(
	case_file_by_id,
	"select " CASE_ROW_COLUMNS ",\n"
	"	k.person_id, k.topic_id, k.measure_id, k.item_id, k.decided_by, k.complaint_until,\n"
	"	coalesce(a.name, ''), k.statement, k.language, coalesce(t.title, ''),\n"
	"	o.id, o.created_at, o.decided_at, coalesce(o.text, ''), coalesce(o.answer, ''),\n"
	"	coalesce(o.decision = 'upheld', false), coalesce(o.unfounded, ''), " SUSPENDED_UNTIL
	",\n"
	"	(select max(i.id) from moderation_items i where i.kind = 'appeal' and i.reference_id = k.id)\n"
	"from " CASE_ROW_TABLES " left join people a on a.id = k.person_id\n"
	"left join topics t on t.id = k.topic_id left join complaints o on o.case_id = k.id\n"
	"where k.id = $1",
	1);

/* For no key update: two complaints at once are one. */
DB_STATEMENT(complaint_case,
	     "select k.person_id, k.decided_by, k.post_id, k.topic_id, k.measure_id,\n"
	     "	k.reversed_at is null, k.complaint_until > now(),\n"
	     "	exists (select from complaints o where o.case_id = k.id), k.act,\n"
	     "	" SUSPENDED_UNTIL "\n"
	     "from moderation_cases k where k.id = $1 for no key update of k",
	     1);

DB_STATEMENT(complaint_insert,
	     "insert into complaints (case_id, person_id, text, case_decided_by, created_at)\n"
	     "values ($1, $2, $3, $4, $5)",
	     5);

/*
 * The mail says the answer in full, as the statement did; the page is told by number. $8:
 * it was manifestly unfounded; $9 the window in days, $10 and $11 from how many such
 * complaints on there is a warning and a suspension, $12 for how many days.
 */
DB_STATEMENT(
	complaint_set_decided,
	"with record as (\n"
	"	select count(o.case_id) + 1 as count,\n"
	"		coalesce(bool_or(o.unfounded in ('warning', 'suspension')), false) as is_warned\n"
	"	from complaints c left join complaints o on o.person_id = c.person_id and o.unfounded is not null\n"
	"		and o.decided_at > $3::timestamptz - make_interval(days => $9::integer)\n"
	"	where c.case_id = $1\n"
	"), judged as (\n"
	"	select case when not $8::boolean then null\n"
	"		when is_warned and count >= $11::bigint then 'suspension'\n"
	"		when not is_warned and count >= $10::bigint then 'warning' else 'counted' end as unfounded\n"
	"	from record\n"
	"), decided as (\n"
	"	update complaints set decided_at = $3, decided_by = $4::bigint, decision = $2, answer = $5,\n"
	"		unfounded = j.unfounded, suspends_until = case when j.unfounded = 'suspension'\n"
	"			then $3::timestamptz + make_interval(days => $12::integer) end\n"
	"	from judged j where case_id = $1 and decided_at is null\n"
	"	returning case_id, person_id\n"
	"), told as (\n"
	"	insert into notifications (person_id, kind, case_id)\n"
	"	select person_id, 'complaint', case_id from decided\n"
	"), queued as (\n"
	"	insert into mails (person_id, address, language, kind, parameters, key)\n"
	"	select p.id, p.email, p.language, 'moderation', jsonb_build_object('link',\n"
	"		$6 || '/cases/' || d.case_id, 'name', p.name, 'notification', 'complaint', 'excerpt', $5::text),\n"
	"		'complaint:' || d.case_id\n"
	"	from decided d join people p on p.id = d.person_id\n"
	"	where $7::boolean and p.email_confirmed_at is not null and p.email is not null\n"
	"	returning id\n"
	"), sending as (\n"
	"	insert into jobs (kind, payload, key)\n"
	"	select 'mail', jsonb_build_object('id', id), 'mail:' || id from queued\n"
	")\n"
	"select case_id from decided",
	12);

static void read_file(struct ctx *ctx, struct rows *rows, struct case_file *file)
{
	case_row_read(rows, &file->row);
	file->person_id = col_i64(rows);
	file->topic_id = col_i64(rows);
	file->measure_id = col_i64(rows);
	file->item_id = col_i64(rows);
	file->decided_by = col_i64(rows);
	file->complaint_until = col_time(rows);
	file->person_name = col_text(rows);
	file->statement = col_text(rows);
	file->language = col_text(rows);
	file->title = col_text(rows);
	file->complaint.id = col_i64(rows);
	file->complaint.created_at = col_time(rows);
	file->complaint.decided_at = col_time(rows);
	file->complaint.text = col_text(rows);
	file->complaint.answer = col_text(rows);
	file->complaint.is_upheld = col_bool(rows);
	file->complaint.unfounded = col_text(rows);
	file->suspended_until = col_time(rows);
	file->complaint.item_id = col_i64(rows);
	file->is_own = file->person_id && file->person_id == ctx->actor->id;
}

enum err case_file_load(struct ctx *ctx, int64_t id, struct case_file *out)
{
	const struct subject nothing = { .now = ctx->now };
	struct rows rows;

	TRY(db_query(ctx, &case_file_by_id, &rows, param_i64(id)));
	if (!rows_next(&rows))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	*out = (struct case_file){ .person_id = 0 };
	read_file(ctx, &rows, out);
	out->is_for_team = policy_can(ctx->actor, MAY_MODERATE, &nothing);
	if (!out->is_own && !out->is_for_team)
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	out->can_complain = out->is_own && !out->complaint.id && !out->row.reversed_at &&
			    ctx->now < out->complaint_until && !out->suspended_until;
	out->can_decide = out->is_for_team && out->complaint.id && !out->complaint.decided_at &&
			  out->decided_by != ctx->actor->id;
	return OK;
}

/* A case that is locked, for a complaint. */
struct locked_case {
	int64_t person_id, decided_by, post_id, topic_id, measure_id;
	bool is_in_force, is_in_time, has_complaint;
	enum case_act act;
	int64_t suspended_until;
};

static enum err lock_case(struct ctx *ctx, int64_t id, struct locked_case *out)
{
	struct rows rows;

	TRY(db_query(ctx, &complaint_case, &rows, param_i64(id)));
	if (!rows_next(&rows))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	out->person_id = col_i64(&rows);
	out->decided_by = col_i64(&rows);
	out->post_id = col_i64(&rows);
	out->topic_id = col_i64(&rows);
	out->measure_id = col_i64(&rows);
	out->is_in_force = col_bool(&rows);
	out->is_in_time = col_bool(&rows);
	out->has_complaint = col_bool(&rows);
	out->act = case_act_from_text(col_text(&rows));
	out->suspended_until = col_time(&rows);
	return OK;
}

static enum err check_complaint(struct ctx *ctx, const struct locked_case *found)
{
	if (!ctx->actor->id || found->person_id != ctx->actor->id)
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	if (found->has_complaint)
		return fail(ctx, ERR_CONFLICT, NULL, "%s",
			    _("You have complained about this decision already."));
	if (!found->is_in_force)
		return fail(ctx, ERR_CONFLICT, NULL, "%s", _("This decision was put back."));
	if (!found->is_in_time)
		return fail(ctx, ERR_CONFLICT, NULL, "%s",
			    _("The six months for a complaint are over."));
	if (found->suspended_until)
		return fail(
			ctx, ERR_FORBIDDEN, NULL,
			_("Your complaints are not taken until %s, because several were manifestly unfounded."),
			i18n_date_time(ctx->arena, found->suspended_until));
	return OK;
}

static enum err complain(struct ctx *ctx, int64_t case_id, const char *typed, const char *form_key)
{
	struct locked_case found = { 0 };
	const char *text, *earlier;

	TRY(field_text(ctx, "text", typed, COMPLAINT_MIN, 4 * COMPLAINT_MAX, &text));
	if (utf8_count(text) > COMPLAINT_MAX)
		return fail(ctx, ERR_INVALID, "text", "%s", _("This text is too long."));
	db_begin(ctx);
	TRY(once_claim(ctx, form_key, &earlier));
	if (earlier)
		return OK;
	TRY(lock_case(ctx, case_id, &found));
	TRY(check_complaint(ctx, &found));
	db_add(ctx, &complaint_insert, NULL, param_i64(case_id), param_id(ctx->actor->id),
	       param_text(text), param_id(found.decided_by), param_time(ctx->now));
	moderation_open(ctx, &(struct moderation_new){ .kind = MODERATION_APPEAL,
						       .topic_id = found.topic_id,
						       .post_id = found.post_id,
						       .person_id = found.person_id,
						       .reference_id = case_id,
						       .code = "complaint",
						       .score = 10 });
	once_result(ctx, form_key, "complained");
	return db_commit(ctx);
}

enum err complaint_create(struct ctx *ctx, int64_t case_id, const char *text, const char *form_key)
{
	return writing_end(ctx, complain(ctx, case_id, text, form_key));
}

/* Putting back ------------------------------------------------------------------------- */

/* The post is locked by whoever decides; what its network hides stays hidden. */
static enum err show_post(struct ctx *ctx, int64_t post_id)
{
	struct post_lock lock;

	post_lock_add(ctx, post_id, &lock);
	TRY(db_run(ctx));
	TRY(post_lock_take(ctx, &lock));
	if (lock.post.visibility == VISIBILITY_VISIBLE)
		return OK;
	post_add_visibility(ctx, &lock.post, VISIBILITY_VISIBLE);
	notify_person(ctx, lock.post.author.id, NOTIFY_RELEASED, lock.post.topic_id, post_id);
	return OK;
}

static enum err put_back(struct ctx *ctx, int64_t case_id, const struct locked_case *found)
{
	bool is_about_post = found->act == CASE_HIDE || found->act == CASE_WITHDRAW ||
			     found->act == CASE_REFUSE;

	case_reverse(ctx, case_id, CASE_UPHELD);
	if (found->measure_id)
		measure_add_end(ctx, found->measure_id, _("Your complaint was upheld."));
	return is_about_post && found->post_id ? show_post(ctx, found->post_id) : OK;
}

static void add_decision(struct ctx *ctx, int64_t case_id, enum complaint_outcome outcome,
			 const char *answer, struct rows *rows)
{
	db_add(ctx, &complaint_set_decided, rows, param_i64(case_id),
	       param_text(outcome == COMPLAINT_UPHELD ? "upheld" : "rejected"),
	       param_time(ctx->now), param_id(ctx->actor->id), param_text(answer),
	       param_text(ctx->config->site.base_url), param_bool(!ctx->actor->is_automatic),
	       param_bool(outcome == COMPLAINT_UNFOUNDED),
	       param_i64(site_number(SITE_LAW_WINDOW_DAYS)),
	       param_i64(site_number(SITE_LAW_UNFOUNDED_WARNING)),
	       param_i64(site_number(SITE_LAW_UNFOUNDED_SUSPENSION)),
	       param_i64(site_number(SITE_LAW_SUSPENSION_DAYS)));
}

enum err complaint_decide(struct ctx *ctx, int64_t case_id, enum complaint_outcome outcome,
			  const char *answer)
{
	static const char *const actions[] = {
		[COMPLAINT_UPHELD] = "complaint_uphold",
		[COMPLAINT_REJECTED] = "complaint_reject",
		[COMPLAINT_UNFOUNDED] = "complaint_unfounded",
	};
	struct locked_case found = { 0 };
	struct rows rows;

	TRY(lock_case(ctx, case_id, &found));
	if (found.decided_by && found.decided_by == ctx->actor->id)
		return fail(ctx, ERR_FORBIDDEN, NULL, "%s",
			    _("Somebody else must decide a complaint about your decision."));
	add_decision(ctx, case_id, outcome, answer, &rows);
	TRY(db_run(ctx));
	if (rows.count != 1)
		return fail(ctx, ERR_CONFLICT, NULL, "%s", _("This was decided in the meantime."));
	audit_write(ctx, &(struct audit_entry){ .action = actions[outcome],
						.subject = "case",
						.subject_id = case_id,
						.person_id = found.person_id,
						.reason = answer });
	return outcome == COMPLAINT_UPHELD && found.is_in_force ? put_back(ctx, case_id, &found)
								: OK;
}
