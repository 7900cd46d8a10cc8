/*
 * Tags for administrators: the list of them, one with all about it, what is said of it,
 * which words lead to it, and which words may not be tags. tag_change.h renames and merges.
 * All of it is MAY_MANAGE_TAGS.
 */
#ifndef FORUM_TAG_ADMIN_H
#define FORUM_TAG_ADMIN_H

#include "forum/tag_change.h"

#define TAG_DESCRIPTION_MAX 300
#define TAGS_PER_PAGE       50
#define TAG_WORDS_SHOWN     100
#define TAG_FORBIDDEN_MAX   500

/* The list ------------------------------------------------------------------------------ */

enum tag_sort { TAG_BY_NAME, TAG_BY_TOPICS, TAG_BY_USE, TAG_SORT_COUNT };

struct tag_query {
	const char *words; /* a part of the name, or of a word that leads to it; "" for all */
	enum tag_sort sort;
	int64_t after_number;   /* of the last one shown: its count, or time; */
	const char *after_name; /* "" on the first page */
};

struct tag_row {
	int64_t id, topic_count, used_at; /* used_at 0: never */
	const char *name, *description, *synonyms;
	bool is_restricted;
};
struct tag_rows {
	struct tag_row *items;
	size_t count;
	bool has_more;
};
const char *tag_sort_text(enum tag_sort sort); /* "name", for addresses */
enum tag_sort tag_sort_from_text(const char *text);
enum err tag_rows_load(struct ctx *ctx, const struct tag_query *query,
		       struct tag_rows *out) MUST_CHECK;

/* One ------------------------------------------------------------------------------------- */

struct tag_word {
	const char *word;
	bool is_earlier; /* a name that the tag had, not a synonym */
};

struct tag_view {
	int64_t id, topic_count, used_at, merged_into, follower_count, expert_count;
	const char *name, *description_fr, *description_en, *merged_name;
	bool is_restricted, is_used; /* used: also by questions that are not visible */
	struct tag_word words[TAG_WORDS_SHOWN];
	size_t word_count;
	struct tag_history history;
};
/* ERR_FORBIDDEN, ERR_NOT_FOUND. */
enum err tag_view_load(struct ctx *ctx, int64_t id, struct tag_view *out) MUST_CHECK;

struct tag_form {
	int64_t id;
	const char *description_fr, *description_en, *reason;
	bool is_restricted;
	const char *form_key;
};
/* ERR_INVALID: a field is too long; ERR_CONFLICT as of tag_lock. */
enum err tag_describe(struct ctx *ctx, const struct tag_form *form) MUST_CHECK;

/*
 * One without questions, experts, or tags merged into it.
 * ERR_CONFLICT: it has some; ERR_INVALID at "delete_reason".
 */
enum err tag_delete(struct ctx *ctx, int64_t id, const char *reason,
		    const char *form_key) MUST_CHECK;

/* Words --------------------------------------------------------------------------------- */

/*
 * A synonym. ERR_INVALID at "word": a tag is called so (merge them), it leads to another
 * one, it is forbidden, or there are TAG_SYNONYMS_MAX.
 */
enum err tag_word_add(struct ctx *ctx, int64_t tag_id, const char *word, const char *reason,
		      const char *form_key) MUST_CHECK;
/* A synonym or an earlier name: its address is gone then. ERR_NOT_FOUND. */
enum err tag_word_remove(struct ctx *ctx, int64_t tag_id, const char *word, const char *reason,
			 const char *form_key) MUST_CHECK;

struct tag_forbidden {
	const char **words; /* in order */
	size_t count;
};
enum err tag_forbidden_load(struct ctx *ctx, struct tag_forbidden *out) MUST_CHECK;
/* ERR_INVALID at "word" or "reason". */
enum err tag_forbid(struct ctx *ctx, const char *word, const char *reason,
		    const char *form_key) MUST_CHECK;
enum err tag_allow(struct ctx *ctx, const char *word, const char *form_key) MUST_CHECK;

#endif
