/*
 * Changing settings: by section, all or none, with the old value, who, when and why
 * kept for good. Undo is a change like any other, back to what a change found.
 */
#ifndef FORUM_SITE_SETTING_CHANGE_H
#define FORUM_SITE_SETTING_CHANGE_H

#include "forum/site_setting.h"

#define SITE_REASON_MAX    200
#define SITE_HISTORY_SHOWN 50

/* One value as it was typed; NULL means "back to the default". */
struct site_setting_input {
	enum site_setting_id id;
	const char *value;
	const char *error; /* set by site_settings_change: why not, translated; or NULL */
};

struct site_settings_form {
	struct site_setting_input *inputs;
	size_t count;
	const char *reason; /* may be "" */
	/* The newest change of any setting when the form was made: site_history. */
	int64_t follows_id;
	const char *form_key;
};

/*
 * Stores what differs from now; *changed how many those were. Values are cleaned in
 * inputs: what is stored is what comes back.
 * ERR_INVALID:   one or more inputs have an error; nothing was changed.
 * ERR_CONFLICT:  somebody changed one of these settings since follows_id.
 * ERR_FORBIDDEN: not for this actor.
 */
enum err site_settings_change(struct ctx *ctx, struct site_settings_form *form,
			      size_t *changed) MUST_CHECK;

/*
 * Brings back what the change found.
 * ERR_NOT_FOUND: no such change, or its setting is no longer known.
 * ERR_INVALID:   the old value no longer fits.
 */
enum err site_setting_undo(struct ctx *ctx, int64_t change_id, const char *form_key) MUST_CHECK;

struct site_setting_change {
	int64_t id;
	enum site_setting_id setting;
	const char *old_value, *new_value; /* as text; the default where none was stored */
	bool was_default, is_default;
	const char *person_name; /* "" for the program */
	int64_t person_id;
	int64_t at;
	const char *reason;
	int64_t undoes_id;
	bool is_newest; /* of its setting: undo brings back old_value */
};

struct site_history {
	struct site_setting_change *changes; /* newest first */
	size_t count;
	int64_t newest_id; /* of all settings, 0 when none was ever changed */
	int64_t next_id;   /* before_id of the next page; 0: there is none */
};

/* Of a section, or of all (NULL); before_id: 0 for the newest. ERR_FORBIDDEN. */
enum err site_history_load(struct ctx *ctx, const struct site_section *section, int64_t before_id,
			   struct site_history *out) MUST_CHECK;

#endif
