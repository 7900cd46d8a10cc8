/*
 * /admin/brand: name, logo, colours, fonts and fragments, looked at before they are
 * saved: the preview is this very page in its new clothes, so it needs no script.
 */
#include "forum/brand.h"

#include "base/buf.h"
#include "i18n/i18n.h"
#include "templates/templates.h"
#include "web/admin_settings.h"
#include "web/brand.h"
#include "web/handlers.h"
#include "web/helpers.h"
#include "web/respond.h"

#define PAGE         "/admin/brand"
#define PROBLEMS_MAX 20

/* The look that a form or a query describes, over the one in force. -------------------- */

static const char *colour_or(const struct http_pairs *pairs, enum site_setting_id id,
			     const char *typed)
{
	const struct site_setting *setting = &site_settings[id];
	int64_t number;

	if (http_has(pairs, setting->name) && site_setting_fits(setting, typed, &number))
		return typed;
	return site_text(id);
}

static struct brand_look look_of(const struct request *request, const struct http_pairs *pairs,
				 const char *(*value)(const struct http_request *, const char *))
{
	const struct http_request *http = request->http;
	struct brand_look look;

	for (size_t i = 0; i < BRAND_COLOURS; i++) {
		enum site_setting_id light = brand_colour_setting(false, i);
		enum site_setting_id dark = brand_colour_setting(true, i);

		look.light[i] = colour_or(pairs, light, value(http, site_settings[light].name));
		look.dark[i] = colour_or(pairs, dark, value(http, site_settings[dark].name));
	}
	look.font = colour_or(pairs, SITE_BRAND_FONT, value(http, "brand.font"));
	look.font_headings = colour_or(pairs, SITE_BRAND_FONT_HEADINGS,
				       value(http, "brand.font_headings"));
	return look;
}

enum err admin_brand_css(struct request *request)
{
	struct brand_look look;

	TRY(policy_require(&request->ctx, MAY_CHANGE_SETTINGS,
			   &(struct subject){ .now = request->ctx.now }));
	look = look_of(request, &request->http->parameters, http_parameter);
	return respond_text(request, 200, "text/css; charset=utf-8",
			    brand_css(request->ctx.arena, &look));
}

/* The page ------------------------------------------------------------------------------ */

static void add_pair(struct buf *out, const char *name, const char *value)
{
	buf_char(out, out->length == 0 ? '?' : '&');
	buf_text(out, name);
	buf_char(out, '=');
	buf_url(out, value);
}

static const char *preview_path(struct request *request)
{
	struct brand_look look = look_of(request, &request->http->form, http_form);
	struct buf query;

	buf_init(&query, request->ctx.arena, (size_t)8 * 1024);
	for (size_t i = 0; i < BRAND_COLOURS; i++) {
		add_pair(&query, site_settings[brand_colour_setting(false, i)].name, look.light[i]);
		add_pair(&query, site_settings[brand_colour_setting(true, i)].name, look.dark[i]);
	}
	add_pair(&query, "brand.font", look.font);
	add_pair(&query, "brand.font_headings", look.font_headings);
	return arena_printf(request->ctx.arena, PAGE "/preview.css%s", query.data);
}

/* The frame as it would be. */
static enum err dress(struct request *request, struct frame *frame)
{
	const char *name = http_form(request->http, "brand.name");

	if (name[0])
		frame->brand = name;
	frame->style = "";
	frame->brand_css = preview_path(request);
	TRY(brand_fragment(&request->ctx, http_form(request->http, "brand.header"),
			   &frame->header_extra));
	return brand_fragment(&request->ctx, http_form(request->http, "brand.footer"),
			      &frame->footer_extra);
}

static enum err show(struct request *request, struct brand_page *page,
		     const struct site_settings_form *typed)
{
	struct settings_section_page *settings = &page->settings;

	settings->section = settings_section("brand");
	if (!settings->reason)
		settings->reason = "";
	TRY(settings_load(request, settings, typed));
	TRY(brand_logo_newest(&request->ctx, &page->logo));
	frame_init(request, &settings->frame, _("Brand"));
	settings->frame.section = "admin";
	if (page->is_preview)
		TRY(dress(request, &settings->frame));
	template_brand(&request->response->body, page);
	return OK;
}

enum err admin_brand_show(struct request *request)
{
	struct brand_page page = { .settings.error = { "", "" } };

	return show(request, &page, NULL);
}

/* Colours that cannot be read together are said at their fields. */
static enum err check_contrast(struct request *request, struct site_settings_form *form)
{
	struct brand_look look = look_of(request, &request->http->form, http_form);
	struct brand_problem problems[PROBLEMS_MAX];
	size_t count = brand_problems(request->ctx.arena, &look, problems, PROBLEMS_MAX);

	for (size_t i = 0; i < form->count; i++)
		for (size_t p = count; p > 0; p--)
			if (problems[p - 1].field == form->inputs[i].id)
				form->inputs[i].error = problems[p - 1].message;
	if (count == 0 || http_form(request->http, "default")[0])
		return OK;
	return fail(&request->ctx, ERR_INVALID, site_settings[problems[0].field].name, "%s",
		    problems[0].message);
}

static enum err save(struct request *request, struct site_settings_form *form, size_t *changed)
{
	struct html_fragment fragment;

	*changed = 0;
	TRY(check_contrast(request, form));
	TRY(brand_fragment(&request->ctx, http_form(request->http, "brand.header"), &fragment));
	TRY(brand_fragment(&request->ctx, http_form(request->http, "brand.footer"), &fragment));
	return site_settings_change(&request->ctx, form, changed);
}

enum err admin_brand_post(struct request *request)
{
	bool is_preview = strcmp(http_form(request->http, "do"), "preview") == 0;
	struct brand_page page = { .settings.error = { "", "" } };
	struct site_settings_form form;
	size_t changed = 0;
	enum err result;

	TRY(policy_require(&request->ctx, MAY_CHANGE_SETTINGS,
			   &(struct subject){ .now = request->ctx.now }));
	TRY(settings_read(request, settings_section("brand"), &form));
	page.settings.reason = form.reason;
	result = is_preview ? check_contrast(request, &form) : save(request, &form, &changed);
	if (result == ERR_INVALID || result == ERR_CONFLICT)
		page.settings.error = field_error_take(request);
	else
		TRY(result);
	page.is_preview = is_preview && result == OK;
	if (is_preview || result != OK)
		return show(request, &page, &form);
	respond_notice(request, changed ? "setting_saved" : "setting_same");
	return respond_redirect(request, 303, PAGE);
}

enum err admin_brand_logo_post(struct request *request)
{
	struct brand_page page = { .settings.error = { "", "" } };
	size_t length;
	const char *bytes = http_file(request->http, "logo", &length);
	enum err result = brand_logo_upload(&request->ctx, bytes, length, request->form_key);

	if (result == ERR_INVALID) {
		page.settings.error = field_error_take(request);
		return show(request, &page, NULL);
	}
	TRY(result);
	respond_notice(request, "logo_uploaded");
	return respond_redirect(request, 303, PAGE);
}
