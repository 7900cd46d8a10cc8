/*
 * Articles that may answer a question: what the index found, read anew from the database,
 * so that nothing is offered that was archived meanwhile. For the ask page, where they
 * stand above similar questions, and for whoever answers a question
 * (web/similar.h: similar_articles asks the index and calls this).
 */
#ifndef FORUM_ARTICLE_SIMILAR_H
#define FORUM_ARTICLE_SIMILAR_H

#include "base/ctx.h"

struct search_hits; /* search/search.h */

#define ARTICLE_SIMILAR_SHOWN          3
#define ARTICLE_SIMILAR_ASKED          8 /* of the index: some share too few words */
#define ARTICLE_SIMILAR_EXCERPT_POINTS 400

struct article_similar {
	int64_t id;
	const char *title, *language;
	const char *path;    /* "/kb/12-title" */
	const char *excerpt; /* the summary, else the first words; plain */
	bool is_close;       /* speaks of most of what the title speaks of */
};

struct article_similar_list {
	struct article_similar items[ARTICLE_SIMILAR_SHOWN];
	size_t count;
};

/*
 * The hits that are public and share enough of the title's meaning-bearing words, in the
 * order of the hits; hits of other kinds are passed over. One round trip, none without
 * hits.
 */
enum err article_similar_load(struct ctx *ctx, const struct search_hits *hits, const char *title,
			      const char *language, struct article_similar_list *out) MUST_CHECK;

/* The numbers of a list's articles, for forum/statistics.h. */
const int64_t *article_similar_ids(struct arena *arena, const struct article_similar_list *list);

#endif
