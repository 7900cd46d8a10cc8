/*
 * The sitemap, once a minute: what changed since is in it then. A new site with a million
 * topics is caught up with in some minutes, between other jobs.
 */
#include "jobs/kinds.h"

#include "base/clock.h"
#include "base/log.h"
#include "db/db.h"
#include "forum/indexnow.h"
#include "forum/sitemap.h"

#define EVERY_SECONDS 60
/* A file of 10,000 topics takes some 0.2 s: others get their turn. */
#define FILES_AT_ONCE 8

void sitemap_schedule(struct ctx *ctx, bool is_start)
{
	job_add(ctx, "sitemap", NULL, "sitemap", is_start ? 0 : EVERY_SECONDS);
}

enum err job_sitemap(struct ctx *ctx, const struct job *job)
{
	struct sitemap_run run = { .most = FILES_AT_ONCE };
	int64_t began = clock_monotonic(), sent;

	(void)job;
	TRY(sitemap_update(ctx, &run));
	if (run.built > 0)
		log_event(LOG_LEVEL_INFO, "sitemap", "files", log_i64(run.built), "changed",
			  log_i64(run.changed), "us", log_i64(clock_monotonic() - began), NULL);
	TRY(indexnow_send(ctx, &sent));
	if (sent > 0)
		log_event(LOG_LEVEL_INFO, "indexnow", "addresses", log_i64(sent), NULL);
	job_add(ctx, "sitemap", NULL, "sitemap", run.has_more ? 0 : EVERY_SECONDS);
	return db_run(ctx);
}
