/*
 * For the team: looking for the question that another one repeats. Marking it is the
 * form of the states (topic.c).
 */
#include "i18n/i18n.h"
#include "templates/templates.h"
#include "web/handlers.h"
#include "web/respond.h"
#include "web/similar.h"

static void leave_out(struct similar_list *list, int64_t topic_id)
{
	size_t kept = 0;

	for (size_t i = 0; i < list->count; i++)
		if (list->items[i].row.id != topic_id)
			list->items[kept++] = list->items[i];
	list->count = kept;
}

enum err duplicates_show(struct request *request)
{
	struct ctx *ctx = &request->ctx;
	struct duplicates_page page = { .words = http_parameter(request->http, "q") };
	struct subject subject;

	TRY(topic_load(ctx, request->id, &page.topic));
	subject = topic_subject(ctx, &page.topic);
	TRY(policy_require(ctx, MAY_MARK_DUPLICATE, &subject));
	page.can_mark = page.topic.status != STATUS_DUPLICATE && page.topic.status != STATUS_CLOSED;
	page.path = topic_path(ctx->arena, page.topic.id, page.topic.title);
	if (!page.words[0])
		page.words = page.topic.title;
	TRY(similar_find(request, page.words, "", page.topic.language, &page.similar));
	leave_out(&page.similar, page.topic.id);
	frame_init(request, &page.frame, _("Was it asked before?"));
	page.frame.section = "questions";
	template_duplicates(&request->response->body, &page);
	return OK;
}
