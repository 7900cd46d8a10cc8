/*
 * A process's copy of what goes on.
 */
#include "forum/crisis_now.h"

#include "db/db.h"
#include "i18n/i18n.h"
#include "text/slug.h"

DB_STATEMENT(
	crisis_now_incidents,
	"select i.id, coalesce(c.slug, ''), i.severity, i.is_banner_on, i.banner_fr, i.banner_en, i.link,\n"
	"	i.topic_id, t.title, p.id, coalesce(p.body_md, ''), p.created_at\n"
	"from incidents i join topics t on t.id = i.topic_id\n"
	"left join categories c on c.id = i.category_id\n"
	"left join posts p on p.id = i.pinned_post_id and p.visibility = 'visible'\n"
	"where i.state = 'open' order by i.category_id is not null, i.id desc limit 10",
	0);
_Static_assert(CRISIS_BANNERS_MAX == 10, "as many as the statement gives");

DB_STATEMENT(crisis_now_alerts, "select count(*) from crisis_alerts a where a.ended_at is null", 0);

static const struct {
	const char *text, *label;
} severities[SEVERITIES] = {
	[SEVERITY_INFORMATION] = { "information", N_("Information") },
	[SEVERITY_WARNING] = { "warning", N_("Warning") },
	[SEVERITY_CRITICAL] = { "critical", N_("Critical") },
};

static struct crisis_now copy;

const char *incident_severity_text(enum incident_severity severity)
{
	return severities[severity].text;
}

const char *incident_severity_label(enum incident_severity severity)
{
	return severities[severity].label;
}

bool incident_severity_parse(const char *text, enum incident_severity *out)
{
	for (int i = 0; i < SEVERITIES; i++) {
		*out = (enum incident_severity)i;
		if (strcmp(severities[i].text, text) == 0)
			return true;
	}
	return false;
}

const struct crisis_now *crisis_now(void)
{
	return &copy;
}

const char *crisis_banner_words(const struct crisis_banner *banner, const char *language)
{
	return strcmp(language, "fr") == 0 ? banner->fr : banner->en;
}

const struct crisis_banner *crisis_now_of_topic(int64_t topic_id)
{
	for (size_t i = 0; i < copy.count; i++)
		if (copy.banners[i].topic_id == topic_id)
			return &copy.banners[i];
	return NULL;
}

void crisis_now_add(struct ctx *ctx, struct rows *rows, struct rows *alerts)
{
	db_add_params(ctx, &crisis_now_incidents, rows, NULL, 0);
	db_add_params(ctx, &crisis_now_alerts, alerts, NULL, 0);
}

static void banner_read(struct arena *memory, struct rows *rows, struct crisis_banner *banner)
{
	*banner = (struct crisis_banner){ .incident_id = col_i64(rows) };
	banner->category_slug = arena_strdup(memory, col_text(rows));
	/* The check constraint allows no other word. */
	(void)incident_severity_parse(col_text(rows), &banner->severity);
	banner->is_on = col_bool(rows);
	banner->fr = arena_strdup(memory, col_text(rows));
	banner->en = arena_strdup(memory, col_text(rows));
	banner->link = arena_strdup(memory, col_text(rows));
	banner->topic_id = col_i64(rows);
	banner->topic_slug = slug_from(memory, col_text(rows));
	banner->pinned_post_id = col_i64(rows);
	banner->pinned_md = arena_strdup(memory, col_text(rows));
	banner->pinned_at = col_time(rows);
}

void crisis_now_take(struct arena *memory, struct rows *rows, struct rows *alerts)
{
	copy.count = 0;
	while (copy.count < CRISIS_BANNERS_MAX && rows_next(rows))
		banner_read(memory, rows, &copy.banners[copy.count++]);
	copy.open_alerts = rows_next(alerts) ? col_i64(alerts) : 0;
}
