/*
 * Being asked to agree to the charter again.
 */
#include "web/consent.h"

#include "base/buf.h"
#include "base/slice.h"
#include "forum/consent.h"
#include "i18n/i18n.h"
#include "templates/templates.h"
#include "web/handlers.h"
#include "web/helpers.h"
#include "web/pages_texts.h"
#include "web/respond.h"
#include "web/routes.h"
#include "web/texts.h"

#define AGREE_PATH "/charter/agree"

/* Routes with texts that must not be lost; policy.c refuses all others by itself. */
static bool is_writing(const struct request *request)
{
	static const char *const names[] = { "ask", "answer", "comment", "edit" };

	for (size_t i = 0; request->route && i < ARRAY_COUNT(names); i++)
		if (strcmp(request->route->name, names[i]) == 0)
			return true;
	return false;
}

static bool is_asked(const struct request *request)
{
	return request->actor.id && request->actor.lacks_consent && is_writing(request);
}

static enum err agree(struct request *request)
{
	int64_t publication_id;

	TRY(form_id(request, "agree", &publication_id));
	TRY(consent_give(&request->ctx, publication_id));
	request->actor.lacks_consent = false;
	return OK;
}

enum err consent_check(struct request *request)
{
	if (request->http->method != HTTP_POST || !is_asked(request))
		return OK;
	if (http_form(request->http, "agree")[0])
		return agree(request);
	return fail(&request->ctx, ERR_FORBIDDEN, "charter", "%s",
		    _("The charter has changed. Read it and say whether you agree: then you can "
		      "write again."));
}

/* All that was sent, but for what belongs to the form itself. */
static void keep_form(struct request *request, struct agree_page *page)
{
	const struct http_pairs *form = &request->http->form;

	page->kept = arena_array_of(request->ctx.arena, form->count + 1, struct kept_pair);
	for (size_t i = 0; i < form->count; i++) {
		const char *name = form->items[i].name;

		if (strcmp(name, "csrf") == 0 || strcmp(name, "key") == 0 ||
		    strcmp(name, "agree") == 0)
			continue;
		page->kept[page->kept_count++] = (struct kept_pair){ name, form->items[i].value };
	}
}

static enum err show(struct request *request, struct agree_page *page)
{
	struct text_shown text;

	TRY(text_load(request, "charter", &text));
	page->heading = text.heading[0] ? text.heading : _("Community charter");
	page->body = text.body;
	page->language = text.language;
	page->publication_id = text.publication_id;
	frame_init(request, &page->frame, _("The charter has changed"));
	template_agree(&request->response->body, page);
	return OK;
}

static const char *agree_path(struct request *request)
{
	struct buf path;

	buf_init(&path, request->ctx.arena, 16 * 1024);
	buf_text(&path, AGREE_PATH "?next=");
	buf_url(&path, present_path(request));
	return path.data;
}

/* Not just any refusal: a form that another site made must not be offered for sending. */
static bool is_refused_here(const struct request *request)
{
	const char *field = request->ctx.error.field;

	return field && (strcmp(field, "charter") == 0 || strcmp(field, "agree") == 0);
}

bool consent_answer(struct request *request, enum err code)
{
	struct agree_page page = { .action = request->http->path, .next = "", .error = { "", "" } };

	if (!is_asked(request))
		return false;
	if (request->http->method != HTTP_POST)
		return code == ERR_FORBIDDEN &&
		       respond_redirect(request, 302, agree_path(request)) == OK;
	if (!is_refused_here(request))
		return false;
	if (code == ERR_CONFLICT)
		page.error = (struct field_error){ "", request->ctx.error.message };
	keep_form(request, &page);
	return show(request, &page) == OK;
}

enum err charter_agree_show(struct request *request)
{
	struct agree_page page = { .action = AGREE_PATH, .error = { "", "" } };

	page.next = safe_path(request, http_parameter(request->http, "next"), "/");
	return show(request, &page);
}

enum err charter_agree_post(struct request *request)
{
	struct agree_page page = { .action = AGREE_PATH, .error = { "", "" } };
	enum err result = agree(request);

	page.next = safe_path(request, http_form(request->http, "next"), "/");
	if (result == ERR_CONFLICT) {
		page.error = field_error_take(request);
		return show(request, &page);
	}
	TRY(result);
	respond_notice(request, "agreed");
	return respond_redirect(request, 303, page.next);
}
