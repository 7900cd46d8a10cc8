/*
 * /panels: the panels that somebody was invited to, and saying yes or no. Nobody else
 * learns that they are there.
 */
#include "forum/panel.h"

#include "i18n/i18n.h"
#include "templates/templates.h"
#include "web/handlers.h"
#include "web/helpers.h"
#include "web/pages_panels.h"
#include "web/respond.h"

enum err panels_show(struct request *request)
{
	struct panels_page page = { 0 };

	TRY(panel_places(&request->ctx, &page.places));
	frame_init(request, &page.frame, _("Panels"));
	template_panels(&request->response->body, &page);
	return OK;
}

enum err panel_show(struct request *request)
{
	struct panel_page page = { 0 };

	TRY(panel_place_load(&request->ctx, request->id, &page.place, &page.questionnaires));
	frame_init(request, &page.frame, page.place.panel.title);
	template_panel(&request->response->body, &page);
	return OK;
}

enum err panel_answer_post(struct request *request)
{
	bool is_yes = strcmp(http_form(request->http, "answer"), "yes") == 0;

	if (!is_yes && strcmp(http_form(request->http, "answer"), "no") != 0)
		return fail(&request->ctx, ERR_BAD_REQUEST, NULL, NULL);
	TRY(panel_answer(&request->ctx, request->id, is_yes));
	respond_notice(request, is_yes ? "panel_joined" : "panel_left");
	return respond_redirect(
		request, 303,
		arena_printf(request->ctx.arena, "/panels/%lld", (long long)request->id));
}
