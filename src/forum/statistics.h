/*
 * What searching and the ask page's suggestions are good for, counted without
 * cookies and without saying who: docs/search.md, "Deflection", has each number's
 * definition. What is written while people read (record_…) never fails: whatever
 * goes wrong is logged, and the page goes on. Call it outside transactions, after
 * the page's own statements.
 */
#ifndef FORUM_STATISTICS_H
#define FORUM_STATISTICS_H

#include "base/ctx.h"

/* Searching -------------------------------------------------------------------- */

/*
 * A first page of results that a person looked at. typed: as it was typed; only
 * its meaning-bearing words are kept, and an example without numbers and addresses
 * (text/scrub.h). Nothing is recorded when no such word is left.
 */
void record_search(struct ctx *ctx, const char *typed, bool has_hits);

/* A result was opened; position from 1, over all pages of results. */
#define RECORD_POSITION_MAX 50
void record_search_opened(struct ctx *ctx, int64_t position);

/* The ask page --------------------------------------------------------------- */

/*
 * One ask page is followed by a random number that stands in its form alone. What
 * is not such a number is not recorded.
 */
#define DEFLECTION_VIEW_LENGTH 43
bool deflection_view_is_valid(const char *view);

/* Somebody began a question, and these topics were shown, best first (maybe none). */
void record_shown(struct ctx *ctx, const char *view, const int64_t *topic_ids, size_t count);

/* And these articles, best first; at least one. */
void record_articles_shown(struct ctx *ctx, const char *view, const int64_t *article_ids,
			   size_t count);

/* A suggestion was unfolded or followed, solved the problem, is followed now. */
enum deflection { DEFLECTION_OPENED, DEFLECTION_SOLVED, DEFLECTION_FOLLOWED };
void record_deflection(struct ctx *ctx, const char *view, int64_t topic_id, enum deflection what);

/* The same for an article, which is not followed. */
void record_article_deflection(struct ctx *ctx, const char *view, int64_t article_id,
			       enum deflection what);

/* The question was published. */
void record_asked(struct ctx *ctx, const char *view, int64_t topic_id);

/* Upkeep --------------------------------------------------------------------- */

#define STATISTICS_RAW_DAYS    30
#define STATISTICS_SUMS_MONTHS 13

/* The sums of today and yesterday, anew: a part of the job "counts". */
enum err statistics_sum(struct ctx *ctx) MUST_CHECK;
enum err statistics_purge(struct ctx *ctx) MUST_CHECK;

/* The report ------------------------------------------------------------------ */

#define STATISTICS_WEEKS        13
#define STATISTICS_WORDS_SHOWN  50
#define STATISTICS_FAILED_SHOWN 30
#define STATISTICS_POSITIONS    10 /* and one for all further ones */

struct statistics_week {
	int64_t starts_at; /* its Monday */
	int64_t started, shown, opened, solved, followed, asked, asked_although, left_after_opening;
	int64_t searches, without_result;
};

struct statistics_words {
	const char *words, *example;
	int64_t searches, last_at;
};

/* A question that was asked although others were shown, and the first of those. */
struct statistics_failed {
	int64_t topic_id, shown_id, shown_count, asked_at;
	const char *title, *slug, *shown_title, *shown_slug;
	bool was_opened;
};

struct statistics {
	struct statistics_week weeks[STATISTICS_WEEKS]; /* newest first */
	struct statistics_words *words;
	size_t words_count;
	struct statistics_failed *failed;
	size_t failed_count;
	int64_t positions[STATISTICS_POSITIONS + 1];
};

/* ERR_FORBIDDEN but for the team. One round trip over sums alone. */
enum err statistics_load(struct ctx *ctx, struct statistics *out) MUST_CHECK;

#endif
