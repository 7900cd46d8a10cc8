/*
 * The settings of the desk, read into a calendar.
 */
#include "forum/desk_calendar.h"

#include "base/log.h"
#include "i18n/i18n.h"

#define MEMORY_MAX_BYTES ((size_t)16 << 20) /* six spans a day need 4 MB */

static struct {
	struct arena *arena;
	int64_t version; /* of the settings; -1: never made */
	const struct working_calendar *calendar;
} kept = { .version = -1 };

typedef bool parse_function(struct arena *arena, const char *text, struct working_rules *rules,
			    int *line, const char **problem);

static parse_function *parser_of(enum site_setting_id id)
{
	switch ((int)id) {
	case SITE_DESK_HOURS:
		return working_hours_parse;
	case SITE_DESK_HOLIDAYS:
		return working_holidays_parse;
	case SITE_DESK_OPENINGS:
		return working_openings_parse;
	default:
		return NULL;
	}
}

static bool load_zone(struct arena *arena, const char *name, struct zone *zone)
{
	return zone_load(arena, name, working_first(), working_end(), zone);
}

static void warn(enum site_setting_id id)
{
	log_event(LOG_LEVEL_WARNING, "desk_calendar", "ignored", site_settings[id].name, NULL);
}

static void read_text(enum site_setting_id id, struct working_rules *rules)
{
	const char *problem;
	int line;

	if (parser_of(id)(kept.arena, site_text(id), rules, &line, &problem))
		return;
	warn(id);
	if (!parser_of(id)(kept.arena, site_settings[id].default_text, rules, &line, &problem))
		warn(id);
}

static void read_zone(struct zone *zone)
{
	if (load_zone(kept.arena, site_text(SITE_DESK_TIME_ZONE), zone))
		return;
	warn(SITE_DESK_TIME_ZONE);
	if (!load_zone(kept.arena, "UTC", zone))
		warn(SITE_DESK_TIME_ZONE);
}

static void make(void)
{
	struct working_rules *rules;
	struct zone *zone;

	if (!kept.arena)
		kept.arena = arena_new(MEMORY_MAX_BYTES);
	arena_reset(kept.arena);
	rules = arena_new_of(kept.arena, struct working_rules);
	zone = arena_new_of(kept.arena, struct zone);
	read_text(SITE_DESK_HOURS, rules);
	read_text(SITE_DESK_HOLIDAYS, rules);
	read_text(SITE_DESK_OPENINGS, rules);
	rules->has_french_holidays = site_switch(SITE_DESK_FRENCH_HOLIDAYS);
	read_zone(zone);
	kept.calendar = working_calendar_new(kept.arena, rules, zone);
	kept.version = site_settings_version();
}

const struct working_calendar *desk_calendar(void)
{
	if (kept.version != site_settings_version())
		make();
	return kept.calendar;
}

const char *desk_setting_problem(struct arena *arena, enum site_setting_id id, const char *value)
{
	parse_function *parse = parser_of(id);
	struct working_rules rules = { .holiday_count = 0 };
	const char *problem;
	struct zone zone;
	int line;

	if (id == SITE_DESK_TIME_ZONE)
		return load_zone(arena, value, &zone)
			       ? NULL
			       : _("There is no such time zone. Write it as Europe/Paris.");
	if (!parse || parse(arena, value, &rules, &line, &problem))
		return NULL;
	return line > 0 ? arena_printf(arena, _("Line %d: %s"), line, problem) : problem;
}
