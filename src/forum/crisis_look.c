/*
 * The look at the running hour: counts of eight weeks from the table, each signal against
 * its own baseline, and what is out of the ordinary into alerts.
 */
#include "forum/crisis.h"

#include "base/clock.h"
#include "base/log.h"
#include "db/db.h"
#include "forum/crisis_detect.h"
#include "forum/desk_calendar.h"
#include "i18n/i18n.h"

/* Of first-level categories and what is counted besides. */
#define SERIES_MAX     200
#define OPEN_MAX       50
/* Threads of one alert: then the rest of it is plain. */
#define TOPICS_AT_ONCE 200

DB_STATEMENT(crisis_history,
	     "select c.signal, c.key, c.hour, c.count from crisis_counts c\n"
	     "where c.hour >= $1 and c.hour <= $2\n"
	     "order by c.signal, c.key, c.hour limit 500000",
	     2);

DB_STATEMENT(crisis_first_hour, "select min(c.hour) from crisis_counts c", 0);

/* Only one looks at a time: two would open an alert each. */
DB_STATEMENT(crisis_lock, "select pg_advisory_xact_lock(hashtext('entraide crisis'))", 0);

DB_STATEMENT(
	crisis_alerts_now,
	"select a.id, coalesce(a.category_id, 0), s.signal, s.key\n"
	"from crisis_alerts a left join crisis_alert_signals s on s.alert_id = a.id\n"
	"where a.ended_at is null and a.kind = 'counts' order by a.id desc, s.signal, s.key limit 5000",
	0);

DB_STATEMENT(crisis_alert_open,
	     "insert into crisis_alerts (category_id, began_at, last_at) values ($1, $2, $3)\n"
	     "returning id",
	     3);

/* Kept as it was at its most unlikely. */
DB_STATEMENT(
	crisis_alert_signal,
	"insert into crisis_alert_signals as s (alert_id, signal, key, at, hours, observed, expected, probability)\n"
	"values ($1, $2, $3, $4, $5, $6, $7, $8)\n"
	"on conflict (alert_id, signal, key) do update set at = excluded.at, hours = excluded.hours,\n"
	"	observed = excluded.observed, expected = excluded.expected,\n"
	"	probability = excluded.probability where excluded.probability < s.probability",
	8);

/* $1 the alert, $2 a first-level category or 0, $3 since when. */
DB_STATEMENT(
	crisis_alert_questions,
	"insert into crisis_alert_topics (alert_id, topic_id)\n"
	"select $1::bigint, t.id from topics t\n"
	"where t.visibility = 'visible' and t.created_at >= $3\n"
	"	and ($2::bigint = 0 or t.top_category_id = $2::bigint)\n"
	"	and (select count(*) from crisis_alert_topics k where k.alert_id = $1::bigint) < $4\n"
	"order by t.created_at desc, t.id desc limit $4\n"
	"on conflict do nothing",
	4);

DB_STATEMENT(
	crisis_alert_word_topics,
	"insert into crisis_alert_topics (alert_id, topic_id)\n"
	"select $1::bigint, t.id from topics t\n"
	"where t.id = any ($2::bigint[]) and t.visibility = 'visible'\n"
	"	and (select count(*) from crisis_alert_topics k where k.alert_id = $1::bigint) < $3\n"
	"order by t.id on conflict do nothing",
	3);

DB_STATEMENT(crisis_alert_goes_on,
	     "update crisis_alerts set last_at = $2 where id = any ($1::bigint[])", 2);

DB_STATEMENT(crisis_alerts_end,
	     "update crisis_alerts set ended_at = $1\n"
	     "where ended_at is null and last_at < $2",
	     2);

/* $1 the alert's page, $2 the roles, $3 the alert. */
DB_STATEMENT(
	crisis_mails,
	"with queued as (\n"
	"	insert into mails (person_id, address, language, kind, parameters, key)\n"
	"	select p.id, p.email, p.language, 'crisis', jsonb_build_object('name', p.name, 'link', $1::text),\n"
	"		'crisis:' || $3::bigint || ':' || p.id\n"
	"	from people p\n"
	"	where p.role = any ($2::text[]) and p.state = 'active' and p.email_confirmed_at is not null\n"
	"	order by p.id limit 500\n"
	"	on conflict (key) do nothing\n"
	"	returning id\n"
	")\n"
	"insert into jobs (kind, payload, key, run_at)\n"
	"select 'mail', jsonb_build_object('id', id), 'mail:' || id, now() from queued",
	3);

