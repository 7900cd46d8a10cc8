/*
 * Changing settings. A setting that stands at its default has no row: should a later
 * version of the program know a better default, it counts.
 *
 * A change takes an advisory lock, so that two administrators who save at once are told
 * of each other.
 */
#include "forum/site_setting_change.h"

#include "base/buf.h"
#include "db/db.h"
#include "forum/actor.h"
#include "forum/audit.h"
#include "forum/desk_calendar.h"
#include "forum/desk_watch.h"
#include "forum/field.h"
#include "forum/once.h"
#include "forum/policy.h"
#include "forum/writing.h"
#include "i18n/i18n.h"

/* Three statements each; the form's key and the commit need room too. */
#define CHANGES_PER_BATCH 6

DB_STATEMENT(site_setting_lock,
	     "select pg_advisory_xact_lock(hashtextextended('site_settings', 0))", 0);

/* What is stored now, and the last change of each: read under the lock. */
DB_STATEMENT(
	site_setting_current,
	"select s.value, (select max(c.id) from site_setting_changes c where c.name = n.name)\n"
	"from unnest($1::text[]) with ordinality n (name, place)\n"
	"left join site_settings s on s.name = n.name\n"
	"order by n.place",
	1);

DB_STATEMENT(site_setting_put,
	     "insert into site_settings (name, value) values ($1, $2)\n"
	     "on conflict (name) do update set value = excluded.value",
	     2);

DB_STATEMENT(site_setting_drop, "delete from site_settings where name = $1", 1);

DB_STATEMENT(
	site_setting_record,
	"insert into site_setting_changes (name, old_value, new_value, changed_by, changed_at,\n"
	" reason, undoes_id)\n"
	"values ($1, $2, $3, $4, $5, $6, $7)",
	7);

/* Is it the last of its setting? max(id) is one step in the index; "not exists … n.id > c.id"
 * read the whole table for each that is. */
#define CHANGE_COLUMNS \
	"c.id, c.name, c.old_value, c.new_value, coalesce(p.name, ''), c.changed_by,\n" \
	" c.changed_at, c.reason, c.undoes_id,\n" \
	" c.id = (select max(n.id) from site_setting_changes n where n.name = c.name)"

DB_STATEMENT(site_setting_change_of_id,
	     "select " CHANGE_COLUMNS "\n"
	     "from site_setting_changes c left join people p on p.id = c.changed_by\n"
	     "where c.id = $1",
	     1);

DB_STATEMENT(site_setting_history,
	     "select " CHANGE_COLUMNS "\n"
	     "from site_setting_changes c left join people p on p.id = c.changed_by\n"
	     "where c.id < $1\n"
	     "order by c.id desc limit $2",
	     2);

DB_STATEMENT(site_setting_history_of_section,
	     "select " CHANGE_COLUMNS "\n"
	     "from site_setting_changes c left join people p on p.id = c.changed_by\n"
	     "where split_part(c.name, '.', 1) = $1 and c.id < $2\n"
	     "order by c.id desc limit $3",
	     3);

DB_STATEMENT(site_setting_newest, "select coalesce(max(id), 0) from site_setting_changes", 0);

/* What is typed ------------------------------------------------------------------- */

static const char *refuse(struct ctx *ctx, const struct site_setting *setting)
{
	struct arena *arena = ctx->arena;

	switch (setting->kind) {
	case SITE_IS_NUMBER:
		return arena_printf(arena, _("Write a whole number between %1$s and %2$s."),
				    i18n_number(arena, setting->least),
				    i18n_number(arena, setting->most));
	case SITE_IS_SWITCH:
	case SITE_IS_CHOICE:
		return _("Choose one of the possibilities.");
	case SITE_IS_COLOUR:
		return _("Write a colour as # and six digits: #2b2f77.");
	case SITE_IS_TEXT:
	case SITE_IS_LONG_TEXT:
		break;
	}
	return _("This text is too long.");
}

/* Texts as people type them; the field functions say what is wrong. */
static enum err clean_text(struct ctx *ctx, const struct site_setting *setting,
			   struct site_setting_input *input)
{
	if (setting->kind == SITE_IS_TEXT)
		return field_line(ctx, setting->name, input->value, 0, setting->max_length,
				  &input->value);
	return field_text(ctx, setting->name, input->value, 0, setting->max_length, &input->value);
}

