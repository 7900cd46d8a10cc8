/*
 * The last step of signing in. Who has a second factor gets a cookie that opens the
 * page for the code and nothing else; the session comes after it.
 */
#include "web/sign_in.h"

#include "base/buf.h"
#include "forum/account.h"
#include "forum/second_factor.h"
#include "forum/session.h"
#include "forum/sign_in_step.h"
#include "i18n/i18n.h"
#include "templates/templates.h"
#include "web/gate.h"
#include "web/handlers.h"
#include "web/helpers.h"
#include "web/pages_security.h"
#include "web/passkey.h"
#include "web/respond.h"

#define DEVICE_COOKIE_SECONDS (365 * 24 * 3600)
#define STEP_COOKIE           "second_step"

static enum err create_session(struct request *request, int64_t person_id, const char *by)
{
	const struct session_new session = { .person_id = person_id,
					     .client_address = request->http->client_address,
					     .user_agent = request->http->user_agent,
					     .authenticated_by = by };
	const char *token;

	TRY(session_create(&request->ctx, &session, &token));
	gate_set_cookie(request, "session", token,
			request->ctx.config->site.session_days * 24 * 3600);
	return OK;
}

/* A new session, whatever cookie came with the request. */
static enum err begin_session(struct request *request, int64_t person_id, const char *by)
{
	if (request->session_token[0])
		TRY(session_end(&request->ctx, request->session_token));
	TRY(create_session(request, person_id, by));
	gate_set_cookie(request, "device", account_device_token(&request->ctx, person_id),
			DEVICE_COOKIE_SECONDS);
	return OK;
}

enum err sign_in_renew(struct request *request)
{
	TRY(session_end_all(&request->ctx, request->actor.id, false));
	return create_session(request, request->actor.id, request->actor.authenticated_by);
}

static enum err redirect_to_step(struct request *request, const char *next)
{
	struct buf path;

	buf_init(&path, request->ctx.arena, 16 * 1024);
	buf_text(&path, "/login/second-step?next=");
	buf_url(&path, next);
	return respond_redirect(request, 303, path.data);
}

enum err sign_in(struct request *request, int64_t person_id, const char *by, const char *next,
		 const char *notice)
{
	const char *step;

	TRY(sign_in_step_begin(&request->ctx, person_id, &step));
	if (step) {
		gate_set_cookie(request, STEP_COOKIE, step, SIGN_IN_STEP_MINUTES * 60);
		return redirect_to_step(request, next);
	}
	TRY(begin_session(request, person_id, by));
	respond_notice(request, notice);
	return respond_redirect(request, 303, next);
}

enum err sign_in_at_once(struct request *request, int64_t person_id, const char *by,
			 const char *next)
{
	TRY(begin_session(request, person_id, by));
	gate_set_cookie(request, STEP_COOKIE, "", -1);
	respond_notice(request, "signed_in");
	return respond_redirect(request, 303, next);
}

enum err sign_in_waiting(struct request *request, int64_t *person_id)
{
	const char *token = gate_cookie(request, STEP_COOKIE);
	enum err result;

	*person_id = 0;
	if (!token[0])
		return OK;
	result = sign_in_step_load(&request->ctx, token, person_id);
	if (result == ERR_GONE) {
		error_clear(&request->ctx);
		return OK;
	}
	return result;
}

/* The second step ------------------------------------------------------------------- */

static enum err show_step(struct request *request, int64_t person_id, struct second_step_page *page)
{
	TRY(second_factor_of(&request->ctx, person_id, &page->state));
	page->has_passkeys = page->state.passkey_count > 0 && passkeys_work_here(&request->ctx);
	frame_init(request, &page->frame, _("The second step"));
	template_second_step(&request->response->body, page);
	return OK;
}

/* Without a password before, or too long after it: from the beginning. */
static enum err begin_again(struct request *request, const char *next)
{
	struct buf path;

	error_clear(&request->ctx);
	gate_set_cookie(request, STEP_COOKIE, "", -1);
	buf_init(&path, request->ctx.arena, 16 * 1024);
	buf_text(&path, "/login?next=");
	buf_url(&path, next);
	return respond_redirect(request, request->http->method == HTTP_POST ? 303 : 302, path.data);
}

enum err second_step_show(struct request *request)
{
	struct second_step_page page = {
		.error = { "", "" },
		.next = safe_path(request, http_parameter(request->http, "next"), "/"),
	};
	int64_t person_id;
	enum err result = sign_in_step_load(&request->ctx, gate_cookie(request, STEP_COOKIE),
					    &person_id);

	if (result == ERR_GONE)
		return begin_again(request, page.next);
	TRY(result);
	return show_step(request, person_id, &page);
}

/* A code that was typed, or a passkey of theirs. */
static enum err finish_step(struct request *request, int64_t *person_id, const char **by)
{
	const char *token = gate_cookie(request, STEP_COOKIE);
	struct passkey_answer answer;

	*by = BY_PASSKEY;
	if (passkey_read_answer(request, &answer))
		return sign_in_step_finish_passkey(&request->ctx, token, &answer, person_id);
	return sign_in_step_finish(&request->ctx, token, http_form(request->http, "code"),
				   person_id, by);
}

enum err second_step_post(struct request *request)
{
	struct second_step_page page = {
		.next = safe_path(request, http_form(request->http, "next"), "/"),
	};
	int64_t person_id = 0;
	const char *by;
	enum err result = finish_step(request, &person_id, &by);

	if (result == ERR_GONE)
		return begin_again(request, page.next);
	if (is_form_error(result)) {
		page.error = field_error_take(request);
		return show_step(request, person_id, &page);
	}
	TRY(result);
	return sign_in_at_once(request, person_id, by, page.next);
}
