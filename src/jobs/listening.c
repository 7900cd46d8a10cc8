/*
 * Listening, every hour: the counts of the weeks that may still change, and the
 * sample of the week that ended, if there is none yet.
 */
#include "jobs/kinds.h"

#include "db/db.h"
#include "forum/listening.h"
#include "forum/listening_label.h"

#define EVERY_SECONDS 3600

void listening_schedule(struct ctx *ctx, bool is_start)
{
	job_add(ctx, "listening", NULL, "listening", is_start ? 0 : EVERY_SECONDS);
}

enum err job_listening(struct ctx *ctx, const struct job *job)
{
	(void)job;
	TRY(listening_count(ctx));
	TRY(listening_draw_due(ctx));
	listening_schedule(ctx, false);
	return db_run(ctx);
}