static void check_input(struct ctx *ctx, struct site_setting_input *input)
{
	const struct site_setting *setting = &site_settings[input->id];
	bool is_text = setting->kind == SITE_IS_TEXT || setting->kind == SITE_IS_LONG_TEXT;
	int64_t number;

	input->error = NULL;
	if (!input->value)
		return;
	if (is_text && clean_text(ctx, setting, input) != OK) {
		input->error = ctx->error.message;
		error_clear(ctx);
	} else if (!site_setting_fits(setting, input->value, &number)) {
		input->error = refuse(ctx, setting);
	} else if ((input->error = desk_setting_problem(ctx->arena, input->id, input->value)) ||
		   (input->error = desk_watch_problem(ctx->arena, input->id, input->value))) {
		return;
	} else if (strcmp(input->value, site_setting_default(ctx->arena, input->id)) == 0) {
		input->value = NULL;
	}
}

static enum err check_inputs(struct ctx *ctx, struct site_settings_form *form)
{
	bool is_refused = false;

	for (size_t i = 0; i < form->count; i++) {
		check_input(ctx, &form->inputs[i]);
		is_refused = is_refused || form->inputs[i].error;
	}
	if (is_refused)
		return fail(ctx, ERR_INVALID, NULL, "%s",
			    _("Nothing was changed: look at the fields that are marked."));
	return field_line(ctx, "reason", form->reason, 0, SITE_REASON_MAX, &form->reason);
}

/* Storing --------------------------------------------------------------------------- */

struct current_value {
	const char *value; /* NULL: the default */
	int64_t change_id;
};

static enum err load_current(struct ctx *ctx, const struct site_settings_form *form,
			     struct current_value *current)
{
	const char **names = arena_array_of(ctx->arena, form->count, const char *);
	struct rows rows;

	for (size_t i = 0; i < form->count; i++)
		names[i] = site_settings[form->inputs[i].id].name;
	TRY(db_query(ctx, &site_setting_current, &rows,
		     param_texts(ctx->arena, names, form->count)));
	for (size_t i = 0; i < form->count && rows_next(&rows); i++) {
		bool is_default = col_is_null(&rows);
		const char *value = col_text(&rows);

		current[i].value = is_default ? NULL : value;
		current[i].change_id = col_i64(&rows);
	}
	return OK;
}

static bool is_same(const char *one, const char *other)
{
	return one && other ? strcmp(one, other) == 0 : one == other;
}

static void add_audit(struct ctx *ctx, const struct site_setting *setting, const char *from,
		      const char *to, const char *reason)
{
	struct buf details;

	buf_init(&details, ctx->arena, (size_t)1 << 20);
	buf_text(&details, "{\"name\":");
	buf_json(&details, setting->name);
	buf_text(&details, ",\"from\":");
	if (from)
		buf_json(&details, from);
	else
		buf_text(&details, "null");
	buf_text(&details, ",\"to\":");
	if (to)
		buf_json(&details, to);
	else
		buf_text(&details, "null");
	buf_text(&details, "}");
	audit_write(ctx, &(struct audit_entry){ .action = "setting_changed",
						.subject = "setting",
						.reason = reason,
						.details = buf_to_arena(&details, ctx->arena) });
}

static void add_change(struct ctx *ctx, const struct site_setting_input *input, const char *from,
		       const char *reason, int64_t undoes_id)
{
	const struct site_setting *setting = &site_settings[input->id];

	if (input->value)
		db_add(ctx, &site_setting_put, NULL, param_text(setting->name),
		       param_text(input->value));
	else
		db_add(ctx, &site_setting_drop, NULL, param_text(setting->name));
	db_add(ctx, &site_setting_record, NULL, param_text(setting->name), param_text(from),
	       param_text(input->value), param_id(ctx->actor->id), param_time(ctx->now),
	       param_text(reason), param_id(undoes_id));
	add_audit(ctx, setting, from, input->value, reason);
}

static enum err add_changes(struct ctx *ctx, const struct site_settings_form *form,
			    const struct current_value *current, size_t *changed)
{
	for (size_t i = 0; i < form->count; i++) {
		if (is_same(current[i].value, form->inputs[i].value))
			continue;
		if (current[i].change_id > form->follows_id)
			return fail(
				ctx, ERR_CONFLICT, NULL, "%s",
				_("Somebody else changed these settings in the meantime. Yours are still "
				  "in the fields: look at the history below, then save again."));
		add_change(ctx, &form->inputs[i], current[i].value, form->reason, 0);
		if (++*changed % (CHANGES_PER_BATCH) == 0)
			TRY(db_run(ctx));
	}
	return OK;
}

static enum err store(struct ctx *ctx, const struct site_settings_form *form, size_t *changed)
{
	struct current_value *current = arena_array_of(ctx->arena, form->count,
						       struct current_value);
	const char *earlier;

