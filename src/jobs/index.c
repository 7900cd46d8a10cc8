/*
 * The indexer. What is derived mends itself: an index that is missing, broken, or of
 * another program's words is built anew beside whatever is there.
 */
#include "jobs/index.h"

#include "base/log.h"
#include "db/db.h"
#include "forum/job.h"
#include "jobs/index_parts.h"

/* Failures in a row that have no better name, after which it counts as broken. */
#define FAILURES_UNTIL_BROKEN 5

/* Once in the log, however often it is tried again. */
static enum err note(struct ctx *ctx, const char *what, enum search_result result)
{
	bool is_news;

	TRY(index_failed(ctx, search_result_name(result), &is_news));
	log_event(is_news ? LOG_LEVEL_ERROR : LOG_LEVEL_DEBUG, "index", "while", what, "error",
		  search_result_name(result), NULL);
	return OK;
}

static enum err note_recovery(struct ctx *ctx)
{
	log_event(LOG_LEVEL_INFO, "index", "error", "is over", NULL);
	return index_worked(ctx);
}

static enum err note_written(struct ctx *ctx, const struct index_work *work,
			     const struct index_run *run, enum search_result written)
{
	if (written != SEARCH_OK) {
		if (written == SEARCH_CORRUPT || work->failures >= FAILURES_UNTIL_BROKEN)
			TRY(index_report_broken(ctx));
		return note(ctx, "writing", written);
	}
	return work->was_failing && run->written + run->articles > 0 ? note_recovery(ctx) : OK;
}

/* Why a new one is due; NULL: it is not. */
static const char *why_build(const struct index_work *work, const struct search_place *place,
			     enum search_result looked)
{
	if (looked != SEARCH_OK)
		return search_result_name(looked);
	if (work->is_broken)
		return "broken";
	if (!place->is_readable)
		return "of another program";
	return place->is_current ? NULL : "of other words";
}

static enum err begin_if_due(struct ctx *ctx, struct index_work *work,
			     const struct search_place *place, enum search_result looked)
{
	const char *why = why_build(work, place, looked);

	if (!why || work->generation != 0)
		return OK;
	log_event(LOG_LEVEL_WARNING, "index", "building", "anew", "why", why, NULL);
	return index_build_begin(ctx, false, &work->generation);
}

static enum err build(struct ctx *ctx, struct index_run *run)
{
	struct index_build build = { .most_ms = run->limits.build_ms };
	enum search_result written;

	TRY(index_build_piece(ctx, &build, &written));
	run->built = build.built;
	run->is_busy = run->is_busy || build.is_busy;
	if (written != SEARCH_OK)
		return note(ctx, "building", written);
	run->has_more = run->has_more || !build.is_busy;
	return OK;
}

/* What needs a new index waits for it; what needs none is not kept waiting. */
static enum err run_with(struct ctx *ctx, struct index_run *run, struct index_work *work,
			 bool is_living)
{
	enum search_result written;

	if (is_living && work->has_marks) {
		TRY(index_write(ctx, run, &written));
		TRY(note_written(ctx, work, run, written));
		if (written != SEARCH_OK)
			return OK;
	}
	if (work->generation != 0)
		return build(ctx, run);
	if (is_living && work->was_failing && !work->has_marks)
		return note_recovery(ctx);
	if (is_living && work->has_related && !run->has_more)
		return index_relate(ctx, run);
	return OK;
}

static enum err run_once(struct ctx *ctx, struct index_run *run)
{
	struct index_work work;
	struct search_place place;
	enum search_result looked;

	TRY(index_work_load(ctx, &work));
	if (work.is_waiting)
		return OK;
	looked = search_look(ctx->config->search.index_dir, &place);
	if (looked != SEARCH_OK && looked != SEARCH_MISSING && looked != SEARCH_CORRUPT)
		return note(ctx, "opening", looked);
	TRY(begin_if_due(ctx, &work, &place, looked));
	return run_with(ctx, run, &work,
			looked == SEARCH_OK && place.is_readable && !work.is_broken);
}

enum err index_run(struct ctx *ctx, struct index_run *run)
{
	run->written = run->articles = run->built = run->related = 0;
	run->is_busy = run->has_more = false;
	return run_once(ctx, run);
}

enum err job_search_category(struct ctx *ctx, const struct job *job)
{
	return index_mark_category(ctx, job->subject_id);
}

enum err job_search_author(struct ctx *ctx, const struct job *job)
{
	return index_mark_author(ctx, job->subject_id);
}
