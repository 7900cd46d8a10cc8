/*
 * Articles made of threads: one press makes a draft of a question and the answers that
 * were accepted or are the team's. What an article was made of is kept by post, so credit
 * and links follow what happens to posts: moved, withdrawn, their author erased.
 */
#ifndef FORUM_ARTICLE_SOURCE_H
#define FORUM_ARTICLE_SOURCE_H

#include "forum/article.h"

#define ARTICLE_SOURCE_ANSWERS 6 /* of a thread, accepted ones first */
#define ARTICLE_SOURCES_SHOWN  100

/*
 * A draft of that thread, in the thread's language and category, with its credit. Where
 * an article that is not archived was made of it already, *id is that one's. ERR_CONFLICT:
 * no answer was accepted, or is of the team. ERR_FORBIDDEN: below advisors, but for
 * experts in the category. ERR_NOT_FOUND, ERR_GONE.
 */
enum err article_from_topic(struct ctx *ctx, int64_t topic_id, const char *form_key,
			    int64_t *id) MUST_CHECK;

/* The credit (struct article_credit). Queue; after db_run, read: only what is public. */
struct rows;
void article_credit_add(struct ctx *ctx, int64_t id, struct rows *rows);
void article_credit_read(struct ctx *ctx, struct rows *rows, struct article_credit *out);

#endif
