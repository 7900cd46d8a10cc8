/*
 * Counting views.
 */
#include "forum/view_count.h"

#include "base/clock.h"
#include "base/log.h"
#include "db/db.h"
#include "http/crawler.h"

/* In order: two processes that write at once must not wait for each other crosswise. */
DB_STATEMENT(view_days_add,
	     "insert into view_days as v (day, category_id, views)\n"
	     "select ($1::timestamptz at time zone 'utc')::date, n.category_id, n.views\n"
	     "from unnest($2::bigint[], $3::bigint[]) n (category_id, views)\n"
	     "order by n.category_id\n"
	     "on conflict (day, category_id) do update set views = v.views + excluded.views",
	     3);

DB_STATEMENT(view_days_of_topics,
	     "insert into view_days as v (day, category_id, views)\n"
	     "select date '1970-01-01' + n.day::integer, t.category_id, sum(n.views)\n"
	     "from unnest($1::bigint[], $2::bigint[], $3::bigint[]) n (day, topic_id, views)\n"
	     "join topics t on t.id = n.topic_id and t.visibility = 'visible'\n"
	     "group by 1, 2 order by 1, 2\n"
	     "on conflict (day, category_id) do update set views = v.views + excluded.views",
	     3);

bool view_is_by_robot(const char *user_agent)
{
	static const char *const marks[] = { "bot",     "crawl",    "spider",
					     "slurp",   "archiver", "facebookexternal",
					     "preview", "monitor",  "curl/",
					     "wget/",   "python",   "headless" };
	size_t length = strlen(user_agent);

	for (size_t i = 0; i < ARRAY_COUNT(marks); i++)
		if (crawler_has_word(user_agent, length, marks[i]))
			return true;
	return length == 0 || crawler_of(user_agent, length);
}

bool view_counts(bool is_get, int status, bool is_by_robot)
{
	return is_get && status == 200 && !is_by_robot;
}

void view_count_add(struct view_count *counts, int64_t category_id, int64_t now)
{
	size_t i = 0;

	if (counts->views == 0)
		counts->since = now;
	while (i < counts->count && counts->entries[i].category_id != category_id)
		i++;
	/* More categories than places: it is due now, so this one is let go. */
	if (i == VIEW_COUNT_CATEGORIES)
		return;
	if (i == counts->count)
		counts->entries[counts->count++] = (struct view_count_entry){
			.category_id = category_id
		};
	counts->entries[i].views++;
	counts->views++;
}

bool view_count_is_due(const struct view_count *counts, int64_t now)
{
	return counts->views >= VIEW_COUNT_MAX || counts->count == VIEW_COUNT_CATEGORIES ||
	       (counts->views > 0 && now - counts->since >= VIEW_COUNT_SECONDS * CLOCK_SECOND);
}

void view_count_store(struct ctx *ctx, struct view_count *counts)
{
	int64_t categories[VIEW_COUNT_CATEGORIES] = { 0 }, views[VIEW_COUNT_CATEGORIES] = { 0 };
	enum err result;

	if (counts->views == 0)
		return;
	for (size_t i = 0; i < counts->count; i++) {
		categories[i] = counts->entries[i].category_id;
		views[i] = counts->entries[i].views;
	}
	result = db_query(ctx, &view_days_add, NULL, param_time(ctx->now),
			  param_i64s(ctx->arena, categories, counts->count),
			  param_i64s(ctx->arena, views, counts->count));
	if (result == OK) {
		*counts = (struct view_count){ 0 };
		return;
	}
	log_event(LOG_LEVEL_WARNING, "views", "error", err_name(result), "details",
		  ctx->error.details, NULL);
	counts->since = clock_monotonic();
	error_clear(ctx);
}

void view_days_add_topics(struct ctx *ctx, const int64_t *days, const int64_t *topic_ids,
			  const int64_t *views, size_t count)
{
	if (count > 0)
		db_add(ctx, &view_days_of_topics, NULL, param_i64s(ctx->arena, days, count),
		       param_i64s(ctx->arena, topic_ids, count),
		       param_i64s(ctx->arena, views, count));
}
