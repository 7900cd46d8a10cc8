/*
 * Counting lines in memory. A round has a few hundred different rows at most, and lines
 * that come together are alike: looking from the newest row backwards is fast enough.
 */
#include "forum/crawl.h"

#include "base/clock.h"
#include "forum/view_count.h"

static const char *const verdicts[CRAWL_VERDICT_COUNT] = {
	[CRAWL_VERIFIED] = "verified",
	[CRAWL_FALSE] = "false",
	[CRAWL_UNKNOWN] = "unknown",
	[CRAWL_NONE] = "none",
};

const char *crawl_verdict_text(enum crawl_verdict verdict)
{
	return verdicts[verdict];
}

enum crawl_verdict crawl_verdict_from_text(const char *text)
{
	for (int i = 0; i < CRAWL_VERDICT_COUNT; i++)
		if (strcmp(verdicts[i], text) == 0)
			return (enum crawl_verdict)i;
	return CRAWL_UNKNOWN;
}

const char *crawl_slug(const struct crawler *crawler)
{
	return crawler->crawler_class == CRAWLER_UNKNOWN ? "other" : crawler->slug;
}

bool crawl_can_be_checked(const struct crawler *crawler)
{
	return crawler->hosts[0] != NULL;
}

void crawl_counts_init(struct crawl_counts *counts, struct arena *arena, size_t lines)
{
	*counts = (struct crawl_counts){
		.counts = arena_array_of(arena, lines, struct crawl_count),
		.topics = arena_array_of(arena, lines, struct crawl_view),
		.articles = arena_array_of(arena, lines, struct crawl_view),
		.most = lines,
	};
}

static void add_view(struct crawl_view *views, size_t *count, int64_t day, int64_t id)
{
	for (size_t i = *count; i > 0; i--) {
		if (views[i - 1].id != id || views[i - 1].day != day)
			continue;
		views[i - 1].views++;
		return;
	}
	views[(*count)++] = (struct crawl_view){ .day = day, .id = id, .views = 1 };
}

static void count_view(struct crawl_counts *counts, const struct crawl_line *line)
{
	if (!line->is_kept || !view_counts(line->is_get, line->status, line->crawler != NULL))
		return;
	if (line->kind == CRAWL_TOPIC)
		add_view(counts->topics, &counts->topic_count, line->at / CLOCK_DAY, line->id);
	if (line->kind == CRAWL_ARTICLE)
		add_view(counts->articles, &counts->article_count, 0, line->id);
}

static bool is_alike(const struct crawl_count *a, const struct crawl_count *b)
{
	return a->day == b->day && strcmp(a->crawler, b->crawler) == 0 &&
	       a->verdict == b->verdict && a->kind == b->kind && a->answer == b->answer &&
	       a->is_kept == b->is_kept;
}

static void count_request(struct crawl_counts *counts, const struct crawl_count *one)
{
	size_t i = counts->count;

	while (i > 0 && !is_alike(&counts->counts[i - 1], one))
		i--;
	if (i == 0) {
		counts->counts[counts->count++] = *one;
		return;
	}
	counts->counts[i - 1].requests++;
	counts->counts[i - 1].bytes += one->bytes;
}

void crawl_counts_add(struct crawl_counts *counts, const struct crawl_line *line,
		      enum crawl_verdict verdict)
{
	if ((size_t)counts->lines == counts->most)
		return;
	counts->lines++;
	if (line->at > counts->last_line_at)
		counts->last_line_at = line->at;
	count_view(counts, line);
	if (line->crawler)
		count_request(counts, &(struct crawl_count){
					      .day = line->at / CLOCK_DAY,
					      .crawler = crawl_slug(line->crawler),
					      .verdict = verdict,
					      .kind = line->kind,
					      .answer = crawl_answer_of(line->status),
					      .is_kept = line->is_kept,
					      .requests = 1,
					      .bytes = line->bytes,
				      });
}
