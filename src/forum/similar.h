/*
 * Questions like the one somebody is about to ask, each with its best answer: what
 * the index found, read anew from the database, so that nothing is shown that was
 * withdrawn meanwhile.
 */
#ifndef FORUM_SIMILAR_H
#define FORUM_SIMILAR_H

#include "forum/topic.h"
#include "search/search.h"

#define SIMILAR_SHOWN          5
#define SIMILAR_ASKED          10 /* of the index: some are duplicates, or gone */
#define SIMILAR_EXCERPT_POINTS 400

struct similar {
	struct topic_row row; /* title, state, number of answers; no names */
	/* What was accepted, else what the team wrote, else the most thanked; id 0: none. */
	int64_t answer_id;
	const char *answer; /* its first words, plain */
	struct author answer_author;
	bool is_answer_accepted;
	bool is_own, has_me_too, is_followed; /* the actor's */
	bool is_close;                        /* speaks of most of what the title speaks of */
};

struct similar_list {
	struct similar items[SIMILAR_SHOWN];
	size_t count;
};

/*
 * The hits that are publicly visible and share some of the title's meaning-bearing
 * words. A duplicate gives way to its original. One round trip, none without hits.
 */
enum err similar_load(struct ctx *ctx, const struct search_hits *hits, const char *title,
		      const char *language, struct similar_list *out) MUST_CHECK;

/* The answer that such a list shows of a topic; 0: it has none. */
enum err similar_answer(struct ctx *ctx, int64_t topic_id, int64_t *answer_id) MUST_CHECK;

/* What somebody is about to ask, and how many percent of its title's words a text has. */
struct similar_wanted {
	struct search_keywords title;
	const char *language;
};
size_t similar_share(struct ctx *ctx, const struct similar_wanted *wanted, const char *text);

/* The numbers of a list's topics, for forum/statistics.h; their count is list->count. */
const int64_t *similar_ids(struct arena *arena, const struct similar_list *list);

#endif
