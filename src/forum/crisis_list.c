/*
 * Alerts as the team reads them.
 */
#include "forum/crisis.h"

#include "db/db.h"
#include "forum/category.h"
#include "forum/policy.h"
#include "text/slug.h"

#define SIGNALS_MAX 200

#define ALERT_COLUMNS \
	"a.id, a.began_at, a.last_at, a.ended_at, a.incident_id, a.category_id,\n" \
	"	(select count(*) from crisis_alert_topics k where k.alert_id = a.id), a.kind = 'negative',\n" \
	"	coalesce(c.name_fr, ''), coalesce(c.name_en, '')\n"

DB_STATEMENT(crisis_alerts_newest,
	     "select " ALERT_COLUMNS
	     "from crisis_alerts a left join categories c on c.id = a.category_id\n"
	     "order by a.ended_at is null desc, a.id desc limit $1",
	     1);

DB_STATEMENT(crisis_alert_row,
	     "select " ALERT_COLUMNS
	     "from crisis_alerts a left join categories c on c.id = a.category_id\n"
	     "where a.id = $1",
	     1);

/* $1: this one, or 0 and those of the list. */
DB_STATEMENT(
	crisis_alert_signal_rows,
	"select s.alert_id, s.signal, s.at, s.hours, s.observed, s.expected,\n"
	"	coalesce(c.name_fr, ''), coalesce(c.name_en, '')\n"
	"from crisis_alert_signals s left join categories c on c.id = s.key and s.signal = 'questions'\n"
	"where s.alert_id = $1 or ($1 = 0 and s.alert_id in (select a.id from crisis_alerts a\n"
	"	order by a.ended_at is null desc, a.id desc limit $2))\n"
	"order by s.alert_id, s.probability, s.signal, s.key limit $3",
	3);

DB_STATEMENT(
	crisis_alert_topic_rows,
	"select t.id, t.created_at, t.title, t.me_too_count, t.mirror_source_id is not null,\n"
	"	t.status = 'duplicate', c.name_fr, c.name_en\n"
	"from crisis_alert_topics k join topics t on t.id = k.topic_id join categories c on c.id = t.category_id\n"
	"where k.alert_id = $1 and t.visibility = 'visible'\n"
	"order by t.created_at desc, t.id desc limit $2",
	2);

static enum err require(struct ctx *ctx)
{
	return policy_require(ctx, MAY_RUN_INCIDENT, &(struct subject){ .now = ctx->now });
}

static void alert_read(struct ctx *ctx, struct rows *rows, struct crisis_alert *alert)
{
	*alert = (struct crisis_alert){ .id = col_i64(rows) };
	alert->began_at = col_time(rows);
	alert->last_at = col_time(rows);
	alert->ended_at = col_time(rows);
	alert->incident_id = col_i64(rows);
	alert->category_id = col_i64(rows);
	alert->topic_count = col_i64(rows);
	alert->is_negative = col_bool(rows);
	alert->category = category_name_read(ctx, rows);
	alert->signals = arena_array_of(ctx->arena, CRISIS_SIGNALS_SHOWN,
					struct crisis_signal_seen);
}

/* Of each alert the most unlikely ones. */
static void signals_read(struct ctx *ctx, struct rows *rows, struct crisis_alert *alerts,
			 size_t count)
{
	while (rows_next(rows)) {
		int64_t alert_id = col_i64(rows);
		struct crisis_signal_seen seen = {
			.signal = crisis_signal_from_text(col_text(rows)),
		};

		seen.at = col_time(rows);
		seen.hours = (int)col_i64(rows);
		seen.observed = col_i64(rows);
		seen.expected = col_f64(rows);
		seen.category = category_name_read(ctx, rows);
		for (size_t i = 0; i < count; i++)
			if (alerts[i].id == alert_id &&
			    alerts[i].signal_count < CRISIS_SIGNALS_SHOWN)
				alerts[i].signals[alerts[i].signal_count++] = seen;
	}
}

enum err crisis_alert_list(struct ctx *ctx, struct crisis_alerts *out)
{
	struct rows alerts, signals;

	*out = (struct crisis_alerts){ 0 };
	TRY(require(ctx));
	db_add(ctx, &crisis_alerts_newest, &alerts, param_i64(CRISIS_ALERTS_SHOWN));
	db_add(ctx, &crisis_alert_signal_rows, &signals, param_i64(0),
	       param_i64(CRISIS_ALERTS_SHOWN), param_i64(SIGNALS_MAX));
	TRY(db_run(ctx));
	out->items = arena_array_of(ctx->arena, (size_t)alerts.count, struct crisis_alert);
	while (rows_next(&alerts))
		alert_read(ctx, &alerts, &out->items[out->count++]);
	signals_read(ctx, &signals, out->items, out->count);
	return OK;
}

static void topic_read(struct ctx *ctx, struct rows *rows, struct crisis_topic *topic)
{
	*topic = (struct crisis_topic){ .id = col_i64(rows) };
	topic->created_at = col_time(rows);
	topic->title = col_text(rows);
	topic->slug = slug_from(ctx->arena, topic->title);
	topic->me_too_count = col_i64(rows);
	topic->is_mirrored = col_bool(rows);
	topic->is_duplicate = col_bool(rows);
	topic->category = category_name_read(ctx, rows);
}

struct crisis_topic *crisis_topics_read(struct ctx *ctx, struct rows *rows, size_t *count)
{
	struct crisis_topic *topics = arena_array_of(ctx->arena, (size_t)rows->count,
						     struct crisis_topic);

	*count = 0;
	while (rows_next(rows))
		topic_read(ctx, rows, &topics[(*count)++]);
	return topics;
}

enum err crisis_alert_load(struct ctx *ctx, int64_t id, struct crisis_alert *out,
			   struct crisis_topic **topics, size_t *topic_count)
{
	struct rows alert, signals, rows;

	*topic_count = 0;
	TRY(require(ctx));
	db_add(ctx, &crisis_alert_row, &alert, param_i64(id));
	db_add(ctx, &crisis_alert_signal_rows, &signals, param_i64(id), param_i64(0),
	       param_i64(SIGNALS_MAX));
	db_add(ctx, &crisis_alert_topic_rows, &rows, param_i64(id), param_i64(CRISIS_TOPICS_SHOWN));
	TRY(db_run(ctx));
	if (!rows_next(&alert))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	alert_read(ctx, &alert, out);
	signals_read(ctx, &signals, out, 1);
	*topics = crisis_topics_read(ctx, &rows, topic_count);
	return OK;
}
