/*
 * The row about the search index.
 */
#include "forum/index_state.h"

#include "db/db.h"

DB_STATEMENT(
	index_state_row,
	"select m.marks, (select count(*) from related_due),\n"
	"	coalesce(extract(epoch from clock_timestamp() - m.oldest), 0)::bigint,\n"
	"	s.last_commit_at, s.failure, s.failing_since, s.failures, s.failure_count,\n"
	"	coalesce(s.retry_at > clock_timestamp(), false), s.is_broken,\n"
	"	coalesce(s.generation, 0), s.generation_began_at, s.generation_done,\n"
	"	s.generation_total, s.built_at\n"
	"from search_state s,\n"
	"	(select count(*) as marks, min(marked_at) as oldest from (select marked_at from search_marks\n"
	"		union all select marked_at from search_article_marks) every) m",
	0);

DB_STATEMENT(
	index_work_row,
	"select exists (select from search_marks where priority = 0),\n"
	"	exists (select from search_marks) or exists (select from search_article_marks), exists (select from related_due),\n"
	"	coalesce(s.retry_at > clock_timestamp(), false), s.is_broken, s.failure <> '',\n"
	"	coalesce(s.generation, 0), s.failures\n"
	"from search_state s",
	0);

DB_STATEMENT(
	index_note_failure,
	"with before as (select failure from search_state)\n"
	"update search_state set failure = $1, failures = failures + 1,\n"
	"	failure_count = failure_count + 1,\n"
	"	failing_since = coalesce(failing_since, clock_timestamp()),\n"
	"	retry_at = clock_timestamp() + least(60, 2 ^ least(failures + 1, 10)) * interval '1 second'\n"
	"from before\n"
	"returning before.failure <> $1",
	1);

DB_STATEMENT(index_note_success,
	     "update search_state\n"
	     "set failure = '', failures = 0, failing_since = null, retry_at = null\n"
	     "where failure <> ''",
	     0);

DB_STATEMENT(index_note_broken,
	     "update search_state set is_broken = true\n"
	     "where not is_broken and generation is null\n"
	     "	and (built_at is null or built_at < clock_timestamp() - interval '10 minutes')",
	     0);

DB_STATEMENT(index_wake, "select pg_notify('search', '')", 0);

/* A time is a number that was never used, also after the database was restored. */
DB_STATEMENT(
	index_begin_generation,
	"update search_state set\n"
	"	generation = (extract(epoch from clock_timestamp()) * 1000000)::bigint,\n"
	"	generation_began_at = clock_timestamp(), generation_done = 0,\n"
	"	generation_total = (select count(*) from topics where visibility = 'visible')\n"
	"where generation is null or $1::boolean",
	1);

DB_STATEMENT(index_generation, "select coalesce(generation, 0) from search_state", 0);

DB_STATEMENT(index_note_progress,
	     "update search_state set generation_done = $2::bigint where generation = $1::bigint",
	     2);

DB_STATEMENT(index_mark_redone,
	     "insert into search_marks (topic_id, priority)\n"
	     "select r.topic_id, 2 from search_redone r\n"
	     "join search_state s on s.generation = $1::bigint\n"
	     "join topics t on t.id = r.topic_id\n"
	     "order by r.topic_id\n"
	     "on conflict do nothing",
	     1);

DB_STATEMENT(index_forget_redone,
	     "delete from search_redone using search_state s where s.generation = $1::bigint", 1);

DB_STATEMENT(index_mark_redone_articles,
	     "insert into search_article_marks (article_id)\n"
	     "select a.id from articles a join search_redone_articles r on r.article_id = a.id\n"
	     "join search_state s on s.generation = $1::bigint\n"
	     "order by a.id on conflict do nothing",
	     1);

DB_STATEMENT(
	index_forget_redone_articles,
	"delete from search_redone_articles using search_state s where s.generation = $1::bigint",
	1);

DB_STATEMENT(index_relate_without,
	     "insert into related_due (topic_id)\n"
	     "select t.id from topics t\n"
	     "where t.visibility = 'visible' and ($1::boolean\n"
	     "	or not exists (select from related_topics r where r.topic_id = t.id))\n"
	     "order by t.id\n"
	     "on conflict do nothing",
	     1);

DB_STATEMENT(
	index_end_generation,
	"update search_state set generation = null, is_broken = false, failure = '', failures = 0,\n"
	"	failing_since = null, retry_at = null, built_at = clock_timestamp(),\n"
	"	last_commit_at = clock_timestamp()\n"
	"where generation = $1::bigint",
	1);

/* Compressed by PostgreSQL about to a half. */
DB_STATEMENT(index_text_size, "select 2 * pg_table_size('posts')", 0);

/* A schema is an installation; tests have several in one database. */
#define LOCK_NUMBER "hashtextextended('entraide index ' || current_schema() || $1::bigint, 0)"

