/*
 * The job loop: what one step of it is.
 */
#include "jobs/loop.h"

#include "base/clock.h"
#include "base/log.h"
#include "db/db.h"
#include "i18n/i18n.h"
#include "jobs/index.h"
#include "jobs/kinds.h"
#include "jobs/slot.h"

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
	{ "attachment", job_attachment },
	{ "brand_logo", job_brand_logo },
	{ "card", job_card },
	{ "export", job_export },
	{ "erase", job_erase },
	{ "counts", job_counts },
	{ "activity", job_activity },
	{ "desk_reports", job_desk_reports },
	{ "purge", job_purge },
	{ "measures", job_measures },
	{ "articles", job_articles },
	{ "desk_all", job_desk_all },
	{ "crisis", job_crisis },
	{ "listening", job_listening },
	{ "sitemap", job_sitemap },
	{ "standing", job_standing },
	{ "standing_all", job_standing_all },
	{ "post_released", job_post_released },
	{ "post_judged", job_post_judged },
	{ "spam_check", job_spam_check },
	{ "spam_tell", job_spam_tell },
	{ "holding_trial", job_holding_trial },
	{ "removal", job_removal },
	{ "category_move", job_category_move },
	{ "tag_change", job_tag_change },
	{ "search_category", job_search_category },
	{ "search_author", job_search_author },
};

struct turns {
	bool is_first;       /* of the processes: one asks for what the clock asks for */
	int64_t schedule_at; /* monotonic */
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

static enum err finish(struct ctx *ctx, const struct job *job, enum err result)
{
	struct error error = ctx->error;

	if (result == OK)
		return job_done(ctx, job);
	db_rollback(ctx);
	error_clear(ctx);
	return job_failed(ctx, job, slot_why(&error));
}

static void log_job(const struct job *job, enum err result, const struct error *error,
		    int64_t duration_us)
{
	log_event(result == OK ? LOG_LEVEL_INFO : LOG_LEVEL_WARNING, "job", "kind", job->kind, "id",
		  log_i64(job->id), "attempt", log_i64(job->attempts), "result",
		  result == OK ? "ok" : err_name(result), "why",
		  result == OK ? NULL : slot_why(error), "us", log_i64(duration_us), NULL);
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

static enum err schedule(struct turns *turns, struct ctx *ctx)
{
	int64_t now = clock_monotonic();

	if (!turns->is_first || now < turns->schedule_at)
		return OK;
	TRY(upkeep_schedule(ctx, !turns->was_scheduled));
	turns->was_scheduled = true;
	turns->schedule_at = now + SCHEDULE_EVERY;
	return OK;
}

static void log_index(const struct index_run *run)
{
	if (run->written > 0)
		log_event(LOG_LEVEL_INFO, "index", "topics", log_i64(run->written), NULL);
	if (run->articles > 0)
		log_event(LOG_LEVEL_INFO, "index", "articles", log_i64(run->articles), NULL);
	if (run->built > 0)
		log_event(LOG_LEVEL_INFO, "index", "building", log_i64(run->built), NULL);
}

static enum err index_some(struct ctx *ctx, bool *has_more)
{
	bool is_alone = ctx->config->worker.slots == 1;
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
static enum err step(struct ctx *ctx, void *state, bool *worked)
{
	bool has_more, has_desk;

	TRY(schedule(state, ctx));
	TRY(desk_some(ctx, &has_desk));
	TRY(jobs_run_next(ctx, worked));
	TRY(index_some(ctx, &has_more));
	*worked = *worked || has_more || has_desk;
	return OK;
}

int jobs_work(const struct supervisor_worker *worker)
{
	const struct config *config = worker->pool->data;
	struct turns turns = { .is_first = worker->index == 0 };
	const struct slot slot = {
		.worker = worker,
		.name = "worker",
		.channels = { "jobs", "search", "desk" },
		.poll_seconds = (int)config->worker.poll_seconds,
		.memory_max_bytes = JOB_MEMORY_MAX_BYTES,
		.step = step,
		.state = &turns,
	};

	return slot_work(&slot);
}
