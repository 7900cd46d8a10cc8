/*
 * /admin/members: finding members, and giving one a role.
 */
#include "forum/member.h"

#include "i18n/i18n.h"
#include "templates/templates.h"
#include "web/handlers.h"
#include "web/helpers.h"
#include "web/pages_admin.h"
#include "web/respond.h"

#define PAGE "/admin/members"

enum err admin_members_show(struct request *request)
{
	struct members_page page = { .words = http_parameter(request->http, "q") };
	struct member_query query = { .words = page.words };

	(void)role_from_text(http_parameter(request->http, "role"), &query.role);
	TRY(query_number(request, "before", 0, &query.before_id));
	TRY(member_list_load(&request->ctx, &query, &page.list));
	page.role = query.role;
	page.next_path = "";
	if (page.list.next_id)
		page.next_path = arena_printf(request->ctx.arena, PAGE "?role=%s&before=%lld",
					      query.role == ROLE_VISITOR ? ""
									 : role_text(query.role),
					      (long long)page.list.next_id);
	frame_init(request, &page.frame, _("Members and roles"));
	page.frame.section = "admin";
	template_members(&request->response->body, &page);
	return OK;
}

static enum err show(struct request *request, struct member_page *page)
{
	TRY(member_load(&request->ctx, request->id, &page->member));
	if (page->role == ROLE_VISITOR)
		page->role = page->member.role;
	frame_init(request, &page->frame, page->member.name);
	page->frame.section = "admin";
	template_member(&request->response->body, page);
	return OK;
}

enum err admin_member_show(struct request *request)
{
	struct member_page page = { .reason = "", .error = { "", "" } };

	return show(request, &page);
}

enum err admin_member_post(struct request *request)
{
	struct member_page page = { .reason = http_form(request->http, "reason"),
				    .error = { "", "" } };
	enum err result;

	(void)role_from_text(http_form(request->http, "role"), &page.role);
	result = member_set_role(&request->ctx, request->id, page.role, page.reason,
				 request->form_key);
	if (result == ERR_INVALID || result == ERR_CONFLICT) {
		page.error = field_error_take(request);
		return show(request, &page);
	}
	TRY(result);
	respond_notice(request, "role_given");
	return respond_redirect(
		request, 303,
		arena_printf(request->ctx.arena, PAGE "/%lld", (long long)request->id));
}
