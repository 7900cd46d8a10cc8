/*
 * What calls to a source came to, kept in its row, so that every worker knows: the
 * rate limit's usage, a key that died, writing that is refused for hours.
 */
#include "forum/mirror_parts.h"

#include "base/clock.h"
#include "db/db.h"
#include "forum/audit.h"

/* Section 10: from here on polling is slowed, then only what people wait for goes. */
#define USAGE_SLOW     75
#define USAGE_URGENT   90
/* Usage that nobody told anew is forgotten after this. */
#define THROTTLE_LEAST (5 * CLOCK_MINUTE)
#define BLOCKED_LEAST  (4 * CLOCK_HOUR)

DB_STATEMENT(
	mirror_call_note,
	"update mirror_sources set usage_percent = $2::bigint, usage_until = $3::timestamptz,\n"
	"	failed_calls = case when $4 = '' then 0 else failed_calls + 1 end,\n"
	"	last_error = case when $4 = '' then last_error else left($4, 1000) end,\n"
	"	last_trace_id = case when $4 = '' then last_trace_id else left($5, 200) end,\n"
	"	last_error_at = case when $4 = '' then last_error_at else clock_timestamp() end,\n"
	"	writes_blocked_until = greatest(writes_blocked_until, $6::timestamptz)\n"
	"where id = $1",
	6);

DB_STATEMENT(mirror_stop,
	     "update mirror_sources set state = 'stopped', state_reason = left($2, 1000),\n"
	     "	health_at = clock_timestamp()\n"
	     "where id = $1 and state = 'active'",
	     2);

DB_STATEMENT(mirror_resume,
	     "update mirror_sources set state = 'active', state_reason = '', failed_calls = 0\n"
	     "where id = $1 and state = 'stopped'",
	     1);

DB_STATEMENT(mirror_health_note,
	     "update mirror_sources set health_at = clock_timestamp(), health = $2::jsonb,\n"
	     "	token_expires_at = $3::timestamptz\n"
	     "where id = $1",
	     3);

DB_STATEMENT(
	mirror_stamp_put,
	"update mirror_sources set\n"
	"	polled_at = case when $2 = 'polled' then clock_timestamp()\n"
	"		when $2 = 'gap' then polled_at - interval '31 minutes' else polled_at end,\n"
	"	counted_at = case when $2 = 'counted' then clock_timestamp() else counted_at end,\n"
	"	swept_at = case when $2 = 'swept' then clock_timestamp() else swept_at end,\n"
	"	health_at = case when $2 = 'health' then clock_timestamp() else health_at end,\n"
	"	event_at = case when $2 = 'event' then clock_timestamp() else event_at end,\n"
	"	concluded_at = case when $2 = 'concluded' then clock_timestamp() else concluded_at end,\n"
	"	backfill_started_at = case when $2 = 'backfill_started' then clock_timestamp()\n"
	"		when $2 = 'backfilled' then null else backfill_started_at end,\n"
	"	backfill_asked_at = case when $2 = 'backfilled' then null else backfill_asked_at end,\n"
	"	backfilled_at = case when $2 = 'backfilled' then clock_timestamp() else backfilled_at end\n"
	"where id = $1",
	2);

static const char *const stamps[] = {
	[STAMP_POLLED] = "polled",         [STAMP_COUNTED] = "counted",
	[STAMP_SWEPT] = "swept",           [STAMP_HEALTH] = "health",
	[STAMP_EVENT] = "event",           [STAMP_BACKFILL_STARTED] = "backfill_started",
	[STAMP_BACKFILLED] = "backfilled", [STAMP_CONCLUDED] = "concluded",
};

enum err mirror_stamp(struct ctx *ctx, int64_t source_id, enum mirror_stamp stamp)
{
	return db_query(ctx, &mirror_stamp_put, NULL, param_i64(source_id),
			param_text(stamps[stamp]));
}

DB_STATEMENT(mirror_watermark_put,
	     "update mirror_sources set watermark = $2 where id = $1 and watermark <> $2", 2);

