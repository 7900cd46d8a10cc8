/*
 * /desk/panels: panels for the team: making them, whom to invite, who is in them.
 */
#include "forum/panel.h"

#include "base/slice.h"
#include "forum/policy.h"
#include "i18n/i18n.h"
#include "templates/templates.h"
#include "web/desk_house.h"
#include "web/handlers.h"
#include "web/helpers.h"
#include "web/pages_panels.h"
#include "web/respond.h"
#include "web/topic_acts.h"

#define PAGE "/desk/panels"

static const char *panel_path(struct request *request, int64_t id)
{
	return arena_printf(request->ctx.arena, PAGE "/%lld", (long long)id);
}

enum err desk_panels_show(struct request *request)
{
	struct desk_panels_page page = { .house = desk_house_of(request) };

	TRY(panel_list(&request->ctx, &page.list));
	frame_init(request, &page.frame, _("Panels"));
	page.frame.section = "desk";
	template_desk_panels(&request->response->body, &page);
	return OK;
}

/* Making and changing ----------------------------------------------------------------------- */

static enum err show_form(struct request *request, struct desk_panel_form_page *page)
{
	struct ctx *ctx = &request->ctx;

	TRY(policy_require(ctx, MAY_RUN_PANELS, &(struct subject){ .now = ctx->now }));
	TRY(category_list(ctx, &page->categories));
	TRY(badge_list(ctx, &page->badges));
	TRY(ladder_load(ctx, 0, &page->ladder));
	page->house = desk_house_of(request);
	frame_init(request, &page->frame, request->id ? _("Change the panel") : _("New panel"));
	page->frame.section = "desk";
	template_desk_panel_form(&request->response->body, page);
	return OK;
}

enum err desk_panel_form_show(struct request *request)
{
	struct desk_panel_form_page page = {
		.form = { .title = "",
			  .purpose_md = "",
			  .is_anonymous = true,
			  .criteria = { .least_trust = 1, .months = 6 } },
		.error = { "", "" },
	};
	struct panel_people people;
	struct volunteer_panel panel;

	if (request->id) {
		TRY(panel_load(&request->ctx, request->id, INT64_MAX, &panel, &people, NULL));
		page.form = (struct panel_form){
			.id = panel.id,
			.version = panel.version,
			.title = panel.title,
			.purpose_md = panel.purpose_md,
			.is_anonymous = panel.is_anonymous,
			.criteria = panel.criteria,
		};
	}
	return show_form(request, &page);
}

static bool is_ticked(struct request *request, const char *name)
{
	return strcmp(http_form(request->http, name), "1") == 0;
}

static enum err read_form(struct request *request, struct panel_form *form)
{
	const struct http_request *http = request->http;

	*form = (struct panel_form){
		.id = request->id,
		.title = http_form(http, "title"),
		.purpose_md = http_form(http, "body"),
		.is_anonymous = is_ticked(request, "anonymous"),
		.criteria = { .is_for_experts = is_ticked(request, "experts") },
		.form_key = request->form_key,
	};
	TRY(form_id(request, "version", &form->version));
	TRY(form_id(request, "trust", &form->criteria.least_trust));
	TRY(form_id(request, "rank", &form->criteria.least_rank));
	TRY(form_id(request, "category", &form->criteria.category_id));
	TRY(form_id(request, "badge", &form->criteria.badge_id));
	if (!slice_to_i64(slice_of(http_form(http, "months")), &form->criteria.months))
		form->criteria.months = -1;
	return OK;
}

enum err desk_panel_form_post(struct request *request)
{
	struct desk_panel_form_page page = { .error = { "", "" } };
	enum err result;
	int64_t id;

	TRY(read_form(request, &page.form));
	result = panel_save(&request->ctx, &page.form, &id);
	if (is_form_error(result)) {
		page.error = field_error_take(request);
		return show_form(request, &page);
	}
	TRY(result);
	respond_notice(request, "panel_saved");
	return respond_redirect(request, 303, panel_path(request, id));
}

/* One ------------------------------------------------------------------------------------------ */

enum err desk_panel_show(struct request *request)
{
	struct desk_panel_page page = { .house = desk_house_of(request) };
	struct ctx *ctx = &request->ctx;
	int64_t after;

	TRY(query_number(request, "after", 0, &after));
	TRY(panel_load(ctx, request->id, after, &page.panel, &page.people, &page.questionnaires));
	page.can_run = policy_can(ctx->actor, MAY_RUN_PANELS, &(struct subject){ .now = ctx->now });
	if (page.people.has_more)
		page.next = page.people.items[page.people.count - 1].id;
	frame_init(request, &page.frame, page.panel.title);
	page.frame.section = "desk";
	template_desk_panel(&request->response->body, &page);
	return OK;
}

enum err desk_panel_post(struct request *request)
{
	const char *pressed = http_form(request->http, "do");
	bool is_open = strcmp(pressed, "open") == 0;

	if (!is_open && strcmp(pressed, "close") != 0)
		return fail(&request->ctx, ERR_BAD_REQUEST, NULL, NULL);
	TRY(panel_set_open(&request->ctx, request->id, is_open));
	respond_notice(request, is_open ? "panel_opened" : "panel_closed");
	return respond_redirect(request, 303, panel_path(request, request->id));
}

/* Inviting ------------------------------------------------------------------------------------- */

static enum err show_people(struct request *request, struct desk_panel_people_page *page)
{
	TRY(panel_candidates(&request->ctx, request->id, &page->panel, &page->people));
	page->house = desk_house_of(request);
	frame_init(request, &page->frame, _("Whom to invite"));
	page->frame.section = "desk";
	template_desk_panel_people(&request->response->body, page);
	return OK;
}

enum err desk_panel_people_show(struct request *request)
{
	struct desk_panel_people_page page = { .error = { "", "" } };

	return show_people(request, &page);
}

/* "p-12" are boxes. */
enum err desk_panel_people_post(struct request *request)
{
	struct desk_panel_people_page page = { .error = { "", "" } };
	size_t count = 0;
	int64_t *people = form_numbers(request, &request->http->form, "p-", PANEL_CANDIDATES_MAX,
				       &count);
	int64_t invited;
	enum err result = panel_invite(&request->ctx, request->id, people, count, request->form_key,
				       &invited);

	if (is_form_error(result)) {
		page.error = field_error_take(request);
		return show_people(request, &page);
	}
	TRY(result);
	respond_notice(request, "panel_invited");
	return respond_redirect(request, 303, panel_path(request, request->id));
}
