/*
 * What the team does with whole questions. Each act is one transaction, harmless when
 * its form comes twice, and a row with what it takes to undo it. Undoing is refused,
 * with a sentence, when something later stands in the way. All of it is in the audit
 * log. States (closing, duplicates) are topic_set_status of topic.h; they are acts too.
 */
#ifndef FORUM_TOPIC_ACT_H
#define FORUM_TOPIC_ACT_H

#include "forum/topic.h"

#define ACT_REASON_MAX 500
#define ACTS_SHOWN     50
/* Answers that one split can take along. */
#define SPLIT_MAX      100

enum topic_act_kind {
	ACT_MERGE,
	ACT_SPLIT,
	ACT_MOVE,
	ACT_STATUS,
	ACT_PIN,
	ACT_LOCK,
	ACT_AUTHOR,
	ACT_VISIBILITY,
	ACT_STAGE, /* idea.h */
	ACT_KIND_COUNT,
};

/* What all forms have. reason: "" or NULL for none. */
struct topic_act_form {
	int64_t topic_id;
	const char *reason, *form_key;
};

/* ERR_NOT_FOUND, ERR_FORBIDDEN; ERR_INVALID names the field. */
enum err topic_move(struct ctx *ctx, const struct topic_act_form *form,
		    int64_t category_id) MUST_CHECK;
/* until: 0, or when it comes down by itself. */
enum err topic_set_pin(struct ctx *ctx, const struct topic_act_form *form, enum topic_pin pin,
		       int64_t until) MUST_CHECK;
enum err topic_set_lock(struct ctx *ctx, const struct topic_act_form *form, bool is_on) MUST_CHECK;

/*
 * Joins a question with another, named by its address or number: its answers become
 * answers there, numbered after the others; its own words become a comment on the
 * question there, and so do comments on them. Not an answer: the other question would
 * count as answered, and search engines would be told so. Followers, "me too" and, as
 * far as there is room, tags come along; old addresses lead there; a mirror goes on
 * there. *path: of the other one.
 * ERR_INVALID at "into".
 */
enum err topic_merge(struct ctx *ctx, const struct topic_act_form *form, const char *into,
		     const char **path) MUST_CHECK;

/*
 * Makes a new question of chosen answers, with the comments on them: the oldest asks,
 * the others answer it. *path: of the new one.
 * ERR_INVALID at "title", "category", "posts".
 */
struct topic_split {
	const int64_t *post_ids;
	size_t count;
	const char *title;
	int64_t category_id;
};
enum err topic_split(struct ctx *ctx, const struct topic_act_form *form,
		     const struct topic_split *split, const char **path) MUST_CHECK;

/*
 * For what was imported under a wrong name or time. Not for what a mirror keeps: it
 * would set it right again.
 * ERR_INVALID at "member", "date".
 */
struct post_origin {
	int64_t post_id;
	int64_t author_id; /* a member; 0: nobody here, only the name */
	const char *author_name;
	int64_t created_at; /* 0: as it is */
};
enum err post_set_origin(struct ctx *ctx, const struct topic_act_form *form,
			 const struct post_origin *origin) MUST_CHECK;

/* ERR_CONFLICT with the reason when it cannot be undone any more. Twice is once. */
enum err topic_act_undo(struct ctx *ctx, int64_t act_id, const char *form_key,
			const char **path) MUST_CHECK;

struct topic_act {
	int64_t id, topic_id, other_id, post_id, created_at, undone_at;
	enum topic_act_kind kind;
	const char *reason, *actor_name, *other_title, *other_slug;
	/* As it was and as it became, of the kind's own fields. */
	struct act_state {
		int64_t category_id, pinned_until, duplicate_of, created_at, author_id;
		enum topic_status status;
		enum topic_pin pin;
		bool is_locked, is_visible;
		enum idea_stage stage;
	} before, after;
	bool can_undo; /* by the actor; it may still be refused */
};
/* Of this topic, newest first, at most ACTS_SHOWN. For the team. */
enum err topic_act_list(struct ctx *ctx, int64_t topic_id, struct topic_act **out,
			size_t *count) MUST_CHECK;

/* The question and its visible answers, oldest first: what can be split off or given
 * to another author. */
struct act_post {
	int64_t id, created_at;
	enum post_kind kind;
	struct author author;
	const char *excerpt;
};
enum err topic_act_posts(struct ctx *ctx, int64_t topic_id, struct act_post **out,
			 size_t *count) MUST_CHECK;

/* Where a question that was joined with others is read now; NULL: it was not. */
enum err topic_merged_path(struct ctx *ctx, int64_t topic_id, const char **path) MUST_CHECK;

/* Which tools are of use for the actor on this topic. */
struct topic_tools {
	bool merge, split, move, pin, lock, status, author;
};
struct topic_tools topic_tools_of(const struct ctx *ctx, const struct topic *topic);

#endif
