/*
 * What a mirrored topic is to its page and to search engines, and who stands behind a
 * mirrored post: for the pages of the web, beside mirror.h.
 */
#ifndef FORUM_MIRROR_TOPIC_H
#define FORUM_MIRROR_TOPIC_H

#include "forum/mirror.h"
#include "forum/post.h"

struct mirror_topic {
	int64_t source_id;                             /* 0: the topic is not mirrored */
	const char *connector, *network, *source_name; /* network: for people, "Facebook" */
	bool has_comments;                             /* a network of people, not a feed */
	/*
	 * May search engines have it? The one place that says so is mirror_may_index of
	 * migrations/functions.sql: robots, and later sitemap and structured data.
	 */
	bool may_index;
	/* The thread takes answers, and the network does; whether the actor may is policy's. */
	bool can_send;
	int64_t text_max;
};
/* Queues one statement; mirror_topic_read after db_run. */
void mirror_topic_add(struct ctx *ctx, int64_t topic_id, struct rows *rows);
void mirror_topic_read(struct ctx *ctx, struct rows *rows, struct mirror_topic *out);
/* Whether there is one at all, for a fraction of that; false for a topic that is not there. */
enum err mirror_topic_is_one(struct ctx *ctx, int64_t topic_id, bool *out) MUST_CHECK;

struct mirror_person {
	int64_t author_id; /* 0: the network did not tell, or it is the brand itself */
	const char *name, *source_name;
	int64_t item_count;
	int64_t member_id; /* who claimed to be this person; 0 */
	const char *member_name, *member_handle;
};
/* For the team. ERR_NOT_FOUND: the post is not mirrored. */
enum err mirror_person_of_post(struct ctx *ctx, int64_t post_id,
			       struct mirror_person *out) MUST_CHECK;
/*
 * The member of that handle, or address of a profile. ERR_INVALID (field "member"):
 * there is none.
 */
enum err mirror_find_member(struct ctx *ctx, const char *typed, int64_t *id) MUST_CHECK;

/* Sentences of the last self-test, and what an operator looks at. */
struct mirror_check {
	bool is_well;
	const char *what, *advice;               /* to be translated: i18n_text(what), */
	const char *arguments[HEALTH_ARGUMENTS]; /* i18n_fill(advice, arguments) */
};
struct mirror_failure {
	int64_t id, created_at, post_id;
	const char *kind, *error, *trace_id;
	bool is_open; /* waits, or its outcome is looked for */
};
struct mirror_trouble {
	struct mirror_check *checks;
	size_t check_count;
	struct mirror_failure *failures; /* of the outbox, newest first, at most 50 */
	size_t failure_count;
	const char *decided_by; /* who chose about privacy; "" */
};
enum err mirror_trouble_load(struct ctx *ctx, int64_t source_id,
			     struct mirror_trouble *out) MUST_CHECK;
/* The self-test, as soon as the worker is free. An administrator's. */
enum err mirror_ask_check(struct ctx *ctx, int64_t source_id) MUST_CHECK;
/* A notice that could not be worked in, dropped for good. An administrator's. */
enum err mirror_drop_delivery(struct ctx *ctx, int64_t id) MUST_CHECK;

#endif
