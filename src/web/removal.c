/*
 * /mod/removal/ID: everything by the person with that number, removed in the background,
 * with its progress, and put back within thirty days.
 */
#include "i18n/i18n.h"
#include "templates/templates.h"
#include "web/handlers.h"
#include "web/helpers.h"
#include "web/pages_removal.h"
#include "web/respond.h"

static enum err show(struct request *request, struct removal_page *page)
{
	struct arena *arena = request->ctx.arena;

	TRY(removal_view_load(&request->ctx, request->id, &page->view));
	page->path = arena_printf(arena, "/mod/removal/%lld", (long long)request->id);
	page->profile_path = author_path(arena, request->id, page->view.name);
	frame_init(request, &page->frame, _("Remove everything by a person"));
	page->frame.section = "admin";
	template_removal(&request->response->body, page);
	return OK;
}

enum err removal_show(struct request *request)
{
	struct removal_page page = { .typed_reason = "", .error = { "", "" } };

	return show(request, &page);
}

enum err removal_post(struct request *request)
{
	struct removal_page page = { .typed_reason = http_form(request->http, "reason") };
	bool is_undo = strcmp(http_form(request->http, "do"), "undo") == 0;
	bool is_spam = http_form(request->http, "spam")[0] != '\0';
	enum err result;
	int64_t id;

	TRY(form_id(request, "removal", &id));
	if (is_undo)
		result = removal_undo(&request->ctx, request->id, id);
	else
		result = removal_begin(&request->ctx, request->id, page.typed_reason, is_spam);
	if (result == ERR_INVALID || result == ERR_CONFLICT) {
		page.error = field_error_take(request);
		return show(request, &page);
	}
	TRY(result);
	respond_notice(request, is_undo ? "removal_undo" : "removal");
	return respond_redirect(
		request, 303,
		arena_printf(request->ctx.arena, "/mod/removal/%lld", (long long)request->id));
}
