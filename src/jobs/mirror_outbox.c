/*
 * Sending what people here wrote or decided. One sender a source (the stream's lock);
 * a row is durably "sending" before the call; of an answer whose outcome is not known
 * it is looked for, and sent again only when it is not there after several looks.
 */
#include "jobs/mirror_reading.h"

#include "base/log.h"

#define LOOKS_MAX    3
#define ATTEMPTS_MAX 10
#define RETRY_LEAST  15

static void log_write(const struct mirror *mirror, const struct mirror_write *write,
		      const char *what, const struct connect_error *error)
{
	log_event(error->failure == CONNECT_OK ? LOG_LEVEL_INFO : LOG_LEVEL_WARNING, "mirror_write",
		  "source", log_i64(mirror->source.id), "outbox", log_i64(write->id), "what", what,
		  "result", connect_failure_name(error->failure), "trace", error->trace_id, "why",
		  error->message, NULL);
}

static enum err put(struct ctx *ctx, const struct mirror_write *write, enum outbox_state state,
		    int64_t delay_seconds, const struct connect_error *error)
{
	return mirror_outbox_put(ctx, write, state, delay_seconds, false, error);
}

/* Not there: perhaps not yet. After some looks it was never written. */
static enum err not_found(struct ctx *ctx, const struct mirror_write *write)
{
	int64_t pause = ctx->config->mirror.look_seconds;

	if (write->looks + 1 < LOOKS_MAX)
		return mirror_outbox_put(ctx, write, OUTBOX_UNKNOWN, pause * (write->looks + 1),
					 true, NULL);
	return put(ctx, write, write->attempts < ATTEMPTS_MAX ? OUTBOX_QUEUED : OUTBOX_FAILED, 0,
		   &(struct connect_error){ .message = "it could not be found after it was sent" });
}

static enum err look(struct ctx *ctx, struct mirror *mirror, const struct mirror_write *write)
{
	const struct connector *connector = connector_find(mirror->source.connector);
	struct connect_error error = { 0 };
	struct write_result result = { 0 };
	bool found = false;

	/* The others may be done twice without harm. */
	if (write->write.kind != WRITE_REPLY)
		return put(ctx, write, OUTBOX_QUEUED, 0, NULL);
	TRY(connector->find_own(ctx, &mirror->source, &write->write, &result, &found, &error));
	log_write(mirror, write, "look", &error);
	TRY(mirror_note_call(ctx, mirror, &error));
	if (error.failure == CONNECT_OK && found)
		return mirror_outbox_sent(ctx, mirror, write, &result);
	if (error.failure == CONNECT_OK)
		return not_found(ctx, write);
	/* What it answered is gone: so would the answer be. */
	if (error.failure == CONNECT_MISSING || error.failure == CONNECT_PERMANENT)
		return put(ctx, write, OUTBOX_FAILED, 0, &error);
	return put(ctx, write, OUTBOX_UNKNOWN, RETRY_LEAST, &error);
}

static int64_t back_off(const struct mirror_write *write)
{
	int64_t seconds = RETRY_LEAST;

	for (int64_t i = 0; i < write->attempts && seconds < 3600; i++)
		seconds *= 2;
	return seconds;
}

static enum err failed(struct ctx *ctx, struct mirror *mirror, struct mirror_write *write,
		       const struct connect_error *error)
{
	int64_t pause = ctx->config->mirror.look_seconds;
	bool is_hopeless = write->attempts >= ATTEMPTS_MAX;

	switch (error->failure) {
	case CONNECT_UNKNOWN:
	case CONNECT_DUPLICATE:
		if (error->failure == CONNECT_DUPLICATE && write->write.kind != WRITE_REPLY)
			return put(ctx, write, OUTBOX_FAILED, 0, error);
		return put(ctx, write, OUTBOX_UNKNOWN, pause, error);
	case CONNECT_RETRY:
		return put(ctx, write, is_hopeless ? OUTBOX_FAILED : OUTBOX_QUEUED, back_off(write),
			   error);
	case CONNECT_THROTTLED:
	case CONNECT_BLOCKED:
	case CONNECT_TOKEN:
		/* The source's row says until when. */
		return put(ctx, write, OUTBOX_QUEUED, 0, error);
	case CONNECT_MISSING:
		if (write->write.kind == WRITE_DELETE)
			return mirror_outbox_sent(ctx, mirror, write, NULL);
		return put(ctx, write, OUTBOX_FAILED, 0, error);
	case CONNECT_OPERATOR:
	case CONNECT_PERMANENT:
	case CONNECT_OK:
		break;
	}
	return put(ctx, write, OUTBOX_FAILED, 0, error);
}

static enum err send(struct ctx *ctx, struct mirror *mirror, struct mirror_write *write)
{
	const struct connector *connector = connector_find(mirror->source.connector);
	struct connect_error error = { 0 };
	struct write_result result = { 0 };
	bool is_ours;

	TRY(mirror_outbox_sending(ctx, write, &is_ours));
	if (!is_ours)
		return OK;
	TRY(connector->write(ctx, &mirror->source, &write->write, &result, &error));
	log_write(mirror, write, "write", &error);
	TRY(mirror_note_call(ctx, mirror, &error));
	if (error.failure == CONNECT_OK)
		return mirror_outbox_sent(ctx, mirror, write, &result);
	return failed(ctx, mirror, write, &error);
}

enum err mirror_do_outbox(struct ctx *ctx, struct mirror *mirror)
{
	struct mirror_write write;
	bool found;

	if (!mirror_may_call(ctx, mirror, CALL_WRITE))
		return OK;
	TRY(mirror_outbox_next(ctx, mirror, &write, &found));
	if (!found)
		return OK;
	return write.state == OUTBOX_UNKNOWN ? look(ctx, mirror, &write)
					     : send(ctx, mirror, &write);
}
