/*
 * What asking, answering and commenting have in common. A new text takes two
 * round trips: one that locks, looks up and claims the form's key (writing_begin
 * queues its part), and one that writes and commits. Inside src/forum only.
 */
#ifndef FORUM_WRITING_H
#define FORUM_WRITING_H

#include "forum/holding.h"
#include "forum/mention.h"
#include "forum/post.h"

struct writing {
	enum post_kind kind;
	int64_t topic_id;  /* of a new question: set by writing_check */
	int64_t parent_id; /* of a comment */
	int64_t post_id;   /* set by writing_check */
	int64_t at;
	enum personal_choice personal;
	bool is_personal_kept; /* something was found, and is published all the same */
	const char *title;     /* of a question, cleaned; else NULL */
	const char *body_md;
	struct html_fragment body; /* set by writing_check */
	struct mentions mentions;
	const char *language; /* of the question; NULL until it is known */
	int64_t category_id;
	int64_t fill_seconds; /* 0 and less: not known */
	struct holding holding;
	struct rows ids, twin, gap, day;
};

/*
 * Cleans the body and opens the transaction. ERR_INVALID (field "body"),
 * ERR_UNAUTHENTICATED. asked_at: 0, or a time that only automatic actors may set.
 */
enum err writing_begin(struct ctx *ctx, struct writing *writing, const char *body_md,
		       int64_t asked_at) MUST_CHECK;

/*
 * Sends what is queued and claims the form's key: the first round trip. *earlier
 * as of once_claim: not NULL when it was done before.
 */
enum err writing_claim(struct ctx *ctx, const char *form_key, const char **earlier) MUST_CHECK;

/*
 * After the first round trip: ERR_THROTTLED; ERR_INVALID when the same was written
 * a moment ago, or cannot be rendered.
 */
enum err writing_check(struct ctx *ctx, struct writing *writing) MUST_CHECK;

/* Queues the post and what follows from it for its author: follow, draft, mentions. */
void writing_add_post(struct ctx *ctx, struct writing *writing, const char *draft_place);

/* A rule holds it: nobody is told of it until it is let through (post_release.h). */
bool writing_is_held(const struct writing *writing);
void writing_tell(const struct writing *writing, bool *is_held); /* may be NULL */

/* Passes a result on; a failed one ends the transaction. */
enum err writing_end(struct ctx *ctx, enum err result) MUST_CHECK;

/* What a form that was sent twice gets: the first result's path and its number. */
void writing_repeat(const char *earlier, int64_t *id, const char **path);

#endif
