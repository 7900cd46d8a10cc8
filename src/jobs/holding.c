/*
 * What follows from the team's decisions about posts.
 */
#include "forum/post_release.h"
#include "forum/spam_lesson.h"
#include "jobs/kinds.h"

enum err job_post_released(struct ctx *ctx, const struct job *job)
{
	return post_announce(ctx, job->subject_id);
}

enum err job_post_judged(struct ctx *ctx, const struct job *job)
{
	return spam_judge(ctx, job->subject_id);
}
