/*
 * /admin/ranks: the ladder as lines, its versions, and going back to one.
 */
#include "i18n/i18n.h"
#include "templates/templates.h"
#include "web/handlers.h"
#include "web/helpers.h"
#include "web/pages_badges.h"
#include "web/respond.h"

#define PAGE "/admin/ranks"

/* typed: what stands in the field instead of the version that was asked for. */
static enum err show(struct request *request, struct ranks_page *page, int64_t shown_id,
		     const char *typed)
{
	const struct subject nobody = { 0 };
	struct ladder in_force, shown;

	TRY(policy_require(&request->ctx, MAY_EDIT_RANKS, &nobody));
	TRY(ladder_load(&request->ctx, 0, &in_force));
	TRY(ladder_load(&request->ctx, shown_id, &shown));
	TRY(ladder_history(&request->ctx, &page->versions, &page->version_count));
	page->is_old = shown.id != in_force.id;
	page->follows_id = in_force.id;
	page->text = typed ? typed : shown.text;
	for (int i = 0; i < FIGURE_COUNT; i++)
		page->figures[i] = (struct rank_word){ .word = figure_text((enum figure)i),
						       .label = _(figure_label((enum figure)i)) };
	frame_init(request, &page->frame, _("Ranks"));
	page->frame.section = "admin";
	template_ranks(&request->response->body, page);
	return OK;
}

enum err ranks_show(struct request *request)
{
	struct ranks_page page = { .typed_reason = "", .error = { "", "" } };
	int64_t version;

	TRY(query_number(request, "version", 0, &version));
	return show(request, &page, version, NULL);
}

enum err ranks_post(struct request *request)
{
	struct ranks_page page = { .typed_reason = http_form(request->http, "reason") };
	const char *text = http_form(request->http, "ladder");
	int64_t follows_id;
	enum err result;

	TRY(form_id(request, "follows", &follows_id));
	result = ladder_change(&request->ctx, text, follows_id, page.typed_reason);
	if (result == ERR_INVALID || result == ERR_CONFLICT) {
		page.error = field_error_take(request);
		return show(request, &page, 0, text);
	}
	TRY(result);
	respond_notice(request, "ranks");
	return respond_redirect(request, 303, PAGE);
}
