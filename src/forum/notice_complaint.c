/*
 * Complaints by who sent a notice (article 20): once, within six months, about what was
 * not removed; decided by nobody who decided any of it. Upheld, it is removed now.
 */
#include "forum/notice_parts.h"

#include "base/utf8.h"
#include "db/db.h"
#include "forum/actor.h"
#include "forum/audit.h"
#include "forum/complaint.h"
#include "forum/field.h"
#include "forum/once.h"
#include "forum/post_columns.h"
#include "forum/writing.h"
#include "i18n/i18n.h"

DB_STATEMENT(notice_complaint_insert,
	     "insert into notice_complaints (notice_id, text, created_at) values ($1, $2, $3)\n"
	     "on conflict do nothing returning notice_id",
	     3);

/* Nobody who decided one of its items, and only what is still to be decided. */
DB_STATEMENT(
	notice_complaint_set_decided,
	"with decided as (\n"
	"	update notice_complaints c set decided_at = $3, decided_by = $4::bigint, decision = $2, answer = $5\n"
	"	where c.notice_id = $1 and c.decided_at is null\n"
	"	returning c.notice_id\n"
	"), changed as (\n"
	"	update notices n set outcome = case when $2 = 'upheld' then 'removed' else n.outcome end\n"
	"	from decided d where n.id = d.notice_id\n"
	"	returning n.id, n.code, n.category, n.email, n.language\n"
	"), freed as (\n"
	"	update notifier_measures set ended_at = clock_timestamp(), ended_by = $4::bigint\n"
	"	where notice_id = $1 and ended_at is null and $2 = 'upheld'\n"
	"), queued as (\n"
	"	insert into mails (address, language, kind, parameters, key)\n"
	"	select n.email, n.language, 'notice', jsonb_build_object('link', $6 || '/legal/notice/' || n.code,\n"
	"		'name', '', 'notification', 'complaint', 'title', $2::text, 'excerpt', $5::text),\n"
	"		'notice:' || n.id || ':complaint'\n"
	"	from changed n where $7::boolean and n.email <> ''\n"
	"	on conflict (key) do nothing\n"
	"	returning id\n"
	"), sending as (\n"
	"	insert into jobs (kind, payload, key)\n"
	"	select 'mail', jsonb_build_object('id', id), 'mail:' || id from queued\n"
	")\n"
	"select category from changed",
	7);

DB_STATEMENT(notice_decided_by,
	     "select 1 from moderation_items i where i.kind = 'notice' and i.reference_id = $1\n"
	     "	and i.decided_by = $2::bigint limit 1",
	     2);

/* In the order of locks: topic, then post. */
DB_STATEMENT(
	notice_left_posts,
	"select p.id from notice_targets w join posts p on p.id = w.post_id\n"
	"where w.notice_id = $1 and p.visibility <> 'withdrawn' order by p.topic_id, p.id limit 10",
	1);

static enum err check(struct ctx *ctx, const struct notice *notice)
{
	if (notice->suspended_until)
		return fail(
			ctx, ERR_FORBIDDEN, NULL,
			_("Your notices and complaints are not handled until %s, because several notices were manifestly unfounded."),
			i18n_date_time(ctx->arena, notice->suspended_until));
	if (!notice->decided_at)
		return fail(ctx, ERR_CONFLICT, NULL, "%s", _("This notice is not decided yet."));
	if (notice->complaint.created_at)
		return fail(ctx, ERR_CONFLICT, NULL, "%s",
			    _("You have complained about this decision already."));
	if (notice->outcome == NOTICE_REMOVED)
		return fail(ctx, ERR_CONFLICT, NULL, "%s",
			    _("What you told us about was removed."));
	if (ctx->now >= notice->complaint_until)
		return fail(ctx, ERR_CONFLICT, NULL, "%s",
			    _("The six months for a complaint are over."));
	return OK;
}

static enum err complain(struct ctx *ctx, const char *code, const char *typed, const char *form_key)
{
	const char *text, *earlier;
	struct notice notice;
	struct rows rows;

