/*
 * What the worker could do now, and the locks that keep two workers from doing the
 * same: session locks, which the server takes back when a worker dies.
 */
#include "forum/mirror_work.h"

#include "db/db.h"

/*
 * $1: seconds between two looks at a stopped source; $2: the same of a healthy one;
 * $3: pause between two writes. Streams are numbered as in the enum.
 */
DB_STATEMENT(
	mirror_due_tasks,
	"with s as (\n"
	"	select * from mirror_sources where state in ('active', 'stopped')\n"
	"), open as (\n"
	"	select * from s where state = 'active' and (usage_until is null or usage_until <= clock_timestamp())\n"
	"), calm as (\n"
	/* What failed is tried again after 1, 2, 4 … 256 seconds: a network that is away is
	 * away for everything, and asking at once again would fill the log. */
	"	select *, case when usage_percent >= 75 then 4 else 1 end as slowness from open where usage_percent < 90\n"
	"		and (failed_calls = 0 or last_error_at is null\n"
	"			or last_error_at + make_interval(secs => 2 ^ least(failed_calls - 1, 8)) <= clock_timestamp())\n"
	")\n"
	"select 0 as stream, 0::bigint as source_id\n"
	"where exists (select from mirror_deliveries d where d.state = 'waiting' and d.run_at <= clock_timestamp())\n"
	"union all\n"
	"select 1, o.id from open o where (o.writes_blocked_until is null or o.writes_blocked_until <= clock_timestamp())\n"
	"	and (o.written_at is null or o.written_at <= clock_timestamp() - make_interval(secs => $3::double precision))\n"
	"	and exists (select from mirror_outbox w where w.source_id = o.id\n"
	"		and w.state in ('queued', 'sending', 'unknown') and w.run_at <= clock_timestamp())\n"
	"union all\n"
	"select 2, o.id from open o where exists (select from mirror_refreshes r\n"
	"	where r.source_id = o.id and r.run_at <= clock_timestamp())\n"
	"union all\n"
	"select 3, s.id from s where s.health_at is null or s.health_at <= clock_timestamp()\n"
	"	- make_interval(secs => case when s.state = 'stopped' then $1::double precision else $2::double precision end)\n"
	"union all\n"
	"select 4, s.id from s where exists (select from mirror_reshows r where r.source_id = s.id)\n"
	"union all\n"
	"select 5, a.id from mirror_sources a where exists (select from mirror_authors e\n"
	"	where e.source_id = a.id and e.is_erasing)\n"
	"union all\n"
	"select 6, c.id from calm c where c.backfilled_at is not null\n"
	"	and coalesce(c.polled_at, '-infinity') <= clock_timestamp() - c.slowness * c.poll_minutes * interval '1 minute'\n"
	"union all\n"
	"select 7, c.id from calm c where c.backfilled_at is not null\n"
	"	and coalesce(c.counted_at, '-infinity') <= clock_timestamp() - c.slowness * interval '1 hour'\n"
	"union all\n"
	"select 8, o.id from open o where exists (select from mirror_media m join mirror_items i on i.id = m.item_id\n"
	"	where i.source_id = o.id and (m.state = 'waiting' and m.run_at <= clock_timestamp()\n"
	"			and m.source_url not like '" MIRROR_EXPORT_URL "%'\n"
	"		or m.state <> 'stored' and m.file <> ''))\n"
	"union all\n"
	"select 9, c.id from calm c where c.backfill_asked_at is not null or c.backfill_started_at is not null\n"
	"union all\n"
	"select 10, c.id from calm c where c.backfilled_at is not null and c.usage_percent < 75\n"
	"	and coalesce(c.swept_at, c.backfilled_at) <= clock_timestamp() - interval '1 hour'\n"
	"union all\n"
	"select 11, o.id from open o where o.brake_at is null and o.failed_calls = 0\n"
	"	and coalesce(o.concluded_at, '-infinity') <= clock_timestamp() - interval '1 minute'\n"
	"	and exists (select from mirror_items i where i.source_id = o.id and i.missing_since is not null\n"
	"		and i.removed_at is null and i.missing_at > i.missing_since)\n"
	"order by 1, 2 limit 200",
	3);

DB_STATEMENT(mirror_stream_lock,
	     "select pg_try_advisory_lock(7303, ($1::bigint * 32 + $2::bigint)::integer)", 2);
DB_STATEMENT(mirror_stream_unlock,
	     "select pg_advisory_unlock(7303, ($1::bigint * 32 + $2::bigint)::integer)", 2);

#define PROBE_SECONDS  300
#define HEALTH_SECONDS 3600

static const char *const streams[] = {
	[STREAM_DELIVERIES] = "deliveries",
	[STREAM_OUTBOX] = "outbox",
	[STREAM_REFRESH] = "refresh",
	[STREAM_HEALTH] = "health",
	[STREAM_RESHOW] = "reshow",
	[STREAM_ERASE] = "erase",
	[STREAM_POLL] = "poll",
	[STREAM_COUNT_CHANGES] = "changes",
	[STREAM_MEDIA] = "media",
	[STREAM_BACKFILL] = "backfill",
	[STREAM_SWEEP] = "sweep",
	[STREAM_CONCLUDE] = "conclude",
};
_Static_assert(STREAM_DELIVERIES == 0 && STREAM_POLL == 6 && STREAM_CONCLUDE == 11,
	       "the numbers in the SQL");

const char *mirror_stream_text(enum mirror_stream stream)
{
	return streams[stream];
}

enum err mirror_due(struct ctx *ctx, struct mirror_task **out, size_t *count)
{
	struct rows rows;

	TRY(db_query(ctx, &mirror_due_tasks, &rows, param_i64(PROBE_SECONDS),
		     param_i64(HEALTH_SECONDS), param_i64(ctx->config->mirror.write_seconds)));
	*out = arena_array_of(ctx->arena, (size_t)rows.count, struct mirror_task);
	*count = 0;
	while (rows_next(&rows)) {
		struct mirror_task *task = &(*out)[(*count)++];

		task->stream = (enum mirror_stream)col_i64(&rows);
		task->source_id = col_i64(&rows);
	}
	return OK;
}

enum err mirror_try_lock(struct ctx *ctx, const struct mirror_task *task, bool *is_ours)
{
	struct rows rows;

	TRY(db_query(ctx, &mirror_stream_lock, &rows, param_i64(task->source_id),
		     param_i64(task->stream)));
	*is_ours = rows_next(&rows) && col_bool(&rows);
	return OK;
}

enum err mirror_unlock(struct ctx *ctx, const struct mirror_task *task)
{
	return db_query(ctx, &mirror_stream_unlock, NULL, param_i64(task->source_id),
			param_i64(task->stream));
}
