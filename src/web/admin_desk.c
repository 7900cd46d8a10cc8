/*
 * /admin/desk: what is promised, the teams, and who works in them. One page with a form
 * for each; "?target=3" and "?team=2" put a row into its form to be changed.
 */
#include "forum/desk_admin.h"

#include "forum/policy.h"
#include "i18n/i18n.h"
#include "templates/templates.h"
#include "web/handlers.h"
#include "web/helpers.h"
#include "web/pages_desk_admin.h"
#include "web/respond.h"

#define PAGE "/admin/desk"

static enum err show(struct request *request, struct desk_admin_page *page)
{
	frame_init(request, &page->frame, _("The desk"));
	page->frame.section = "admin";
	page->can_set = policy_can(&request->actor, MAY_CHANGE_SETTINGS,
				   &(struct subject){ .now = request->ctx.now });
	template_desk_admin(&request->response->body, page);
	return OK;
}

static void choose_target(struct request *request, struct desk_admin_page *page, int64_t id)
{
	for (size_t i = 0; i < page->desk.target_count; i++) {
		const struct desk_target *target = &page->desk.targets[i];

		if (target->id != id)
			continue;
		page->category_id = target->category_id;
		page->kind = desk_target_kind_text(target->kind);
		page->first = desk_hours_text(request->ctx.arena, target->first_minutes);
		page->solution = desk_hours_text(request->ctx.arena, target->solution_minutes);
	}
}

static void choose_team(struct desk_admin_page *page, int64_t id)
{
	for (size_t i = 0; i < page->desk.team_count; i++) {
		const struct desk_team_row *team = &page->desk.teams[i];

		if (team->id != id)
			continue;
		page->team_id = id;
		page->name = team->name;
		page->level = team->level;
	}
}

/* Empty fields, for a new target and a new team. */
static struct desk_admin_page page_begin(void)
{
	return (struct desk_admin_page){
		.kind = desk_target_kind_text(DESK_TARGET_ALL),
		.first = "",
		.solution = "",
		.name = "",
		.level = 1,
		.error = { "", "" },
		.pressed = "",
	};
}

enum err admin_desk_show(struct request *request)
{
	struct desk_admin_page page = page_begin();
	int64_t target, team;

	TRY(query_number(request, "target", 0, &target));
	TRY(query_number(request, "team", 0, &team));
	TRY(desk_admin_load(&request->ctx, &page.desk));
	choose_target(request, &page, target);
	choose_team(&page, team);
	return show(request, &page);
}

/* The numbers of the form, whichever it is. */
struct numbers {
	int64_t id, category, level, person, team;
};

static enum err read_numbers(struct request *request, struct numbers *out)
{
	TRY(form_id(request, "id", &out->id));
	TRY(form_id(request, "category", &out->category));
	TRY(form_id(request, "level", &out->level));
	TRY(form_id(request, "person", &out->person));
	return form_id(request, "team", &out->team);
}

static enum err change(struct request *request, const char *pressed, const struct numbers *numbers)
{
	const struct http_request *http = request->http;
	struct ctx *ctx = &request->ctx;

	if (strcmp(pressed, "target") == 0)
		return desk_target_set(ctx, numbers->category, http_form(http, "kind"),
				       http_form(http, "first"), http_form(http, "solution"));
	if (strcmp(pressed, "target_drop") == 0)
		return desk_target_drop(ctx, numbers->id);
	if (strcmp(pressed, "team") == 0)
		return desk_team_save(ctx, numbers->id, http_form(http, "name"), numbers->level);
	if (strcmp(pressed, "team_drop") == 0)
		return desk_team_drop(ctx, numbers->id);
	if (strcmp(pressed, "member") == 0)
		return desk_member_set(ctx, numbers->person, numbers->team);
	return fail(ctx, ERR_BAD_REQUEST, NULL, NULL);
}

static enum err show_typed(struct request *request, const char *pressed,
			   const struct numbers *numbers)
{
	const struct http_request *http = request->http;
	struct desk_admin_page page = page_begin();

	page.error = field_error_take(request);
	page.pressed = pressed;
	TRY(desk_admin_load(&request->ctx, &page.desk));
	if (strcmp(pressed, "target") == 0) {
		page.category_id = numbers->category;
		page.kind = http_form(http, "kind");
		page.first = http_form(http, "first");
		page.solution = http_form(http, "solution");
	} else if (strcmp(pressed, "team") == 0) {
		page.team_id = numbers->id;
		page.name = http_form(http, "name");
		page.level = numbers->level;
	}
	return show(request, &page);
}

enum err admin_desk_post(struct request *request)
{
	const char *pressed = http_form(request->http, "do");
	struct numbers numbers;
	enum err result;

	TRY(read_numbers(request, &numbers));
	result = change(request, pressed, &numbers);
	if (is_form_error(result))
		return show_typed(request, pressed, &numbers);
	TRY(result);
	respond_notice(request, strncmp(pressed, "target", strlen("target")) == 0 ? "desk_targets"
										  : "desk_teams");
	return respond_redirect(request, 303, PAGE);
}
