/*
 * From events to clocks to a row.
 */
#include "forum/desk_reckon.h"

#include "base/clock.h"

/* Behind every due time; what has no clock stands there, the newest first. */
#define NO_CLOCK_AT (INT64_C(7258118400) * CLOCK_SECOND) /* 2200-01-01 */
#define NEWEST_AT   (INT64_C(4102444800) * CLOCK_SECOND) /* 2100-01-01 */

/* A question while its steps are walked through. */
struct walk {
	struct desk_clock first, solution;
	bool is_hidden, is_waiting, is_done, was_done, is_answered;
	int64_t at, waiting_since;
	int64_t done_at[DESK_SPELLS_MAX]; /* each time */
	size_t done_count;
	const struct desk_facts *facts;
};

static const struct {
	const char *text;
	enum desk_step_kind kind;
} kinds[] = {
	{ "published", DESK_STEP_PUBLISHED }, { "hidden", DESK_STEP_HIDDEN },
	{ "shown", DESK_STEP_SHOWN },         { "done", DESK_STEP_DONE },
	{ "undone", DESK_STEP_UNDONE },       { "waiting", DESK_STEP_WAITING },
	{ "resumed", DESK_STEP_RESUMED },     { "handed_over", DESK_STEP_HANDED_OVER },
};

enum desk_step_kind desk_step_from_text(const char *text)
{
	for (size_t i = 0; i < ARRAY_COUNT(kinds); i++)
		if (strcmp(kinds[i].text, text) == 0)
			return kinds[i].kind;
	return DESK_STEP_OTHER;
}

/* More spells than a clock can count leave it as it is. */
static void tell(struct desk_clock *clock, enum desk_clock_event event, int64_t at)
{
	bool is_counted = desk_clock_apply(clock, event, at);

	(void)is_counted;
}

/* One stands still while nobody can answer; the other also while there is no need to. */
static void settle(struct walk *walk)
{
	bool is_standing = walk->is_hidden || walk->is_waiting;

	if (walk->is_done) {
		tell(&walk->solution, DESK_CLOCK_MET, walk->at);
	} else {
		tell(&walk->solution, DESK_CLOCK_REOPENED, walk->at);
		tell(&walk->solution, is_standing ? DESK_CLOCK_PAUSED : DESK_CLOCK_RESUMED,
		     walk->at);
	}
	tell(&walk->first, is_standing || walk->is_done ? DESK_CLOCK_PAUSED : DESK_CLOCK_RESUMED,
	     walk->at);
}

static void answer_before(struct walk *walk, int64_t at)
{
	int64_t answered_at = walk->facts->first_answer_at;

	if (walk->is_answered || !answered_at || answered_at > at)
		return;
	walk->is_answered = true;
	if (answered_at > walk->at)
		walk->at = answered_at;
	tell(&walk->first, DESK_CLOCK_MET, walk->at);
}

static void set_waiting(struct walk *walk, bool is_waiting)
{
	if (is_waiting && !walk->is_waiting)
		walk->waiting_since = walk->at;
	walk->is_waiting = is_waiting;
	if (!is_waiting)
		walk->waiting_since = 0;
}

static void set_done(struct walk *walk, bool is_done)
{
	if (is_done && !walk->is_done && walk->done_count < DESK_SPELLS_MAX)
		walk->done_at[walk->done_count++] = walk->at;
	walk->is_done = is_done;
	walk->was_done = walk->was_done || is_done;
}

static void step(struct walk *walk, enum desk_step_kind kind, int64_t at)
{
	answer_before(walk, at);
	if (at > walk->at)
		walk->at = at;
	switch (kind) {
	case DESK_STEP_HIDDEN:
	case DESK_STEP_SHOWN:
	case DESK_STEP_PUBLISHED:
		walk->is_hidden = kind == DESK_STEP_HIDDEN;
		break;
	case DESK_STEP_DONE:
	case DESK_STEP_UNDONE:
		set_done(walk, kind == DESK_STEP_DONE);
		break;
	case DESK_STEP_WAITING:
	case DESK_STEP_RESUMED:
		set_waiting(walk, kind == DESK_STEP_WAITING);
		break;
	case DESK_STEP_HANDED_OVER:
		tell(&walk->first, DESK_CLOCK_HANDED_OVER, walk->at);
		tell(&walk->solution, DESK_CLOCK_HANDED_OVER, walk->at);
		break;
	case DESK_STEP_OTHER:
		return;
	}
	settle(walk);
}

/* What was held before it was ever seen begins with being shown. */
static void begin(struct walk *walk)
{
	const struct desk_facts *facts = walk->facts;

	desk_clock_start(&walk->first, DESK_CLOCK_FIRST_ANSWER, facts->first_target_minutes,
			 facts->asked_at);
	desk_clock_start(&walk->solution, DESK_CLOCK_SOLUTION, facts->solution_target_minutes,
			 facts->asked_at);
	walk->at = facts->asked_at;
	for (size_t i = 0; i < facts->step_count; i++) {
		enum desk_step_kind kind = facts->steps[i].kind;

		if (kind == DESK_STEP_SHOWN)
			walk->is_hidden = true;
		if (kind == DESK_STEP_SHOWN || kind == DESK_STEP_HIDDEN ||
		    kind == DESK_STEP_PUBLISHED)
			break;
	}
	if (walk->is_hidden)
		settle(walk);
}

/* An acceptance or a closing with a date of its own came with it, and not when it was noted. */
static bool is_last_done(const struct desk_facts *facts, size_t at)
{
	for (size_t i = at + 1; i < facts->step_count; i++)
		if (facts->steps[i].kind == DESK_STEP_DONE ||
		    facts->steps[i].kind == DESK_STEP_UNDONE)
			return false;
	return facts->steps[at].kind == DESK_STEP_DONE && facts->is_done;
}

