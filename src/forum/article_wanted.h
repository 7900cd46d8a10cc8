/*
 * What people searched for and did not find: the other half of the list of what to write.
 */
#ifndef FORUM_ARTICLE_WANTED_H
#define FORUM_ARTICLE_WANTED_H

#include "base/ctx.h"

#define ARTICLE_WANTED_SHOWN 30
#define ARTICLE_WANTED_DAYS  90

struct article_wanted {
	const char *words;   /* what such searches have in common */
	const char *example; /* one of them, as it was typed */
	int64_t searches, last_at;
	int64_t article_id; /* called just like that; 0: nobody has begun one */
	bool is_public;
};

struct article_wanted_list {
	struct article_wanted *items;
	size_t count;
};

/*
 * Searches without a result of the last days, the most frequent first; one statement over
 * sums. Empty for whoever may not see the search's figures. ERR_FORBIDDEN: the actor may
 * write nowhere.
 */
enum err article_wanted_load(struct ctx *ctx, struct article_wanted_list *out) MUST_CHECK;

/*
 * One press: a draft of that title, in ctx->language, with headings to fill in. A title
 * that an article has already leads to that one instead. ERR_INVALID at "title";
 * ERR_FORBIDDEN.
 */
enum err article_wanted_begin(struct ctx *ctx, const char *title, const char *form_key,
			      int64_t *id) MUST_CHECK;

#endif
