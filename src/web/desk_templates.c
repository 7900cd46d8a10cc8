/*
 * /desk/templates: reply templates, looked at with example values before they are saved,
 * with their history.
 */
#include "forum/desk_template.h"

#include "base/slice.h"
#include "forum/policy.h"
#include "i18n/i18n.h"
#include "templates/templates.h"
#include "web/desk_house.h"
#include "web/handlers.h"
#include "web/helpers.h"
#include "web/pages_desk_work.h"
#include "web/respond.h"

#define PAGE "/desk/templates"

enum err desk_templates_show(struct request *request)
{
	struct desk_templates_page page = { 0 };

	TRY(desk_template_list(&request->ctx, &page.list));
	frame_init(request, &page.frame, _("Reply templates"));
	page.frame.section = "desk";
	page.house = desk_house_of(request);
	template_desk_templates(&request->response->body, &page);
	return OK;
}

/* One ------------------------------------------------------------------------------------- */

static const char *scope_word(struct arena *arena, const struct desk_template *item)
{
	if (item->scope == DESK_TEMPLATE_TEAM)
		return arena_printf(arena, "team-%lld", (long long)item->team_id);
	return item->scope == DESK_TEMPLATE_OWN ? "own" : "all";
}

static enum err read_scope(struct request *request, struct desk_template_form *form)
{
	const char *word = http_form(request->http, "scope");

	if (strcmp(word, "own") == 0)
		form->scope = DESK_TEMPLATE_OWN;
	else if (strcmp(word, "all") == 0)
		form->scope = DESK_TEMPLATE_ALL;
	else if (strncmp(word, "team-", strlen("team-")) == 0 &&
		 slice_to_i64(slice_of(word + strlen("team-")), &form->team_id) &&
		 form->team_id > 0)
		form->scope = DESK_TEMPLATE_TEAM;
	else
		return fail(&request->ctx, ERR_BAD_REQUEST, NULL, NULL);
	return OK;
}

static enum err read_form(struct request *request, struct desk_template_form *form)
{
	const struct http_request *http = request->http;

	*form = (struct desk_template_form){
		.id = request->id,
		.language = http_form(http, "language"),
		.title = http_form(http, "title"),
		.body_md = http_form(http, "body"),
		.form_key = request->form_key,
	};
	TRY(form_id(request, "version", &form->version));
	return OK;
}

/* What is kept stands in the fields, unless something else was typed. */
static enum err load(struct request *request, struct desk_template_page *page)
{
	const struct desk_template *item = &page->view.item;
	struct desk_template_list list;

	if (request->id)
		TRY(desk_template_load(&request->ctx, request->id, &page->view, &list));
	else
		TRY(desk_template_list(&request->ctx, &list));
	page->teams = list.teams;
	page->team_count = list.team_count;
	page->can_share = policy_can(&request->actor, MAY_SHARE_TEMPLATES,
				     &(struct subject){ .now = request->ctx.now });
	page->can_keep = !request->id || item->scope == DESK_TEMPLATE_OWN;
	if (page->title)
		return OK;
	page->title = request->id ? item->title : "";
	page->body_md = request->id ? item->body_md : "";
	page->language = request->id ? item->language : request->ctx.language;
	page->scope = request->id ? scope_word(request->ctx.arena, item) : "own";
	return OK;
}

static enum err show(struct request *request, struct desk_template_page *page)
{
	TRY(load(request, page));
	frame_init(request, &page->frame,
		   request->id ? page->view.item.title : _("New reply template"));
	page->frame.section = "desk";
	page->house = desk_house_of(request);
	template_desk_template(&request->response->body, page);
	return OK;
}

enum err desk_template_show(struct request *request)
{
	struct desk_template_page page = { .error = { "", "" } };

	return show(request, &page);
}

static enum err show_typed(struct request *request, const struct desk_template_form *form,
			   struct desk_template_page *page)
{
	page->title = form->title;
	page->body_md = form->body_md;
	page->language = i18n_is_supported(form->language) ? form->language : request->ctx.language;
	page->scope = http_form(request->http, "scope");
	return show(request, page);
}

/* As it would stand under a question, with an example's words. */
static enum err preview(struct request *request, struct desk_template_form *form,
			struct html_fragment *out)
{
	const struct desk_template_values values = {
		.customer = _("Camille"),
		.question = _("My box restarts every night"),
		.category = _("Internet"),
		.me = request->actor.name,
	};
	const char *filled;

	TRY(desk_template_check(&request->ctx, form));
	TRY(desk_template_fill(&request->ctx, form->body_md, &values, &filled));
	return post_render(&request->ctx, "body", filled, out);
}

static enum err look(struct request *request, struct desk_template_form *form)
{
	struct desk_template_page page = { .error = { "", "" } };
	enum err result = preview(request, form, &page.preview);

	page.has_preview = result == OK;
	if (is_form_error(result))
		page.error = field_error_take(request);
	else
		TRY(result);
	return show_typed(request, form, &page);
}

static enum err save(struct request *request, struct desk_template_form *form)
{
	struct desk_template_page page = { .error = { "", "" } };
	int64_t id = 0;
	enum err result;

	TRY(read_scope(request, form));
	result = desk_template_save(&request->ctx, form, &id);
	if (is_form_error(result)) {
		page.error = field_error_take(request);
		return show_typed(request, form, &page);
	}
	TRY(result);
	respond_notice(request, "desk_template_saved");
	return respond_redirect(request, 303,
				arena_printf(request->ctx.arena, PAGE "/%lld", (long long)id));
}

static enum err turn(struct request *request, const struct desk_template_form *form, bool is_undo)
{
	struct desk_template_page page = { .error = { "", "" } };
	struct ctx *ctx = &request->ctx;
	enum err result;

	result = is_undo ? desk_template_undo(ctx, request->id, form->version, form->form_key)
			 : desk_template_delete(ctx, request->id, form->version, form->form_key);
	if (is_form_error(result)) {
		page.error = field_error_take(request);
		return show(request, &page);
	}
	TRY(result);
	respond_notice(request, is_undo ? "desk_template_undone" : "desk_template_deleted");
	return respond_redirect(request, 303, PAGE);
}

enum err desk_template_post(struct request *request)
{
	const char *pressed = http_form(request->http, "do");
	struct desk_template_form form;

	TRY(read_form(request, &form));
	if (strcmp(pressed, "preview") == 0)
		return look(request, &form);
	if (request->id && (strcmp(pressed, "undo") == 0 || strcmp(pressed, "delete") == 0))
		return turn(request, &form, strcmp(pressed, "undo") == 0);
	return save(request, &form);
}
