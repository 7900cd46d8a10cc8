/*
 * Deciding what waits in the queue, and undoing it. A decision about a post closes all
 * the post's open items but complaints and notices; it is one transaction with what it
 * does to the post, its author, the flags (for their flaggers' accuracy), the cases and
 * the audit log. What puts it back is kept in the item, for MODERATION_UNDO_DAYS.
 */
#ifndef FORUM_MODERATION_DECIDE_H
#define FORUM_MODERATION_DECIDE_H

#include "forum/moderation_queue.h"

#define MODERATION_UNDO_DAYS 30
#define MODERATION_NOTE_MAX  1000 /* code points */

struct moderation_choice {
	int64_t id;
	enum moderation_decision decision;
	enum rule rule; /* where something is withdrawn */
	bool is_law;
	const char *note;       /* to the author, as the facts of the case */
	int64_t hours;          /* DECISION_SUSPEND; 0: until somebody ends it */
	const char *body_md;    /* DECISION_EDIT */
	int64_t revision_count; /* what the text was made from */
	const char *form_key;
};

/*
 * ERR_CONFLICT: decided or claimed by somebody else, or the text was changed;
 * ERR_FORBIDDEN: not for the actor (advisors only approve), a complaint about one's own
 * decision, a measure on somebody of the same role; ERR_INVALID: a note is needed
 * ("note"), the decision does not fit the item ("decision"), "body", "hours".
 */
enum err moderation_decide(struct ctx *ctx, const struct moderation_choice *choice) MUST_CHECK;

/*
 * Puts everything back: the post as it was, flags open, measures ended, cases reversed,
 * the items open again. ERR_CONFLICT: too late, or the post was changed since.
 */
enum err moderation_undo(struct ctx *ctx, int64_t id) MUST_CHECK;

#endif
