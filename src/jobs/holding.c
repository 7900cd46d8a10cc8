/*
 * What follows from the team's decisions about posts, and what takes long of it.
 */
#include "forum/holding_edit.h"
#include "forum/post_release.h"
#include "forum/removal.h"
#include "forum/spam_lesson.h"
#include "forum/spam_service.h"
#include "jobs/kinds.h"

enum err job_post_released(struct ctx *ctx, const struct job *job)
{
	return post_announce(ctx, job->subject_id);
}

enum err job_post_judged(struct ctx *ctx, const struct job *job)
{
	TRY(spam_judge(ctx, job->subject_id));
	return spam_service_add_tell(ctx, job->subject_id);
}

enum err job_spam_check(struct ctx *ctx, const struct job *job)
{
	return spam_service_check(ctx, job->subject_id);
}

enum err job_spam_tell(struct ctx *ctx, const struct job *job)
{
	return spam_service_tell(ctx, job->subject_id);
}

static enum err again(struct ctx *ctx, const struct job *job)
{
	job_add(ctx, job->kind,
		arena_printf(ctx->arena, "{\"id\":%lld}", (long long)job->subject_id), NULL, 0);
	return db_run(ctx);
}

/* In pieces, so that mails and the index get their turn. */
enum err job_holding_trial(struct ctx *ctx, const struct job *job)
{
	bool has_more;

	TRY(holding_trial_run(ctx, job->subject_id, &has_more));
	return has_more ? again(ctx, job) : OK;
}

enum err job_removal(struct ctx *ctx, const struct job *job)
{
	bool has_more;

	TRY(removal_run(ctx, job->subject_id, &has_more));
	return has_more ? again(ctx, job) : OK;
}
