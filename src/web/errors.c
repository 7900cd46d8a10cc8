/*
 * From an enum err to an error page: its status, its words, and whatever the
 * person had typed, so that it can be copied rather than lost.
 */
#include "web/respond.h"

#include "base/log.h"
#include "i18n/i18n.h"
#include "templates/templates.h"
#include "web/consent.h"
#include "web/gate.h"
#include "web/helpers.h"
#include "web/routes.h"

static const struct error_text {
	enum err code;
	int status;
	const char *heading, *message, *advice;
} error_texts[] = {
	{ ERR_BAD_REQUEST, 400, N_("This request could not be read"),
	  N_("Something in the address or in what was sent is not as it should be."),
	  N_("Check the address, or go back and try again.") },
	{ ERR_UNAUTHENTICATED, 401, N_("Please sign in first"),
	  N_("You are not signed in, or your session has ended."),
	  N_("Sign in, then send it again.") },
	{ ERR_FORBIDDEN, 403, N_("This is not open to you"),
	  N_("You do not have the right to see or do this."),
	  N_("If you think you should, write to us.") },
	{ ERR_NOT_FOUND, 404, N_("There is nothing here"),
	  N_("This page does not exist, or no longer."),
	  N_("Search for what you need, or start from the home page.") },
	{ ERR_METHOD, 405, N_("That cannot be done here"),
	  N_("This address exists, but not for what was asked of it."),
	  N_("Go back and use the page's own buttons.") },
	{ ERR_CONFLICT, 409, N_("Somebody was faster"),
	  N_("This was changed by somebody else in the meantime."),
	  N_("Look at the present version, then try again.") },
	{ ERR_GONE, 410, N_("This was taken away"),
	  N_("It was here once, and was withdrawn by its author or by a moderator."),
	  N_("Search for what you need, or start from the home page.") },
	{ ERR_TOO_LARGE, 413, N_("That is too much at once"),
	  N_("What you sent is larger than we can accept."), N_("Shorten it, and send it again.") },
	{ ERR_UNSUPPORTED, 415, N_("This kind of content is not accepted"),
	  N_("What was sent is of a kind that this page cannot read."),
	  N_("Go back and use the page's own form.") },
	{ ERR_INVALID, 422, N_("Something needs your attention"),
	  N_("What was sent could not be accepted as it is."),
	  N_("Go back, correct it, and send it again.") },
	{ ERR_THROTTLED, 429, N_("A little too fast"),
	  N_("That was done many times in a short while."), N_("Wait a moment, then try again.") },
	{ ERR_INTERNAL, 500, N_("Something went wrong on our side"),
	  N_("The page could not be made. This has been recorded, and we will look at it."),
	  N_("Try again in a moment. If it keeps happening, tell us the number below.") },
	{ ERR_UNAVAILABLE, 503, N_("We will be right back"),
	  N_("The forum is not reachable for a moment."),
	  N_("Nothing is lost. Try again in a few seconds.") },
};

static const struct error_text *error_text(enum err code)
{
	for (size_t i = 0; i < ARRAY_COUNT(error_texts); i++)
		if (error_texts[i].code == code)
			return &error_texts[i];
	return error_text(ERR_INTERNAL);
}

int err_status(enum err code)
{
	return error_text(code)->status;
}

/* The address of a machine's interface, which wants words it can read. */
static bool wants_json(const struct request *request)
{
	const char *path = request->http->path;

	return strncmp(path, "/api/", 5) == 0 || strncmp(path, "/hooks/", 7) == 0 ||
	       strcmp(path, "/search/suggest") == 0;
}

static void respond_error_json(struct request *request, const struct error_text *text,
			       const char *message)
{
	struct buf *body = &request->response->body;

	/* RFC 9457, problem details, with two members of ours at the end. */
	request->response->content_type = "application/problem+json";
	buf_printf(body, "{\"status\":%d,\"title\":", text->status);
	buf_json(body, _(text->heading));
	buf_text(body, ",\"detail\":");
	buf_json(body, message);
	buf_text(body, ",\"request_id\":");
	buf_json(body, request->http->request_id);
	if (request->ctx.error.field) {
		buf_text(body, ",\"field\":");
		buf_json(body, request->ctx.error.field);
	}
	buf_text(body, "}\n");
}

