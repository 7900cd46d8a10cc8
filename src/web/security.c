/*
 * /settings/security: two-step sign-in is set up, renewed and taken off here. Recovery
 * codes are in the answer to the form that made them, and nowhere else. Passkeys stand
 * on the same page; passkey.c has their forms.
 */
#include "base/buf.h"
#include "forum/second_factor.h"
#include "i18n/i18n.h"
#include "templates/templates.h"
#include "text/qr.h"
#include "web/handlers.h"
#include "web/helpers.h"
#include "web/pages_security.h"
#include "web/passkey.h"
#include "web/respond.h"

enum err security_page_show(struct request *request, struct security_page *page)
{
	struct ctx *ctx = &request->ctx;

	TRY(second_factor_load(ctx, &page->state));
	TRY(passkey_list(ctx, &page->passkeys, &page->passkey_count));
	page->passkeys_work = passkeys_work_here(ctx);
	page->qr_path = "";
	if (page->state.is_setting_up && !page->codes) {
		TRY(second_factor_setup(ctx, &page->setup));
		page->qr_path = qr_path(ctx->arena, page->setup.uri, &page->qr_size);
	}
	frame_init(request, &page->frame, _("Two-step sign-in"));
	template_security(&request->response->body, page);
	return OK;
}

enum err security_show(struct request *request)
{
	struct security_page page = {
		.next = safe_path(request, http_parameter(request->http, "next"), ""),
		.passkey_name = "",
		.error = { "", "" },
	};

	return security_page_show(request, &page);
}

static enum err go_back(struct request *request)
{
	const char *next = safe_path(request, http_form(request->http, "next"), "");
	struct buf path;

	buf_init(&path, request->ctx.arena, 16 * 1024);
	buf_text(&path, "/settings/security");
	if (next[0]) {
		buf_text(&path, "?next=");
		buf_url(&path, next);
	}
	return respond_redirect(request, 303, path.data);
}

enum err security_begin_post(struct request *request)
{
	TRY(second_factor_begin(&request->ctx));
	return go_back(request);
}

/* Where there are codes they are shown now; else on to where the person was going. */
enum err security_page_finish(struct request *request, struct security_page *page, enum err result,
			      const char *notice)
{
	if (is_form_error(result)) {
		page->error = field_error_take(request);
		return security_page_show(request, page);
	}
	TRY(result);
	if (page->codes) {
		page->code_count = RECOVERY_CODE_COUNT;
		return security_page_show(request, page);
	}
	respond_notice(request, notice);
	if (page->next[0])
		return respond_redirect(request, 303, page->next);
	return go_back(request);
}

enum err security_confirm_post(struct request *request)
{
	struct security_page page = {
		.next = safe_path(request, http_form(request->http, "next"), ""),
		.passkey_name = "",
		.error = { "", "" },
	};

	return security_page_finish(
		request, &page,
		second_factor_confirm(&request->ctx, http_form(request->http, "code"), &page.codes),
		"second_factor");
}

enum err security_codes_post(struct request *request)
{
	struct security_page page = { .next = "", .passkey_name = "", .error = { "", "" } };

	return security_page_finish(request, &page,
				    second_factor_new_codes(&request->ctx, &page.codes),
				    "second_factor");
}

enum err security_remove_post(struct request *request)
{
	struct security_page page = { .next = "", .passkey_name = "", .error = { "", "" } };
	enum err result = second_factor_remove(&request->ctx);

	if (is_form_error(result)) {
		page.error = field_error_take(request);
		return security_page_show(request, &page);
	}
	TRY(result);
	respond_notice(request, "second_factor_off");
	return respond_redirect(request, 303, "/settings/security");
}
