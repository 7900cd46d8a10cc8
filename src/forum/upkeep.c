/*
 * What is done from time to time: counts that may be some minutes old, so that no
 * row is written at every post; and throwing away what has served its time.
 */
#include "forum/check.h"

#include "db/db.h"
#include "forum/activity.h"
#include "forum/attachment.h"
#include "forum/once.h"
#include "forum/passkey.h"
#include "forum/private.h"
#include "forum/sign_in_step.h"
#include "forum/statistics.h"
#include "forum/throttle.h"

/* With the children's; only rows that changed are written. */
DB_STATEMENT(
	counts_categories,
	"update categories c set topic_count = n.topics\n"
	"from (select place.id, coalesce(own.topics, 0) + coalesce(below.topics, 0) as topics\n"
	"	from categories place\n"
	"	left join (select category_id, count(*) as topics from topics\n"
	"		where visibility = 'visible' group by category_id) own on own.category_id = place.id\n"
	"	left join (select top_category_id, count(*) as topics from topics\n"
	"		where visibility = 'visible' and category_id <> top_category_id\n"
	"		group by top_category_id) below on below.top_category_id = place.id) n\n"
	"where n.id = c.id and c.topic_count <> n.topics",
	0);

DB_STATEMENT(
	counts_tags,
	"update tags g set topic_count = n.topics, used_at = n.used_at\n"
	"from (select tag.id, count(t.id) as topics,\n"
	"		coalesce(max(t.created_at), to_timestamp(0)) as used_at\n"
	"	from tags tag\n"
	"	left join topic_tags tt on tt.tag_id = tag.id\n"
	"	left join topics t on t.id = tt.topic_id and t.visibility = 'visible'\n"
	"	group by tag.id) n\n"
	"where n.id = g.id and (g.topic_count, g.used_at) is distinct from (n.topics, n.used_at)",
	0);

/*
 * Customers only: the team is paid for it. An accepted answer 15 and a thank-you 4,
 * as for one's standing; an answer 1, so that whoever answers much is seen too.
 */
DB_STATEMENT(
	counts_helpers,
	"with recent as (\n"
	"	select p.author_id, count(*) as answers, count(p.accepted_at) as accepted, 0 as thanks\n"
	"	from posts p\n"
	"	where p.kind = 'answer' and p.visibility = 'visible' and p.created_at > now() - interval '30 days'\n"
	"	group by p.author_id\n"
	"	union all\n"
	"	select p.author_id, 0, 0, count(*)\n"
	"	from thanks k join posts p on p.id = k.post_id and p.visibility = 'visible'\n"
	"	where k.created_at > now() - interval '30 days'\n"
	"	group by p.author_id\n"
	"), summed as (\n"
	"	select author_id, sum(answers)::integer as answers, sum(accepted)::integer as accepted,\n"
	"		sum(thanks)::integer as thanks,\n"
	"		(sum(answers) + 15 * sum(accepted) + 4 * sum(thanks))::integer as points\n"
	"	from recent\n"
	"	group by author_id\n"
	")\n"
	"insert into top_helpers (person_id, position, points, answers, accepted, thanks)\n"
	"select s.author_id, row_number() over (order by s.points desc, s.author_id), s.points, s.answers,\n"
	"	s.accepted, s.thanks\n"
	"from summed s\n"
	"join people a on a.id = s.author_id and a.role = 'customer' and a.state = 'active'\n"
	"	and a.is_ranked\n"
	"order by s.points desc, s.author_id\n"
	"limit 20",
	0);

DB_STATEMENT(counts_forget_helpers, "delete from top_helpers", 0);

/* Two at once would wait for each other's rows: one is enough. */
DB_STATEMENT(counts_lock, "select pg_advisory_xact_lock(hashtext('entraide counts'))", 0);

/* Whoever asks again gets it again. */
DB_STATEMENT(purge_cards, "delete from topic_cards where made_at < now() - interval '90 days'", 0);

DB_STATEMENT(purge_sessions, "delete from sessions where expires_at < now()", 0);

DB_STATEMENT(purge_links, "delete from mail_tokens where expires_at < now() - interval '7 days'",
	     0);

/* The row of a notification that was told by mail keeps that mail from going twice. */
DB_STATEMENT(
	purge_mails,
	"delete from mails where state <> 'queued' and created_at < now() - interval '90 days'", 0);

DB_STATEMENT(purge_notifications,
	     "delete from notifications n\n"
	     "where n.read_at < now() - interval '180 days'\n"
	     "	and not exists (select from mails m where m.notification_id = n.id)",
	     0);

enum err counts_refresh(struct ctx *ctx)
{
	int64_t written;

	db_begin(ctx);
	db_add_params(ctx, &counts_lock, NULL, NULL, 0);
	db_add_params(ctx, &counts_categories, NULL, NULL, 0);
	db_add_params(ctx, &counts_tags, NULL, NULL, 0);
	db_add_params(ctx, &counts_forget_helpers, NULL, NULL, 0);
	db_add_params(ctx, &counts_helpers, NULL, NULL, 0);
	TRY(db_commit(ctx));
	TRY(activity_refresh(ctx, ACTIVITY_RECENT, &written));
	return statistics_sum(ctx);
}

enum err upkeep_purge(struct ctx *ctx)
{
	TRY(db_query_params(ctx, &purge_sessions, NULL, NULL, 0));
	TRY(db_query_params(ctx, &purge_cards, NULL, NULL, 0));
	TRY(db_query_params(ctx, &purge_links, NULL, NULL, 0));
	TRY(db_query_params(ctx, &purge_mails, NULL, NULL, 0));
	TRY(db_query_params(ctx, &purge_notifications, NULL, NULL, 0));
	TRY(once_purge(ctx));
	TRY(statistics_purge(ctx));
	TRY(sign_in_step_purge(ctx));
	TRY(passkey_purge(ctx));
	TRY(private_purge(ctx));
	TRY(attachment_sweep(ctx));
	return throttle_purge(ctx);
}