static const char *const signal_texts[CRISIS_SIGNALS] = {
	[CRISIS_QUESTIONS] = "questions",
	[CRISIS_WORDS] = "words",
	[CRISIS_NEGATIVE] = "negative",
};

const char *crisis_signal_text(enum crisis_signal signal)
{
	return signal_texts[signal];
}

enum crisis_signal crisis_signal_from_text(const char *text)
{
	for (int i = 0; i < CRISIS_SIGNALS; i++)
		if (strcmp(text, signal_texts[i]) == 0)
			return (enum crisis_signal)i;
	return CRISIS_QUESTIONS;
}

/* What is compared -------------------------------------------------------------------------- */

struct series {
	enum crisis_signal signal;
	int64_t key;
	struct crisis_past past;
	struct crisis_seen seen;
	struct crisis_verdict verdict;
};

struct look {
	struct series *series;
	size_t count;
	int64_t hour, wall; /* the running hour's beginning, and what the clock shows then */
	size_t known;
};

/* At ten sharp it is still nine's, which is whole then. */
static int64_t running_hour(const struct ctx *ctx)
{
	int64_t at = ctx->now - 60 * CLOCK_SECOND;

	return at - at % CLOCK_HOUR;
}

/* Rows come series by series. */
static struct series *series_of(struct look *look, enum crisis_signal signal, int64_t key)
{
	struct series *last = look->count > 0 ? &look->series[look->count - 1] : NULL;

	if (last && last->signal == signal && last->key == key)
		return last;
	if (look->count == SERIES_MAX)
		return NULL;
	last = &look->series[look->count++];
	*last = (struct series){ .signal = signal, .key = key };
	last->past.known = look->known;
	return last;
}

/*
 * By the clock on the wall, as people live: the hour that autumn has twice counts as one,
 * the one that spring leaves out as none; the median of eight weeks bears both.
 */
static void take_count(const struct look *look, struct series *series, int64_t hour, int64_t count)
{
	int64_t back = (look->wall - working_wall(desk_calendar(), hour)) / CLOCK_HOUR;

	if (hour == look->hour)
		series->seen.now = count;
	else if (hour == look->hour - CLOCK_HOUR)
		series->seen.before = count;
	if (hour < look->hour && back > 0 && back <= CRISIS_HOURS)
		series->past.counts[CRISIS_HOURS - back] += (int32_t)count;
}

static int64_t known_hours(const struct look *look, int64_t first)
{
	int64_t hours = first ? (look->hour - first) / CLOCK_HOUR : 0;

	return hours < 0 ? 0 : hours > CRISIS_HOURS ? CRISIS_HOURS : hours;
}

static enum err load_history(struct ctx *ctx, struct look *look)
{
	struct rows rows, first;

	look->hour = running_hour(ctx);
	look->wall = working_wall(desk_calendar(), look->hour);
	look->series = arena_array_of(ctx->arena, SERIES_MAX, struct series);
	db_add_params(ctx, &crisis_first_hour, &first, NULL, 0);
	db_add(ctx, &crisis_history, &rows,
	       param_time(look->hour - (CRISIS_HOURS + 2) * CLOCK_HOUR), param_time(ctx->now));
	TRY(db_run(ctx));
	look->known = (size_t)known_hours(look, rows_next(&first) ? col_time(&first) : 0);
	while (rows_next(&rows)) {
		enum crisis_signal signal = crisis_signal_from_text(col_text(&rows));
		struct series *series = series_of(look, signal, col_i64(&rows));
		int64_t hour = col_time(&rows);

		if (series)
			take_count(look, series, hour, col_i64(&rows));
	}
	return OK;
}

static struct crisis_rules rules_in_force(void)
{
	const char *word = site_text(SITE_CRISIS_SENSITIVITY);

	return (struct crisis_rules){
		.probability = strcmp(word, "calm") == 0   ? 1e-7
			       : strcmp(word, "keen") == 0 ? 3e-4
							   : 3e-5,
		.ratio = (double)site_number(SITE_CRISIS_RATIO) / 100,
		.least = site_number(SITE_CRISIS_LEAST),
	};
}

