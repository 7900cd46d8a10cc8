/*
 * /mod/rings: people who seem to raise each other, with the evidence, for moderators.
 */
#include "i18n/i18n.h"
#include "templates/templates.h"
#include "web/handlers.h"
#include "web/helpers.h"
#include "web/pages_standing.h"
#include "web/respond.h"

static const char *wanted_state(const struct request *request)
{
	const char *state = http_parameter(request->http, "state");

	if (strcmp(state, "dismissed") == 0)
		return "dismissed";
	return strcmp(state, "confirmed") == 0 ? "confirmed" : "open";
}

enum err rings_show(struct request *request)
{
	struct rings_page page = { .state = wanted_state(request), .next_path = "" };
	int64_t before;

	TRY(query_number(request, "before", 0, &before));
	TRY(ring_list(&request->ctx, page.state, before, &page.list));
	if (page.list.next)
		page.next_path = arena_printf(request->ctx.arena, "/mod/rings?state=%s&before=%lld",
					      page.state, (long long)page.list.next);
	frame_init(request, &page.frame, _("Rings"));
	page.frame.section = "admin";
	template_rings(&request->response->body, &page);
	return OK;
}

static enum err show(struct request *request, struct ring_page *page)
{
	TRY(ring_load(&request->ctx, request->id, &page->evidence));
	frame_init(request, &page->frame, _("A possible ring"));
	page->frame.section = "admin";
	template_ring(&request->response->body, page);
	return OK;
}

enum err ring_show(struct request *request)
{
	struct ring_page page = { .typed_reason = "", .error = { "", "" } };

	return show(request, &page);
}

enum err ring_post(struct request *request)
{
	struct ring_page page = { .typed_reason = http_form(request->http, "reason") };
	enum err result = ring_decide(&request->ctx, request->id, http_form(request->http, "state"),
				      page.typed_reason);

	if (result == ERR_INVALID) {
		page.error = field_error_take(request);
		return show(request, &page);
	}
	TRY(result);
	respond_notice(request, "ring");
	return respond_redirect(request, 303, "/mod/rings");
}
