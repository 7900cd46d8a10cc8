/*
 * Being forgotten: what Meta calls when somebody asks it, the form for those who only
 * commented, the page that tells what became of a request, and the team's list.
 */
#include "base/log.h"
#include "connect/facebook_signed.h"
#include "i18n/i18n.h"
#include "templates/templates.h"
#include "web/handlers.h"
#include "web/helpers.h"
#include "web/respond.h"

/* The callbacks ---------------------------------------------------------------------- */

static enum err take_signed(struct request *request, enum erasure_origin origin,
			    struct facebook_signed *said, const char **code)
{
	if (!facebook_signed_read(&request->ctx, http_form(request->http, "signed_request"), said))
		return fail(&request->ctx, ERR_FORBIDDEN, NULL, NULL);
	return erasure_from_network(&request->ctx, origin, said->user_id, code);
}

/* The address is made from the configuration, never from the request. */
enum err hook_deletion(struct request *request)
{
	struct buf *body = &request->response->body;
	struct facebook_signed said;
	const char *code = "";

	TRY(take_signed(request, ERASURE_CALLBACK, &said, &code));
	request->response->content_type = "application/json; charset=utf-8";
	buf_text(body, "{\"url\":");
	buf_json(body, site_url(request, arena_printf(request->ctx.arena, "/erasure/%s", code)));
	buf_text(body, ",\"confirmation_code\":");
	buf_json(body, code);
	buf_text(body, "}\n");
	return OK;
}

/* Somebody of ours took the app's access back: nothing is deleted, the keys are checked. */
enum err hook_deauthorize(struct request *request)
{
	struct facebook_signed said;
	const char *code = "";

	TRY(take_signed(request, ERASURE_DEAUTHORIZE, &said, &code));
	log_event(LOG_LEVEL_WARNING, "facebook_deauthorized", "id", request->http->request_id,
		  "code", code, NULL);
	return respond_text(request, 200, "text/plain; charset=utf-8", "noted\n");
}

/* The form ---------------------------------------------------------------------------- */

static enum err show_form(struct request *request, struct erasure_ask_page *page)
{
	frame_init(request, &page->frame, _("Have your comments removed"));
	template_erasure_ask(&request->response->body, page);
	return OK;
}

enum err erasure_ask_show(struct request *request)
{
	struct erasure_ask_page page = {
		.address = http_parameter(request->http, "address"),
		.name = "",
		.contact = "",
		.reason = "",
		.error = { "", "" },
	};

	return show_form(request, &page);
}

enum err erasure_ask_post(struct request *request)
{
	const struct http_request *http = request->http;
	struct erasure_ask_page page = {
		.address = http_form(http, "address"),
		.name = http_form(http, "name"),
		.contact = http_form(http, "contact"),
		.reason = http_form(http, "reason"),
	};
	const struct erasure_form form = {
		.address = page.address,
		.name = page.name,
		.contact = page.contact,
		.reason = page.reason,
		.client = http->client_address,
		.form_key = request->form_key,
	};
	const char *code;
	enum err result = erasure_ask(&request->ctx, &form, &code);

	if (is_form_error(result)) {
		page.error = field_error_take(request);
		return show_form(request, &page);
	}
	TRY(result);
	return respond_redirect(request, 303,
				arena_printf(request->ctx.arena, "/erasure/%s", code));
}

enum err erasure_show(struct request *request)
{
	struct erasure_page page;

	TRY(erasure_by_code(&request->ctx, request->slug, &page.erasure));
	frame_init(request, &page.frame, _("Your request to be forgotten"));
	template_erasure_status(&request->response->body, &page);
	return OK;
}

/* The team's list ---------------------------------------------------------------------- */

static enum err show_list(struct request *request, struct erasures_page *page)
{
	TRY(erasure_list(&request->ctx, &page->list));
	frame_init(request, &page->frame, _("Requests to be forgotten"));
	page->frame.section = "admin";
	template_erasures(&request->response->body, page);
	return OK;
}

enum err erasures_show(struct request *request)
{
	struct erasures_page page = { .typed_address = "",
				      .typed_reason = "",
				      .error = { "", "" } };

	return show_list(request, &page);
}

static enum err decide(struct request *request, int64_t id, const struct erasures_page *page)
{
	const char *what = http_form(request->http, "do");

	if (strcmp(what, "erase") == 0)
		return erasure_carry_out(&request->ctx, id, page->typed_address);
	if (strcmp(what, "refuse") == 0)
		return erasure_refuse(&request->ctx, id, page->typed_reason);
	return fail(&request->ctx, ERR_BAD_REQUEST, NULL, NULL);
}

enum err erasures_post(struct request *request)
{
	struct erasures_page page = {
		.typed_address = http_form(request->http, "address"),
		.typed_reason = http_form(request->http, "reason"),
	};
	enum err result;

	TRY(policy_require(&request->ctx, MAY_MANAGE_PEOPLE,
			   &(struct subject){ .now = request->ctx.now }));
	TRY(form_id(request, "request", &page.refused_id));
	result = decide(request, page.refused_id, &page);
	if (result == ERR_INVALID || result == ERR_CONFLICT) {
		page.error = field_error_take(request);
		return show_list(request, &page);
	}
	TRY(result);
	respond_notice(request, strcmp(http_form(request->http, "do"), "erase") == 0
					? "erasing"
					: "erasure_refused");
	return respond_redirect(request, 303, "/admin/erasures");
}
