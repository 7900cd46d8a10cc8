/*
 * One's own settings, sessions and notifications.
 */
#include "forum/account.h"
#include "forum/notification.h"
#include "forum/session.h"
#include "i18n/i18n.h"
#include "templates/templates.h"
#include "web/gate.h"
#include "web/handlers.h"
#include "web/helpers.h"
#include "web/respond.h"
#include "web/sign_in.h"

static enum err show_settings(struct request *request, struct settings_page *page)
{
	struct ctx *ctx = &request->ctx;

	TRY(person_load(ctx, request->actor.id, &page->person));
	TRY(session_list(ctx, &page->sessions, &page->session_count));
	if (!page->bio_md)
		page->bio_md = page->person.bio_md;
	frame_init(request, &page->frame, _("Your settings"));
	template_settings(&request->response->body, page);
	return OK;
}

/* A refused form: the page again, with the sentence at its field. */
static enum err finish(struct request *request, struct settings_page *page, enum err result,
		       const char *notice)
{
	if (is_form_error(result)) {
		page->error = field_error_take(request);
		return show_settings(request, page);
	}
	TRY(result);
	respond_notice(request, notice);
	return respond_redirect(request, 303, "/settings");
}

enum err settings_show(struct request *request)
{
	struct settings_page page = { .form = "", .new_email = "", .error = { "", "" } };

	return show_settings(request, &page);
}

enum err settings_profile_post(struct request *request)
{
	const struct person_changes changes = {
		.language = http_form(request->http, "language"),
		.bio_md = http_form(request->http, "bio"),
		.wants_mail = strcmp(http_form(request->http, "wants_mail"), "1") == 0,
		.is_minor = strcmp(http_form(request->http, "is_minor"), "1") == 0,
	};
	struct settings_page page = { .form = "profile",
				      .new_email = "",
				      .bio_md = changes.bio_md };

	return finish(request, &page, person_update(&request->ctx, &changes), "settings");
}

enum err settings_email_post(struct request *request)
{
	const char *email = http_form(request->http, "email");
	struct settings_page page = { .form = "email", .new_email = email };

	return finish(
		request, &page,
		account_change_email(&request->ctx, http_form(request->http, "password"), email),
		"email_sent");
}

enum err settings_password_post(struct request *request)
{
	struct settings_page page = { .form = "password", .new_email = "" };
	enum err result = account_change_password(&request->ctx,
						  http_form(request->http, "password"),
						  http_form(request->http, "new_password"));

	/* The session in hand is replaced too: its rights are those of the new password. */
	if (result == OK)
		result = sign_in_renew(request);
	return finish(request, &page, result, "password");
}

enum err settings_sessions_post(struct request *request)
{
	int64_t id;

	TRY(form_id(request, "session", &id));
	if (id) {
		TRY(session_end_one(&request->ctx, id));
		respond_notice(request, "session_ended");
		return respond_redirect(request, 303, "/settings");
	}
	TRY(session_end_all(&request->ctx, request->actor.id, false));
	gate_set_cookie(request, "session", "", -1);
	respond_notice(request, "sessions_ended");
	return respond_redirect(request, 303, "/login");
}

enum err settings_resend_post(struct request *request)
{
	struct settings_page page = { .form = "email", .new_email = "" };

	return finish(request, &page, account_resend_confirmation(&request->ctx), "resent");
}

enum err notifications_show(struct request *request)
{
	struct notifications_page page = { .next_path = "" };
	int64_t before;

	TRY(query_number(request, "before", 0, &before));
	TRY(notification_list(&request->ctx, before, &page.list));
	if (page.list.has_more)
		page.next_path = arena_printf(request->ctx.arena, "/notifications?before=%lld",
					      (long long)page.list.next);
	frame_init(request, &page.frame, _("Notifications"));
	template_notifications(&request->response->body, &page);
	return OK;
}

enum err notifications_read_post(struct request *request)
{
	TRY(notification_read_all(&request->ctx));
	respond_notice(request, "read");
	return respond_redirect(request, 303, "/notifications");
}
