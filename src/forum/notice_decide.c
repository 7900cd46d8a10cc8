/*
 * What follows when the queue decides a notice: the outcome, whoever sent it is told,
 * and who often sends unfounded ones is warned or suspended. And what of that the team
 * takes back.
 */
#include "forum/notice_parts.h"

#include "db/db.h"
#include "forum/actor.h"
#include "forum/audit.h"
#include "forum/once.h"
#include "forum/policy.h"
#include "forum/site_setting.h"
#include "forum/writing.h"
#include "i18n/i18n.h"

DB_STATEMENT(notice_lock_one, "select id from notices where id = $1 for no key update", 1);

/*
 * One statement, so that an outcome has its mail and its measure or none of it happened.
 * $3 who decides, $4 the window in days, $5 and $6 from how many unfounded notices on
 * there is a warning and a suspension, $7 for how many days, $8 the site's address, $9
 * whether mail goes out. A suspension needs an earlier warning.
 */
DB_STATEMENT(
	notice_set_decided,
	"with judged as (\n"
	"	select count(*) filter (where i.state = 'open') as open, count(*) as whole,\n"
	"		count(*) filter (where i.decision in ('withdraw', 'warn', 'suspend', 'edit')) as removed,\n"
	"		count(*) filter (where i.decision = 'unfounded') as unfounded\n"
	"	from moderation_items i where i.kind = 'notice' and i.reference_id = $1\n"
	"), decided as (\n"
	"	update notices n set decided_at = $2, outcome = case when j.removed = j.whole then 'removed'\n"
	"		when j.removed > 0 then 'partly' when j.unfounded > 0 then 'unfounded' else 'left' end\n"
	"	from judged j where n.id = $1 and n.decided_at is null and j.open = 0 and j.whole > 0\n"
	"	returning n.id, n.code, n.email, n.language, n.outcome, n.notifier\n"
	"), record as (\n"
	"	select d.id, d.notifier, 1 + (select count(*) from notices o where o.notifier = d.notifier\n"
	"			and o.id <> d.id and o.outcome = 'unfounded'\n"
	"			and o.decided_at > $2::timestamptz - make_interval(days => $4::integer)) as count,\n"
	"		exists (select from notifier_measures w where w.notifier = d.notifier and w.kind = 'warning'\n"
	"			and w.ended_at is null\n"
	"			and w.created_at > $2::timestamptz - make_interval(days => $4::integer)) as is_warned\n"
	"	from decided d where d.outcome = 'unfounded' and d.notifier <> ''\n"
	"), measured as (\n"
	"	insert into notifier_measures (notifier, kind, notice_id, created_at, created_by, ends_at)\n"
	"	select r.notifier, case when r.is_warned then 'suspension' else 'warning' end, r.id, $2, $3::bigint,\n"
	"		case when r.is_warned then $2::timestamptz + make_interval(days => $7::integer) end\n"
	"	from record r where r.count >= case when r.is_warned then $6::bigint else $5::bigint end\n"
	"	returning kind\n"
	"), queued as (\n"
	"	insert into mails (address, language, kind, parameters, key)\n"
	"	select d.email, d.language, 'notice', jsonb_build_object('link', $8 || '/legal/notice/' || d.code,\n"
	"		'name', '', 'notification', 'decided', 'title', d.outcome,\n"
	"		'excerpt', coalesce((select kind from measured), '')),\n"
	"		'notice:' || d.id || ':decided:' || extract(epoch from $2::timestamptz)::bigint\n"
	"	from decided d where $9::boolean and d.email <> ''\n"
	"	on conflict (key) do nothing\n"
	"	returning id\n"
	")\n"
	"insert into jobs (kind, payload, key)\n"
	"select 'mail', jsonb_build_object('id', id), 'mail:' || id from queued",
	9);

DB_STATEMENT(notice_has_complaint, "select 1 from notice_complaints where notice_id = $1", 1);

DB_STATEMENT(
	notice_set_open,
	"with freed as (\n"
	"	update notifier_measures set ended_at = clock_timestamp(), ended_by = $2::bigint\n"
	"	where notice_id = $1 and ended_at is null\n"
	")\n"
	"update notices set decided_at = null, outcome = null where id = $1",
	2);

DB_STATEMENT(notice_set_taken_up,
	     "update notices n set is_set_aside = false\n"
	     "where n.id = $1 and n.is_set_aside and n.decided_at is null\n"
	     "returning n.category",
	     1);

