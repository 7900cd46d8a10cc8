/*
 * The questions of a category that was archived, or brought back: one batch a job.
 */
#include "jobs/kinds.h"

#include "db/db.h"
#include "forum/category_change.h"

enum err job_category_move(struct ctx *ctx, const struct job *job)
{
	bool has_more;

	TRY(category_move_run(ctx, job->subject_id, &has_more));
	if (!has_more)
		return OK;
	job_add(ctx, "category_move",
		arena_printf(ctx->arena, "{\"id\":%lld}", (long long)job->subject_id),
		arena_printf(ctx->arena, "category:%lld", (long long)job->subject_id), 0);
	return db_run(ctx);
}
