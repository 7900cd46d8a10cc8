/*
 * Signing up, in and out, confirming an address, forgotten passwords, leaving the
 * mailing. What is said is the same whether an address exists or not.
 */
#include "forum/account.h"
#include "forum/sign_up_guard.h"

#include "forum/passkey.h"
#include "forum/second_factor.h"
#include "forum/session.h"
#include "i18n/i18n.h"
#include "templates/templates.h"
#include "web/gate.h"
#include "web/handlers.h"
#include "web/helpers.h"
#include "web/respond.h"
#include "web/sign_in.h"

static enum err show_message(struct request *request, struct message_page *page)
{
	frame_init(request, &page->frame, page->heading);
	template_message(&request->response->body, page);
	return OK;
}

/* Login ---------------------------------------------------------------------- */

static enum err show_login(struct request *request, struct login_page *page)
{
	page->has_passkeys = passkeys_work_here(&request->ctx);
	frame_init(request, &page->frame, _("Sign in"));
	template_login(&request->response->body, page);
	return OK;
}

enum err login_show(struct request *request)
{
	struct login_page page = {
		.email = "",
		.error = { "", "" },
		.next = safe_path(request, http_parameter(request->http, "next"), "/"),
	};

	if (request->actor.id)
		return respond_redirect(request, 302, page.next);
	return show_login(request, &page);
}

enum err login_post(struct request *request)
{
	const struct credentials credentials = {
		.email = http_form(request->http, "email"),
		.password = http_form(request->http, "password"),
		.client_address = request->http->client_address,
		.device_token = gate_cookie(request, "device"),
	};
	struct login_page page = {
		.email = credentials.email,
		.next = safe_path(request, http_form(request->http, "next"), "/"),
	};
	int64_t person_id;
	enum err result = account_login(&request->ctx, &credentials, &person_id);

	if (is_form_error(result)) {
		page.error = field_error_take(request);
		return show_login(request, &page);
	}
	TRY(result);
	return sign_in(request, person_id, BY_PASSWORD, page.next, "signed_in");
}

enum err logout_post(struct request *request)
{
	if (request->session_token[0])
		TRY(session_end(&request->ctx, request->session_token));
	gate_set_cookie(request, "session", "", -1);
	http_header(request->response, "Clear-Site-Data", "\"cache\"");
	respond_notice(request, "signed_out");
	return respond_redirect(request, 303, "/");
}

/* Sign-up -------------------------------------------------------------------- */

static enum err show_sign_up(struct request *request, struct sign_up_page *page)
{
	page->opened = form_opened(request);
	frame_init(request, &page->frame, _("Create an account"));
	page->frame.description = _(
		"With an account you ask, answer, thank and are told of what is new.");
	template_sign_up(&request->response->body, page);
	return OK;
}

enum err sign_up_show(struct request *request)
{
	struct sign_up_page page = {
		.name = "",
		.email = "",
		.error = { "", "" },
		.next = safe_path(request, http_parameter(request->http, "next"), "/"),
	};

	if (request->actor.id)
		return respond_redirect(request, 302, page.next);
	return show_sign_up(request, &page);
}

static enum err show_sign_up_done(struct request *request, const char *email, const char *next)
{
	bool was_asking = strncmp(next, "/ask", 4) == 0;
	struct message_page page = {
		.heading = _("Look into your mail"),
		.text = arena_printf(
			request->ctx.arena,
			_("We have sent a link to %s. Open it to finish your registration. It is valid for 24 hours."),
			email),
		.link_path = next,
		.link_text = was_asking ? _("Then go on with your question")
					: _("Back to the forum"),
		.is_good_news = true,
	};

	return show_message(request, &page);
}

enum err sign_up_post(struct request *request)
{
	const struct sign_up form = {
		.name = http_form(request->http, "name"),
		.email = http_form(request->http, "email"),
		.password = http_form(request->http, "password"),
		.language = request->ctx.language,
		.has_consented = strcmp(http_form(request->http, "consent"), "1") == 0,
		.client_address = request->http->client_address,
		.form_key = request->form_key,
	};
	struct sign_up_page page = {
		.name = form.name,
		.email = form.email,
		.has_consented = form.has_consented,
		.next = safe_path(request, http_form(request->http, "next"), "/"),
	};
	bool is_trapped;
	enum err result;

	/* A program learns nothing from the answer. */
	TRY(sign_up_is_trapped(&request->ctx, http_form(request->http, "website"), &is_trapped));
	if (is_trapped)
		return show_sign_up_done(request, form.email, page.next);
	result = sign_up_check_time(&request->ctx, form_opened_seconds(request));
	if (result == OK)
		result = account_sign_up(&request->ctx, &form);
	if (is_form_error(result)) {
		page.error = field_error_take(request);
		return show_sign_up(request, &page);
	}
	TRY(result);
	return show_sign_up_done(request, form.email, page.next);
}

