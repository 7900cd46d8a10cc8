/*
 * The job loop. Signals are blocked while a job is in hand, so nothing is ever cut
 * short; only the wait lets them through.
 */
#include "jobs/loop.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>

#include "base/clock.h"
#include "base/log.h"
#include "db/db.h"
#include "forum/actor.h"
#include "forum/site_setting.h"
#include "i18n/i18n.h"
#include "jobs/index.h"
#include "jobs/kinds.h"

#define JOB_MEMORY_MAX_BYTES  ((size_t)64 * 1024 * 1024)
/* Then whatever else is due gets its turn; mails wait the less the fewer we are. */
#define INDEX_BATCHES_AT_ONCE 5
#define INDEX_BUILD_MS        8000
#define INDEX_BUILD_ALONE_MS  1500
/* How often to look whether the upkeep is queued. */
#define SCHEDULE_EVERY        (60 * CLOCK_SECOND)

static const struct kind {
	const char *name;
	enum err (*run)(struct ctx *ctx, const struct job *job);
} kinds[] = {
	{ "mail", job_mail },
	{ "reset", job_reset },
	{ "counts", job_counts },
	{ "purge", job_purge },
	{ "search_category", job_search_category },
	{ "search_author", job_search_author },
};

struct slot {
	const struct supervisor_worker *worker;
	const struct config *config;
	struct db *db;
	struct arena *arena; /* one step */
	bool is_listening;
	int64_t schedule_at; /* monotonic; only in the first slot */
	bool was_scheduled;
};

/* One job ----------------------------------------------------------------------- */

static enum err run(struct ctx *ctx, const struct job *job)
{
	for (size_t i = 0; i < ARRAY_COUNT(kinds); i++)
		if (strcmp(kinds[i].name, job->kind) == 0)
			return kinds[i].run(ctx, job);
	return fail_log(ctx, ERR_INTERNAL, "there is no kind of job \"%s\"", job->kind);
}

static const char *why(const struct error *error)
{
	if (error->details)
		return error->details;
	if (error->message)
		return error->message;
	return error->constraint ? error->constraint : err_name(error->code);
}

static enum err finish(struct ctx *ctx, const struct job *job, enum err result)
{
	struct error error = ctx->error;

	if (result == OK)
		return job_done(ctx, job);
	db_rollback(ctx);
	error_clear(ctx);
	return job_failed(ctx, job, why(&error));
}

static void log_job(const struct job *job, enum err result, const struct error *error,
		    int64_t duration_us)
{
	log_event(result == OK ? LOG_LEVEL_INFO : LOG_LEVEL_WARNING, "job", "kind", job->kind, "id",
		  log_i64(job->id), "attempt", log_i64(job->attempts), "result",
		  result == OK ? "ok" : err_name(result), "why", result == OK ? NULL : why(error),
		  "us", log_i64(duration_us), NULL);
}

enum err jobs_run_next(struct ctx *ctx, bool *found)
{
	struct job job;
	int64_t began;
	enum err result;

	TRY(job_take(ctx, &job, found));
	if (!*found)
		return OK;
	began = clock_monotonic();
	ctx->request_id = arena_printf(ctx->arena, "job-%lld", (long long)job.id);
	result = run(ctx, &job);
	i18n_use("en");
	log_job(&job, result, &ctx->error, clock_monotonic() - began);
	return finish(ctx, &job, result);
}

/* The loop ------------------------------------------------------------------------ */

static struct ctx context(const struct slot *slot)
{
	return (struct ctx){
		.arena = slot->arena,
		.config = slot->config,
		.db = slot->db,
		.actor = &actor_system,
		.language = "en",
		.request_id = "worker",
		.now = clock_now(),
	};
}

static enum err start_listening(struct slot *slot, struct ctx *ctx)
{
	if (slot->is_listening)
		return OK;
	TRY(db_listen(ctx, "jobs"));
	TRY(db_listen(ctx, "search"));
	slot->is_listening = true;
	return OK;
}

static enum err schedule(struct slot *slot, struct ctx *ctx)
{
	int64_t now = clock_monotonic();

	if (slot->worker->index != 0 || now < slot->schedule_at)
		return OK;
	TRY(upkeep_schedule(ctx, !slot->was_scheduled));
	slot->was_scheduled = true;
	slot->schedule_at = now + SCHEDULE_EVERY;
	return OK;
}

static void log_index(const struct index_run *run)
{
	if (run->written > 0)
		log_event(LOG_LEVEL_INFO, "index", "topics", log_i64(run->written), NULL);
	if (run->built > 0)
		log_event(LOG_LEVEL_INFO, "index", "building", log_i64(run->built), NULL);
}

static enum err index_some(struct slot *slot, struct ctx *ctx, bool *has_more)
{
	bool is_alone = slot->config->worker.slots == 1;
	struct index_run index = {
		.limits = { .batches = INDEX_BATCHES_AT_ONCE,
			    .build_ms = is_alone ? INDEX_BUILD_ALONE_MS : INDEX_BUILD_MS },
	};

	TRY(index_run(ctx, &index));
	*has_more = index.has_more;
	log_index(&index);
	return OK;
}

/* A job, and some of the index: neither waits for all of the other. *worked: there may
 * be more. */
static enum err step(struct slot *slot, struct ctx *ctx, bool *worked)
{
	bool has_more;

	TRY(start_listening(slot, ctx));
	TRY(site_settings_refresh(ctx));
	TRY(schedule(slot, ctx));
	TRY(jobs_run_next(ctx, worked));
	TRY(index_some(slot, ctx, &has_more));
	*worked = *worked || has_more;
	return OK;
}

/* True if something was notified; takes all there is. */
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
	struct timespec limit = { .tv_sec = slot->config->worker.poll_seconds };

	if (was_notified(ctx))
		return;
	/* Without a connection there is nothing to watch: the fd is -1 and ignored. */
	if (ppoll(&socket, 1, &limit, slot->worker->wait_mask) < 0 && errno != EINTR)
		log_event(LOG_LEVEL_WARNING, "poll_failed", "error", strerrorname_np(errno), NULL);
	was_notified(ctx);
}

static void work(struct slot *slot)
{
	int64_t done = 0, limit = slot->worker->request_limit;

	while (!*slot->worker->should_stop && (limit == 0 || done < limit)) {
		struct ctx ctx = context(slot);
		bool worked = false;
		enum err result = step(slot, &ctx, &worked);

		if (result != OK && result != ERR_UNAVAILABLE)
			log_event(LOG_LEVEL_ERROR, "worker", "error", err_name(result), "details",
				  why(&ctx.error), NULL);
		if (result != OK || !worked)
			wait_for_work(slot, &ctx);
		else
			done++;
		arena_reset(slot->arena);
	}
}

int jobs_work(const struct supervisor_worker *worker)
{
	const struct config *config = worker->pool->data;
	struct slot slot = { .worker = worker, .config = config };
	struct db_options options = { .conninfo = config->database.conninfo };
	const char *message = "";

	/* Refreshing the counts of a large forum takes longer than a page may. */
	options.statement_timeout_ms = 0;
	if (!db_open(&slot.db, &options, &message)) {
		log_event(LOG_LEVEL_ERROR, "start", "error", message, NULL);
		return EXIT_FAILURE;
	}
	slot.arena = arena_new(JOB_MEMORY_MAX_BYTES);
	work(&slot);
	arena_free(slot.arena);
	db_close(slot.db);
	return EXIT_SUCCESS;
}
