/*
 * Looking after a source: is its key accepted, is the subscription there? A source
 * that was stopped because its key died goes on by itself once the key is renewed.
 */
#include "jobs/mirror_reading.h"

#include "base/clock.h"
#include "base/log.h"
#include "i18n/i18n.h"

/* What to do about the first thing that is wrong. */
static const char *complaint(struct ctx *ctx, const struct source_health *health)
{
	for (size_t i = 0; i < health->line_count; i++) {
		const struct health_line *line = &health->lines[i];

		if (!line->is_well)
			return i18n_fill(ctx->arena, line->advice, line->arguments,
					 HEALTH_ARGUMENTS);
	}
	return "";
}

static enum err alert_lag(struct ctx *ctx, struct mirror *mirror)
{
	int64_t limit = clock_now() - ctx->config->mirror.lag_minutes * CLOCK_MINUTE;
	struct mirror_status status;

	TRY(mirror_status(ctx, mirror, &status));
	if (status.oldest_delivery_at && status.oldest_delivery_at < limit)
		return mirror_alert(ctx, mirror, "lag", "");
	return OK;
}

enum err mirror_do_health(struct ctx *ctx, struct mirror *mirror)
{
	const struct connector *connector = connector_find(mirror->source.connector);
	struct connect_error error = { 0 };
	struct source_health health = { 0 };
	bool was_stopped = mirror->state == MIRROR_STOPPED;

	TRY(connector->health(ctx, &mirror->source, &health, &error));
	if (error.failure != CONNECT_OK) {
		TRY(mirror_note_call(ctx, mirror, &error));
		return mirror_stamp(ctx, mirror->source.id, STAMP_HEALTH);
	}
	TRY(mirror_note_health(ctx, mirror, &health));
	log_event(health.is_well ? LOG_LEVEL_INFO : LOG_LEVEL_WARNING, "mirror_health", "source",
		  log_i64(mirror->source.id), "is_well", health.is_well ? "yes" : "no", "why",
		  complaint(ctx, &health), NULL);
	if (was_stopped && mirror->state == MIRROR_ACTIVE)
		log_event(LOG_LEVEL_INFO, "mirror_resumed", "source", log_i64(mirror->source.id),
			  NULL);
	if (!health.is_well && !was_stopped)
		TRY(mirror_alert(ctx, mirror, "subscription", complaint(ctx, &health)));
	TRY(mirror_do_erasure_calls(ctx));
	return alert_lag(ctx, mirror);
}

enum err mirror_do_conclusions(struct ctx *ctx, struct mirror *mirror)
{
	int64_t concluded;
	bool is_held;

	TRY(mirror_conclude(ctx, mirror, &concluded, &is_held));
	if (concluded > 0 || is_held)
		log_event(is_held ? LOG_LEVEL_WARNING : LOG_LEVEL_INFO, "mirror_absence", "source",
			  log_i64(mirror->source.id), "gone", log_i64(concluded), "brake",
			  is_held ? "on" : "off", NULL);
	return mirror_stamp(ctx, mirror->source.id, STAMP_CONCLUDED);
}
