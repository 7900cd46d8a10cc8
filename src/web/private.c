/*
 * /private: what the team and whoever asked say to each other in private; the team's list
 * is /desk/private. Both sides have the same page, which is nobody else's.
 */
#include "forum/post.h"
#include "forum/site_setting.h"
#include "i18n/i18n.h"
#include "templates/templates.h"
#include "web/desk_house.h"
#include "web/files.h"
#include "web/handlers.h"
#include "web/helpers.h"
#include "web/pages_private.h"
#include "web/respond.h"

static const char *own_path(struct request *request)
{
	return arena_printf(request->ctx.arena, "/private/%lld", (long long)request->id);
}

/* Lists ------------------------------------------------------------------------------------ */

/* "?topic=12": where mails and notifications lead. */
static enum err lead_on(struct request *request, bool *is_done)
{
	int64_t topic_id, id;

	*is_done = false;
	TRY(query_number(request, "topic", 0, &topic_id));
	if (!topic_id)
		return OK;
	TRY(private_of_topic(&request->ctx, topic_id, &id));
	if (!id)
		return OK;
	*is_done = true;
	return respond_redirect(request, 302,
				arena_printf(request->ctx.arena, "/private/%lld", (long long)id));
}

enum err private_list_show(struct request *request)
{
	struct private_list_page page = { .house = NULL };
	int64_t before_id;
	bool is_done;

	TRY(lead_on(request, &is_done));
	if (is_done)
		return OK;
	TRY(query_number(request, "before", 0, &before_id));
	TRY(private_list_own(&request->ctx, before_id, &page.list));
	frame_init(request, &page.frame, _("Private exchanges"));
	template_private_list(&request->response->body, &page);
	return OK;
}

enum err desk_private_show(struct request *request)
{
	struct private_list_page page = { .house = desk_house_of(request) };

	TRY(private_list_open(&request->ctx, &page.list));
	frame_init(request, &page.frame, _("Private exchanges"));
	page.frame.section = "desk";
	template_private_list(&request->response->body, &page);
	return OK;
}

/* One --------------------------------------------------------------------------------------- */

static const struct private_page empty = {
	.body_md = "",
	.summary_md = "",
	.reason = "",
	.error = { "", "" },
};

static enum err show(struct request *request, struct private_page *page)
{
	int64_t before_id;

	TRY(query_number(request, "before", 0, &before_id));
	TRY(private_load(&request->ctx, request->id, before_id, &page->view));
	page->topic_path = topic_path(request->ctx.arena, page->view.exchange.topic_id,
				      page->view.exchange.topic_title);
	page->keep_days = site_number(SITE_DESK_PRIVATE_DAYS);
	frame_init(request, &page->frame, page->view.exchange.topic_title);
	page->frame.path = own_path(request);
	page->frame.section = page->view.exchange.is_asker ? "" : "desk";
	template_private(&request->response->body, page);
	return OK;
}

enum err private_show(struct request *request)
{
	struct private_page page = empty;

	return show(request, &page);
}

/* Acting ------------------------------------------------------------------------------------ */

static void take_typed(struct request *request, struct private_page *page)
{
	page->body_md = http_form(request->http, "body");
	page->summary_md = http_form(request->http, "summary");
	page->reason = http_form(request->http, "reason");
}

static enum err do_write(struct request *request)
{
	struct attachment_uploads files = files_of_form(request, ATTACHMENTS_OF_MESSAGE);

	return private_write_with(&request->ctx, request->id, http_form(request->http, "body"),
				  &files, request->form_key);
}

static enum err do_take(struct request *request)
{
	return private_take(&request->ctx, request->id, request->form_key);
}

static enum err close_it(struct request *request, bool is_silent)
{
	return private_close(&request->ctx,
			     &(struct private_closing){
				     .id = request->id,
				     .is_silent = is_silent,
				     .summary_md = http_form(request->http, "summary"),
				     .reason = http_form(request->http, "reason"),
				     .form_key = request->form_key,
			     });
}

static enum err do_close(struct request *request)
{
	return close_it(request, false);
}

static enum err do_close_silently(struct request *request)
{
	return close_it(request, true);
}

static const struct {
	const char *word;
	enum err (*run)(struct request *request);
	const char *notice;
} acts[] = {
	{ "take", do_take, "private_taken" },
	{ "close", do_close, "private_closed" },
	{ "close_silently", do_close_silently, "private_closed" },
};

static enum err show_preview(struct request *request)
{
	struct private_page page = empty;

	take_typed(request, &page);
	if (page.summary_md[0]) {
		TRY(post_render(&request->ctx, "summary", page.summary_md, &page.preview));
		page.has_preview = true;
	}
	return show(request, &page);
}

static enum err show_refused(struct request *request)
{
	struct private_page page = empty;

	page.error = field_error_take(request);
	take_typed(request, &page);
	return show(request, &page);
}

/* Whoever answers at the desk goes back there. */
static const char *path_after(struct request *request)
{
	int64_t topic_id;

	if (form_id(request, "desk", &topic_id) != OK || !topic_id)
		return own_path(request);
	return arena_printf(request->ctx.arena, "/desk/%lld", (long long)topic_id);
}

static enum err run(struct request *request, enum err (*act)(struct request *request),
		    const char *notice)
{
	enum err result = act(request);

	if (is_form_error(result))
		return show_refused(request);
	TRY(result);
	respond_notice(request, notice);
	return respond_redirect(request, 303, path_after(request));
}

/* A path of its own, for it may bring files. */
enum err private_message_post(struct request *request)
{
	return run(request, do_write, "private_said");
}

enum err private_post(struct request *request)
{
	const char *word = http_form(request->http, "do");

	if (http_form(request->http, "preview")[0])
		return show_preview(request);
	for (size_t i = 0; i < ARRAY_COUNT(acts); i++) {
		if (strcmp(acts[i].word, word) == 0)
			return run(request, acts[i].run, acts[i].notice);
	}
	return fail(&request->ctx, ERR_BAD_REQUEST, NULL, NULL);
}
