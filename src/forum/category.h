/* Categories, two levels, few (at most CATEGORIES_MAX): always loaded as a whole. */
#ifndef FORUM_CATEGORY_H
#define FORUM_CATEGORY_H

#include "base/ctx.h"

struct rows;

#define CATEGORIES_MAX 200

struct category {
	int64_t id, parent_id;
	const char *slug, *icon;
	const char *name, *description;        /* in ctx->language */
	const char *parent_slug, *parent_name; /* "" on the first level */
	bool is_for_ideas;                     /* topics there are ideas (idea.h) */
	int64_t topic_count;                   /* refreshed by a job, with its children's */
};

struct categories {
	struct category *items; /* parents in order, each followed by its children */
	size_t count;
};

/* A category's name in both languages, and the reader that picks ctx->language. */
#define CATEGORY_NAME_COLUMNS(c) c ".name_fr, " c ".name_en"
const char *category_name_read(struct ctx *ctx, struct rows *rows);

/* Those that are open. Queue; then _read_all. */
void category_add_all(struct ctx *ctx, struct rows *rows);
void category_read_all(struct ctx *ctx, struct rows *rows, struct categories *out);
enum err category_list(struct ctx *ctx, struct categories *out) MUST_CHECK;
/* ERR_NOT_FOUND. slug is unique over both levels. */
enum err category_by_slug(struct ctx *ctx, const char *slug, struct category *out) MUST_CHECK;
/*
 * Of an address in one round trip: now is where it leads when it was changed or its questions
 * moved, and out is not touched; else now is "". ERR_NOT_FOUND.
 */
enum err category_find(struct ctx *ctx, const char *slug, struct category *out,
		       const char **now) MUST_CHECK;

struct category_new {
	const char *slug, *icon, *name_fr, *name_en, *description_fr, *description_en;
	int64_t parent_id;
	int position;
	bool is_for_ideas; /* false leaves it as it is */
};
/* Makes it or brings it up to date (by slug); for set-up, demo and imports. */
enum err category_put(struct ctx *ctx, const struct category_new *category, int64_t *id) MUST_CHECK;

#endif
