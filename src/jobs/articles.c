/*
 * What the clock does with articles: publications that were planned, owners who are to
 * look whether theirs still hold.
 */
#include "jobs/kinds.h"

#include "db/db.h"
#include "forum/article_work.h"

/* A publication comes within the minute that was chosen. */
#define EVERY_SECONDS 60

void articles_schedule(struct ctx *ctx)
{
	job_add(ctx, "articles", NULL, "articles", EVERY_SECONDS);
}

enum err job_articles(struct ctx *ctx, const struct job *job)
{
	bool has_more = true;

	(void)job;
	while (has_more)
		TRY(article_publish_due(ctx, &has_more));
	for (has_more = true; has_more;)
		TRY(article_remind_due(ctx, &has_more));
	articles_schedule(ctx);
	return db_run(ctx);
}