static void judge(struct ctx *ctx, struct look *look)
{
	const struct crisis_rules rules = rules_in_force();
	struct crisis_baseline baseline;

	for (size_t i = 0; i < look->count; i++) {
		struct series *series = &look->series[i];

		series->seen.minutes = (int)((ctx->now - look->hour) / (60 * CLOCK_SECOND));
		crisis_baseline(&series->past, &baseline);
		crisis_judge(&baseline, &rules, &series->seen, &series->verdict);
	}
}

/* Alerts ------------------------------------------------------------------------------------- */

struct open_alert {
	int64_t id, category_id;
	bool goes_on;
};
struct open_alerts {
	struct open_alert items[OPEN_MAX];
	size_t count;
};

static struct open_alert *alert_by_id(struct open_alerts *alerts, int64_t id)
{
	for (size_t i = 0; i < alerts->count; i++)
		if (alerts->items[i].id == id)
			return &alerts->items[i];
	return NULL;
}

static const struct series *find_series(const struct look *look, enum crisis_signal signal,
					int64_t key)
{
	for (size_t i = 0; i < look->count; i++)
		if (look->series[i].signal == signal && look->series[i].key == key)
			return &look->series[i];
	return NULL;
}

/* An alert goes on while one of the signals that raised it is out of the ordinary. */
static enum err load_alerts(struct ctx *ctx, const struct look *look, struct open_alerts *alerts)
{
	struct rows rows;

	alerts->count = 0;
	db_add_params(ctx, &crisis_lock, NULL, NULL, 0);
	db_add_params(ctx, &crisis_alerts_now, &rows, NULL, 0);
	TRY(db_run(ctx));
	while (rows_next(&rows)) {
		int64_t id = col_i64(&rows), category_id = col_i64(&rows);
		struct open_alert *alert = alert_by_id(alerts, id);
		const struct series *series;
		const char *signal;

		if (!alert && alerts->count == OPEN_MAX)
			break;
		if (!alert) {
			alert = &alerts->items[alerts->count++];
			*alert = (struct open_alert){ id, category_id, false };
		}
		signal = col_text(&rows);
		series = find_series(look, crisis_signal_from_text(signal), col_i64(&rows));
		alert->goes_on |= series && !series->verdict.is_quiet;
	}
	return OK;
}

/*
 * A category's rise belongs to that category's alert, or to one of all; a rise of all, or
 * of a word, to the newest that is open: what makes it is mostly the same.
 */
static struct open_alert *alert_for(struct open_alerts *alerts, const struct series *series)
{
	for (size_t i = 0; i < alerts->count; i++) {
		int64_t category_id = alerts->items[i].category_id;

		if (!series->key || !category_id || category_id == series->key)
			return &alerts->items[i];
	}
	return NULL;
}

void crisis_add_mails(struct ctx *ctx, int64_t alert_id)
{
	static const char *const roles[] = { "administrator", "moderator", "advisor" };
	const char *who = site_text(SITE_CRISIS_MAIL);
	size_t count = strcmp(who, "team") == 0             ? 3
		       : strcmp(who, "moderators") == 0     ? 2
		       : strcmp(who, "administrators") == 0 ? 1
							    : 0;

	if (count == 0)
		return;
	db_add(ctx, &crisis_mails, NULL,
	       param_text(arena_printf(ctx->arena, "%s/desk/alerts/%lld",
				       ctx->config->site.base_url, (long long)alert_id)),
	       param_texts(ctx->arena, roles, count), param_i64(alert_id));
}

static enum err open_alert(struct ctx *ctx, struct open_alerts *alerts, const struct series *series,
			   int64_t category_id, struct open_alert **out)
{
	int64_t began_at = running_hour(ctx) - (series->verdict.hours - 1) * CLOCK_HOUR;
	struct rows rows;

	*out = &alerts->items[alerts->count];
	TRY(db_query(ctx, &crisis_alert_open, &rows, param_id(category_id), param_time(began_at),
		     param_time(ctx->now)));
	if (!rows_next(&rows))
		return fail_log(ctx, ERR_INTERNAL, "no alert was opened");
	alerts->count++;
	**out = (struct open_alert){ col_i64(&rows), category_id, true };
	crisis_add_mails(ctx, (*out)->id);
	log_event(LOG_LEVEL_WARNING, "crisis", "alert", log_i64((*out)->id), "signal",
		  signal_texts[series->signal], "category", log_i64(category_id), NULL);
	return OK;
}

