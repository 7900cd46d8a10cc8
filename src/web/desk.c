/*
 * /desk: the queue of what needs a person, its filters, and claiming from it.
 */
#include "forum/desk_queue.h"
#include "i18n/i18n.h"
#include "templates/templates.h"
#include "web/desk_house.h"
#include "web/handlers.h"
#include "web/helpers.h"
#include "web/pages_desk.h"
#include "web/respond.h"

static enum err read_query(struct request *request, struct desk_query *query)
{
	*query = (struct desk_query){ .show = DESK_SHOW_ALL };
	if (!desk_show_parse(http_parameter(request->http, "show"), &query->show))
		return fail(&request->ctx, ERR_NOT_FOUND, NULL, NULL);
	TRY(query_number(request, "category", 0, &query->category_id));
	TRY(query_number(request, "team", 0, &query->team_id));
	query->is_free = strcmp(http_parameter(request->http, "free"), "1") == 0;
	return list_key_read(request, &query->after);
}

/* "/desk?show=mine", "/desk" */
static const char *queue_path(struct request *request, const char *query)
{
	return query[0] ? arena_printf(request->ctx.arena, "/desk?%s", query) : "/desk";
}

static void make_tabs(struct request *request, struct desk_page *page)
{
	for (int i = 0; i < DESK_SHOW_COUNT; i++) {
		struct desk_query query = page->query;
		enum desk_show show = (enum desk_show)i;

		query.show = show;
		page->tabs[i] = (struct desk_tab){
			.show = show,
			.name = show == DESK_SHOW_ALL ? "all" : desk_show_text(show),
			.label = desk_show_label(show),
			.path = queue_path(request, desk_query_text(request->ctx.arena, &query)),
			.count = page->list.counts[i],
			.is_bounded = page->list.counts[i] >= DESK_COUNT_MAX,
			.is_current = page->query.show == show,
		};
	}
}

static void make_kept(struct request *request, struct desk_page *page)
{
	page->kept = arena_array_of(request->ctx.arena, page->list.filter_count, struct desk_kept);
	for (size_t i = 0; i < page->list.filter_count; i++) {
		const struct desk_filter *filter = &page->list.filters[i];

		page->kept[page->kept_count++] = (struct desk_kept){
			.id = filter->id,
			.name = filter->name,
			.path = queue_path(request, filter->query),
			.is_current = strcmp(filter->query, page->query_text) == 0,
		};
	}
}

static const char *next_path(struct request *request, const struct desk_page *page)
{
	const char *path = queue_path(request, page->query_text);

	if (!page->list.has_more)
		return "";
	return arena_printf(request->ctx.arena, "%s%cafter=%s", path,
			    page->query_text[0] ? '&' : '?',
			    list_key_text(request, page->list.next));
}

static enum err show(struct request *request, struct desk_page *page)
{
	TRY(desk_list(&request->ctx, &page->query, &page->list));
	page->query_text = desk_query_text(request->ctx.arena, &page->query);
	page->show = desk_show_text(page->query.show);
	page->is_narrowed = page->query.category_id || page->query.team_id || page->query.is_free;
	page->house = desk_house_of(request);
	make_tabs(request, page);
	make_kept(request, page);
	page->next_path = next_path(request, page);
	page->first_path = page->query.after.id ? queue_path(request, page->query_text) : "";
	frame_init(request, &page->frame, _("Desk"));
	page->frame.section = "desk";
	template_desk(&request->response->body, page);
	return OK;
}

enum err desk_show(struct request *request)
{
	struct desk_page page = { .filter_name = "" };

	TRY(desk_require(&request->ctx));
	TRY(read_query(request, &page.query));
	return show(request, &page);
}

/* on=1: takes it; on=0: lets it go. */
enum err desk_claim_post(struct request *request)
{
	struct desk_claim claim;

	if (form_is_on(request))
		TRY(desk_claim(&request->ctx, request->id, &claim));
	else
		TRY(desk_let_go(&request->ctx, request->id));
	respond_notice(request, form_is_on(request) ? "desk_claimed" : "desk_let_go");
	return respond_redirect(request, 303, back_path(request, "/desk"));
}