DB_STATEMENT(notice_post_ids,
	     "select post_id from notice_targets where notice_id = $1 order by post_id limit 10",
	     1);

DB_STATEMENT(notifier_set_heard,
	     "update notifier_measures set ended_at = clock_timestamp(), ended_by = $2::bigint\n"
	     "where id = $1 and kind = 'suspension' and ended_at is null and ends_at > now()\n"
	     "returning id",
	     2);

void notice_lock(struct ctx *ctx, int64_t id)
{
	db_add(ctx, &notice_lock_one, NULL, param_i64(id));
}

void notice_settle(struct ctx *ctx, int64_t id)
{
	db_add(ctx, &notice_set_decided, NULL, param_i64(id), param_time(ctx->now),
	       param_id(ctx->actor->id), param_i64(site_number(SITE_LAW_WINDOW_DAYS)),
	       param_i64(site_number(SITE_LAW_UNFOUNDED_WARNING)),
	       param_i64(site_number(SITE_LAW_UNFOUNDED_SUSPENSION)),
	       param_i64(site_number(SITE_LAW_SUSPENSION_DAYS)),
	       param_text(ctx->config->site.base_url), param_bool(!ctx->actor->is_automatic));
}

enum err notice_reopen(struct ctx *ctx, int64_t id)
{
	struct rows complaints;

	notice_lock(ctx, id);
	db_add(ctx, &notice_has_complaint, &complaints, param_i64(id));
	TRY(db_run(ctx));
	if (complaints.count > 0)
		return fail(ctx, ERR_CONFLICT, NULL, "%s",
			    _("There is a complaint about this decision: decide that instead."));
	db_add(ctx, &notice_set_open, NULL, param_i64(id), param_id(ctx->actor->id));
	return OK;
}

/* Taking back ---------------------------------------------------------------------------- */

static enum err take_up(struct ctx *ctx, int64_t id, const char *form_key)
{
	enum notice_category category = NOTICE_OTHER;
	int64_t post_ids[NOTICE_ADDRESSES_MAX];
	struct rows taken, posts;
	const char *earlier;
	size_t count = 0;

	db_begin(ctx);
	TRY(once_claim(ctx, form_key, &earlier));
	if (earlier)
		return OK;
	db_add(ctx, &notice_set_taken_up, &taken, param_i64(id));
	db_add(ctx, &notice_post_ids, &posts, param_i64(id));
	TRY(db_run(ctx));
	if (!rows_next(&taken) || !notice_category_parse(col_text(&taken), &category))
		return fail(ctx, ERR_CONFLICT, NULL, "%s", _("This notice is handled already."));
	while (count < NOTICE_ADDRESSES_MAX && rows_next(&posts))
		post_ids[count++] = col_i64(&posts);
	notice_add_items(ctx, id, category, post_ids, count);
	audit_write(ctx, &(struct audit_entry){ .action = "notice_take_up",
						.subject = "notice",
						.subject_id = id });
	once_result(ctx, form_key, "taken_up");
	return db_commit(ctx);
}

enum err notice_take_up(struct ctx *ctx, int64_t id, const char *form_key)
{
	const struct subject nothing = { .now = ctx->now };

	TRY(policy_require(ctx, MAY_MODERATE, &nothing));
	return writing_end(ctx, take_up(ctx, id, form_key));
}

static enum err end_suspension(struct ctx *ctx, int64_t id, const char *form_key)
{
	const char *earlier;
	struct rows rows;

	db_begin(ctx);
	TRY(once_claim(ctx, form_key, &earlier));
	if (earlier)
		return OK;
	TRY(db_query(ctx, &notifier_set_heard, &rows, param_i64(id), param_id(ctx->actor->id)));
	if (rows.count != 1)
		return fail(ctx, ERR_CONFLICT, NULL, "%s", _("This suspension has ended."));
	audit_write(ctx, &(struct audit_entry){ .action = "notifier_suspension_end",
						.subject = "notifier_measure",
						.subject_id = id });
	once_result(ctx, form_key, "heard");
	return db_commit(ctx);
}

enum err notice_end_suspension(struct ctx *ctx, int64_t id, const char *form_key)
{
	const struct subject nothing = { .now = ctx->now };

	TRY(policy_require(ctx, MAY_MODERATE, &nothing));
	return writing_end(ctx, end_suspension(ctx, id, form_key));
}
