/*
 * What a process that keeps mirrors takes up next.
 */
#include "jobs/mirror.h"

#include "base/clock.h"
#include "base/log.h"
#include "db/db.h"
#include "i18n/i18n.h"
#include "jobs/mirror_reading.h"
#include "jobs/slot.h"

#define MEMORY_MAX_BYTES ((size_t)512 * 1024 * 1024)
#define POLL_SECONDS     1
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

static enum err finish(struct ctx *ctx, const struct mirror_task *task, enum err result,
		       int64_t began)
{
	struct error error = ctx->error;

	log_event(result == OK ? LOG_LEVEL_DEBUG : LOG_LEVEL_ERROR, "mirror", "stream",
		  mirror_stream_text(task->stream), "source", log_i64(task->source_id), "result",
		  result == OK ? "ok" : err_name(result), "why",
		  result == OK ? NULL : slot_why(&error), "us", log_i64(clock_monotonic() - began),
		  NULL);
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

/*
 * worker, or NULL: whose wish to stop is looked at before each task. When the network is
 * away each one fails after seconds, and of many sources there are many.
 */
static enum err do_first(struct ctx *ctx, const struct supervisor_worker *worker,
			 enum mirror_stream last, bool *worked)
{
	struct mirror_task *tasks;
	size_t count;

	*worked = false;
	TRY(mirror_due(ctx, &tasks, &count));
	for (size_t i = 0; i < count && !*worked; i++) {
		if (worker && supervisor_should_stop(worker))
			return OK;
		if (tasks[i].stream <= last)
			TRY(try_task(ctx, &tasks[i], worked));
	}
	return OK;
}

enum err mirror_step(struct ctx *ctx, bool *worked)
{
	return do_first(ctx, NULL, STREAM_COUNT, worked);
}

enum err mirror_do_urgent(struct ctx *ctx)
{
	struct ctx inner = mirror_inner(ctx);
	bool worked;

	return mirror_inner_end(ctx, &inner, do_first(&inner, NULL, STREAM_REFRESH, &worked));
}

/* The loop --------------------------------------------------------------------------- */

static enum err step(struct ctx *ctx, void *state, bool *worked)
{
	const struct supervisor_worker *const *worker = state;

	return do_first(ctx, *worker, STREAM_COUNT, worked);
}

int mirror_work(const struct supervisor_worker *worker)
{
	const struct slot slot = {
		.worker = worker,
		.name = "mirror",
		.channels = { "mirror" },
		.poll_seconds = POLL_SECONDS,
		.memory_max_bytes = MEMORY_MAX_BYTES,
		/*
		 * What was read can be read again, and a notice that was worked in is waiting
		 * again then: it goes with what came of it. Of commits that wait, a backfill
		 * makes so many that each notice would queue behind them for the disk.
		 */
		.is_repeatable = true,
		.step = step,
		.state = &worker,
	};

	return slot_work(&slot);
}
