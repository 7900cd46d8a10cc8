/*
 * The state of the system, in one round trip and that of the index.
 */
#include "forum/system_state.h"

#include "db/db.h"
#include "forum/policy.h"

DB_STATEMENT(system_database,
	     "select current_setting('server_version'),\n"
	     " (select max(number) from schema_migrations),\n"
	     " pg_database_size(current_database()),\n"
	     " (select count(*) from pg_stat_activity where datname = current_database()),\n"
	     " pg_postmaster_start_time()",
	     0);

DB_STATEMENT(system_tables,
	     "select c.relname, pg_total_relation_size(c.oid), greatest(c.reltuples, 0)::bigint\n"
	     "from pg_class c\n"
	     "where c.relkind = 'r' and c.relnamespace = current_schema()::regnamespace\n"
	     "order by 2 desc limit $1",
	     1);

DB_STATEMENT(
	system_jobs,
	"select count(*) filter (where state = 'queued'), count(*) filter (where state = 'running'),\n"
	" count(*) filter (where state = 'dead'),\n"
	" coalesce(extract(epoch from now() - min(run_at)\n"
	"  filter (where state = 'queued' and run_at <= now())), 0)::bigint\n"
	"from jobs",
	0);

DB_STATEMENT(system_mails,
	     "select count(*) filter (where state = 'queued'),\n"
	     " count(*) filter (where state = 'sent'), count(*) filter (where state = 'refused')\n"
	     "from mails where created_at > now() - interval '1 day'",
	     0);

DB_STATEMENT(system_sessions, "select count(*) from sessions where expires_at > now()", 0);

static void database_read(struct rows *rows, struct system_state *out)
{
	if (!rows_next(rows))
		return;
	out->database_version = col_text(rows);
	out->migration = col_i64(rows);
	out->database_bytes = col_i64(rows);
	out->connections = col_i64(rows);
	out->started_at = col_time(rows);
}

static void tables_read(struct rows *rows, struct system_state *out)
{
	while (out->table_count < SYSTEM_TABLES_SHOWN && rows_next(rows)) {
		struct system_table *table = &out->tables[out->table_count++];

		table->name = col_text(rows);
		table->bytes = col_i64(rows);
		table->rows = col_i64(rows);
	}
}

static void queues_read(struct rows *jobs, struct rows *mails, struct rows *sessions,
			struct system_state *out)
{
	if (rows_next(jobs)) {
		out->jobs_queued = col_i64(jobs);
		out->jobs_running = col_i64(jobs);
		out->jobs_dead = col_i64(jobs);
		out->oldest_job_seconds = col_i64(jobs);
	}
	if (rows_next(mails)) {
		out->mails_queued = col_i64(mails);
		out->mails_sent_day = col_i64(mails);
		out->mails_refused_day = col_i64(mails);
	}
	if (rows_next(sessions))
		out->sessions = col_i64(sessions);
}

enum err system_state_load(struct ctx *ctx, struct system_state *out)
{
	struct rows database, tables, jobs, mails, sessions, spam;

	*out = (struct system_state){ .database_version = "" };
	TRY(policy_require(ctx, MAY_RUN_SYSTEM, &(struct subject){ .now = ctx->now }));
	db_add_params(ctx, &system_database, &database, NULL, 0);
	db_add(ctx, &system_tables, &tables, param_i64(SYSTEM_TABLES_SHOWN));
	db_add_params(ctx, &system_jobs, &jobs, NULL, 0);
	db_add_params(ctx, &system_mails, &mails, NULL, 0);
	db_add_params(ctx, &system_sessions, &sessions, NULL, 0);
	spam_service_add_state(ctx, &spam);
	TRY(db_run(ctx));
	database_read(&database, out);
	tables_read(&tables, out);
	queues_read(&jobs, &mails, &sessions, out);
	spam_service_read_state(ctx, &spam, &out->spam);
	return index_state_load(ctx, &out->index);
}
