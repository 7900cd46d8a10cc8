/*
 * Legal notices: the form for anybody, the page that says what became of one, and the
 * team's list. They are decided in the queue (moderation_item.c).
 */
#include "web/pages_legal.h"

#include "forum/policy.h"
#include "i18n/i18n.h"
#include "templates/templates.h"
#include "web/handlers.h"
#include "web/helpers.h"
#include "web/respond.h"

static enum err show_form(struct request *request, struct notice_form_page *page,
			  const char *chosen)
{
	for (int i = 0; i < NOTICE_CATEGORY_COUNT; i++) {
		const char *name = notice_category_text((enum notice_category)i);

		page->categories[i] = (struct notice_choice){
			.name = name,
			.label = notice_category_label((enum notice_category)i),
			.is_chosen = strcmp(chosen, name) == 0,
		};
	}
	frame_init(request, &page->frame, _("Report illegal content"));
	template_notice_form(&request->response->body, page);
	return OK;
}

/* From a post's own page its address is there already. */
enum err notice_form_show(struct request *request)
{
	const char *path = http_parameter(request->http, "address");
	struct notice_form_page page = {
		.addresses = path[0] == '/' && path[1] != '/' ? site_url(request, path) : "",
		.explanation = "",
		.name = "",
		.email = "",
		.error = { "", "" },
	};

	return show_form(request, &page, "");
}

enum err notice_form_post(struct request *request)
{
	const struct http_request *http = request->http;
	const struct notice_form form = {
		.addresses = http_form(http, "addresses"),
		.category = http_form(http, "category"),
		.explanation = http_form(http, "explanation"),
		.name = http_form(http, "name"),
		.email = http_form(http, "email"),
		.is_in_good_faith = strcmp(http_form(http, "faith"), "1") == 0,
		.trap = http_form(http, "trap"),
		.client = http->client_address,
		.form_key = request->form_key,
	};
	struct notice_form_page page = {
		.addresses = form.addresses,
		.explanation = form.explanation,
		.name = form.name,
		.email = form.email,
		.is_in_good_faith = form.is_in_good_faith,
	};
	const char *code = "";
	enum err result = notice_create(&request->ctx, &form, &code);

	if (is_form_error(result)) {
		page.error = field_error_take(request);
		return show_form(request, &page, form.category);
	}
	TRY(result);
	respond_notice(request, "notice_received");
	return respond_redirect(request, 303,
				arena_printf(request->ctx.arena, "/legal/notice/%s", code));
}

static enum err show_status(struct request *request, struct notice_page *page)
{
	TRY(notice_by_code(&request->ctx, request->slug, &page->notice));
	frame_init(request, &page->frame, _("Your legal notice"));
	template_notice_status(&request->response->body, page);
	return OK;
}

enum err notice_status_show(struct request *request)
{
	struct notice_page page = { .text = "", .error = { "", "" } };

	return show_status(request, &page);
}

enum err notice_complaint_post(struct request *request)
{
	const char *text = http_form(request->http, "text");
	enum err result = notice_complain(&request->ctx, request->slug, text, request->form_key);

	if (is_form_error(result)) {
		struct notice_page page = { .text = text, .error = field_error_take(request) };

		return show_status(request, &page);
	}
	TRY(result);
	respond_notice(request, "complained");
	return respond_redirect(
		request, 303, arena_printf(request->ctx.arena, "/legal/notice/%s", request->slug));
}

/* The team's list ------------------------------------------------------------------------ */

enum err notices_show(struct request *request)
{
	struct notices_page page = { .next_path = "" };
	int64_t after_id;

	TRY(query_number(request, "after", 0, &after_id));
	TRY(notice_list(&request->ctx, after_id, &page.list));
	if (page.list.has_more)
		page.next_path = arena_printf(request->ctx.arena, "/mod/notices?after=%lld",
					      (long long)page.list.items[page.list.count - 1].id);
	frame_init(request, &page.frame, _("All legal notices"));
	page.frame.section = "mod";
	template_legal_notices(&request->response->body, &page);
	return OK;
}

enum err notices_post(struct request *request)
{
	const struct subject nothing = { .now = request->ctx.now };
	const char *what = http_form(request->http, "do");
	int64_t id;

	TRY(policy_require(&request->ctx, MAY_MODERATE, &nothing));
	TRY(form_id(request, "id", &id));
	if (strcmp(what, "take_up") == 0)
		TRY(notice_take_up(&request->ctx, id, request->form_key));
	else if (strcmp(what, "hear") == 0)
		TRY(notice_end_suspension(&request->ctx, id, request->form_key));
	else
		return fail(&request->ctx, ERR_BAD_REQUEST, NULL, NULL);
	respond_notice(request, strcmp(what, "hear") == 0 ? "notifier_heard" : "notice_taken_up");
	return respond_redirect(request, 303, "/mod/notices");
}
