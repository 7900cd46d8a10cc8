/*
 * The figures of the dashboards: working them out, and reading them.
 */
#include "forum/activity.h"

#include "db/db.h"
#include "forum/policy.h"

const int activity_period_counts[ACTIVITY_UNITS] = { 30, 12, 12 };

static const char *const unit_names[ACTIVITY_UNITS] = { "day", "week", "month" };

/* From now back to the first period that is shown. */
static const char *const shown_intervals[ACTIVITY_UNITS] = { "29 days", "11 weeks", "11 months" };

/* For three days after a question its figures change by the clock alone; and one more, for
 * the job does not come at the very moment. */
#define RECENT_INTERVAL "4 days"

/* Two at once would wait for each other's rows: one is enough. */
DB_STATEMENT(activity_lock, "select pg_advisory_xact_lock(hashtext('entraide activity'))", 0);

#define DELAY(name) name "_count, " name "_median, " name "_p90"
#define QUESTION_FIGURES \
	"questions, answers, solved, due_1h, in_1h, due_24h, in_24h, due_72h, in_72h, " DELAY( \
		"first") ", " DELAY("staff") ", " DELAY("expert") ", " DELAY("customer") ", views"
#define EXCLUDED_DELAY(name) \
	"excluded." name "_count, excluded." name "_median, excluded." name "_p90"
#define EXCLUDED_QUESTION_FIGURES \
	"excluded.questions, excluded.answers, excluded.solved, excluded.due_1h, excluded.in_1h,\n" \
	"	excluded.due_24h, excluded.in_24h, excluded.due_72h, excluded.in_72h,\n" \
	"	" EXCLUDED_DELAY("first") ", " EXCLUDED_DELAY( \
		"staff") ",\n" \
			 "	" EXCLUDED_DELAY("expert") ", " EXCLUDED_DELAY( \
				 "customer") ", excluded.views"

/* Only what differs is written. */
DB_STATEMENT(
	activity_put_questions,
	"insert into question_periods as q\n"
	"select * from question_periods_of($1, $2::timestamptz - $3::interval, $2::timestamptz)\n"
	"on conflict (unit, category_id, starts_on) do update\n"
	"set (" QUESTION_FIGURES ") =\n"
	"	(" EXCLUDED_QUESTION_FIGURES ")\n"
	"where q is distinct from excluded",
	3);

/*
 * Days of visits are kept for some months only, and none of an erased account: who was
 * there is not made fewer by that.
 */
DB_STATEMENT(
	activity_put_community,
	"insert into community_periods as c\n"
	"select * from community_periods_of($1, $2::timestamptz - $3::interval, $2::timestamptz)\n"
	"on conflict (unit, starts_on) do update\n"
	"set (active, writers, members, opened, decided, decision_median, decision_p90) =\n"
	"	(greatest(c.active, excluded.active), excluded.writers, excluded.members, excluded.opened,\n"
	"	excluded.decided, excluded.decision_median, excluded.decision_p90)\n"
	"where c.active < excluded.active\n"
	"	or (c.writers, c.members, c.opened, c.decided, c.decision_median, c.decision_p90)\n"
	"	is distinct from (excluded.writers, excluded.members, excluded.opened, excluded.decided,\n"
	"	excluded.decision_median, excluded.decision_p90)",
	3);

/* The periods come from the calendar, so that one that has no row yet is a nought. */
DB_STATEMENT(
	activity_periods,
	"select p.starts_at at time zone 'utc', coalesce(questions, 0), coalesce(answers, 0), coalesce(solved, 0),\n"
	"	coalesce(due_1h, 0), coalesce(in_1h, 0), coalesce(due_24h, 0), coalesce(in_24h, 0),\n"
	"	coalesce(due_72h, 0), coalesce(in_72h, 0),\n"
	"	" DELAY("first") ", " DELAY(
		"staff") ",\n"
			 "	" DELAY("expert") ", " DELAY(
				 "customer") ",\n"
					     "	coalesce(views, 0), coalesce(active, 0), coalesce(writers, 0), coalesce(members, 0),\n"
					     "	coalesce(opened, 0), coalesce(decided, 0), decision_median, decision_p90\n"
					     "from generate_series(date_trunc($1, ($2::timestamptz - $3::interval) at time zone 'utc'),\n"
					     "	$2::timestamptz at time zone 'utc', ('1 ' || $1)::interval) p (starts_at)\n"
					     "left join question_periods q on q.unit = $1 and q.category_id = $4::bigint\n"
					     "	and q.starts_on = p.starts_at::date\n"
					     "left join community_periods c on c.unit = $1 and c.starts_on = p.starts_at::date\n"
					     "order by p.starts_at",
	4);

static enum err refresh_unit(struct ctx *ctx, enum activity_unit unit, const char *interval,
			     int64_t *written)
{
	struct rows questions, community;

	db_begin(ctx);
	db_add_params(ctx, &activity_lock, NULL, NULL, 0);
	db_add(ctx, &activity_put_questions, &questions, param_text(unit_names[unit]),
	       param_time(ctx->now), param_text(interval));
	db_add(ctx, &activity_put_community, &community, param_text(unit_names[unit]),
	       param_time(ctx->now), param_text(interval));
	TRY(db_commit(ctx));
	*written += questions.affected + community.affected;
	return OK;
}

enum err activity_refresh(struct ctx *ctx, enum activity_scope scope, int64_t *written)
{
	*written = 0;
	for (size_t unit = 0; unit < ACTIVITY_UNITS; unit++)
		TRY(refresh_unit(ctx, (enum activity_unit)unit,
				 scope == ACTIVITY_SHOWN ? shown_intervals[unit] : RECENT_INTERVAL,
				 written));
	return OK;
}

static void read_delay(struct rows *rows, struct activity_delay *delay)
{
	delay->count = col_i64(rows);
	delay->median = col_i64(rows);
	delay->p90 = col_i64(rows);
}

static void read_period(struct rows *rows, struct activity_period *period)
{
	period->starts_at = col_time(rows);
	period->questions = col_i64(rows);
	period->answers = col_i64(rows);
	period->solved = col_i64(rows);
	for (size_t i = 0; i < ARRAY_COUNT(period->due); i++) {
		period->due[i] = col_i64(rows);
		period->in_time[i] = col_i64(rows);
	}
	read_delay(rows, &period->first);
	read_delay(rows, &period->staff);
	read_delay(rows, &period->expert);
	read_delay(rows, &period->customer);
	period->views = col_i64(rows);
	period->active = col_i64(rows);
	period->writers = col_i64(rows);
	period->members = col_i64(rows);
	period->opened = col_i64(rows);
	period->decided = period->decision.count = col_i64(rows);
	period->decision.median = col_i64(rows);
	period->decision.p90 = col_i64(rows);
}

enum err activity_load(struct ctx *ctx, enum activity_unit unit, int64_t category_id,
		       struct activity *out)
{
	struct rows rows;

	*out = (struct activity){ 0 };
	TRY(policy_require(ctx, MAY_SEE_STATISTICS, &(struct subject){ .now = ctx->now }));
	TRY(db_query(ctx, &activity_periods, &rows, param_text(unit_names[unit]),
		     param_time(ctx->now), param_text(shown_intervals[unit]),
		     param_i64(category_id)));
	while (out->count < ACTIVITY_PERIODS_MAX && rows_next(&rows))
		read_period(&rows, &out->periods[out->count++]);
	return OK;
}
