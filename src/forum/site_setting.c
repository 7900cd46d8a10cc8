/*
 * A process's copy of the settings.
 */
#include "forum/site_setting.h"

#include <assert.h>

#include "base/log.h"
#include "base/slice.h"
#include "base/utf8.h"
#include "db/db.h"
#include "forum/crisis_now.h"
#include "i18n/i18n.h"

#define CHANNEL          "site_settings"
#define MEMORY_MAX_BYTES ((size_t)16 << 20)

/* No setting's name is without a point. */
#define HAS_IDEAS "ideas"

DB_STATEMENT(site_settings_select,
	     "(select name, value from site_settings order by name limit 5000)\n"
	     "union all select '" HAS_IDEAS "', 'on' where exists (select from categories c\n"
	     "	left join categories p on p.id = c.parent_id where c.purpose = 'ideas'\n"
	     "	and c.archived_at is null and p.archived_at is null)",
	     0);

/* The table ---------------------------------------------------------------------- */

#define CHOICES(...) ((const char *const[]){ __VA_ARGS__, NULL })

/* The words of brand.font, which forum/brand.c knows as stacks of names. */
#define BRAND_FONTS \
	CHOICES("theme", N_("As in the theme"), "system", N_("The device's own"), "humanist", \
		N_("Humanist: Seravek, Gill Sans"), "geometric", \
		N_("Geometric: Avenir, Century Gothic"), "grotesque", \
		N_("Grotesque: Helvetica, Arial"), "transitional", \
		N_("With serifs: Charter, Cambria"), "old_style", \
		N_("With old serifs: Palatino, Iowan"), "rounded", \
		N_("Rounded: Nunito, Hiragino"))

#define SITE_NUMBER(id, name_, number_, least_, most_, label_, explanation_) \
	[SITE_##id] = { .name = (name_), \
			.kind = SITE_IS_NUMBER, \
			.default_number = (number_), \
			.least = (least_), \
			.most = (most_), \
			.label = (label_), \
			.explanation = (explanation_) },
#define SITE_SWITCH(id, name_, value_, label_, explanation_) \
	[SITE_##id] = { .name = (name_), \
			.kind = SITE_IS_SWITCH, \
			.default_number = (value_), \
			.most = 1, \
			.label = (label_), \
			.explanation = (explanation_) },
#define SITE_CHOICE(id, name_, word_, choices_, label_, explanation_) \
	[SITE_##id] = { .name = (name_), \
			.kind = SITE_IS_CHOICE, \
			.default_text = (word_), \
			.choices = choices_, \
			.label = (label_), \
			.explanation = (explanation_) },
#define SITE_TEXT(id, name_, text_, most_, label_, explanation_) \
	[SITE_##id] = { .name = (name_), \
			.kind = SITE_IS_TEXT, \
			.default_text = (text_), \
			.max_length = (most_), \
			.label = (label_), \
			.explanation = (explanation_) },
#define SITE_LONG_TEXT(id, name_, text_, most_, label_, explanation_) \
	[SITE_##id] = { .name = (name_), \
			.kind = SITE_IS_LONG_TEXT, \
			.default_text = (text_), \
			.max_length = (most_), \
			.label = (label_), \
			.explanation = (explanation_) },
#define SITE_COLOUR(id, name_, label_, explanation_) \
	[SITE_##id] = { .name = (name_), \
			.kind = SITE_IS_COLOUR, \
			.default_text = "", \
			.max_length = 7, \
			.label = (label_), \
			.explanation = (explanation_) },
const struct site_setting site_settings[SITE_SETTING_COUNT] = {
#include "forum/site_setting_table.h"
};

#define SITE_SECTION(prefix_, label_, explanation_) \
	{ .prefix = (prefix_), .label = (label_), .explanation = (explanation_) },
const struct site_section site_sections[] = {
#include "forum/site_setting_table.h"
};
const size_t site_section_count = ARRAY_COUNT(site_sections);

bool site_setting_find(const char *name, enum site_setting_id *out)
{
	for (int i = 0; i < SITE_SETTING_COUNT; i++) {
		if (strcmp(site_settings[i].name, name) != 0)
			continue;
		*out = (enum site_setting_id)i;
		return true;
	}
	return false;
}

bool site_setting_is_in(const struct site_setting *setting, const struct site_section *section)
{
	size_t length = strlen(section->prefix);

	return strncmp(setting->name, section->prefix, length) == 0 && setting->name[length] == '.';
}

static bool is_word_of(const char *const *choices, const char *value)
{
	for (; choices[0]; choices += 2)
		if (strcmp(choices[0], value) == 0)
			return true;
	return false;
}

static bool is_colour(const char *value)
{
	return value[0] == '#' && strlen(value) == 7 &&
	       strspn(value + 1, "0123456789abcdefABCDEF") == 6;
}

