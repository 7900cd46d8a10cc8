/*
 * /desk/listening/label: one text at a time. Keys press the buttons (moderation.js); without
 * them the same buttons are pressed by hand.
 */
#include "forum/listening_label.h"

#include "i18n/i18n.h"
#include "templates/templates.h"
#include "web/desk_house.h"
#include "web/handlers.h"
#include "web/helpers.h"
#include "web/pages_listening.h"
#include "web/respond.h"

#define PAGE "/desk/listening/label"

enum err listening_label_show(struct request *request)
{
	struct listening_label_page page = { 0 };
	int64_t wanted;

	TRY(query_number(request, "text", 0, &wanted));
	TRY(listening_task(&request->ctx, wanted, &page.task));
	frame_init(request, &page.frame, _("Label texts"));
	page.frame.section = "desk";
	page.house = desk_house_of(request);
	if (page.task.week)
		page.week = i18n_date(request->ctx.arena, listening_week_noon(page.task.week));
	template_listening_label(&request->response->body, &page);
	return OK;
}

/* The text that was taken back comes first, to be labelled anew. */
static enum err take_back(struct request *request)
{
	int64_t text_id;

	TRY(listening_take_back(&request->ctx, request->form_key, &text_id));
	if (!text_id)
		return respond_redirect(request, 303, PAGE);
	return respond_redirect(
		request, 303,
		arena_printf(request->ctx.arena, PAGE "?text=%lld", (long long)text_id));
}

enum err listening_label_post(struct request *request)
{
	const char *pressed = http_form(request->http, "label");
	enum listening_label label;
	int64_t text_id;

	if (strcmp(pressed, "undo") == 0)
		return take_back(request);
	TRY(form_id(request, "text", &text_id));
	if (!listening_label_parse(pressed, &label))
		return fail(&request->ctx, ERR_BAD_REQUEST, NULL, NULL);
	TRY(listening_give_label(&request->ctx, text_id, label, request->form_key));
	return respond_redirect(request, 303, PAGE);
}
