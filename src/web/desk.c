/*
 * /desk: the queue of what needs a person, its filters, and claiming from it.
 */
#include "base/buf.h"
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

static const char *show_name(enum desk_show show)
{
	return show == DESK_SHOW_ALL ? "all" : desk_show_text(show);
}

static void make_tabs(struct request *request, struct desk_page *page)
{
	for (int i = 0; i < DESK_SHOW_COUNT; i++) {
		struct desk_query query = page->query;
		enum desk_show show = (enum desk_show)i;

		query.show = show;
		page->tabs[i] = (struct desk_tab){
			.show = show,
			.name = show_name(show),
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
	if (page->error.message)
		request->response->status = 422;
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

static enum err change_claim(struct request *request)
{
	const char *token = http_form(request->http, "token");
	struct desk_claim claim;

	if (!form_is_on(request))
		return desk_let_go(&request->ctx, request->id);
	if (token[0])
		return desk_renew(&request->ctx, request->id, token, &claim);
	return desk_claim(&request->ctx, request->id, &claim);
}

/* on=1: takes it, or with the token of the claim renews it; on=0: lets it go. */
enum err desk_claim_post(struct request *request)
{
	TRY(change_claim(request));
	respond_notice(request, form_is_on(request) ? "desk_claimed" : "desk_let_go");
	return respond_redirect(request, 303, back_path(request, "/desk"));
}

/* For the page that is open: {"all":12,"mine":0,…} */
enum err desk_counts_show(struct request *request)
{
	int64_t counts[DESK_SHOW_COUNT];
	struct buf json;

	TRY(desk_counts(&request->ctx, counts));
	buf_init(&json, request->ctx.arena, 1024);
	for (int i = 0; i < DESK_SHOW_COUNT; i++)
		buf_printf(&json, "%c\"%s\":%lld", i == 0 ? '{' : ',', show_name((enum desk_show)i),
			   (long long)counts[i]);
	buf_char(&json, '}');
	return respond_json(request, buf_to_arena(&json, request->ctx.arena));
}

/* Filters that are kept ------------------------------------------------------------------ */

/* The form says in its own fields what the queue's address says in the query. */
static enum err read_form(struct request *request, struct desk_query *query)
{
	*query = (struct desk_query){ .show = DESK_SHOW_ALL };
	if (!desk_show_parse(http_form(request->http, "show"), &query->show))
		return fail(&request->ctx, ERR_BAD_REQUEST, NULL, NULL);
	TRY(form_id(request, "category", &query->category_id));
	TRY(form_id(request, "team", &query->team_id));
	query->is_free = strcmp(http_form(request->http, "free"), "1") == 0;
	return OK;
}

/* A name that cannot be kept comes back with the queue. */
static enum err keep_filter(struct request *request, struct desk_page *page, bool *is_kept)
{
	const char *query;
	enum err result;

	TRY(read_form(request, &page->query));
	query = desk_query_text(request->ctx.arena, &page->query);
	page->filter_name = http_form(request->http, "name");
	result = desk_filter_keep(&request->ctx, page->filter_name, query);
	*is_kept = result == OK;
	if (result != ERR_INVALID)
		return result;
	page->error = field_error_take(request);
	return OK;
}

/* id: drops that filter; else keeps the one that the form describes. */
enum err desk_filters_post(struct request *request)
{
	struct desk_page page = { .filter_name = "" };
	bool is_done = true;
	int64_t id;

	TRY(form_id(request, "id", &id));
	if (id)
		TRY(desk_filter_drop(&request->ctx, id));
	else
		TRY(keep_filter(request, &page, &is_done));
	if (!is_done)
		return show(request, &page);
	respond_notice(request, id ? "filter_dropped" : "filter_kept");
	return respond_redirect(
		request, 303,
		queue_path(request, desk_query_text(request->ctx.arena, &page.query)));
}
