/* Tags: up to five words a question, lower case with hyphens. */
#ifndef FORUM_TAG_H
#define FORUM_TAG_H

#include "base/ctx.h"

#define TAGS_PER_TOPIC_MAX 5
#define TAG_MAX_POINTS     35
#define TAGS_SHOWN         100

struct tag {
	int64_t id;
	const char *name;
	int64_t topic_count;
};
struct tags {
	struct tag *items;
	size_t count;
};

/*
 * "Wi-Fi, fibre optique" → {"wi-fi", "fibre-optique"}; commas, or spaces when
 * there is no comma. ERR_INVALID (field "tags"): too many, too long, or signs
 * other than letters, digits, '-', '.', '+' and '#'.
 */
enum err tag_parse(struct ctx *ctx, const char *text, const char ***names,
		   size_t *count) MUST_CHECK;

enum err tag_by_name(struct ctx *ctx, const char *name, struct tag *out) MUST_CHECK;
/* Most used, then by name, TAGS_SHOWN a page: after_* of the last one shown. */
enum err tag_list(struct ctx *ctx, int64_t after_count, const char *after_name,
		  struct tags *out) MUST_CHECK;

#endif
