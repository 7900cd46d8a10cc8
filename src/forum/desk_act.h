/*
 * What is done with a question at the desk, beside answering it: handing it over, escalating
 * it, putting it off. (That it needs information, is a duplicate or is closed are states of
 * the question itself: topic_set_status.) Each act is one transaction, has its line in the
 * audit log, keeps how the row was, and can be taken back as long as nothing else was done
 * with it since. Who acts is not to cross somebody else's claim.
 */
#ifndef FORUM_DESK_ACT_H
#define FORUM_DESK_ACT_H

#include "base/ctx.h"

#define DESK_ACT_REASON_MAX 500 /* code points */
#define DESK_ACTS_SHOWN     20
#define DESK_PEOPLE_SHOWN   150
#define DESK_HOURS_MAX      720
#define DESK_FOLLOW_DAYS    366

struct rows;

enum desk_act_kind {
	DESK_HAND_OVER, /* to a person or a team */
	DESK_ESCALATE,  /* to a level, or an expert, until a time */
	DESK_FOLLOW_UP, /* look again then; 0: no longer */
	DESK_ACT_KIND_COUNT,
};
const char *desk_act_label(enum desk_act_kind kind); /* translated */

struct desk_act {
	int64_t id, created_at, undone_at;
	enum desk_act_kind kind;
	const char *actor, *reason;
	/* What it was made to. */
	const char *person, *team; /* "" */
	int64_t level, due_at;     /* of escalating, or to follow up */
	bool can_undo;
};

/* Of this question, newest first. Queued; read after db_run. */
void desk_acts_add(struct ctx *ctx, int64_t topic_id, struct rows *rows);
void desk_acts_read(struct ctx *ctx, struct rows *rows, struct desk_act **out, size_t *count);

/* Who may work on it: the team, and experts in its fields. */
struct desk_colleague {
	int64_t id;
	const char *name;
	bool is_expert; /* a member, not of the team */
};
struct desk_team {
	int64_t id, level;
	const char *name;
};
void desk_people_add(struct ctx *ctx, int64_t topic_id, struct rows *people, struct rows *teams);
void desk_people_read(struct ctx *ctx, struct rows *people, struct rows *teams,
		      struct desk_colleague **colleagues, size_t *colleague_count,
		      struct desk_team **out, size_t *team_count);

struct desk_act_form {
	int64_t topic_id;
	enum desk_act_kind kind;
	int64_t person_id, team_id; /* to whom; one of them, or none */
	int64_t level;              /* 1 to 3; 0: as it is */
	int64_t hours;              /* of escalating: until when */
	int64_t follow_up_at;       /* 0: no longer */
	const char *reason;         /* as typed; for colleagues */
	const char *form_key;
};

/*
 * ERR_INVALID at "to" (nobody, or who may not work on it), "hours", "follow_up" (not to
 * come, or too far away) or "reason"; ERR_CONFLICT: somebody else has it in hand, or it is
 * settled; ERR_NOT_FOUND, ERR_FORBIDDEN.
 */
enum err desk_act(struct ctx *ctx, const struct desk_act_form *form) MUST_CHECK;

/* ERR_CONFLICT: something else was done with it since. Twice is once. */
enum err desk_act_undo(struct ctx *ctx, int64_t topic_id, int64_t act_id,
		       const char *form_key) MUST_CHECK;

/* Queued: the actor has answered, which is what an escalation to them asked for. */
void desk_add_answered(struct ctx *ctx, int64_t topic_id);

#endif
