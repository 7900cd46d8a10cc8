/*
 * The look at what goes on, every five minutes.
 */
#include "jobs/kinds.h"

#include "base/clock.h"
#include "db/db.h"
#include "forum/crisis.h"
#include "forum/site_setting.h"

/* On the fives of the clock, so that the last look at an hour has all of it but nothing of
 * the next. */
void crisis_schedule(struct ctx *ctx)
{
	const int64_t every = CRISIS_EVERY_MINUTES * 60;
	int64_t second = ctx->now / CLOCK_SECOND;

	job_add(ctx, "crisis", NULL, "crisis", (int)(every - second % every));
}

enum err job_crisis(struct ctx *ctx, const struct job *job)
{
	int64_t opened;

	(void)job;
	if (site_switch(SITE_CRISIS_WATCH)) {
		TRY(crisis_count(ctx));
		TRY(crisis_look(ctx, &opened));
		TRY(crisis_look_negative(ctx, &opened));
	}
	crisis_schedule(ctx);
	return db_run(ctx);
}