static int64_t time_of(const struct desk_facts *facts, size_t i)
{
	int64_t at = facts->steps[i].at, before = i > 0 ? facts->steps[i - 1].at : 0;

	if (is_last_done(facts, i) && facts->settled_at && facts->settled_at < at &&
	    facts->settled_at >= before)
		return facts->settled_at;
	return at;
}

/* What the tables say and no event led to. */
static void correct(struct walk *walk)
{
	const struct desk_facts *facts = walk->facts;

	if (walk->is_hidden == facts->is_visible)
		step(walk, facts->is_visible ? DESK_STEP_SHOWN : DESK_STEP_HIDDEN, walk->at);
	if (walk->is_waiting != facts->is_waiting)
		step(walk, facts->is_waiting ? DESK_STEP_WAITING : DESK_STEP_RESUMED,
		     facts->status_at);
	if (walk->is_done != facts->is_done)
		step(walk, facts->is_done ? DESK_STEP_DONE : DESK_STEP_UNDONE, facts->settled_at);
}

static void walk_through(struct walk *walk, const struct desk_facts *facts)
{
	walk->facts = facts;
	begin(walk);
	for (size_t i = 0; i < facts->step_count; i++)
		step(walk, facts->steps[i].kind, time_of(facts, i));
	correct(walk);
	answer_before(walk, INT64_MAX);
}

/* The row ----------------------------------------------------------------------------- */

static enum desk_stage stage_of(const struct walk *walk)
{
	if (walk->is_done || walk->is_hidden)
		return DESK_DONE;
	if (!walk->is_answered)
		return DESK_UNANSWERED;
	return walk->was_done ? DESK_REOPENED : DESK_ANSWERED;
}

/* The likeliest, by what can be seen; a person may know better. */
static const char *cause_of(const struct walk *walk, const struct desk_clock *clock,
			    const struct working_calendar *calendar, int64_t breached_at)
{
	const struct desk_facts *facts = walk->facts;

	if (!breached_at)
		return "";
	if (facts->level > 1)
		return "level";
	if (clock->hand_overs > 0)
		return "handed_over";
	if (clock->kind == DESK_CLOCK_SOLUTION && walk->was_done && !walk->is_done)
		return "reopened";
	if (facts->first_claimed_at && facts->first_claimed_at < breached_at)
		return "claimed";
	if (clock->spell_count > 0)
		return "information";
	return working_is_open(calendar, clock->started_at) ? "unseen" : "few_hours";
}

static int64_t earlier(int64_t a, int64_t b)
{
	if (!a || !b)
		return a ? a : b;
	return a < b ? a : b;
}

static void look_at_clock(const struct walk *walk, const struct desk_clock *clock,
			  const struct working_calendar *calendar, int64_t share, int64_t now,
			  struct desk_row *out)
{
	struct desk_clock_row *row = clock->kind == DESK_CLOCK_SOLUTION ? &out->solution
									: &out->first;
	struct desk_clock_view view = desk_clock_look(clock, calendar, share, now);

	*row = (struct desk_clock_row){ .met_at = clock->met_at,
					.due_at = view.due_at,
					.breached_at = view.breached_at };
	row->cause = cause_of(walk, clock, calendar, view.breached_at);
	if (out->stage == DESK_DONE || clock->met_at)
		return;
	row->is_warned = view.state == DESK_CLOCK_IS_WARNED;
	out->is_breached = out->is_breached || view.state == DESK_CLOCK_IS_BREACHED;
	out->due_at = earlier(out->due_at, view.due_at);
	if (view.state != DESK_CLOCK_IS_BREACHED)
		out->warning_at = earlier(out->warning_at, view.warning_at);
	out->look_at = earlier(out->look_at, view.next_at);
}

static bool was_done_at(const struct walk *walk, int64_t at)
{
	for (size_t i = 0; i < walk->done_count; i++)
		if (walk->done_at[i] == at)
			return true;
	return false;
}

static void copy_spells(const struct walk *walk, struct desk_row *out)
{
	const struct desk_clock *clock = &walk->solution;

	for (size_t i = 0; i < clock->spell_count; i++)
		out->spells[out->spell_count++] = (struct desk_spell){
			.is_solved = was_done_at(walk, clock->spells[i].from),
			.from = clock->spells[i].from,
			.to = clock->spells[i].to,
		};
}

static int64_t order_of(const struct desk_facts *facts, const struct desk_row *row)
{
	if (row->due_at)
		return row->due_at - facts->weight * CLOCK_MINUTE;
	return NO_CLOCK_AT + NEWEST_AT - facts->asked_at;
}

void desk_reckon(const struct desk_facts *facts, const struct working_calendar *calendar,
		 int64_t warning_share, int64_t now, struct desk_row *out)
{
	struct walk walk = { .is_hidden = false };

	walk_through(&walk, facts);
	*out = (struct desk_row){ .stage = stage_of(&walk),
				  .waiting_since = walk.waiting_since,
				  .hand_overs = walk.solution.hand_overs,
				  .first = { .met_at = walk.first.met_at, .cause = "" },
				  .solution = { .met_at = walk.solution.met_at, .cause = "" } };
	if (facts->has_clock) {
		look_at_clock(&walk, &walk.first, calendar, warning_share, now, out);
		look_at_clock(&walk, &walk.solution, calendar, warning_share, now, out);
		copy_spells(&walk, out);
	}
	if (out->stage != DESK_DONE) {
		out->due_at = earlier(out->due_at, facts->escalated_due_at);
		out->due_at = earlier(out->due_at, facts->follow_up_at);
	}
	out->order_at = order_of(facts, out);
}
