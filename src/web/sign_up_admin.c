/*
 * /admin/sign-up: whom sign-up turns away. The numbers and lists are settings, with their
 * history and undo; beside them what was refused lately, and the kept addresses.
 */
#include "i18n/i18n.h"
#include "templates/templates.h"
#include "text/address_list.h"
#include "web/admin_settings.h"
#include "web/handlers.h"
#include "web/helpers.h"
#include "web/pages_sign_up.h"
#include "web/respond.h"

#define PAGE "/admin/sign-up"

static enum err require(struct request *request)
{
	return policy_require(&request->ctx, MAY_CHANGE_SETTINGS,
			      &(struct subject){ .now = request->ctx.now });
}

static enum err show(struct request *request, struct sign_up_defence_page *page,
		     const struct site_settings_form *typed)
{
	struct settings_section_page *settings = &page->settings;

	settings->section = settings_section("sign_up");
	TRY(settings_load(request, settings, typed));
	TRY(sign_up_figures_load(&request->ctx, &page->figures));
	TRY(sign_up_block_list(&request->ctx, &page->blocks, &page->block_count));
	frame_init(request, &settings->frame, _("Signing up"));
	settings->frame.section = "admin";
	template_sign_up_defence(&request->response->body, page);
	return OK;
}

static struct sign_up_defence_page empty_page(void)
{
	return (struct sign_up_defence_page){ .settings = { .reason = "", .error = { "", "" } },
					      .address = "",
					      .reason = "",
					      .block_error = { "", "" } };
}

enum err sign_up_defence_show(struct request *request)
{
	struct sign_up_defence_page page = empty_page();

	TRY(require(request));
	return show(request, &page, NULL);
}

/* The first line of a list that is no entry of it; 0: all are, or it is no list. */
static size_t bad_line(const struct site_setting_input *input)
{
	if (!input->value)
		return 0;
	if (input->id == SITE_SIGN_UP_DOMAINS || input->id == SITE_SIGN_UP_DISPOSABLE)
		return domain_list_bad_line(input->value);
	return input->id == SITE_SIGN_UP_NETWORKS ? network_list_bad_line(input->value) : 0;
}

static const char *bad_line_message(struct arena *arena, enum site_setting_id id, size_t line)
{
	if (id == SITE_SIGN_UP_NETWORKS)
		return arena_printf(
			arena,
			_("Line %zu is no network: write 203.0.113.7, 203.0.113.0/24 (not wider than /8) or 2001:db8::/48 (not wider than /24)."),
			line);
	return arena_printf(arena, _("Line %zu is no mail domain: write it as spam.example."),
			    line);
}

static enum err check_lists(struct request *request, struct site_settings_form *form)
{
	const struct site_setting_input *first = NULL;

	for (size_t i = form->count; i > 0; i--) {
		struct site_setting_input *input = &form->inputs[i - 1];
		size_t line = bad_line(input);

		if (line == 0)
			continue;
		input->error = bad_line_message(request->ctx.arena, input->id, line);
		first = input;
	}
	if (!first)
		return OK;
	return fail(&request->ctx, ERR_INVALID, site_settings[first->id].name, "%s", first->error);
}

enum err sign_up_defence_post(struct request *request)
{
	struct sign_up_defence_page page = empty_page();
	struct site_settings_form form;
	size_t changed = 0;
	enum err result;

	TRY(require(request));
	TRY(settings_read(request, settings_section("sign_up"), &form));
	page.settings.reason = form.reason;
	result = check_lists(request, &form);
	if (result == OK)
		result = site_settings_change(&request->ctx, &form, &changed);
	if (result == ERR_INVALID || result == ERR_CONFLICT) {
		page.settings.error = field_error_take(request);
		return show(request, &page, &form);
	}
	TRY(result);
	respond_notice(request, changed ? "setting_saved" : "setting_same");
	return respond_redirect(request, 303, PAGE);
}

/* Kept addresses: add, lift, put back. -------------------------------------------------- */

static enum err change_block(struct request *request, const char *action)
{
	int64_t id;

	if (strcmp(action, "add") == 0)
		return sign_up_block_add(&request->ctx, http_form(request->http, "address"),
					 http_form(request->http, "block_reason"));
	TRY(form_id(request, "block", &id));
	if (strcmp(action, "lift") == 0)
		return sign_up_block_lift(&request->ctx, id);
	if (strcmp(action, "restore") == 0)
		return sign_up_block_restore(&request->ctx, id);
	return fail(&request->ctx, ERR_BAD_REQUEST, NULL, NULL);
}

enum err sign_up_block_post(struct request *request)
{
	struct sign_up_defence_page page = empty_page();
	const char *action = http_form(request->http, "do");
	enum err result;

	TRY(require(request));
	result = change_block(request, action);
	if (result == ERR_INVALID) {
		page.address = http_form(request->http, "address");
		page.reason = http_form(request->http, "block_reason");
		page.block_error = field_error_take(request);
		return show(request, &page, NULL);
	}
	TRY(result);
	respond_notice(request, "sign_up_block");
	return respond_redirect(request, 303, PAGE "#kept");
}