bool site_setting_fits(const struct site_setting *setting, const char *value, int64_t *number)
{
	switch (setting->kind) {
	case SITE_IS_NUMBER:
		return text_to_i64(value, number) && *number >= setting->least &&
		       *number <= setting->most;
	case SITE_IS_SWITCH:
		*number = strcmp(value, "on") == 0;
		return *number || strcmp(value, "off") == 0;
	case SITE_IS_CHOICE:
		return is_word_of(setting->choices, value);
	case SITE_IS_TEXT:
		return utf8_count(value) <= setting->max_length;
	case SITE_IS_LONG_TEXT:
		return strlen(value) <= setting->max_length;
	case SITE_IS_COLOUR:
		return value[0] == '\0' || is_colour(value);
	}
	return false;
}

/* The copy ------------------------------------------------------------------------ */

static struct {
	struct {
		bool is_set;
		int64_t number;
		const char *text;
	} values[SITE_SETTING_COUNT];
	bool has_ideas;
	struct arena *memory;      /* of the texts */
	int64_t connection_number; /* 0: never read */
	int64_t version;           /* how often it was read */
	bool is_stale;
} copy;

int64_t site_number(enum site_setting_id id)
{
	assert(site_settings[id].kind == SITE_IS_NUMBER ||
	       site_settings[id].kind == SITE_IS_SWITCH);
	return copy.values[id].is_set ? copy.values[id].number : site_settings[id].default_number;
}

bool site_switch(enum site_setting_id id)
{
	assert(site_settings[id].kind == SITE_IS_SWITCH);
	return site_number(id) != 0;
}

const char *site_text(enum site_setting_id id)
{
	assert(site_settings[id].kind != SITE_IS_NUMBER &&
	       site_settings[id].kind != SITE_IS_SWITCH);
	return copy.values[id].is_set ? copy.values[id].text : site_settings[id].default_text;
}

bool site_has_ideas(void)
{
	return copy.has_ideas;
}

static const char *as_text(struct arena *arena, const struct site_setting *setting, int64_t number,
			   const char *text)
{
	switch (setting->kind) {
	case SITE_IS_NUMBER:
		return arena_printf(arena, "%lld", (long long)number);
	case SITE_IS_SWITCH:
		return number ? "on" : "off";
	case SITE_IS_CHOICE:
	case SITE_IS_TEXT:
	case SITE_IS_LONG_TEXT:
	case SITE_IS_COLOUR:
		break;
	}
	return text;
}

const char *site_setting_value(struct arena *arena, enum site_setting_id id)
{
	if (!copy.values[id].is_set)
		return site_setting_default(arena, id);
	return as_text(arena, &site_settings[id], copy.values[id].number, copy.values[id].text);
}

const char *site_setting_default(struct arena *arena, enum site_setting_id id)
{
	const struct site_setting *setting = &site_settings[id];

	return as_text(arena, setting, setting->default_number, setting->default_text);
}

/* A value that another version of the program left, or that no longer fits, is none. */
static void take_value(const char *name, const char *value)
{
	enum site_setting_id id;
	int64_t number = 0;

	if (!site_setting_find(name, &id))
		return;
	if (!site_setting_fits(&site_settings[id], value, &number)) {
		log_event(LOG_LEVEL_WARNING, "site_setting", "ignored", name, NULL);
		return;
	}
	copy.values[id].is_set = true;
	copy.values[id].number = number;
	copy.values[id].text = arena_strdup(copy.memory, value);
}

static void take_values(struct rows *rows)
{
	if (!copy.memory)
		copy.memory = arena_new(MEMORY_MAX_BYTES);
	arena_reset(copy.memory);
	memset(copy.values, 0, sizeof copy.values);
	copy.has_ideas = false;
	while (rows_next(rows)) {
		const char *name = col_text(rows);

		const char *value = col_text(rows);

		if (strcmp(name, HAS_IDEAS) == 0)
			copy.has_ideas = true;
		else
			take_value(name, value);
	}
}

int64_t site_settings_version(void)
{
	return copy.version;
}

void site_settings_hear(const char *channel)
{
	if (strcmp(channel, CHANNEL) == 0)
		copy.is_stale = true;
}

static bool is_current(struct ctx *ctx)
{
	const char *channel, *payload;

	while (db_notification(ctx, &channel, &payload))
		site_settings_hear(channel);
	return !copy.is_stale && copy.connection_number == db_connection_number(ctx->db);
}

/*
 * Marked as read before it is: a change that comes in between is told of again. The
 * statement may have made a connection, so its number is looked at afterwards; LISTEN
 * stood before the statement in either case.
 */
enum err site_settings_refresh(struct ctx *ctx)
{
	struct rows rows, incidents, alerts;
	enum err result;

	result = db_listen(ctx, CHANNEL);
	if (result == OK && is_current(ctx))
		return OK;
	copy.is_stale = false;
	if (result == OK) {
		db_add_params(ctx, &site_settings_select, &rows, NULL, 0);
		crisis_now_add(ctx, &incidents, &alerts);
		result = db_run(ctx);
	}
	if (result != OK) {
		copy.is_stale = true;
		return result;
	}
	take_values(&rows);
	crisis_now_take(copy.memory, &incidents, &alerts);
	copy.connection_number = db_connection_number(ctx->db);
	copy.version++;
	return OK;
}
