/*
 * The job queue.
 */
#include "forum/job.h"

#include "db/db.h"

DB_STATEMENT(
	job_insert,
	"insert into jobs (kind, payload, key, run_at)\n"
	"values ($1, coalesce($2::jsonb, '{}'), $3, now() + make_interval(secs => $4::integer))\n"
	"on conflict (kind, key) where key is not null and state = 'queued'\n"
	"do update set run_at = excluded.run_at where excluded.run_at < jobs.run_at",
	4);

/*
 * A lease that ran out belongs to a worker that died: the job is taken again. The
 * two indexes are each asked for their first row.
 */
/* Rows are locked in a query each: FOR UPDATE does not go with UNION. */
DB_STATEMENT(job_lease,
	     "with due as (\n"
	     "	select id from jobs where state = 'queued' and run_at <= now()\n"
	     "	order by run_at, id limit 1 for update skip locked),\n"
	     "left_behind as (\n"
	     "	select id from jobs where state = 'running' and leased_until < now()\n"
	     "	order by leased_until limit 1 for update skip locked)\n"
	     "update jobs set state = 'running', attempts = attempts + 1,\n"
	     "	leased_until = now() + make_interval(secs => $1::integer)\n"
	     "where id = (select id from due union all select id from left_behind limit 1)\n"
	     "returning id, kind, (payload ->> 'id')::bigint, payload ->> 'text', attempts",
	     1);

DB_STATEMENT(job_delete, "delete from jobs where id = $1 and attempts = $2::integer", 2);

/* attempts tells whose lease it is: one that ran out may not touch the job again. */
DB_STATEMENT(
	job_again,
	"update jobs set leased_until = null, last_error = left($3, 1000),\n"
	"	state = case when attempts >= $4::integer then 'dead' else 'queued' end,\n"
	"	-- A waiting job of the same key does this one's work.\n"
	"	key = null,\n"
	"	run_at = now() + least(make_interval(secs => 10 * 2 ^ least(attempts, 20)), interval '6 hours')\n"
	"where id = $1 and attempts = $2::integer",
	4);

DB_STATEMENT(job_counts,
	     "select kind, state, count(*), extract(epoch from now() - min(created_at))::bigint\n"
	     "from jobs\n"
	     "group by kind, state\n"
	     "order by kind, state\n"
	     "limit 100",
	     0);

void job_add(struct ctx *ctx, const char *kind, const char *payload, const char *key,
	     int delay_seconds)
{
	db_add(ctx, &job_insert, NULL, param_text(kind), param_text(payload), param_text(key),
	       param_i64(delay_seconds));
}

enum err job_take(struct ctx *ctx, struct job *out, bool *found)
{
	struct rows rows;

	*found = false;
	TRY(db_query(ctx, &job_lease, &rows, param_i64(JOB_LEASE_SECONDS)));
	if (!rows_next(&rows))
		return OK;
	out->id = col_i64(&rows);
	out->kind = col_text(&rows);
	out->subject_id = col_i64(&rows);
	out->text = col_text(&rows);
	out->attempts = (int)col_i64(&rows);
	*found = true;
	return OK;
}

enum err job_done(struct ctx *ctx, const struct job *job)
{
	return db_query(ctx, &job_delete, NULL, param_i64(job->id), param_i64(job->attempts));
}

enum err job_failed(struct ctx *ctx, const struct job *job, const char *why)
{
	return db_query(ctx, &job_again, NULL, param_i64(job->id), param_i64(job->attempts),
			param_text(why), param_i64(JOB_ATTEMPTS_MAX));
}

enum err job_count(struct ctx *ctx, struct job_counts **out, size_t *count)
{
	struct rows rows;

	TRY(db_query_params(ctx, &job_counts, &rows, NULL, 0));
	*out = arena_array_of(ctx->arena, (size_t)rows.count, struct job_counts);
	*count = 0;
	while (rows_next(&rows)) {
		struct job_counts *counted = &(*out)[(*count)++];
		counted->kind = col_text(&rows);
		counted->state = col_text(&rows);
		counted->count = col_i64(&rows);
		counted->oldest_seconds = col_i64(&rows);
	}
	return OK;
}
