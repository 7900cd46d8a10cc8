/*
 * The time in which a question was solved, before it was reopened, is a spell like a
 * pause. So all the arithmetic is that of working_time.h with one list of spells.
 */
#include "forum/desk_clock.h"

#include <assert.h>

#include "base/clock.h"

void desk_clock_start(struct desk_clock *clock, enum desk_clock_kind kind, int target_minutes,
		      int64_t started_at)
{
	assert(target_minutes >= 0 && target_minutes <= DESK_TARGET_MAX_MINUTES);
	*clock = (struct desk_clock){ .kind = kind,
				      .target_minutes = target_minutes,
				      .started_at = started_at,
				      .last_at = started_at };
}

static bool is_standing(const struct desk_clock *clock)
{
	return clock->spell_count > 0 && !clock->spells[clock->spell_count - 1].to;
}

static bool add_spell(struct desk_clock *clock, int64_t from, int64_t to)
{
	if (clock->spell_count == DESK_SPELLS_MAX)
		return false;
	clock->spells[clock->spell_count++] = (struct working_pause){ from, to };
	return true;
}

static void end_spell(struct desk_clock *clock, int64_t at)
{
	if (is_standing(clock))
		clock->spells[clock->spell_count - 1].to = at;
}

static bool reopen(struct desk_clock *clock, int64_t at)
{
	if (!clock->met_at || clock->kind == DESK_CLOCK_FIRST_ANSWER)
		return true;
	if (!add_spell(clock, clock->met_at, at))
		return false;
	clock->met_at = 0;
	return true;
}

static bool change(struct desk_clock *clock, enum desk_clock_event event, int64_t at)
{
	switch (event) {
	case DESK_CLOCK_PAUSED:
		return clock->met_at || is_standing(clock) || add_spell(clock, at, 0);
	case DESK_CLOCK_RESUMED:
		end_spell(clock, at);
		return true;
	case DESK_CLOCK_HANDED_OVER:
		clock->handed_over_at = at;
		clock->hand_overs++;
		return true;
	case DESK_CLOCK_MET:
		end_spell(clock, at);
		if (!clock->met_at)
			clock->met_at = at;
		return true;
	case DESK_CLOCK_REOPENED:
		return reopen(clock, at);
	}
	return false;
}

bool desk_clock_apply(struct desk_clock *clock, enum desk_clock_event event, int64_t at)
{
	if (at < clock->last_at || !change(clock, event, at))
		return false;
	clock->last_at = at;
	return true;
}

/* When so much was used, or 0. */
static int64_t due(const struct desk_clock *clock, const struct working_calendar *calendar,
		   int64_t working)
{
	int64_t at;

	if (clock->target_minutes == 0 ||
	    !working_due_paused(calendar, clock->started_at, working, clock->spells,
				clock->spell_count, &at))
		return 0;
	return at;
}

static int64_t used(const struct desk_clock *clock, const struct working_calendar *calendar,
		    int64_t from, int64_t to)
{
	return working_between_paused(calendar, from, to, clock->spells, clock->spell_count);
}

static enum desk_clock_state state_of(const struct desk_clock *clock,
				      const struct desk_clock_view *view, int64_t at)
{
	if (clock->met_at)
		return view->breached_at ? DESK_CLOCK_IS_MET_LATE : DESK_CLOCK_IS_MET;
	if (clock->target_minutes == 0)
		return DESK_CLOCK_IS_OFF;
	if (view->breached_at)
		return DESK_CLOCK_IS_BREACHED;
	if (view->is_paused)
		return DESK_CLOCK_IS_PAUSED;
	return view->warning_at && at >= view->warning_at ? DESK_CLOCK_IS_WARNED
							  : DESK_CLOCK_IS_RUNNING;
}

/* A breach is seen a microsecond after the due time, which is still in time. */
static int64_t next_of(const struct desk_clock_view *view)
{
	if (view->state == DESK_CLOCK_IS_RUNNING)
		return view->warning_at;
	return view->state == DESK_CLOCK_IS_WARNED && view->due_at ? view->due_at + 1 : 0;
}

struct desk_clock_view desk_clock_look(const struct desk_clock *clock,
				       const struct working_calendar *calendar,
				       int64_t warning_share, int64_t now)
{
	int64_t at = now > clock->last_at ? now : clock->last_at;
	int64_t target = clock->target_minutes * CLOCK_MINUTE;
	int64_t last_from = clock->handed_over_at ? clock->handed_over_at : clock->started_at;
	struct desk_clock_view view = { .is_paused = is_standing(clock) };

	assert(warning_share >= 1 && warning_share <= 100);
	if (clock->met_at)
		at = clock->met_at;
	view.used = used(clock, calendar, clock->started_at, at);
	view.used_by_last = used(clock, calendar, last_from, at);
	if (target) {
		view.left = target > view.used ? target - view.used : 0;
		view.over = view.used > target ? view.used - target : 0;
	}
	view.due_at = due(clock, calendar, target);
	view.warning_at = due(clock, calendar, target / 100 * warning_share);
	if (view.due_at && at > view.due_at)
		view.breached_at = view.due_at;
	view.state = state_of(clock, &view, at);
	view.next_at = next_of(&view);
	return view;
}
