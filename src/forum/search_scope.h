/*
 * Where to search: the names that a person typed (a category, an author, "mine")
 * as the numbers that the index knows, and everything else that one round trip
 * before the search brings along.
 */
#ifndef FORUM_SEARCH_SCOPE_H
#define FORUM_SEARCH_SCOPE_H

#include "forum/category.h"
#include "forum/synonyms.h"
#include "search/search.h"

enum scope_problem {
	SCOPE_FINE,
	SCOPE_NO_CATEGORY, /* there is none of that name: nothing can be found */
	SCOPE_NO_AUTHOR,
	SCOPE_NEEDS_LOGIN, /* one's own questions, asked for by a visitor */
};

struct search_scope {
	enum scope_problem problem;
	struct search_filter filter;     /* with the actor's audiences */
	struct categories categories;    /* all of them, for naming what was found */
	const struct category *category; /* the one that was asked for, or NULL */
	const char *author_name;         /* as the author writes it; "" if none was asked for */
};

struct search_scope_question {
	const struct search_typed *typed;
	const char *source; /* besides what was typed; "" for all */
	const char
		*address; /* where a visitor comes from: searches are counted; NULL: not this one */
};
/*
 * Brings synonyms up to date too. One round trip. Strings of typed and source are
 * kept in out->filter. ERR_THROTTLED: many searches in a short while.
 */
enum err search_scope_load(struct ctx *ctx, const struct search_scope_question *question,
			   struct synonyms_in_use *synonyms, struct search_scope *out) MUST_CHECK;

#endif
