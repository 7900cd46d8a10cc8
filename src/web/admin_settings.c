/*
 * /admin/settings: what the site does, by section, each setting with its sentence, its
 * default and its history; undo is one press.
 */
#include "forum/site_setting_change.h"

#include "i18n/i18n.h"
#include "templates/templates.h"
#include "web/admin_settings.h"
#include "web/handlers.h"
#include "web/helpers.h"
#include "web/respond.h"

#define PAGE "/admin/settings"

static const struct field_error no_error = { "", "" };

/* What a setting stands at, in words. */
static const char *shown(struct arena *arena, const struct site_setting *setting, const char *value)
{
	int64_t number;

	switch (setting->kind) {
	case SITE_IS_NUMBER:
		return text_to_i64(value, &number) ? i18n_number(arena, number) : value;
	case SITE_IS_SWITCH:
		return strcmp(value, "on") == 0 ? pgettext("setting", "On")
						: pgettext("setting", "Off");
	case SITE_IS_CHOICE:
		for (const char *const *choice = setting->choices; choice[0]; choice += 2)
			if (strcmp(choice[0], value) == 0)
				return _(choice[1]);
		return value;
	case SITE_IS_TEXT:
	case SITE_IS_LONG_TEXT:
	case SITE_IS_COLOUR:
		break;
	}
	return value;
}

static const char *hint(struct arena *arena, const struct site_setting *setting)
{
	if (setting->kind == SITE_IS_NUMBER)
		return arena_printf(arena, _("A whole number from %1$s to %2$s."),
				    i18n_number(arena, setting->least),
				    i18n_number(arena, setting->most));
	return "";
}

/* What is stored may be younger than this process's copy: another one saved it. */
static enum err read_newest(struct request *request)
{
	site_settings_hear("site_settings");
	return site_settings_refresh(&request->ctx);
}

/* The changes of a history, with their values in words. */
static void put_in_words(struct request *request, struct site_history *history)
{
	for (size_t i = 0; i < history->count; i++) {
		struct site_setting_change *change = &history->changes[i];
		const struct site_setting *setting = &site_settings[change->setting];

		change->old_value = shown(request->ctx.arena, setting, change->old_value);
		change->new_value = shown(request->ctx.arena, setting, change->new_value);
	}
}

static const char *next_path(struct request *request, const char *path,
			     const struct site_history *history)
{
	if (!history->next_id)
		return "";
	return arena_printf(request->ctx.arena, "%s?before=%lld#history-heading", path,
			    (long long)history->next_id);
}

static enum err load_history(struct request *request, const struct site_section *section,
			     struct site_history *out)
{
	int64_t before;

	TRY(query_number(request, "before", 0, &before));
	TRY(read_newest(request));
	TRY(site_history_load(&request->ctx, section, before, out));
	put_in_words(request, out);
	return OK;
}

/* The first page ------------------------------------------------------------------- */

static void count_section(struct request *request, struct setting_section_link *link)
{
	for (int i = 0; i < SITE_SETTING_COUNT; i++) {
		enum site_setting_id id = (enum site_setting_id)i;
		struct arena *arena = request->ctx.arena;

		if (!site_setting_is_in(&site_settings[i], link->section))
			continue;
		link->count++;
		if (strcmp(site_setting_value(arena, id), site_setting_default(arena, id)) != 0)
			link->changed_count++;
	}
}

static enum err show_home(struct request *request, struct field_error error)
{
	struct settings_home_page page = { .error = error };

	TRY(load_history(request, NULL, &page.history));
	page.sections = arena_array_of(request->ctx.arena, site_section_count,
				       struct setting_section_link);
	for (size_t i = 0; i < site_section_count; i++) {
		struct setting_section_link *link = &page.sections[page.count];

		link->section = &site_sections[i];
		count_section(request, link);
		if (link->count > 0)
			page.count++;
	}
	page.next_path = next_path(request, PAGE, &page.history);
	frame_init(request, &page.frame, _("Settings"));
	page.frame.section = "admin";
	template_settings_home(&request->response->body, &page);
	return OK;
}

enum err admin_settings_show(struct request *request)
{
	return show_home(request, no_error);
}

/* A section ------------------------------------------------------------------------ */

/* A section whose settings are judged together, or that has more to show. */
static const char *own_page(const struct site_section *section)
{
	if (strcmp(section->prefix, "sign_up") == 0)
		return "/admin/sign-up";
	return strcmp(section->prefix, "brand") == 0 ? "/admin/brand" : "";
}

const struct site_section *settings_section(const char *prefix)
{
	for (size_t i = 0; i < site_section_count; i++)
		if (strcmp(site_sections[i].prefix, prefix) == 0)
			return &site_sections[i];
	return NULL;
}

static enum err find_section(struct request *request, const struct site_section **out)
{
	*out = settings_section(request->slug);
	if (!*out)
		return fail(&request->ctx, ERR_NOT_FOUND, NULL, NULL);
	return OK;
}

static struct setting_field field_of(struct request *request, enum site_setting_id id)
{
	struct arena *arena = request->ctx.arena;
	const struct site_setting *setting = &site_settings[id];
	const char *standard = site_setting_default(arena, id);

