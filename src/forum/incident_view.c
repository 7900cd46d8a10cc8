/*
 * Incidents as the team reads them: the list, and one with its report.
 */
#include "forum/incident.h"

#include "base/clock.h"
#include "db/db.h"
#include "forum/category.h"
#include "forum/policy.h"
#include "i18n/i18n.h"
#include "text/markdown.h"
#include "text/slug.h"

#define EXCERPT_POINTS 300

#define INCIDENT_COLUMNS \
	"i.id, i.topic_id, coalesce((select min(a.id) from crisis_alerts a where a.incident_id = i.id), 0),\n" \
	"	i.category_id, t.title, i.severity, i.state = 'open', i.is_banner_on, i.banner_fr, i.banner_en, i.link,\n" \
	"	i.summary, i.began_at, i.opened_at, i.closed_at, coalesce(o.name, ''), coalesce(e.name, ''), t.me_too_count,\n" \
	"	(select count(*) from follows f where f.kind = 'topic' and f.target_id = t.id),\n" \
	"	(select count(*) from topics d where d.duplicate_of = t.id and d.status = 'duplicate'),\n" \
	"	coalesce(c.name_fr, ''), coalesce(c.name_en, '')\n" \
	"from incidents i join topics t on t.id = i.topic_id\n" \
	"left join categories c on c.id = i.category_id\n" \
	"left join people o on o.id = i.opened_by left join people e on e.id = i.closed_by\n"

DB_STATEMENT(incidents_newest,
	     "select " INCIDENT_COLUMNS "order by i.state = 'open' desc, i.id desc limit $1", 1);

DB_STATEMENT(incident_row, "select " INCIDENT_COLUMNS "where i.id = $1", 1);

DB_STATEMENT(
	incident_events,
	"select u.kind, u.created_at, u.post_id, u.topic_id, coalesce(p.name, ''), coalesce(left(w.body_md, 2000), ''),\n"
	"	coalesce(t.title, '')\n"
	"from incident_updates u left join people p on p.id = u.author_id\n"
	"left join posts w on w.id = u.post_id and w.visibility = 'visible'\n"
	"left join topics t on t.id = u.topic_id and t.visibility = 'visible'\n"
	"where u.incident_id = $1 order by u.id limit $2",
	2);

/* Threads of its alerts. */
DB_STATEMENT(
	incident_topics,
	"select t.id, t.created_at, t.title, t.me_too_count, t.mirror_source_id is not null,\n"
	"	t.status = 'duplicate', c.name_fr, c.name_en\n"
	"from topics t join categories c on c.id = t.category_id\n"
	"where t.visibility = 'visible' and t.id in (select k.topic_id from crisis_alert_topics k\n"
	"		join crisis_alerts a on a.id = k.alert_id where a.incident_id = $1)\n"
	"	and t.id <> (select i.topic_id from incidents i where i.id = $1)\n"
	"	and t.duplicate_of is distinct from (select i.topic_id from incidents i where i.id = $1)\n"
	"order by t.created_at desc, t.id desc limit $2",
	2);

DB_STATEMENT(
	incident_duplicates,
	"select t.id, t.created_at, t.title, t.me_too_count, t.mirror_source_id is not null,\n"
	"	true, c.name_fr, c.name_en\n"
	"from incidents i join topics t on t.duplicate_of = i.topic_id and t.status = 'duplicate'\n"
	"join categories c on c.id = t.category_id\n"
	"where i.id = $1 and t.visibility = 'visible' order by t.created_at desc, t.id desc limit $2",
	2);

/*
 * Every hour from a day before to a day after, those without a question too; the newest
 * when there are too many. Of its category if the banner is, else of all.
 */
DB_STATEMENT(
	incident_hours,
	"select h.hour, coalesce(c.count, 0) from incidents i\n"
	"cross join lateral generate_series(date_trunc('hour', i.began_at - interval '1 day', 'UTC'),\n"
	"	least(coalesce(i.closed_at, $2::timestamptz) + interval '1 day', $2::timestamptz),\n"
	"	interval '1 hour') h (hour)\n"
	"left join crisis_counts c on c.signal = 'questions' and c.hour = h.hour\n"
	"	and c.key = coalesce((select coalesce(g.parent_id, g.id) from categories g where g.id = i.category_id), 0)\n"
	"where i.id = $1 order by h.hour desc limit $3",
	3);

static const char *const step_texts[INCIDENT_STEPS] = {
	[INCIDENT_OPENED] = "opened",     [INCIDENT_UPDATE] = "update",
	[INCIDENT_GATHERED] = "gathered", [INCIDENT_RELEASED] = "released",
	[INCIDENT_BANNER] = "banner",     [INCIDENT_CLOSED] = "closed",
	[INCIDENT_REOPENED] = "reopened",
};

static const char *const step_labels[INCIDENT_STEPS] = {
	[INCIDENT_OPENED] = N_("The incident was opened"),
	[INCIDENT_UPDATE] = N_("Update"),
	[INCIDENT_GATHERED] = N_("Duplicate gathered"),
	[INCIDENT_RELEASED] = N_("Duplicate let go"),
	[INCIDENT_BANNER] = N_("Banner changed"),
	[INCIDENT_CLOSED] = N_("The incident was closed"),
	[INCIDENT_REOPENED] = N_("Opened again"),
};

