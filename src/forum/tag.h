/*
 * Tags: up to five words a question, lower case with hyphens. A word may stand for a tag
 * (a synonym, an earlier name, a tag that was merged into it), or be forbidden: wherever
 * one is named, the database's tag_resolve says what is meant.
 */
#ifndef FORUM_TAG_H
#define FORUM_TAG_H

#include "base/ctx.h"

struct rows;

#define TAGS_PER_TOPIC_MAX    5
#define TAG_MAX_POINTS        35
#define TAGS_SHOWN            100
#define TAG_SYNONYMS_MAX      50 /* of one tag, earlier names among them */
#define TAGS_RESTRICTED_SHOWN 20

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

/*
 * The same for one name alone, at that field; more than one is ERR_INVALID too.
 */
enum err tag_parse_one(struct ctx *ctx, const char *field, const char *text,
		       const char **name) MUST_CHECK;

/*
 * What parsed names mean. Queued, then taken after db_run: names that stand for the same
 * tag are there once. had: what the question has already, which may stay.
 * ERR_INVALID (field "tags"): a forbidden word, or a tag that this actor may not use.
 */
void tag_add_typed(struct ctx *ctx, const char *const *names, size_t count, struct rows *rows);
enum err tag_take_typed(struct ctx *ctx, struct rows *rows, const struct tags *had,
			const char **names, size_t *count) MUST_CHECK;
/* "officiel, incident": tags that this actor may not use; "" when there are none. */
enum err tag_withheld(struct ctx *ctx, const char **out) MUST_CHECK;

/* By a word that stands for it too: out->name says what it is called. ERR_NOT_FOUND. */
enum err tag_by_name(struct ctx *ctx, const char *name, struct tag *out) MUST_CHECK;

struct tag_about {
	struct tag tag;
	const char *description; /* in the reader's language, or the other; "" */
	const char *synonyms;    /* "wlan, wifi"; "" */
	bool is_restricted;
};
/* For its page. Errors as of tag_by_name. */
enum err tag_about(struct ctx *ctx, const char *name, struct tag_about *out) MUST_CHECK;
/* Most used, then by name, TAGS_SHOWN a page: after_* of the last one shown. */
enum err tag_list(struct ctx *ctx, int64_t after_count, const char *after_name,
		  struct tags *out) MUST_CHECK;

#endif