/* Links from mails: a GET shows a button, because scanners follow links ---------- */

enum err confirm_show(struct request *request)
{
	struct message_page page = {
		.heading = _("Confirm your address"),
		.text = _("One more click and your address is confirmed."),
		.button_action = "/confirm",
		.button_text = _("Confirm my address"),
		.button_token = http_parameter(request->http, "token"),
		.is_good_news = true,
	};

	return show_message(request, &page);
}

static enum err show_link_is_dead(struct request *request, const char *path, const char *what)
{
	struct message_page page = {
		.heading = _("This link is no longer valid"),
		.text = _("It was used already, or it is too old. You can have a new one sent."),
		.link_path = path,
		.link_text = what,
	};

	error_clear(&request->ctx);
	request->response->status = 410;
	return show_message(request, &page);
}

enum err confirm_post(struct request *request)
{
	int64_t person_id;
	enum err result = account_confirm(&request->ctx, http_form(request->http, "token"),
					  &person_id);

	if (result == ERR_GONE)
		return show_link_is_dead(request, "/settings", _("To your settings"));
	TRY(result);
	return sign_in(request, person_id, BY_MAIL, "/", "confirmed");
}

/* Forgotten password ------------------------------------------------------------- */

static enum err show_reset(struct request *request, struct reset_page *page)
{
	frame_init(request, &page->frame,
		   page->token[0] ? _("Choose a new password") : _("Forgotten password"));
	template_reset(&request->response->body, page);
	return OK;
}

enum err reset_show(struct request *request)
{
	struct reset_page page = { .token = "", .email = "", .error = { "", "" } };

	return show_reset(request, &page);
}

enum err reset_post(struct request *request)
{
	const char *email = http_form(request->http, "email");
	struct reset_page page = { .token = "", .email = email };
	struct message_page done = {
		.heading = _("Look into your mail"),
		.text = _(
			"If this address has an account, a link for choosing a new password is on its way. It is valid for one hour."),
		.link_path = "/login",
		.link_text = _("Back to signing in"),
		.is_good_news = true,
	};
	enum err result = account_ask_reset(&request->ctx, email, request->http->client_address);

	if (is_form_error(result)) {
		page.error = field_error_take(request);
		return show_reset(request, &page);
	}
	TRY(result);
	return show_message(request, &done);
}

enum err reset_set_show(struct request *request)
{
	struct reset_page page = { .token = http_parameter(request->http, "token"),
				   .email = "",
				   .error = { "", "" } };
	enum err result = account_check_reset(&request->ctx, page.token);

	if (result == ERR_GONE)
		return show_link_is_dead(request, "/reset", _("Have a new link sent"));
	TRY(result);
	return show_reset(request, &page);
}

enum err reset_set_post(struct request *request)
{
	struct reset_page page = { .token = http_form(request->http, "token"), .email = "" };
	int64_t person_id;
	enum err result = account_reset(&request->ctx, page.token,
					http_form(request->http, "password"), &person_id);

	if (result == ERR_GONE)
		return show_link_is_dead(request, "/reset", _("Have a new link sent"));
	if (is_form_error(result)) {
		page.error = field_error_take(request);
		return show_reset(request, &page);
	}
	TRY(result);
	return sign_in(request, person_id, BY_MAIL, "/", "password");
}

/* No more mails --------------------------------------------------------------------- */

enum err unsubscribe_show(struct request *request)
{
	struct message_page page = {
		.heading = _("No more mails?"),
		.text = _("You will still see your notifications on the site."),
		.button_action = arena_printf(request->ctx.arena, "/unsubscribe?%s",
					      request->http->query),
		.button_text = _("Stop the mails"),
		.button_token = "",
		.is_good_news = true,
	};

	return show_message(request, &page);
}

/* The person and proof stand in the address; also what RFC 8058's button posts to. */
enum err unsubscribe_post(struct request *request)
{
	struct message_page page = {
		.heading = _("You will get no more mails"),
		.text = _("You can change that at any time in your settings."),
		.link_path = "/settings",
		.link_text = _("To your settings"),
		.is_good_news = true,
	};
	int64_t person_id;

	TRY(query_number(request, "person", 0, &person_id));
	TRY(account_unsubscribe(&request->ctx, person_id, http_parameter(request->http, "token")));
	return show_message(request, &page);
}
