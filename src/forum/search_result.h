/*
 * Between the index and a page: what may be looked for by whom, and what of the
 * index's hits is still so. The index is a little behind the database, so nothing
 * of it is shown before it was seen here.
 */
#ifndef FORUM_SEARCH_RESULT_H
#define FORUM_SEARCH_RESULT_H

#include "forum/article.h"
#include "forum/topic.h"
#include "search/search.h"

/* Sets the filter's audiences to what the actor may see, whatever they were. */
void search_results_allow(const struct ctx *ctx, struct search_filter *filter);

/* A hit as a page shows it. Strings live as long as the arena and the hits. */
struct search_result_row {
	enum search_kind kind;
	struct topic_row topic; /* as in other lists; of a topic */
	struct article article; /* of an article, which has no post and no solution */
	/*
	 * With SEARCH_MARK_BEGIN and _END around what matched, while the index has the
	 * title of today; without marks otherwise.
	 */
	const char *title;
	/*
	 * The post that matched best; 0 if it was withdrawn since, then the link goes to
	 * the topic. The snippet, with marks, is "" too when that post was edited since.
	 */
	int64_t post_id;
	bool is_post_question, is_post_accepted, is_post_official;
	const char *snippet;
	/* The accepted answer that stands first; 0: none. The excerpt has no marks. */
	int64_t solution_id;
	const char *solution_excerpt;
};

struct search_result_list {
	struct search_result_row *items;
	size_t count;
};

/* In the order of the hits, without those that the actor may not see. One round trip, of
 * a statement for each kind that was found. */
enum err search_results_load(struct ctx *ctx, const struct search_hits *hits,
			     struct search_result_list *out) MUST_CHECK;

/* The same for what is shown as somebody types: little, and quick. */
struct search_result_link {
	enum search_kind kind;
	int64_t id, answer_count;
	const char *title, *slug; /* title with marks, as above */
	bool is_solved;
};
struct search_result_links {
	struct search_result_link items[SEARCH_SUGGESTIONS_MAX];
	size_t count;
};
enum err search_results_load_links(struct ctx *ctx, const struct search_suggestions *suggestions,
				   struct search_result_links *out) MUST_CHECK;

/*
 * While the index is away: topics whose title has all the words, then those that have
 * some; by PostgreSQL's own text search. words: as typed, whatever they are; without
 * a word in them nothing is found. The rows have no post, snippet or solution.
 * Filters, snippets and the rest are not to be had: at most SEARCH_RESULT_TITLES_MAX.
 */
#define SEARCH_RESULT_TITLES_MAX 20
enum err search_results_by_title(struct ctx *ctx, const char *words,
				 struct search_result_list *out) MUST_CHECK;

#endif
