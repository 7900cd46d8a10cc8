/*
 * What the search index owes: the marks that triggers set (migrations/functions.sql),
 * and the documents they stand for. How the index is: index_state.h.
 */
#ifndef FORUM_INDEXING_H
#define FORUM_INDEXING_H

#include "base/ctx.h"

struct search_document; /* search/search.h */

/* Marks --------------------------------------------------------------------- */

struct index_mark {
	int64_t id, marked_at; /* id: of a topic, or of an article where articles are asked for */
};

/*
 * Words that were written just now go first, the newest of them first; then whatever is
 * oldest. So a new question waits for one batch, however many marks there are, and
 * nothing waits for ever.
 */
enum index_turn { INDEX_WORDS, INDEX_OLDEST };
#define INDEX_WORDS_BATCH 50
#define INDEX_BATCH       200
enum err index_marks(struct ctx *ctx, enum index_turn turn, struct index_mark **out,
		     size_t *count) MUST_CHECK;

/*
 * Takes marks away that were not set again meanwhile. What they stood for is put down
 * for a new look at its related questions, and for the index that is being built.
 */
enum err index_marks_done(struct ctx *ctx, const struct index_mark *marks, size_t count) MUST_CHECK;

/* How many marks there are. */
enum err index_owed(struct ctx *ctx, int64_t *count) MUST_CHECK;

/* Marks every topic, given ones, a category's with its children, those that somebody
 * wrote in; for the background. */
enum err index_mark_all(struct ctx *ctx, int64_t *count) MUST_CHECK;
enum err index_mark_topics(struct ctx *ctx, const int64_t *ids, size_t count) MUST_CHECK;
enum err index_mark_category(struct ctx *ctx, int64_t category_id) MUST_CHECK;
enum err index_mark_author(struct ctx *ctx, int64_t person_id) MUST_CHECK;

/* Documents ----------------------------------------------------------------- */

/*
 * The documents of some topics, in two statements; at most INDEX_BATCH. is_gone[i]:
 * not publicly visible, to be removed from the index; then out[i] has only its id.
 */
enum err index_documents(struct ctx *ctx, const int64_t *topic_ids, size_t count,
			 struct search_document *out, bool *is_gone) MUST_CHECK;
enum err index_document(struct ctx *ctx, int64_t topic_id, struct search_document *out,
			bool *is_gone) MUST_CHECK;

/* Visible topics by number, after a given one: how the whole forum is gone through. */
enum err index_topics_after(struct ctx *ctx, int64_t after_id, size_t limit, int64_t *ids,
			    size_t *count) MUST_CHECK;

/* As they should stand in the index; see search_document. Without those that are marked,
 * which may differ. At most INDEX_STAMPS. */
struct index_stamp {
	int64_t id, stamp;
	bool is_marked;
};
#define INDEX_STAMPS 1000
enum err index_stamps_after(struct ctx *ctx, int64_t after_id, struct index_stamp *out,
			    size_t *count) MUST_CHECK;
/* Of these, the ones that are not publicly visible, nor marked. */
enum err index_hidden(struct ctx *ctx, const int64_t *topic_ids, size_t count, int64_t *out,
		      size_t *out_count) MUST_CHECK;

/*
 * Articles: the same in small. What is not public is gone. Their documents say what the
 * published version says; a hit's revision is the number of that version's row.
 */
enum err index_article_marks(struct ctx *ctx, struct index_mark **out, size_t *count) MUST_CHECK;
enum err index_article_marks_done(struct ctx *ctx, const struct index_mark *marks,
				  size_t count) MUST_CHECK;
enum err index_mark_articles(struct ctx *ctx, const int64_t *ids, size_t count) MUST_CHECK;
enum err index_article_documents(struct ctx *ctx, const int64_t *ids, size_t count,
				 struct search_document *out, bool *is_gone) MUST_CHECK;
enum err index_articles_after(struct ctx *ctx, int64_t after_id, size_t limit, int64_t *ids,
			      size_t *count) MUST_CHECK;
enum err index_article_stamps_after(struct ctx *ctx, int64_t after_id, struct index_stamp *out,
				    size_t *count) MUST_CHECK;
enum err index_articles_hidden(struct ctx *ctx, const int64_t *ids, size_t count, int64_t *out,
			       size_t *out_count) MUST_CHECK;

/* Related questions ---------------------------------------------------------- */

/* Remembers what the index found alike, so that no page has to search. */
#define RELATED_MAX   5
#define RELATED_BATCH 20
enum err related_due(struct ctx *ctx, int64_t *topic_ids, size_t *count) MUST_CHECK;
/* And takes it from what is due. */
enum err related_store(struct ctx *ctx, int64_t topic_id, const int64_t *topic_ids,
		       size_t count) MUST_CHECK;

#endif