	db_begin(ctx);
	db_add_params(ctx, &site_setting_lock, NULL, NULL, 0);
	TRY(writing_claim(ctx, form->form_key, &earlier));
	if (earlier)
		return OK;
	TRY(load_current(ctx, form, current));
	TRY(add_changes(ctx, form, current, changed));
	once_result(ctx, form->form_key, "/admin/settings");
	return db_commit(ctx);
}

static enum err may_change(struct ctx *ctx)
{
	return policy_require(ctx, MAY_CHANGE_SETTINGS, &(struct subject){ .now = ctx->now });
}

enum err site_settings_change(struct ctx *ctx, struct site_settings_form *form, size_t *changed)
{
	*changed = 0;
	TRY(may_change(ctx));
	TRY(check_inputs(ctx, form));
	return writing_end(ctx, store(ctx, form, changed));
}

/* History and undo -------------------------------------------------------------------- */

static const char *value_or_default(struct ctx *ctx, struct rows *rows, enum site_setting_id id,
				    bool *is_default)
{
	*is_default = col_is_null(rows);
	if (!*is_default)
		return col_text(rows);
	col_skip(rows);
	return site_setting_default(ctx->arena, id);
}

/* False: a setting that this version of the program no longer has. */
static bool change_read(struct ctx *ctx, struct rows *rows, struct site_setting_change *out)
{
	out->id = col_i64(rows);
	if (!site_setting_find(col_text(rows), &out->setting))
		return false;
	out->old_value = value_or_default(ctx, rows, out->setting, &out->was_default);
	out->new_value = value_or_default(ctx, rows, out->setting, &out->is_default);
	out->person_name = col_text(rows);
	out->person_id = col_i64(rows);
	out->at = col_time(rows);
	out->reason = col_text(rows);
	out->undoes_id = col_i64(rows);
	out->is_newest = col_bool(rows);
	return true;
}

static void history_read(struct ctx *ctx, struct rows *rows, struct site_history *out)
{
	out->changes = arena_array_of(ctx->arena, SITE_HISTORY_SHOWN, struct site_setting_change);
	for (int i = 0; i < SITE_HISTORY_SHOWN && rows_next(rows); i++) {
		struct site_setting_change *change = &out->changes[out->count];

		if (change_read(ctx, rows, change))
			out->count++;
		if (i == SITE_HISTORY_SHOWN - 1 && rows->count > SITE_HISTORY_SHOWN)
			out->next_id = change->id;
	}
}

enum err site_history_load(struct ctx *ctx, const struct site_section *section, int64_t before_id,
			   struct site_history *out)
{
	struct param before = param_i64(before_id > 0 ? before_id : INT64_MAX);
	struct param limit = param_i64(SITE_HISTORY_SHOWN + 1);
	struct rows changes, newest;

	*out = (struct site_history){ 0 };
	TRY(may_change(ctx));
	if (section)
		db_add(ctx, &site_setting_history_of_section, &changes, param_text(section->prefix),
		       before, limit);
	else
		db_add(ctx, &site_setting_history, &changes, before, limit);
	db_add_params(ctx, &site_setting_newest, &newest, NULL, 0);
	TRY(db_run(ctx));
	history_read(ctx, &changes, out);
	if (rows_next(&newest))
		out->newest_id = col_i64(&newest);
	return OK;
}

static enum err undo(struct ctx *ctx, int64_t change_id, const char *form_key)
{
	struct site_setting_change change = { 0 };
	struct site_setting_input input;
	struct current_value current = { 0 };
	const char *earlier;
	struct rows rows;

	db_begin(ctx);
	db_add_params(ctx, &site_setting_lock, NULL, NULL, 0);
	db_add(ctx, &site_setting_change_of_id, &rows, param_i64(change_id));
	TRY(writing_claim(ctx, form_key, &earlier));
	if (earlier)
		return OK;
	if (!rows_next(&rows) || !change_read(ctx, &rows, &change))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	input = (struct site_setting_input){ change.setting,
					     change.was_default ? NULL : change.old_value, NULL };
	check_input(ctx, &input);
	if (input.error)
		return fail(ctx, ERR_INVALID, NULL, "%s", input.error);
	TRY(load_current(ctx, &(struct site_settings_form){ .inputs = &input, .count = 1 },
			 &current));
	if (!is_same(current.value, input.value))
		add_change(ctx, &input, current.value, "", change_id);
	once_result(ctx, form_key, "/admin/settings");
	return db_commit(ctx);
}

enum err site_setting_undo(struct ctx *ctx, int64_t change_id, const char *form_key)
{
	TRY(may_change(ctx));
	return writing_end(ctx, undo(ctx, change_id, form_key));
}