static enum err feed_words(struct ctx *ctx, int64_t alert_id, int64_t since)
{
	int64_t ids[TOPICS_AT_ONCE];
	size_t count = 0;

	TRY(crisis_word_topics(ctx, since, ids, ARRAY_COUNT(ids), &count));
	db_add(ctx, &crisis_alert_word_topics, NULL, param_i64(alert_id),
	       param_i64s(ctx->arena, ids, count), param_i64(TOPICS_AT_ONCE));
	return db_run(ctx);
}

static enum err feed_alert(struct ctx *ctx, struct open_alert *alert, const struct series *series)
{
	const struct crisis_verdict *verdict = &series->verdict;
	int64_t since = running_hour(ctx) - (verdict->hours - 1) * CLOCK_HOUR;

	alert->goes_on = true;
	db_add(ctx, &crisis_alert_signal, NULL, param_i64(alert->id),
	       param_text(signal_texts[series->signal]), param_i64(series->key),
	       param_time(ctx->now), param_i64(verdict->hours), param_i64(verdict->observed),
	       param_f64(verdict->expected), param_f64(verdict->probability));
	if (series->signal == CRISIS_WORDS) {
		TRY(db_run(ctx));
		return feed_words(ctx, alert->id, since);
	}
	db_add(ctx, &crisis_alert_questions, NULL, param_i64(alert->id),
	       param_i64(series->key ? series->key : alert->category_id), param_time(since),
	       param_i64(TOPICS_AT_ONCE));
	return db_run(ctx);
}

/* More than one category, and all together: it is no category's. */
static bool is_everywhere(const struct look *look)
{
	size_t categories = 0;
	bool is_all = false;

	for (size_t i = 0; i < look->count; i++) {
		const struct series *series = &look->series[i];

		if (series->signal != CRISIS_QUESTIONS || !series->verdict.is_alarm)
			continue;
		categories += series->key != 0;
		is_all |= series->key == 0;
	}
	return is_all && categories != 1;
}

static enum err take_alarm(struct ctx *ctx, struct open_alerts *alerts, const struct series *series,
			   int64_t *opened)
{
	struct open_alert *alert = alert_for(alerts, series);

	if (!alert && alerts->count == OPEN_MAX)
		return OK;
	if (!alert) {
		TRY(open_alert(ctx, alerts, series, series->key, &alert));
		(*opened)++;
	}
	return feed_alert(ctx, alert, series);
}

/*
 * First the rise of all when it is everywhere, so that the categories join it; otherwise
 * the categories, so that the rise of all joins theirs.
 */
static enum err take_alarms(struct ctx *ctx, const struct look *look, struct open_alerts *alerts,
			    int64_t *opened)
{
	bool is_all_first = is_everywhere(look);

	for (int turn = 0; turn < 2; turn++)
		for (size_t i = 0; i < look->count; i++) {
			const struct series *series = &look->series[i];
			bool is_all = series->key == 0;

			if (series->verdict.is_alarm && (is_all == is_all_first) == (turn == 0))
				TRY(take_alarm(ctx, alerts, series, opened));
		}
	return OK;
}

static enum err end_quiet(struct ctx *ctx, const struct open_alerts *alerts)
{
	int64_t ids[OPEN_MAX], quiet = site_number(SITE_CRISIS_QUIET_MINUTES) * 60 * CLOCK_SECOND;
	size_t count = 0;

	for (size_t i = 0; i < alerts->count; i++)
		if (alerts->items[i].goes_on)
			ids[count++] = alerts->items[i].id;
	db_add(ctx, &crisis_alert_goes_on, NULL, param_i64s(ctx->arena, ids, count),
	       param_time(ctx->now));
	db_add(ctx, &crisis_alerts_end, NULL, param_time(ctx->now), param_time(ctx->now - quiet));
	return db_commit(ctx);
}

enum err crisis_look(struct ctx *ctx, int64_t *opened)
{
	struct open_alerts *alerts = arena_new_of(ctx->arena, struct open_alerts);
	struct look look = { 0 };

	*opened = 0;
	TRY(load_history(ctx, &look));
	judge(ctx, &look);
	db_begin(ctx);
	TRY(load_alerts(ctx, &look, alerts));
	TRY(take_alarms(ctx, &look, alerts, opened));
	return end_quiet(ctx, alerts);
}