enum err mirror_keep_watermark(struct ctx *ctx, const struct mirror *mirror, const char *watermark)
{
	return db_query(ctx, &mirror_watermark_put, NULL, param_i64(mirror->source.id),
			param_text(watermark));
}

bool mirror_may_call(const struct ctx *ctx, const struct mirror *mirror, enum mirror_call call)
{
	int64_t now = clock_now();
	int64_t percent = mirror->source.usage_percent;

	(void)ctx;
	if (mirror->state != MIRROR_ACTIVE)
		return false;
	if (mirror->source.usage_until > now)
		return false;
	if (call == CALL_WRITE)
		return mirror->writes_blocked_until <= now;
	return call == CALL_REFRESH || percent < USAGE_URGENT;
}

/* A limit without a time is kept for a while; the next answers say how it goes on. */
static int64_t usage_until(const struct mirror *mirror, const struct connect_error *error)
{
	int64_t until = mirror->source.usage_until;

	if (error->failure != CONNECT_THROTTLED)
		return until;
	if (error->retry_at > until)
		return error->retry_at;
	return until > clock_now() ? until : clock_now() + THROTTLE_LEAST;
}

static int64_t blocked_until(const struct connect_error *error)
{
	if (error->failure != CONNECT_BLOCKED)
		return 0;
	return error->retry_at ? error->retry_at : clock_now() + BLOCKED_LEAST;
}

enum err mirror_note_call(struct ctx *ctx, struct mirror *mirror, const struct connect_error *error)
{
	/* What is only gone there is no failure of the call. */
	bool is_failure = error->failure != CONNECT_OK && error->failure != CONNECT_MISSING;
	const char *message = is_failure ? error->message : "";

	if (is_failure && (!message || !message[0]))
		message = "the call failed";
	mirror->source.usage_until = usage_until(mirror, error);
	mirror->failed_calls = is_failure ? mirror->failed_calls + 1 : 0;
	db_add(ctx, &mirror_call_note, NULL, param_i64(mirror->source.id),
	       param_i64(mirror->source.usage_percent), param_time(mirror->source.usage_until),
	       param_text(message), param_text(error->trace_id ? error->trace_id : ""),
	       param_time(blocked_until(error)));
	if (error->failure == CONNECT_TOKEN) {
		mirror->state = MIRROR_STOPPED;
		db_add(ctx, &mirror_stop, NULL, param_i64(mirror->source.id), param_text(message));
	}
	TRY(db_run(ctx));
	if (error->failure == CONNECT_TOKEN)
		return mirror_alert(ctx, mirror, "token", message);
	return OK;
}

static const char *health_json(struct ctx *ctx, const struct source_health *health)
{
	struct buf json;

	buf_init(&json, ctx->arena, 64 * 1024);
	buf_printf(&json, "{\"is_well\":%s,\"lines\":[", health->is_well ? "true" : "false");
	for (size_t i = 0; i < health->line_count; i++) {
		buf_printf(&json, "%s{\"is_well\":%s,\"what\":", i ? "," : "",
			   health->lines[i].is_well ? "true" : "false");
		buf_json(&json, health->lines[i].what);
		buf_text(&json, ",\"advice\":");
		buf_json(&json, health->lines[i].advice ? health->lines[i].advice : "");
		buf_text(&json, ",\"arguments\":[");
		for (size_t j = 0; j < HEALTH_ARGUMENTS && health->lines[i].arguments[j]; j++) {
			buf_text(&json, j ? "," : "");
			buf_json(&json, health->lines[i].arguments[j]);
		}
		buf_text(&json, "]}");
	}
	buf_text(&json, "]}");
	return json.data;
}

enum err mirror_note_health(struct ctx *ctx, struct mirror *mirror,
			    const struct source_health *health)
{
	db_add(ctx, &mirror_health_note, NULL, param_i64(mirror->source.id),
	       param_text(health_json(ctx, health)), param_time(health->token_expires_at));
	/* The key is accepted again: everything goes on by itself, whatever else is wrong. */
	if (mirror->state == MIRROR_STOPPED) {
		db_add(ctx, &mirror_resume, NULL, param_i64(mirror->source.id));
		mirror->state = MIRROR_ACTIVE;
	}
	return db_run(ctx);
}