	return (struct setting_field){
		.id = id,
		.setting = setting,
		.value = site_setting_value(arena, id),
		.default_shown = shown(arena, setting, standard),
		.hint = hint(arena, setting),
		.error = "",
		.is_default = strcmp(site_setting_value(arena, id), standard) == 0,
	};
}

static void put_typed(struct settings_section_page *page, const struct site_setting_input *input)
{
	for (size_t i = 0; i < page->count; i++) {
		struct setting_field *field = &page->fields[i];

		if (field->id != input->id)
			continue;
		field->error = input->error ? input->error : "";
		if (input->value)
			field->value = input->value;
	}
}

static void fields_of(struct request *request, struct settings_section_page *page)
{
	page->fields = arena_array_of(request->ctx.arena, SITE_SETTING_COUNT, struct setting_field);
	for (int i = 0; i < SITE_SETTING_COUNT; i++)
		if (site_setting_is_in(&site_settings[i], page->section))
			page->fields[page->count++] = field_of(request, (enum site_setting_id)i);
}

enum err settings_load(struct request *request, struct settings_section_page *page,
		       const struct site_settings_form *typed)
{
	const char *path = own_page(page->section);

	TRY(load_history(request, page->section, &page->history));
	fields_of(request, page);
	for (size_t i = 0; typed && i < typed->count; i++)
		put_typed(page, &typed->inputs[i]);
	page->path = path[0] ? path
			     : arena_printf(request->ctx.arena, PAGE "/%s", page->section->prefix);
	page->follows_id = page->history.newest_id;
	page->next_path = next_path(request, page->path, &page->history);
	return OK;
}

static enum err show_section(struct request *request, struct settings_section_page *page,
			     const struct site_settings_form *typed)
{
	TRY(settings_load(request, page, typed));
	frame_init(request, &page->frame, _(page->section->label));
	page->frame.section = "admin";
	template_settings_section(&request->response->body, page);
	return OK;
}

enum err admin_settings_section_show(struct request *request)
{
	struct settings_section_page page = { .reason = "", .error = no_error };

	TRY(find_section(request, &page.section));
	if (own_page(page.section)[0])
		return respond_redirect(request, 302, own_page(page.section));
	return show_section(request, &page, NULL);
}

static const char *typed_value(const struct request *request, const struct site_setting *setting)
{
	const char *typed = http_form(request->http, setting->name);

	if (setting->kind == SITE_IS_SWITCH)
		return typed[0] ? "on" : "off";
	return typed;
}

/* A switch that is off is not sent; whatever else is missing was not in the form. */
static bool is_sent(const struct request *request, const struct site_setting *setting)
{
	return setting->kind == SITE_IS_SWITCH || http_has(&request->http->form, setting->name);
}

/* One button asks for one setting's default, and leaves the other fields alone. */
enum err settings_read(struct request *request, const struct site_section *section,
		       struct site_settings_form *form)
{
	const char *reset = http_form(request->http, "default");

	*form = (struct site_settings_form){ .reason = http_form(request->http, "reason"),
					     .form_key = request->form_key };
	form->inputs = arena_array_of(request->ctx.arena, SITE_SETTING_COUNT,
				      struct site_setting_input);
	for (int i = 0; i < SITE_SETTING_COUNT; i++) {
		const struct site_setting *setting = &site_settings[i];
		bool is_reset = strcmp(reset, setting->name) == 0;

		if (!site_setting_is_in(setting, section) ||
		    (reset[0] ? !is_reset : !is_sent(request, setting)))
			continue;
		form->inputs[form->count++] = (struct site_setting_input){
			.id = (enum site_setting_id)i,
			.value = is_reset ? NULL : typed_value(request, setting),
		};
	}
	return form_id(request, "follows", &form->follows_id);
}

enum err admin_settings_section_post(struct request *request)
{
	struct settings_section_page page = { .error = no_error };
	struct site_settings_form form;
	size_t changed;
	enum err result;

	TRY(find_section(request, &page.section));
	if (own_page(page.section)[0])
		return fail(&request->ctx, ERR_NOT_FOUND, NULL, NULL);
	TRY(settings_read(request, page.section, &form));
	page.reason = form.reason;
	result = site_settings_change(&request->ctx, &form, &changed);
	if (result == ERR_INVALID || result == ERR_CONFLICT) {
		page.error = field_error_take(request);
		return show_section(request, &page, &form);
	}
	TRY(result);
	respond_notice(request, changed ? "setting_saved" : "setting_same");
	return respond_redirect(request, 303,
				arena_printf(request->ctx.arena, PAGE "/%s", page.section->prefix));
}

enum err admin_settings_undo_post(struct request *request)
{
	int64_t id;
	enum err result;

	TRY(form_id(request, "change", &id));
	result = site_setting_undo(&request->ctx, id, request->form_key);
	if (result == ERR_INVALID)
		return show_home(request, field_error_take(request));
	TRY(result);
	respond_notice(request, "setting_undone");
	return respond_redirect(request, 303, back_path(request, PAGE));
}
