/*
 * The questions of a renamed or merged tag: a batch a job. Once it is through, it looks a
 * last time for what somebody was sending in that moment.
 */
#include "jobs/kinds.h"

#include "db/db.h"
#include "forum/tag_change.h"

#define LAST_LOOK_SECONDS 60

enum err job_tag_change(struct ctx *ctx, const struct job *job)
{
	struct tag_progress progress;

	TRY(tag_change_run(ctx, job->subject_id, &progress));
	if (!progress.has_more && !progress.is_finished)
		return OK;
	job_add(ctx, job->kind,
		arena_printf(ctx->arena, "{\"id\":%lld}", (long long)job->subject_id), NULL,
		progress.has_more ? 0 : LAST_LOOK_SECONDS);
	return db_run(ctx);
}
