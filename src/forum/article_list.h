/*
 * Lists of public articles for programs: of all languages or one, of a category or all;
 * the newest change first. For readers: article.h.
 */
#ifndef FORUM_ARTICLE_LIST_H
#define FORUM_ARTICLE_LIST_H

#include "forum/article.h"

struct article_choice {
	const char *language; /* "": all */
	int64_t category_id;  /* 0: all; one of the first level has those below it */
	struct list_key after;
};

/* ARTICLES_PER_PAGE of them; one round trip. */
enum err article_list_load(struct ctx *ctx, const struct article_choice *choice,
			   struct article_list *out) MUST_CHECK;

#endif
