/*
 * What is done by the clock. The next run is a job that waits in the queue, under
 * a key of its own: whoever looks finds it there, so it is never queued twice.
 */
#include "jobs/kinds.h"

#include "base/clock.h"
#include "db/db.h"
#include "forum/account.h"
#include "forum/activity.h"
#include "forum/article.h"
#include "forum/check.h"
#include "forum/crawl.h"
#include "forum/crisis.h"
#include "forum/desk_report.h"
#include "forum/listening.h"
#include "forum/mirror_work.h"
#include "forum/page_change.h"
#include "forum/privacy.h"
#include "forum/questionnaire.h"
#include "forum/spam_lesson.h"

#define COUNTS_EVERY_SECONDS       300
#define DESK_REPORTS_EVERY_SECONDS 3600
/* Past two at night in UTC: past three or four where most of us are. */
#define PURGE_AT_SECONDS           (2 * 3600 + 17 * 60)

/* When the purge is done with. */
#define STANDING_AFTER_SECONDS (15 * 60)
#define DESK_AFTER_SECONDS     (45 * 60)
/* A little after midnight: the day that ended is worked out whole. */
#define ACTIVITY_AT_SECONDS    (17 * 60)

static int seconds_until(int64_t now, int64_t second_of_day)
{
	int64_t second = now / CLOCK_SECOND % (24 * 3600);

	return (int)((second_of_day - second + 24 * 3600 - 1) % (24 * 3600) + 1);
}

enum err upkeep_schedule(struct ctx *ctx, bool is_start)
{
	job_add(ctx, "counts", NULL, "counts", is_start ? 0 : COUNTS_EVERY_SECONDS);
	job_add(ctx, "purge", NULL, "purge", seconds_until(ctx->now, PURGE_AT_SECONDS));
	job_add(ctx, "standing_all", NULL, "standing_all",
		seconds_until(ctx->now, PURGE_AT_SECONDS) + STANDING_AFTER_SECONDS);
	job_add(ctx, "activity", NULL, "activity", seconds_until(ctx->now, ACTIVITY_AT_SECONDS));
	job_add(ctx, "desk_reports", NULL, "desk_reports",
		is_start ? 0 : DESK_REPORTS_EVERY_SECONDS);
	job_add(ctx, "desk_all", NULL, "desk_all",
		is_start ? 0 : seconds_until(ctx->now, PURGE_AT_SECONDS) + DESK_AFTER_SECONDS);
	measures_schedule(ctx);
	articles_schedule(ctx);
	crisis_schedule(ctx);
	listening_schedule(ctx, is_start);
	sitemap_schedule(ctx, is_start);
	return db_run(ctx);
}

enum err job_counts(struct ctx *ctx, const struct job *job)
{
	(void)job;
	TRY(counts_refresh(ctx));
	TRY(questionnaires_tell(ctx));
	TRY(page_changes_forget(ctx));
	return upkeep_schedule(ctx, false);
}

enum err job_activity(struct ctx *ctx, const struct job *job)
{
	int64_t written;

	(void)job;
	TRY(activity_refresh(ctx, ACTIVITY_SHOWN, &written));
	TRY(crisis_count_all(ctx, &written));
	return listening_count_all(ctx);
}

enum err job_desk_reports(struct ctx *ctx, const struct job *job)
{
	(void)job;
	return desk_reports_refresh(ctx);
}

enum err job_purge(struct ctx *ctx, const struct job *job)
{
	(void)job;
	TRY(upkeep_purge(ctx));
	TRY(spam_forget_old(ctx));
	TRY(article_votes_forget(ctx));
	TRY(crawl_forget(ctx));
	TRY(privacy_retention(ctx));
	return mirror_retention(ctx);
}

enum err job_reset(struct ctx *ctx, const struct job *job)
{
	return account_send_reset(ctx, job->text);
}
