/*
 * Places whose name goes on from what somebody has typed so far: categories and
 * tags, for the list under a search field. (Titles are the index's.)
 */
#ifndef FORUM_SUGGESTION_H
#define FORUM_SUGGESTION_H

#include "base/ctx.h"

#define SUGGESTED_CATEGORIES_MAX 2
#define SUGGESTED_TAGS_MAX       2

struct suggested_place {
	bool is_tag;
	const char *name;
	const char *slug; /* a tag's is its name */
	int64_t topic_count;
};

struct suggested_places {
	struct suggested_place items[SUGGESTED_CATEGORIES_MAX + SUGGESTED_TAGS_MAX];
	size_t count;
};

/*
 * A category one of whose words begins like that (its name is in ctx->language);
 * the most used tags. One round trip, two statements; the same for everybody.
 */
enum err suggested_places_load(struct ctx *ctx, const char *typed,
			       struct suggested_places *out) MUST_CHECK;

#endif
