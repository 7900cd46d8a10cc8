/*
 * Looking after the job queue.
 */
#include "forum/job_list.h"

#include "base/buf.h"
#include "db/db.h"
#include "forum/audit.h"
#include "forum/policy.h"

DB_STATEMENT(dead_jobs,
	     "select id, kind, payload::text, last_error, attempts, created_at, run_at\n"
	     "from jobs where state = 'dead' and id < $1 order by id desc limit $2",
	     2);

DB_STATEMENT(dead_jobs_total, "select count(*) from jobs where state = 'dead'", 0);

/* A new life: its attempts begin anew. */
DB_STATEMENT(dead_job_retry,
	     "update jobs set state = 'queued', attempts = 0, run_at = now(), leased_until = null\n"
	     "where state = 'dead' and ($1::bigint is null or id = $1)\n"
	     " and ($2::text is null or kind = $2)",
	     2);

DB_STATEMENT(dead_job_drop,
	     "delete from jobs\n"
	     "where state = 'dead' and ($1::bigint is null or id = $1)\n"
	     " and ($2::text is null or kind = $2)",
	     2);

DB_STATEMENT(dead_job_wake, "select pg_notify('jobs', '')", 0);

static enum err may_see(struct ctx *ctx)
{
	return policy_require(ctx, MAY_RUN_SYSTEM, &(struct subject){ .now = ctx->now });
}

static void dead_read(struct ctx *ctx, struct rows *rows, struct job_state *out)
{
	out->dead = arena_array_of(ctx->arena, DEAD_JOBS_SHOWN, struct dead_job);
	while (out->dead_count < DEAD_JOBS_SHOWN && rows_next(rows)) {
		struct dead_job *job = &out->dead[out->dead_count++];

		job->id = col_i64(rows);
		job->kind = col_text(rows);
		job->payload = col_text(rows);
		job->error = col_text(rows);
		job->attempts = col_i64(rows);
		job->created_at = col_time(rows);
		job->run_at = col_time(rows);
	}
	if (rows->count > DEAD_JOBS_SHOWN)
		out->next_id = out->dead[DEAD_JOBS_SHOWN - 1].id;
}

enum err job_state_load(struct ctx *ctx, int64_t before_id, struct job_state *out)
{
	struct rows dead, total;

	*out = (struct job_state){ 0 };
	TRY(may_see(ctx));
	db_add(ctx, &dead_jobs, &dead, param_i64(before_id > 0 ? before_id : INT64_MAX),
	       param_i64(DEAD_JOBS_SHOWN + 1));
	db_add_params(ctx, &dead_jobs_total, &total, NULL, 0);
	TRY(db_run(ctx));
	dead_read(ctx, &dead, out);
	if (rows_next(&total))
		out->dead_total = col_i64(&total);
	return job_count(ctx, &out->counts, &out->count);
}

/* One batch outside a transaction is all or nothing. */
static enum err change(struct ctx *ctx, const struct stmt *statement, const char *action,
		       int64_t id, const char *kind, int64_t *done)
{
	struct buf details;
	struct rows rows;

	*done = 0;
	TRY(may_see(ctx));
	buf_init(&details, ctx->arena, (size_t)4 * 1024);
	buf_text(&details, "{\"kind\":");
	buf_json(&details, kind ? kind : "");
	buf_text(&details, "}");
	db_add(ctx, statement, &rows, param_id(id), param_text(kind));
	db_add_params(ctx, &dead_job_wake, NULL, NULL, 0);
	audit_write(ctx, &(struct audit_entry){ .action = action,
						.subject = "job",
						.subject_id = id,
						.details = details.data });
	TRY(db_run(ctx));
	*done = rows.affected;
	return OK;
}

enum err job_retry(struct ctx *ctx, int64_t id, const char *kind, int64_t *done)
{
	return change(ctx, &dead_job_retry, "job_retry", id, kind, done);
}

enum err job_drop(struct ctx *ctx, int64_t id, const char *kind, int64_t *done)
{
	return change(ctx, &dead_job_drop, "job_drop", id, kind, done);
}
