/*
 * Crawlers of the demo: more from week to week, each with its habits.
 */
#include "cmd/demo_crawl.h"

#include "base/clock.h"
#include "forum/crawl.h"

#define MIXES_MAX 4

/* What a crawler asks for, and what it is answered, of a hundred requests. */
struct mix {
	enum crawl_kind kind;
	enum crawl_answer answer;
	bool is_kept;
	int percent, bytes;
};

/* clang-format off */
static const struct habit {
	const char *slug;
	enum crawl_verdict verdict;
	int a_day; /* in the last week */
	struct mix mixes[MIXES_MAX];
} habits[] = {
	{ "googlebot", CRAWL_VERIFIED, 420, {
		{ CRAWL_TOPIC, CRAWL_SAME, true, 46, 0 }, { CRAWL_TOPIC, CRAWL_OK, true, 37, 3900 },
		{ CRAWL_LIST, CRAWL_OK, false, 14, 5200 }, { CRAWL_TOPIC, CRAWL_GONE, false, 3, 2100 } } },
	{ "gptbot", CRAWL_NONE, 260, {
		{ CRAWL_TOPIC, CRAWL_OK, true, 61, 14200 }, { CRAWL_ARTICLE, CRAWL_OK, true, 17, 9800 },
		{ CRAWL_LIST, CRAWL_REFUSED, false, 22, 1800 } } },
	{ "bingbot", CRAWL_VERIFIED, 140, {
		{ CRAWL_TOPIC, CRAWL_OK, true, 58, 4000 }, { CRAWL_SITEMAP, CRAWL_SAME, false, 12, 0 },
		{ CRAWL_PERSON, CRAWL_OK, false, 30, 3100 } } },
	{ "googlebot", CRAWL_FALSE, 90, {
		{ CRAWL_TOPIC, CRAWL_OK, true, 40, 14200 }, { CRAWL_SEARCH, CRAWL_REFUSED, false, 60, 1800 } } },
	{ "applebot", CRAWL_UNKNOWN, 60, {
		{ CRAWL_TOPIC, CRAWL_OK, true, 80, 4000 }, { CRAWL_FILE, CRAWL_OK, false, 20, 21000 } } },
	{ "facebook", CRAWL_NONE, 24, {
		{ CRAWL_TOPIC, CRAWL_OK, true, 50, 14200 }, { CRAWL_FILE, CRAWL_OK, false, 50, 38000 } } },
	{ "other", CRAWL_NONE, 45, {
		{ CRAWL_FEED, CRAWL_OK, false, 70, 2600 }, { CRAWL_OTHER, CRAWL_GONE, false, 25, 2100 },
		{ CRAWL_LIST, CRAWL_FAILED, false, 5, 900 } } },
};
/* clang-format on */

static void add_day(struct crawl_counts *counts, const struct habit *habit, int64_t day, int age)
{
	/* Uneven from day to day, and rising. */
	int64_t percent = 75 + (day * day * 7 + habit->a_day * day) % 43;
	int64_t requests = (int64_t)habit->a_day * (CRAWL_DAYS_KEPT + 40 - age) * percent /
			   ((CRAWL_DAYS_KEPT + 40) * 100);

	for (size_t i = 0; i < MIXES_MAX && habit->mixes[i].percent > 0; i++) {
		const struct mix *mix = &habit->mixes[i];
		int64_t some = requests * mix->percent / 100;

		if (some > 0)
			counts->counts[counts->count++] = (struct crawl_count){
				.day = day,
				.crawler = habit->slug,
				.verdict = habit->verdict,
				.kind = mix->kind,
				.answer = mix->answer,
				.is_kept = mix->is_kept,
				.requests = some,
				.bytes = some * mix->bytes,
			};
	}
}

enum err demo_seed_crawl(struct ctx *ctx)
{
	const struct crawl_claim claims[] = {
		{ .crawler = crawler_find("googlebot"),
		  .network = "203.0.113.77/32",
		  .verdict = CRAWL_FALSE,
		  .host = "vps-77.hosting.example",
		  .requests = 431 },
		{ .crawler = crawler_find("googlebot"),
		  .network = "2001:db8:77:1::/64",
		  .verdict = CRAWL_FALSE,
		  .requests = 58 },
	};
	struct crawl_counts counts;

	crawl_counts_init(&counts, ctx->arena, ARRAY_COUNT(habits) * CRAWL_DAYS_KEPT * MIXES_MAX);
	for (int age = 0; age < CRAWL_DAYS_KEPT; age++)
		for (size_t i = 0; i < ARRAY_COUNT(habits); i++)
			add_day(&counts, &habits[i], ctx->now / CLOCK_DAY - age, age);
	TRY(crawl_claims_store(ctx, claims, ARRAY_COUNT(claims)));
	return crawl_counts_store(ctx, &counts, claims, ARRAY_COUNT(claims));
}
