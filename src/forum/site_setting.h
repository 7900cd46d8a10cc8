/*
 * What administrators change without a restart. site_setting_table.h says which
 * settings there are; the functions below read them, anywhere and at no cost:
 *
 *	if (score >= site_number(SITE_FLAGS_HIDE_SCORE))
 *
 * Each process keeps a copy, the one thing besides the language that changes after
 * start-up. PostgreSQL tells every process of a change (NOTIFY by a trigger); the
 * copy is read anew between two requests or jobs, so one request sees one state.
 * Before anything was read, and when a stored value no longer fits its row of the
 * table, the default counts. Changing them: site_setting_change.h.
 */
#ifndef FORUM_SITE_SETTING_H
#define FORUM_SITE_SETTING_H

#include "base/ctx.h"

#define SITE_NUMBER(id, ...)    SITE_##id,
#define SITE_SWITCH(id, ...)    SITE_##id,
#define SITE_CHOICE(id, ...)    SITE_##id,
#define SITE_TEXT(id, ...)      SITE_##id,
#define SITE_LONG_TEXT(id, ...) SITE_##id,
#define SITE_COLOUR(id, ...)    SITE_##id,
enum site_setting_id {
#include "forum/site_setting_table.h"
	SITE_SETTING_COUNT
};

int64_t site_number(enum site_setting_id id);
bool site_switch(enum site_setting_id id);
/* Of a text or a choice; lives until the end of the request or job. */
const char *site_text(enum site_setting_id id);

/* Is there a category for ideas (forum/idea.h)? Every page's menu asks. */
bool site_has_ideas(void);

/*
 * Between two requests or jobs, outside a transaction: reads the settings anew if
 * somebody changed them, or if the connection is not the one they were read from.
 * Otherwise no round trip. All notices that have arrived are taken off.
 * ERR_UNAVAILABLE: the database is away; what was known still counts.
 */
enum err site_settings_refresh(struct ctx *ctx) MUST_CHECK;

/* Another number after each reading: for what is made of settings and kept. */
int64_t site_settings_version(void);

/* For who takes notices off the connection: says that one of this channel came. */
void site_settings_hear(const char *channel);

/* The table, for pages and for checking what is typed. -------------------------------- */

enum site_setting_kind {
	SITE_IS_NUMBER,
	SITE_IS_SWITCH,
	SITE_IS_CHOICE,
	SITE_IS_TEXT,
	SITE_IS_LONG_TEXT,
	SITE_IS_COLOUR, /* "#2b2f77", or "" for the theme's */
};

struct site_setting {
	const char *name;
	enum site_setting_kind kind;
	int64_t default_number, least, most; /* of a number; a switch is 0 or 1 */
	const char *default_text;
	const char *const *choices;      /* word, label, word, label, …, NULL */
	size_t max_length;               /* of a text: code points; of a long one: bytes */
	const char *label, *explanation; /* in English: show them through _() */
};

struct site_section {
	const char *prefix;
	const char *label, *explanation;
};

extern const struct site_setting site_settings[SITE_SETTING_COUNT];
extern const struct site_section site_sections[];
extern const size_t site_section_count;

/* False: there is no such setting. */
bool site_setting_find(const char *name, enum site_setting_id *out);
bool site_setting_is_in(const struct site_setting *setting, const struct site_section *section);

/* As text, the way it is stored and stands in a form ("24", "on", "off", words). */
const char *site_setting_value(struct arena *arena, enum site_setting_id id);
const char *site_setting_default(struct arena *arena, enum site_setting_id id);

/* Whether a stored text may stand for this setting; *number for numbers and switches. */
bool site_setting_fits(const struct site_setting *setting, const char *value, int64_t *number);

#endif
