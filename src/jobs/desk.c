/*
 * The desk's clocks: what is new with every step of the worker, and everything again at
 * night, at the start, and when settings have changed, for they may have changed the hours.
 */
#include "jobs/kinds.h"

#include "db/db.h"
#include "forum/desk_work.h"
#include "forum/site_setting.h"

/* 2,000 questions: a second or two. */
#define BATCHES_AT_ONCE 20

enum err desk_some(struct ctx *ctx, bool *has_more)
{
	static int64_t known_version = -1; /* of the settings; one a process */

	*has_more = false;
	if (known_version >= 0 && known_version != site_settings_version()) {
		desk_schedule_again(ctx);
		TRY(db_run(ctx));
	}
	known_version = site_settings_version();
	return desk_work(ctx, has_more);
}

static enum err go_on(struct ctx *ctx, int64_t after)
{
	job_add(ctx, "desk_all", arena_printf(ctx->arena, "{\"id\":%lld}", (long long)after),
		arena_printf(ctx->arena, "after:%lld", (long long)after), 0);
	return db_run(ctx);
}

enum err job_desk_all(struct ctx *ctx, const struct job *job)
{
	int64_t after = job->subject_id;

	for (int i = 0; i < BATCHES_AT_ONCE; i++) {
		TRY(desk_work_again(ctx, &after));
		if (after == 0)
			return OK;
	}
	return go_on(ctx, after);
}
