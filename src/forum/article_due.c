/*
 * What the clock does with articles: publications whose time has come, owners who are to
 * look again. Statements that take some rows at a time and leave locked ones for later,
 * so that two workers never do the same.
 */
#include "forum/article_columns.h"
#include "forum/article_work.h"
#include "forum/notification.h"

#define DUE_AT_ONCE 50

DB_STATEMENT(
	article_publish_scheduled,
	"with due as (\n"
	"	select a.id, a.publish_version_id, a.publish_by from articles a\n"
	"	where a.publish_at <= $1::timestamptz and a.state <> 'archived'\n"
	"	order by a.publish_at, a.id limit $2::bigint for update skip locked\n"
	"), done as (\n"
	"	update articles a set published_version_id = v.id, title = v.title, summary = v.summary,\n"
	"		state = case when a.latest_version_id = v.id then 'published' else a.state end,\n"
	"		publish_at = null, publish_version_id = null, publish_by = null,\n"
	"		published_at = coalesce(a.published_at, $1::timestamptz), changed_at = $1::timestamptz,\n"
	"		updated_at = $1::timestamptz\n"
	"	from due join article_versions v on v.id = due.publish_version_id\n"
	"	where a.id = due.id\n"
	"	returning a.id, v.number, due.publish_by\n"
	")\n"
	"insert into audit_log (actor_id, action, subject, subject_id, reason, details)\n"
	"select publish_by, 'article_published', 'article', id, '', jsonb_build_object('version', number, 'planned', true)\n"
	"from done",
	2);

DB_STATEMENT(
	article_reminders,
	"with due as (\n"
	"	select a.id from articles a\n"
	"	where a.review_due <= ($1::timestamptz at time zone 'utc')::date and a.state <> 'archived'\n"
	"		and a.reminded_at is null and a.owner_id is not null\n"
	"	order by a.review_due, a.id limit $2::bigint for update skip locked\n"
	")\n"
	"update articles a set reminded_at = $1::timestamptz from due where a.id = due.id\n"
	"returning a.id, a.owner_id",
	2);

enum err article_publish_due(struct ctx *ctx, bool *has_more)
{
	struct rows rows;

	*has_more = false;
	TRY(db_query(ctx, &article_publish_scheduled, &rows, param_time(ctx->now),
		     param_i64(DUE_AT_ONCE)));
	*has_more = rows.affected == DUE_AT_ONCE;
	return OK;
}

/* In the transaction that remembers it: nobody is told twice, nobody is forgotten. */
enum err article_remind_due(struct ctx *ctx, bool *has_more)
{
	int64_t articles[DUE_AT_ONCE], owners[DUE_AT_ONCE];
	size_t count = 0;
	struct rows rows;

	*has_more = false;
	db_begin(ctx);
	TRY(db_query(ctx, &article_reminders, &rows, param_time(ctx->now), param_i64(DUE_AT_ONCE)));
	while (count < DUE_AT_ONCE && rows_next(&rows)) {
		articles[count] = col_i64(&rows);
		owners[count++] = col_i64(&rows);
	}
	notify_of_articles(ctx, articles, owners, count);
	*has_more = count == DUE_AT_ONCE;
	return db_commit(ctx);
}