/* What nginx refused (then there is a route, /_error/405) is known to no path. */
static const char *allowed_methods(struct request *request)
{
	return request->route ? "GET, HEAD, POST" : route_methods(request);
}

static int retry_after(const struct request *request, enum err code)
{
	if (request->ctx.error.retry_after_seconds > 0)
		return request->ctx.error.retry_after_seconds;
	return code == ERR_UNAVAILABLE ? 5 : code == ERR_THROTTLED ? 60 : 0;
}

static void log_error(struct request *request, enum err code)
{
	log_event(err_status(code) >= 500 ? LOG_LEVEL_ERROR : LOG_LEVEL_INFO, "error", "id",
		  request->http->request_id, "error", err_name(code), "path", request->http->path,
		  "constraint", request->ctx.error.constraint, "details",
		  request->ctx.error.details, NULL);
}

/* What was typed, under whatever name its form has for it. */
static const char *typed_text(const struct request *request)
{
	const char *body = http_form(request->http, "body");

	return body[0] ? body : http_form(request->http, "bio");
}

static void render_error(struct request *request, enum err code, const char *message)
{
	const struct error_text *text = error_text(code);
	struct error_page page = {
		.status = text->status,
		.heading = _(text->heading),
		.message = message,
		.advice = _(text->advice),
		.retry_after_seconds = retry_after(request, code),
		.kept_title = http_form(request->http, "title"),
		.kept_body = typed_text(request),
		.shows_login = code == ERR_UNAUTHENTICATED,
	};

	frame_init(request, &page.frame, page.heading);
	template_error_page(&request->response->body, &page);
}

/*
 * Where to go on after signing in: the page asked for; after a button, the page
 * that it stood on, or what it is about ("/p/12" for "/p/12/thank").
 */
static const char *path_after_login(struct request *request)
{
	const struct http_request *http = request->http;
	size_t parent = (size_t)(strrchr(http->path, '/') - http->path);

	if (http->method != HTTP_POST)
		return present_path(request);
	return back_path(request,
			 parent > 0 ? arena_strndup(request->ctx.arena, http->path, parent) : "/");
}

static void redirect_to(struct request *request, const char *page)
{
	struct buf path;

	buf_init(&path, request->ctx.arena, 16 * 1024);
	buf_printf(&path, "%s?next=", page);
	buf_url(&path, path_after_login(request));
	(void)respond_redirect(request, request->http->method == HTTP_POST ? 303 : 302, path.data);
}

static bool is_about(const struct request *request, const char *field)
{
	return request->ctx.error.field && strcmp(request->ctx.error.field, field) == 0;
}

void respond_error(struct request *request, enum err code)
{
	const struct error_text *text = error_text(code);
	const char *message = request->ctx.error.message ? request->ctx.error.message
							 : _(text->message);
	bool has_text = typed_text(request)[0] != '\0';
	int seconds = retry_after(request, code);

	log_error(request, code);
	buf_clear(&request->response->body);
	request->response->status = text->status;
	request->response->content_type = "text/html; charset=utf-8";
	if (seconds > 0)
		http_header(request->response, "Retry-After",
			    arena_printf(request->ctx.arena, "%d", seconds));
	if (code == ERR_METHOD)
		http_header(request->response, "Allow", allowed_methods(request));
	if (code == ERR_UNAUTHENTICATED && !has_text && !wants_json(request)) {
		redirect_to(request, "/login");
		return;
	}
	if (is_about(request, "second_factor") && !has_text && !wants_json(request)) {
		redirect_to(request, "/settings/security");
		return;
	}
	if (!wants_json(request) && consent_answer(request, code))
		return;
	if (wants_json(request))
		respond_error_json(request, text, message);
	else
		render_error(request, code, message);
}
