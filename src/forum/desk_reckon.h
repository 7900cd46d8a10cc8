/*
 * What a question's row of the desk should be, from what is known of it: a pure function
 * of its facts, of what happened (desk_events) and of the moment. So it does not matter
 * in which portions the worker learns of things, and everything can be reckoned again.
 *
 * What tables say now counts more than what was noted down: where the events do not lead
 * to the state that the question is in (an import, a copy put back), the missing step is
 * added at the best time that is known.
 */
#ifndef FORUM_DESK_RECKON_H
#define FORUM_DESK_RECKON_H

#include "forum/desk.h"
#include "forum/desk_clock.h"

#define DESK_STEPS_MAX 1000 /* of a question; more are not looked at */

/* "changed" and its like have no meaning here but "look again". */
enum desk_step_kind {
	DESK_STEP_PUBLISHED,
	DESK_STEP_HIDDEN,
	DESK_STEP_SHOWN,
	DESK_STEP_DONE,
	DESK_STEP_UNDONE,
	DESK_STEP_WAITING,
	DESK_STEP_RESUMED,
	DESK_STEP_HANDED_OVER,
	DESK_STEP_OTHER,
};
enum desk_step_kind desk_step_from_text(const char *text);

struct desk_step {
	enum desk_step_kind kind;
	int64_t at;
};

struct desk_facts {
	int64_t asked_at;
	int64_t first_answer_at; /* of what is visible, by anybody but the asker; 0 */
	int64_t settled_at;      /* when it was accepted or closed; 0: not known */
	int64_t status_at;       /* when the team last set something; 0 */
	bool is_visible, is_done, is_waiting;
	bool has_clock;
	int first_target_minutes, solution_target_minutes;
	int64_t escalated_due_at, follow_up_at, first_claimed_at;
	int level;
	int64_t weight;                /* minutes */
	const struct desk_step *steps; /* in order */
	size_t step_count;
};

struct desk_clock_row {
	int64_t met_at, due_at, breached_at;
	bool is_warned;    /* the share for the warning is used, and it is not met */
	const char *cause; /* of the breach, as a word of desk_breaches; "" */
};

struct desk_row {
	enum desk_stage stage;
	struct desk_clock_row first, solution;
	bool is_breached;
	int64_t waiting_since, due_at, warning_at, look_at, order_at;
	int hand_overs;
	/* In which the clock of the solution stood still, and in which it was solved. */
	struct desk_spell {
		bool is_solved;
		int64_t from, to; /* to 0: until further notice */
	} spells[DESK_SPELLS_MAX];
	size_t spell_count;
};

/* warning_share: percent. now: what of it is due, warned, breached. */
void desk_reckon(const struct desk_facts *facts, const struct working_calendar *calendar,
		 int64_t warning_share, int64_t now, struct desk_row *out);

#endif