const char *incident_step_label(enum incident_step step)
{
	return step_labels[step];
}

/* The check constraint allows no other word. */
static enum incident_step step_from_text(const char *text)
{
	for (int i = 0; i < INCIDENT_STEPS; i++)
		if (strcmp(step_texts[i], text) == 0)
			return (enum incident_step)i;
	return INCIDENT_UPDATE;
}

static enum err require(struct ctx *ctx)
{
	return policy_require(ctx, MAY_RUN_INCIDENT, &(struct subject){ .now = ctx->now });
}

static void incident_read(struct ctx *ctx, struct rows *rows, struct incident *incident)
{
	*incident = (struct incident){ .id = col_i64(rows) };
	incident->topic_id = col_i64(rows);
	incident->alert_id = col_i64(rows);
	incident->category_id = col_i64(rows);
	incident->title = col_text(rows);
	incident->slug = slug_from(ctx->arena, incident->title);
	(void)incident_severity_parse(col_text(rows), &incident->severity);
	incident->is_open = col_bool(rows);
	incident->is_banner_on = col_bool(rows);
	incident->banner_fr = col_text(rows);
	incident->banner_en = col_text(rows);
	incident->link = col_text(rows);
	incident->summary = col_text(rows);
	incident->began_at = col_time(rows);
	incident->opened_at = col_time(rows);
	incident->closed_at = col_time(rows);
	incident->opened_by = col_text(rows);
	incident->closed_by = col_text(rows);
	incident->me_too_count = col_i64(rows);
	incident->follower_count = col_i64(rows);
	incident->duplicate_count = col_i64(rows);
	incident->category = category_name_read(ctx, rows);
}

enum err incident_list(struct ctx *ctx, struct incident_list *out)
{
	struct rows rows;

	*out = (struct incident_list){ 0 };
	TRY(require(ctx));
	TRY(db_query(ctx, &incidents_newest, &rows, param_i64(INCIDENTS_SHOWN)));
	out->items = arena_array_of(ctx->arena, (size_t)rows.count, struct incident);
	while (rows_next(&rows))
		incident_read(ctx, &rows, &out->items[out->count++]);
	return OK;
}

static void events_read(struct ctx *ctx, struct rows *rows, struct incident_view *out)
{
	out->events = arena_array_of(ctx->arena, (size_t)rows->count, struct incident_event);
	while (rows_next(rows)) {
		struct incident_event *event = &out->events[out->event_count++];

		event->step = step_from_text(col_text(rows));
		event->at = col_time(rows);
		event->post_id = col_i64(rows);
		event->topic_id = col_i64(rows);
		event->who = col_text(rows);
		event->excerpt = markdown_excerpt(ctx->arena, col_text(rows), EXCERPT_POINTS);
		event->topic_title = col_text(rows);
		event->topic_slug = slug_from(ctx->arena, event->topic_title);
	}
}

/* Came newest first. */
static void hours_read(struct ctx *ctx, struct rows *rows, struct incident_view *out)
{
	const struct incident *incident = &out->incident;
	int64_t until = incident->closed_at ? incident->closed_at : ctx->now;
	size_t place = (size_t)rows->count;

	out->hours = arena_array_of(ctx->arena, place, struct incident_hour);
	out->hour_count = place;
	while (rows_next(rows)) {
		struct incident_hour *hour = &out->hours[--place];

		hour->at = col_time(rows);
		hour->questions = col_i64(rows);
		if (hour->at > incident->began_at - CLOCK_HOUR && hour->at <= until)
			out->questions += hour->questions;
	}
}

enum err incident_load(struct ctx *ctx, int64_t id, struct incident_view *out)
{
	struct rows incidents, events, topics, duplicates, hours;
	struct param number = param_i64(id), shown = param_i64(CRISIS_TOPICS_SHOWN);

	*out = (struct incident_view){ 0 };
	TRY(require(ctx));
	db_add(ctx, &incident_row, &incidents, number);
	db_add(ctx, &incident_events, &events, number, param_i64(INCIDENT_EVENTS_SHOWN));
	db_add(ctx, &incident_topics, &topics, number, shown);
	db_add(ctx, &incident_duplicates, &duplicates, number, shown);
	db_add(ctx, &incident_hours, &hours, number, param_time(ctx->now),
	       param_i64(INCIDENT_HOURS_MAX));
	TRY(db_run(ctx));
	if (!rows_next(&incidents))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	incident_read(ctx, &incidents, &out->incident);
	events_read(ctx, &events, out);
	hours_read(ctx, &hours, out);
	out->topics = crisis_topics_read(ctx, &topics, &out->topic_count);
	out->duplicates = crisis_topics_read(ctx, &duplicates, &out->duplicate_count);
	out->first_reaction = (out->incident.opened_at - out->incident.began_at) / CLOCK_SECOND;
	return OK;
}
