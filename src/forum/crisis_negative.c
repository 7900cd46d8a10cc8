/*
 * Have many more people become negative than before? Labels come days after the texts, and
 * only of a sample: by the hour there would be nothing to count, and by the hour of the
 * labelling only who labels when. So it is the week's share that is compared, with that of
 * the eight weeks before: an alert when the two intervals of 95 % do not overlap, which
 * chance alone does in less than one of a hundred weeks. It is an alert of its own, which
 * joins no other, and goes on as long as that week is the newest with labels that say so.
 */
#include "forum/crisis.h"

#include "base/log.h"
#include "db/db.h"
#include "forum/listening_parts.h"
#include "forum/site_setting.h"

#include <math.h>

/* Below that an interval says nothing; and a baseline of few weeks is none. */
#define LEAST_ABOUT   30
#define LEAST_WEEKS   4
#define TOPICS_MAX    200
#define HOURS_OF_WEEK 168

DB_STATEMENT(crisis_negative_lock, "select pg_advisory_xact_lock(hashtext('entraide crisis'))", 0);

DB_STATEMENT(crisis_negative_alert,
	     "update crisis_alerts set last_at = $1 where ended_at is null and kind = 'negative'\n"
	     "returning id",
	     1);

DB_STATEMENT(crisis_negative_open,
	     "insert into crisis_alerts (kind, began_at, last_at)\n"
	     "values ('negative', " LISTENING_DATE_SQL("$1") "::timestamp at time zone $2, $3)\n"
							     "returning id",
	     3);

DB_STATEMENT(
	crisis_negative_signal,
	"insert into crisis_alert_signals as s (alert_id, signal, key, at, hours, observed, expected, probability)\n"
	"values ($1, 'negative', 0, $2, $3, $4, $5, $6)\n"
	"on conflict (alert_id, signal, key) do update set at = excluded.at,\n"
	"	observed = excluded.observed, expected = excluded.expected,\n"
	"	probability = excluded.probability",
	6);

/* Threads in which a text of the week was labelled negative. */
DB_STATEMENT(crisis_negative_topics,
	     "insert into crisis_alert_topics (alert_id, topic_id)\n"
	     "select distinct $1::bigint, p.topic_id\n"
	     "from listening_samples s join listening_texts x on x.sample_id = s.id\n"
	     "join listening_labels l on l.text_id = x.id and l.turn = 1 and l.label = 'negative'\n"
	     "join posts p on p.id = x.post_id and p.visibility = 'visible'\n"
	     "where s.week = " LISTENING_DATE_SQL("$2") " limit $3\n"
							"on conflict do nothing",
	     3);

static bool is_alarm(const struct listening_comparison *seen)
{
	return seen->now.is_known && seen->before.is_known && seen->now.about >= LEAST_ABOUT &&
	       seen->weeks_before >= LEAST_WEEKS && seen->now.low > seen->before.high;
}

/* Of the difference of both shares, by the normal distribution: for sorting only. */
static double probability_of(const struct listening_comparison *seen)
{
	double error = sqrt(seen->now.error * seen->now.error +
			    seen->before.error * seen->before.error);

	if (error <= 0)
		return 0;
	return 0.5 * erfc((seen->now.share - seen->before.share) / error / sqrt(2));
}

static enum err open_or_feed(struct ctx *ctx, int64_t week, const struct listening_comparison *seen,
			     int64_t *opened)
{
	struct rows rows;
	int64_t id;

	TRY(db_query(ctx, &crisis_negative_alert, &rows, param_time(ctx->now)));
	if (rows_next(&rows)) {
		id = col_i64(&rows);
	} else {
		TRY(db_query(ctx, &crisis_negative_open, &rows, param_i64(week),
			     param_text(site_text(SITE_DESK_TIME_ZONE)), param_time(ctx->now)));
		if (!rows_next(&rows))
			return fail_log(ctx, ERR_INTERNAL, "no alert was opened");
		id = col_i64(&rows);
		(*opened)++;
		crisis_add_mails(ctx, id);
		log_event(LOG_LEVEL_WARNING, "crisis", "alert", log_i64(id), "signal", "negative",
			  NULL);
	}
	db_add(ctx, &crisis_negative_signal, NULL, param_i64(id), param_time(ctx->now),
	       param_i64(HOURS_OF_WEEK), param_i64(seen->now.negative),
	       param_f64(seen->before.share * (double)seen->now.about),
	       param_f64(probability_of(seen)));
	db_add(ctx, &crisis_negative_topics, NULL, param_i64(id), param_i64(week),
	       param_i64(TOPICS_MAX));
	return OK;
}

enum err crisis_look_negative(struct ctx *ctx, int64_t *opened)
{
	int64_t week = listening_week(ctx->now) - 1;
	struct listening_comparison seen;

	*opened = 0;
	TRY(listening_compare(ctx, week, &seen));
	if (!is_alarm(&seen))
		return OK;
	db_begin(ctx);
	db_add_params(ctx, &crisis_negative_lock, NULL, NULL, 0);
	TRY(open_or_feed(ctx, week, &seen, opened));
	return db_commit(ctx);
}
