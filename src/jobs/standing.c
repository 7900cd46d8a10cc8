/*
 * Where people stand: of one person when their figures change, of everybody at night,
 * in portions, so that no job outlives its lease.
 */
#include "jobs/kinds.h"

#include "db/db.h"
#include "forum/expert.h"
#include "forum/reputation.h"
#include "forum/standing.h"

/* 4,000 people: some seconds. */
#define BATCHES_AT_ONCE 20

enum err job_standing(struct ctx *ctx, const struct job *job)
{
	return standing_refresh(ctx, &job->subject_id, 1);
}

static enum err go_on(struct ctx *ctx, int64_t after)
{
	job_add(ctx, "standing_all", arena_printf(ctx->arena, "{\"id\":%lld}", (long long)after),
		arena_printf(ctx->arena, "after:%lld", (long long)after), 0);
	return db_run(ctx);
}

enum err job_standing_all(struct ctx *ctx, const struct job *job)
{
	int64_t after = job->subject_id, written;

	if (after == 0) {
		TRY(reputation_settle_all(ctx, &written));
		TRY(rings_find(ctx));
		TRY(standing_purge(ctx));
		TRY(experts_end_terms(ctx));
	}
	for (int i = 0; i < BATCHES_AT_ONCE; i++) {
		TRY(standing_refresh_next(ctx, &after));
		if (after == 0)
			return OK;
	}
	return go_on(ctx, after);
}
