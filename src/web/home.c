/*
 * The home page, the language switch and the brand's own texts.
 */
#include "base/log.h"
#include "db/db.h"
#include "forum/helpers.h"
#include "templates/templates.h"
#include "text/excerpt.h"
#include "web/gate.h"
#include "web/handlers.h"
#include "web/helpers.h"
#include "web/respond.h"
#include "web/site_data.h"
#include "web/texts.h"

#define HOME_TOPICS     8
#define HOME_UNANSWERED 5

enum err home_show(struct request *request)
{
	struct ctx *ctx = &request->ctx;
	const struct topic_query newest = { .filter = FILTER_NEW, .limit = HOME_TOPICS };
	const struct topic_query unanswered = { .filter = FILTER_UNANSWERED,
						.limit = HOME_UNANSWERED };
	struct rows categories, pinned_rows, new_rows, unanswered_rows, helpers;
	struct home_page page = { 0 };

	category_add_all(ctx, &categories);
	topic_pinned_add(ctx, 0, &pinned_rows);
	topic_list_add(ctx, &newest, &new_rows);
	topic_list_add(ctx, &unanswered, &unanswered_rows);
	helpers_add(ctx, &helpers);
	TRY(db_run(ctx));
	category_read_all(ctx, &categories, &page.categories);
	topic_pinned_read(ctx, &pinned_rows, &page.pinned);
	topic_list_read(ctx, &newest, &new_rows, &page.newest);
	topic_pinned_leave_out(&page.newest, &page.pinned);
	topic_list_read(ctx, &unanswered, &unanswered_rows, &page.unanswered);
	helpers_read(ctx, &helpers, &page.helpers, &page.helper_count);

	frame_init(request, &page.frame, "");
	page.frame.section = "home";
	page.frame.is_indexable = true;
	page.frame.canonical = site_url(request, "/");
	page.frame.feed_path = arena_printf(request->ctx.arena, "/questions/feed?lang=%s",
					    request->ctx.language);
	page.frame.description = _(
		"Ask your question, find the answer of other customers and of our advisors.");
	page.frame.data = home_data(request, &page.frame);
	template_home(&request->response->body, &page);
	return OK;
}

enum err language_set(struct request *request)
{
	const char *language = http_form(request->http, "language");

	if (!i18n_is_supported(language))
		return fail(&request->ctx, ERR_BAD_REQUEST, NULL, NULL);
	if (request->actor.id)
		TRY(person_set_language(&request->ctx, language));
	gate_set_cookie(request, "language", language, 365 * 24 * 3600);
	return respond_redirect(request, 303, back_path(request, "/"));
}

static enum err show_text(struct request *request, const char *name, const char *heading)
{
	struct text_page page = { .heading = heading };
	struct text_shown text;

	TRY(text_load(request, name, &text));
	if (text.heading[0])
		page.heading = text.heading;
	page.body = text.body;
	page.language = text.language;
	frame_init(request, &page.frame, page.heading);
	page.frame.is_indexable = true;
	page.frame.canonical = site_url(request, request->http->path);
	page.frame.description = excerpt_of_html(request->ctx.arena, page.body, EXCERPT_OF_HEAD);
	template_text_page(&request->response->body, &page);
	return OK;
}

enum err text_charter(struct request *request)
{
	return show_text(request, "charter", _("Community charter"));
}

enum err text_about(struct request *request)
{
	return show_text(request, "about", _("About this community"));
}

enum err text_legal(struct request *request)
{
	return show_text(request, "legal", _("Legal notice and privacy"));
}

/* A page that administrators made. */
enum err text_free(struct request *request)
{
	return show_text(request, request->slug, request->slug);
}
