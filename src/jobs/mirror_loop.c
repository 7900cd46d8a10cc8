/*
 * The life of a process that keeps mirrors.
 */
#include "jobs/mirror.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>

#include "base/clock.h"
#include "base/log.h"
#include "db/db.h"
#include "forum/actor.h"
#include "forum/site_setting.h"
#include "i18n/i18n.h"
#include "jobs/mirror_reading.h"

#define MEMORY_MAX_BYTES ((size_t)512 * 1024 * 1024)
#define POLL_MS          1000
/* Then the more urgent gets its turn, even if this is not done. */
#define BACKFILL_AT_ONCE (20 * CLOCK_SECOND)

/* One task -------------------------------------------------------------------------- */

static enum err reshow(struct ctx *ctx, struct mirror *mirror)
{
	const char **roots;
	size_t count;

	TRY(mirror_reshows(ctx, mirror, &roots, &count));
	return mirror_show_again(ctx, mirror, roots, count);
}

static enum err erase(struct ctx *ctx, struct mirror *mirror)
{
	bool has_more;

	return mirror_erase_some(ctx, mirror, &has_more);
}

static enum err backfill(struct ctx *ctx, struct mirror *mirror)
{
	bool done;

	return mirror_do_backfill(ctx, mirror, clock_monotonic() + BACKFILL_AT_ONCE, NULL, &done);
}

static enum err (*const streams[STREAM_COUNT])(struct ctx *ctx, struct mirror *mirror) = {
	[STREAM_OUTBOX] = mirror_do_outbox,
	[STREAM_REFRESH] = mirror_do_refreshes,
	[STREAM_HEALTH] = mirror_do_health,
	[STREAM_RESHOW] = reshow,
	[STREAM_ERASE] = erase,
	[STREAM_POLL] = mirror_do_poll,
	[STREAM_COUNT_CHANGES] = mirror_do_changes,
	[STREAM_MEDIA] = mirror_do_media,
	[STREAM_BACKFILL] = backfill,
	[STREAM_SWEEP] = mirror_do_sweep,
	[STREAM_CONCLUDE] = mirror_do_conclusions,
};

static enum err run(struct ctx *ctx, const struct mirror_task *task)
{
	struct mirror mirror;

	ctx->request_id = arena_printf(ctx->arena, "mirror-%lld-%s", (long long)task->source_id,
				       mirror_stream_text(task->stream));
	if (task->stream == STREAM_DELIVERIES)
		return mirror_do_deliveries(ctx);
	TRY(mirror_load(ctx, task->source_id, &mirror));
	if (!connector_find(mirror.source.connector))
		return fail_log(ctx, ERR_INTERNAL, "there is no connector \"%s\"",
				mirror.source.connector);
	return streams[task->stream](ctx, &mirror);
}

static const char *why(const struct error *error)
{
	return error->details      ? error->details
	       : error->message    ? error->message
	       : error->constraint ? error->constraint
				   : err_name(error->code);
}

static enum err finish(struct ctx *ctx, const struct mirror_task *task, enum err result,
		       int64_t began)
{
	struct error error = ctx->error;

	log_event(result == OK ? LOG_LEVEL_DEBUG : LOG_LEVEL_ERROR, "mirror", "stream",
		  mirror_stream_text(task->stream), "source", log_i64(task->source_id), "result",
		  result == OK ? "ok" : err_name(result), "why", result == OK ? NULL : why(&error),
		  "us", log_i64(clock_monotonic() - began), NULL);
	db_rollback(ctx);
	error_clear(ctx);
	i18n_use("en");
	TRY(mirror_unlock(ctx, task));
	return result;
}

/* One that fails must not keep the less urgent from their turn. *worked: it was done. */
static enum err try_task(struct ctx *ctx, const struct mirror_task *task, bool *worked)
{
	int64_t began = clock_monotonic();
	bool is_ours;
	enum err result;

	TRY(mirror_try_lock(ctx, task, &is_ours));
	if (!is_ours)
		return OK;
	result = finish(ctx, task, run(ctx, task), began);
	*worked = result == OK;
	return result == ERR_UNAVAILABLE ? result : OK;
}

static enum err do_first(struct ctx *ctx, enum mirror_stream last, bool *worked)
{
	struct mirror_task *tasks;
	size_t count;

	*worked = false;
	TRY(mirror_due(ctx, &tasks, &count));
	for (size_t i = 0; i < count && !*worked; i++)
		if (tasks[i].stream <= last)
			TRY(try_task(ctx, &tasks[i], worked));
	return OK;
}

enum err mirror_step(struct ctx *ctx, bool *worked)
{
	return do_first(ctx, STREAM_COUNT, worked);
}

enum err mirror_do_urgent(struct ctx *ctx)
{
	struct ctx inner = mirror_inner(ctx);
	bool worked;

	return mirror_inner_end(ctx, &inner, do_first(&inner, STREAM_REFRESH, &worked));
}

/* The loop --------------------------------------------------------------------------- */

struct slot {
	const struct supervisor_worker *worker;
	const struct config *config;
	struct db *db;
	struct arena *arena;
	bool is_listening;
};

static struct ctx context(const struct slot *slot)
{
	return (struct ctx){
		.arena = slot->arena,
		.config = slot->config,
		.db = slot->db,
		.actor = &actor_system,
		.language = "en",
		.request_id = "mirror",
		.now = clock_now(),
	};
}

static bool was_notified(struct ctx *ctx)
{
	const char *channel, *payload;
	bool any = false;

	while (db_notification(ctx, &channel, &payload)) {
		site_settings_hear(channel);
		any = true;
	}
	return any;
}

/* Until a notice comes, a signal, or the time for looking anyway. */
static void wait_for_work(struct slot *slot, struct ctx *ctx)
{
	struct pollfd socket = { .fd = db_socket(slot->db), .events = POLLIN };
	struct timespec limit = { .tv_sec = POLL_MS / 1000 };

	if (was_notified(ctx))
		return;
	if (ppoll(&socket, 1, &limit, slot->worker->wait_mask) < 0 && errno != EINTR)
		log_event(LOG_LEVEL_WARNING, "poll_failed", "error", strerrorname_np(errno), NULL);
	was_notified(ctx);
}

static enum err step(struct slot *slot, struct ctx *ctx, bool *worked)
{
	*worked = false;
	if (!slot->is_listening) {
		TRY(db_listen(ctx, "mirror"));
		slot->is_listening = true;
	}
	TRY(site_settings_refresh(ctx));
	return mirror_step(ctx, worked);
}

static void work(struct slot *slot)
{
	int64_t done = 0, limit = slot->worker->request_limit;

	while (!*slot->worker->should_stop && (limit == 0 || done < limit)) {
		struct ctx ctx = context(slot);
		bool worked = false;
		enum err result = step(slot, &ctx, &worked);

		if (result != OK || !worked)
			wait_for_work(slot, &ctx);
		else
			done++;
		arena_reset(slot->arena);
	}
}

int mirror_work(const struct supervisor_worker *worker)
{
	const struct config *config = worker->pool->data;
	struct slot slot = { .worker = worker, .config = config };
	struct db_options options = { .conninfo = config->database.conninfo };
	const char *message = "";

	/* A whole thread is written in one statement. */
	options.statement_timeout_ms = 0;
	if (!db_open(&slot.db, &options, &message)) {
		log_event(LOG_LEVEL_ERROR, "start", "error", message, NULL);
		return EXIT_FAILURE;
	}
	slot.arena = arena_new(MEMORY_MAX_BYTES);
	work(&slot);
	arena_free(slot.arena);
	db_close(slot.db);
	return EXIT_SUCCESS;
}