DB_STATEMENT(index_try_lock, "select pg_try_advisory_lock(" LOCK_NUMBER ")", 1);

DB_STATEMENT(index_wait_lock, "select pg_advisory_lock(" LOCK_NUMBER ")", 1);

DB_STATEMENT(index_release_lock, "select pg_advisory_unlock(" LOCK_NUMBER ")", 1);

enum err index_state_load(struct ctx *ctx, struct index_state *out)
{
	struct rows rows;

	TRY(db_query_params(ctx, &index_state_row, &rows, NULL, 0));
	*out = (struct index_state){ .failure = "" };
	if (!rows_next(&rows))
		return OK;
	out->marks = col_i64(&rows);
	out->related = col_i64(&rows);
	out->oldest_seconds = col_i64(&rows);
	out->last_commit_at = col_time(&rows);
	out->failure = col_text(&rows);
	out->failing_since = col_time(&rows);
	out->failures = col_i64(&rows);
	out->failure_count = col_i64(&rows);
	out->is_waiting = col_bool(&rows);
	out->is_broken = col_bool(&rows);
	out->generation = col_i64(&rows);
	out->generation_began_at = col_time(&rows);
	out->done = col_i64(&rows);
	out->total = col_i64(&rows);
	out->built_at = col_time(&rows);
	return OK;
}

enum err index_work_load(struct ctx *ctx, struct index_work *out)
{
	struct rows rows;

	TRY(db_query_params(ctx, &index_work_row, &rows, NULL, 0));
	*out = (struct index_work){ .has_words = false };
	if (!rows_next(&rows))
		return OK;
	out->has_words = col_bool(&rows);
	out->has_marks = col_bool(&rows);
	out->has_related = col_bool(&rows);
	out->is_waiting = col_bool(&rows);
	out->is_broken = col_bool(&rows);
	out->was_failing = col_bool(&rows);
	out->generation = col_i64(&rows);
	out->failures = col_i64(&rows);
	return OK;
}

enum err index_failed(struct ctx *ctx, const char *failure, bool *is_news)
{
	struct rows rows;

	TRY(db_query(ctx, &index_note_failure, &rows, param_text(failure)));
	*is_news = rows_next(&rows) && col_bool(&rows);
	return OK;
}

enum err index_worked(struct ctx *ctx)
{
	return db_query_params(ctx, &index_note_success, NULL, NULL, 0);
}

enum err index_report_broken(struct ctx *ctx)
{
	db_add_params(ctx, &index_note_broken, NULL, NULL, 0);
	db_add_params(ctx, &index_wake, NULL, NULL, 0);
	return db_run(ctx);
}

enum err index_build_begin(struct ctx *ctx, bool is_anew, int64_t *generation)
{
	struct rows rows;

	db_add(ctx, &index_begin_generation, NULL, param_bool(is_anew));
	db_add_params(ctx, &index_generation, &rows, NULL, 0);
	TRY(db_run(ctx));
	*generation = rows_next(&rows) ? col_i64(&rows) : 0;
	return OK;
}

enum err index_build_progress(struct ctx *ctx, int64_t generation, int64_t done)
{
	return db_query(ctx, &index_note_progress, NULL, param_i64(generation), param_i64(done));
}

/* One transaction: what was noted is either there or marked. */
enum err index_build_end(struct ctx *ctx, int64_t generation, bool is_related_anew)
{
	db_begin(ctx);
	db_add(ctx, &index_mark_redone, NULL, param_i64(generation));
	db_add(ctx, &index_forget_redone, NULL, param_i64(generation));
	db_add(ctx, &index_mark_redone_articles, NULL, param_i64(generation));
	db_add(ctx, &index_forget_redone_articles, NULL, param_i64(generation));
	db_add(ctx, &index_end_generation, NULL, param_i64(generation));
	TRY(db_commit(ctx));
	return db_query(ctx, &index_relate_without, NULL, param_bool(is_related_anew));
}

enum err index_text_bytes(struct ctx *ctx, int64_t *bytes)
{
	struct rows rows;

	TRY(db_query_params(ctx, &index_text_size, &rows, NULL, 0));
	*bytes = rows_next(&rows) ? col_i64(&rows) : 0;
	return OK;
}

enum err index_lock(struct ctx *ctx, enum index_lock which, bool *is_ours)
{
	struct rows rows;

	*is_ours = false;
	TRY(db_query(ctx, &index_try_lock, &rows, param_i64(which)));
	*is_ours = rows_next(&rows) && col_bool(&rows);
	return OK;
}

enum err index_lock_wait(struct ctx *ctx, enum index_lock which)
{
	return db_query(ctx, &index_wait_lock, NULL, param_i64(which));
}

enum err index_unlock(struct ctx *ctx, enum index_lock which)
{
	return db_query(ctx, &index_release_lock, NULL, param_i64(which));
}
