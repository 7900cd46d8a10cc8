/*
 * Measures on people whose time is over: a session compares the dates itself, so nobody
 * waits for this; the job writes what pages show of it.
 */
#include "jobs/kinds.h"

#include "db/db.h"
#include "forum/measure.h"

/* Often enough that "suspended" does not stand beside a name for long. */
#define EVERY_SECONDS 60

void measures_schedule(struct ctx *ctx)
{
	job_add(ctx, "measures", NULL, "measures", EVERY_SECONDS);
}

enum err job_measures(struct ctx *ctx, const struct job *job)
{
	bool has_more = true;

	(void)job;
	while (has_more)
		TRY(measure_end_due(ctx, &has_more));
	measures_schedule(ctx);
	return db_run(ctx);
}
