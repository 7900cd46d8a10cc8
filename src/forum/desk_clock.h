/*
 * A clock of a question: how much working time the team has taken of what it promised.
 * A pure state machine: it is fed what happened to the question, in order, and looked at
 * for any moment. Nothing here reads a database or the time.
 *
 * Two kinds, which run side by side. That of the first answer ends for good with the
 * first answer. That of the solution ends when the question is solved; reopened, it runs
 * on from what was used, and the time in which it was solved does not count. Both stand
 * still while the question needs information from who asked, and run on through a
 * hand-over: who waits does not care who has it.
 *
 * The target is met until the due time, that instant included. It is breached after it,
 * and stays so: a late answer is late, even when nobody worked between the due time and
 * the answer. Later pauses do not move a due time that has passed.
 */
#ifndef FORUM_DESK_CLOCK_H
#define FORUM_DESK_CLOCK_H

#include "forum/working_time.h"

#define DESK_SPELLS_MAX         64     /* pauses and reopenings together */
#define DESK_TARGET_MAX_MINUTES 525600 /* working minutes */

enum desk_clock_kind {
	DESK_CLOCK_FIRST_ANSWER,
	DESK_CLOCK_SOLUTION,
};

struct desk_clock {
	enum desk_clock_kind kind;
	int target_minutes; /* of working time; 0: none. May change while it runs */
	int64_t started_at;
	int64_t last_at;        /* of what happened last */
	int64_t met_at;         /* 0: not yet, or reopened */
	int64_t handed_over_at; /* the last time; 0: never */
	int hand_overs;
	/* In which it stood still, in order; the last may be open (to == 0). */
	struct working_pause spells[DESK_SPELLS_MAX];
	size_t spell_count;
};

enum desk_clock_event {
	DESK_CLOCK_PAUSED,      /* needs information */
	DESK_CLOCK_RESUMED,     /* it came */
	DESK_CLOCK_HANDED_OVER, /* to another advisor or team */
	DESK_CLOCK_MET,         /* answered, or solved; ends a pause */
	DESK_CLOCK_REOPENED,    /* not solved after all */
};

/* started_at: when the question was published. target_minutes: 0 to the most. */
void desk_clock_start(struct desk_clock *clock, enum desk_clock_kind kind, int target_minutes,
		      int64_t started_at);

/*
 * What makes no difference is taken and changes nothing: resuming what runs, pausing
 * what is paused or met, reopening what is not met, or a first answer.
 * False, and nothing changed: at lies before what happened last, or it stood still more
 * than DESK_SPELLS_MAX times.
 */
bool desk_clock_apply(struct desk_clock *clock, enum desk_clock_event event, int64_t at) MUST_CHECK;

enum desk_clock_state {
	DESK_CLOCK_IS_OFF, /* no target, not met */
	DESK_CLOCK_IS_RUNNING,
	DESK_CLOCK_IS_WARNED,   /* running, and the share for the warning is used */
	DESK_CLOCK_IS_PAUSED,   /* within the target */
	DESK_CLOCK_IS_BREACHED, /* not met yet, running or paused */
	DESK_CLOCK_IS_MET,      /* in time, or without a target */
	DESK_CLOCK_IS_MET_LATE,
};

struct desk_clock_view {
	enum desk_clock_state state;
	bool is_paused;       /* also when breached */
	int64_t used;         /* working time, microseconds, until now or until met */
	int64_t left, over;   /* of the target; one of the two is 0 */
	int64_t used_by_last; /* of used, what came after the last hand-over */
	int64_t due_at;       /* 0: none, or never as things stand (paused, never open) */
	int64_t warning_at;   /* likewise */
	int64_t breached_at;  /* the due time, once it has passed unmet; otherwise 0 */
	int64_t next_at;      /* when to look again: warning or breach to come, or 0 */
};

/*
 * warning_share: percent of the target, 1 to 100. now: not before what happened last,
 * which counts instead if it is later.
 */
struct desk_clock_view desk_clock_look(const struct desk_clock *clock,
				       const struct working_calendar *calendar,
				       int64_t warning_share, int64_t now);

#endif