	TRY(field_text(ctx, "text", typed, COMPLAINT_MIN, (size_t)4 * COMPLAINT_MAX, &text));
	if (utf8_count(text) > COMPLAINT_MAX)
		return fail(ctx, ERR_INVALID, "text", "%s", _("This text is too long."));
	db_begin(ctx);
	TRY(once_claim(ctx, form_key, &earlier));
	if (earlier)
		return OK;
	TRY(notice_by_code(ctx, code, &notice));
	TRY(check(ctx, &notice));
	notice_lock(ctx, notice.id);
	db_add(ctx, &notice_complaint_insert, &rows, param_i64(notice.id), param_text(text),
	       param_time(ctx->now));
	TRY(db_run(ctx));
	if (rows.count != 1)
		return fail(ctx, ERR_CONFLICT, NULL, "%s",
			    _("You have complained about this decision already."));
	moderation_open(ctx, &(struct moderation_new){ .kind = MODERATION_NOTICE_COMPLAINT,
						       .reference_id = notice.id,
						       .code = "complaint",
						       .score = 20 });
	once_result(ctx, form_key, "complained");
	return db_commit(ctx);
}

enum err notice_complain(struct ctx *ctx, const char *code, const char *text, const char *form_key)
{
	return writing_end(ctx, complain(ctx, code, text, form_key));
}

/* Deciding it ----------------------------------------------------------------------------- */

/* Its author gets the statement of reasons, as if the notice had been followed at once. */
static enum err withdraw(struct ctx *ctx, int64_t post_id, enum notice_category category,
			 int64_t item_id)
{
	struct post_lock lock;

	post_lock_add(ctx, post_id, &lock);
	TRY(db_run(ctx));
	TRY(post_lock_take(ctx, &lock));
	post_add_visibility(ctx, &lock.post, VISIBILITY_WITHDRAWN);
	case_reverse_hiding(ctx, post_id, CASE_REPLACED);
	return case_open(ctx,
			 &(struct case_new){ .act = CASE_WITHDRAW,
					     .rule = notice_category_rule(category),
					     .is_law = true,
					     .origin = CASE_BY_NOTICE,
					     .topic_id = lock.post.topic_id,
					     .post_id = post_id,
					     .item_id = item_id },
			 NULL);
}

static enum err withdraw_all(struct ctx *ctx, int64_t id, enum notice_category category,
			     int64_t item_id)
{
	struct rows rows;

	TRY(db_query(ctx, &notice_left_posts, &rows, param_i64(id)));
	while (rows_next(&rows))
		TRY(withdraw(ctx, col_i64(&rows), category, item_id));
	return OK;
}

enum err notice_complaint_decide(struct ctx *ctx, int64_t id, int64_t item_id, bool is_upheld,
				 const char *answer)
{
	enum notice_category category = NOTICE_OTHER;
	struct rows own, decided;

	TRY(db_query(ctx, &notice_decided_by, &own, param_i64(id), param_id(ctx->actor->id)));
	if (own.count > 0)
		return fail(ctx, ERR_FORBIDDEN, NULL, "%s",
			    _("Somebody else must decide a complaint about your decision."));
	TRY(db_query(ctx, &notice_complaint_set_decided, &decided, param_i64(id),
		     param_text(is_upheld ? "upheld" : "rejected"), param_time(ctx->now),
		     param_id(ctx->actor->id), param_text(answer),
		     param_text(ctx->config->site.base_url),
		     param_bool(!ctx->actor->is_automatic)));
	if (!rows_next(&decided) || !notice_category_parse(col_text(&decided), &category))
		return fail(ctx, ERR_CONFLICT, NULL, "%s", _("This was decided in the meantime."));
	audit_write(ctx, &(struct audit_entry){ .action = is_upheld ? "notice_complaint_uphold"
								    : "notice_complaint_reject",
						.subject = "notice",
						.subject_id = id,
						.reason = answer });
	return is_upheld ? withdraw_all(ctx, id, category, item_id) : OK;
}
