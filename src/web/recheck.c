/*
 * The list of what asks again, and the page that asks.
 */
#include "web/recheck.h"

#include "forum/second_factor.h"
#include "forum/session.h"
#include "i18n/i18n.h"
#include "templates/templates.h"
#include "web/handlers.h"
#include "web/helpers.h"
#include "web/pages_security.h"
#include "web/passkey.h"
#include "web/respond.h"
#include "web/routes.h"

/* Roles, settings, erasures, exports, and what guards the account itself. */
static handler *const sensitive[] = {
	admin_member_post,    admin_settings_section_post, admin_settings_undo_post,
	erasures_post,        security_begin_post,         security_codes_post,
	security_remove_post, privacy_export_post,         privacy_erase_post,
	passkey_add_post,     passkey_remove_post,
};

bool recheck_is_due(const struct request *request)
{
	if (request->http->method != HTTP_POST || !session_wants_check(&request->ctx))
		return false;
	for (size_t i = 0; i < ARRAY_COUNT(sensitive); i++)
		if (request->route->run == sensitive[i])
			return true;
	return false;
}

/* Ours have their own beside them; what is asked for here is not sent on twice. */
static bool is_carried(const char *name)
{
	return strcmp(name, "csrf") != 0 && strcmp(name, "key") != 0 &&
	       strncmp(name, "check_", 6) != 0 && strncmp(name, "passkey_", 8) != 0;
}

static void carry_fields(struct request *request, struct check_page *page)
{
	const struct http_pair *items = request->http->form.items;
	size_t count = request->http->form.count;

	page->fields = arena_array_of(request->ctx.arena, count + 1, struct check_field);
	for (size_t i = 0; i < count; i++)
		if (is_carried(items[i].name))
			page->fields[page->field_count++] = (struct check_field){ items[i].name,
										  items[i].value };
}

static enum err show_check(struct request *request, struct check_page *page)
{
	struct second_factor state;

	TRY(second_factor_load(&request->ctx, &state));
	page->has_code = second_factor_is_on(&state);
	page->has_passkeys = state.passkey_count > 0 && passkeys_work_here(&request->ctx);
	carry_fields(request, page);
	frame_init(request, &page->frame, _("Is it still you?"));
	template_check(&request->response->body, page);
	return OK;
}

enum err recheck_ask(struct request *request)
{
	struct check_page page = { .action = present_path(request),
				   .next = "",
				   .error = { "", "" } };

	request->response->status = 403;
	return show_check(request, &page);
}

enum err check_show(struct request *request)
{
	struct check_page page = {
		.action = "",
		.next = safe_path(request, http_parameter(request->http, "next"), "/"),
		.error = { "", "" },
	};

	return show_check(request, &page);
}

static enum err check(struct request *request)
{
	struct passkey_answer answer;

	if (passkey_read_answer(request, &answer))
		return session_check_passkey(&request->ctx, &answer);
	return session_check(&request->ctx, http_form(request->http, "check_password"),
			     http_form(request->http, "check_code"));
}

enum err check_post(struct request *request)
{
	struct check_page page = {
		.action = safe_path(request, http_form(request->http, "check_action"), ""),
		.next = safe_path(request, http_form(request->http, "check_next"), "/"),
		.error = { "", "" },
	};
	enum err result = check(request);

	if (is_form_error(result)) {
		page.error = field_error_take(request);
		return show_check(request, &page);
	}
	TRY(result);
	/* The same form by the same method (RFC 9110 section 15.4.8). */
	return page.action[0] ? respond_redirect(request, 307, page.action)
			      : respond_redirect(request, 303, page.next);
}
