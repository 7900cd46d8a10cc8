/*
 * The advisors' desk: a question as those see it who work on it, and who has it in hand.
 *
 * A row of desk_questions is made by the worker out of what happened (desk_work.h), within
 * a second; pages read it, and acts of the desk change the columns that people decide:
 *
 *	db_begin(ctx);
 *	TRY(desk_lock(ctx, topic_id, &question));     -- one round trip
 *	… queue the act's own statements …
 *	desk_changed(ctx, topic_id, DESK_EVENT_CHANGED);
 *	return db_commit(ctx);
 *
 * Locks go topic, then desk row: an act that changes the topic as well locks that first.
 * due_at, order_at and all that follows from clocks is the worker's: desk_changed() has it
 * reckoned anew.
 */
#ifndef FORUM_DESK_H
#define FORUM_DESK_H

#include "forum/author.h"
#include "forum/policy.h"

#define DESK_CLAIM_MINUTES 10
#define DESK_LEVEL_MAX     3
#define DESK_TOKEN_MAX     64

enum desk_stage {
	DESK_UNANSWERED, /* by anybody but the asker */
	DESK_ANSWERED,   /* not solved */
	DESK_REOPENED,   /* was solved or closed, and is no longer */
	DESK_DONE,       /* solved, closed, a duplicate, or not visible */
	DESK_STAGE_COUNT,
};
const char *desk_stage_text(enum desk_stage stage);
const char *desk_stage_label(enum desk_stage stage); /* translated */
bool desk_stage_parse(const char *text, enum desk_stage *out);

/* Which of the watched words are in it. */
enum desk_watch { DESK_NOT_WATCHED, DESK_CRISIS, DESK_LEGAL, DESK_SAFETY, DESK_WATCH_COUNT };
const char *desk_watch_text(enum desk_watch watch); /* "" or "crisis" … */
const char *desk_watch_label(enum desk_watch watch);
enum desk_watch desk_watch_from_text(const char *text);

/* Everything of the row; times are 0 where there is none. */
struct desk_question {
	int64_t topic_id, category_id, top_category_id;
	const char *title, *slug;
	const char *category_name, *category_slug;
	enum desk_stage stage;
	enum desk_watch watch;
	bool is_mirrored, is_breached;
	int level; /* of support, 1 to DESK_LEVEL_MAX */
	int64_t team_id;
	const char *team_name; /* "" */
	int64_t assigned_to;
	const char *assigned_name;
	int64_t claimed_by; /* 0: free, also when the time is over */
	const char *claimed_name;
	int64_t claimed_until;
	const char *claim_token; /* the actor's own; "" of anybody else's */
	int64_t escalated_to, escalated_at, escalated_due_at;
	const char *escalated_name;
	int64_t follow_up_at, waiting_since;
	int64_t asked_at, clock_at; /* clock_at 0: an old archive, no clocks */
	int64_t first_target_minutes, solution_target_minutes;
	int64_t first_due_at, solution_due_at, first_met_at, solution_met_at;
	int64_t first_breached_at, solution_breached_at;
	int64_t due_at, warning_at, order_at;
	int64_t hand_overs, weight, me_too_count, answer_count;
	const char *author_name;
	bool is_private,
		has_private_reply; /* goes on privately, and waits for the team; false for experts */
};

/*
 * May the actor work on questions at all? Experts: on those of their fields, which
 * desk_load and desk_lock look at.
 */
bool desk_is_open_to(const struct ctx *ctx);
/* ERR_FORBIDDEN, or ERR_UNAUTHENTICATED. */
enum err desk_require(struct ctx *ctx) MUST_CHECK;

/* ERR_NOT_FOUND: no such question, or not seen by the worker yet. ERR_FORBIDDEN. */
enum err desk_load(struct ctx *ctx, int64_t topic_id, struct desk_question *out) MUST_CHECK;

/*
 * The row locked, in the caller's transaction. As desk_load, and ERR_CONFLICT while
 * somebody else has claimed it: who acts needs no claim, but is not to cross another.
 */
enum err desk_lock(struct ctx *ctx, int64_t topic_id, struct desk_question *out) MUST_CHECK;

/* What an act of the desk made of it; the other events come from triggers. */
enum desk_event {
	DESK_EVENT_CHANGED,     /* level, team, follow-up, escalation … */
	DESK_EVENT_HANDED_OVER, /* to another person or team: counts for the clocks */
};
/* Queues the event: the worker reckons the row anew, within a second of the commit. */
void desk_changed(struct ctx *ctx, int64_t topic_id, enum desk_event event);

/*
 * Claims: one holder at a time, for DESK_CLAIM_MINUTES. A claim is one update that takes
 * only what is free, so two never hold the same question. The token renews it, while the
 * page is open; nobody renews that of a browser that crashed, and it ends. Claiming again
 * (another tab) gives a new token, and the old one is worth nothing.
 */
struct desk_claim {
	int64_t until;
	const char *token;
};
/* ERR_CONFLICT: somebody else has it (named), or it is done. Outside a transaction. */
enum err desk_claim(struct ctx *ctx, int64_t topic_id, struct desk_claim *out) MUST_CHECK;
/* ERR_CONFLICT: this claim is over. */
enum err desk_renew(struct ctx *ctx, int64_t topic_id, const char *token,
		    struct desk_claim *out) MUST_CHECK;
/* One's own, whatever the token; without one nothing happens. */
enum err desk_let_go(struct ctx *ctx, int64_t topic_id) MUST_CHECK;

#endif
