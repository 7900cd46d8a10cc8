/*
 * Lists of questions: all of them, a category's, a tag's, each by the same
 * filters; the list of tags; following.
 */
#include "base/slice.h"
#include "db/db.h"
#include "forum/follow.h"
#include "i18n/i18n.h"
#include "templates/templates.h"
#include "web/handlers.h"
#include "web/helpers.h"
#include "web/indexing.h"
#include "web/respond.h"

static enum err read_filter(struct request *request, enum topic_filter *out)
{
	const char *text = http_parameter(request->http, "filter");

	*out = FILTER_NEW;
	if (text[0] && !topic_filter_from_text(text, out))
		return fail(&request->ctx, ERR_NOT_FOUND, NULL, NULL);
	if (*out == FILTER_FOLLOWED && !request->actor.id)
		return fail(&request->ctx, ERR_UNAUTHENTICATED, NULL, NULL);
	return OK;
}

/* The address of this list's page that begins after key. */
static const char *list_path(struct request *request, const struct list_page *page,
			     struct list_key key)
{
	struct buf path;

	buf_init(&path, request->ctx.arena, 4096);
	buf_text(&path, page->base_path);
	if (page->filter != FILTER_NEW)
		buf_printf(&path, "?filter=%s", topic_filter_text(page->filter));
	if (key.id)
		buf_printf(&path, "%cafter=%s", page->filter != FILTER_NEW ? '&' : '?',
			   list_key_text(request, key));
	return path.data;
}

/* The list's page, and on its first what the team keeps on top. */
static enum err load_list(struct request *request, struct list_page *page,
			  const struct topic_query *query)
{
	struct ctx *ctx = &request->ctx;
	struct rows rows, pinned;
	bool is_first = query->after.id == 0 && query->filter == FILTER_NEW && !query->tag_id;

	if (is_first)
		topic_pinned_add(ctx, query->category_id, &pinned);
	topic_list_add(ctx, query, &rows);
	TRY(db_run(ctx));
	topic_list_read(ctx, query, &rows, &page->topics);
	if (!is_first)
		return OK;
	topic_pinned_read(ctx, &pinned, &page->pinned);
	topic_pinned_leave_out(&page->topics, &page->pinned);
	return OK;
}

static bool is_thin_tag(const struct list_page *page)
{
	return page->kind == LIST_TAG && page->tag.topic_count < TAG_TOPICS_INDEXED_MIN;
}

/* By date, so that the newest is what is new. */
static const char *list_feed(struct request *request, const struct list_page *page)
{
	if (page->filter == FILTER_FOLLOWED || page->filter == FILTER_USEFUL)
		return "";
	return arena_printf(request->ctx.arena, "%s/feed?%s%s%slang=%s", page->base_path,
			    page->filter == FILTER_NEW ? "" : "filter=",
			    page->filter == FILTER_NEW ? "" : topic_filter_text(page->filter),
			    page->filter == FILTER_NEW ? "" : "&", request->ctx.language);
}

static const char *describe(struct request *request, const struct list_page *page)
{
	struct arena *arena = request->ctx.arena;

	if (page->kind == LIST_CATEGORY)
		return page->category.description[0]
			       ? page->category.description
			       : arena_printf(arena, _("Questions and answers about %s."),
					      page->category.name);
	if (page->kind == LIST_TAG)
		return page->about.description[0]
			       ? page->about.description
			       : arena_printf(arena, _("Questions and answers with the tag “%s”."),
					      page->tag.name);
	return arena_printf(arena,
			    _("What customers of %s ask, and what others and our advisors answer."),
			    page->frame.brand);
}

/* Only the plain list is for search engines, not its sorted and filtered forms. */
static enum err show_list(struct request *request, struct list_page *page,
			  struct topic_query *query, const char *title)
{
	TRY(read_filter(request, &query->filter));
	TRY(list_key_read(request, &query->after));
	query->limit = TOPICS_PER_PAGE;
	TRY(load_list(request, page, query));

	page->filter = query->filter;
	page->is_first_page = query->after.id == 0;
	page->can_choose = policy_can(&request->actor, MAY_MOVE_TOPIC,
				      &(struct subject){ .now = request->ctx.now });
	page->next_path = page->topics.has_more ? list_path(request, page, page->topics.next) : "";
	frame_init(request, &page->frame, title);
	if (page->kind == LIST_CATEGORY) {
		page->frame.category_slug = page->category.slug;
		page->frame.parent_category_slug = page->category.parent_slug;
	}
	page->frame.section = page->kind == LIST_TAG ? "tags" : "questions";
	page->frame.is_indexable = page_may_index(&(struct index_facts){
		.is_filtered = query->filter != FILTER_NEW,
		.is_thin = page->topics.count == 0 || is_thin_tag(page),
	});
	page->frame.canonical = site_url(request, list_path(request, page, query->after));
	page->frame.next_path = page->next_path;
	page->frame.feed_path = list_feed(request, page);
	page->frame.description = describe(request, page);
	template_list(&request->response->body, page);
	return OK;
}

enum err questions_show(struct request *request)
{
	struct list_page page = { .kind = LIST_ALL, .base_path = "/questions" };
	struct topic_query query = { 0 };

	return show_list(request, &page, &query, _("Questions"));
}

static void find_children(const struct categories *all, const struct category *of,
			  struct list_page *page)
{
	for (size_t i = 0; i < all->count; i++) {
		if (all->items[i].parent_id != of->id)
			continue;
		if (!page->children)
			page->children = &all->items[i];
		page->children_count++;
	}
}

/* One that is in no list: its address has changed, or it was archived with its questions. */
static enum err find_elsewhere(struct request *request, struct list_page *page, const char **path)
{
	const char *slug;

	*path = "";
	TRY(category_find(&request->ctx, request->slug, &page->category, &slug));
	if (slug[0])
		*path = arena_printf(request->ctx.arena, "/c/%s", slug);
	return OK;
}

enum err category_show(struct request *request)
{
	struct ctx *ctx = &request->ctx;
	struct list_page page = { .kind = LIST_CATEGORY };
	struct topic_query query = { 0 };
	const char *elsewhere = "";
	struct categories all;

	TRY(category_list(ctx, &all));
	for (size_t i = 0; i < all.count; i++)
		if (strcmp(all.items[i].slug, request->slug) == 0)
			page.category = all.items[i];
	if (!page.category.id)
		TRY(find_elsewhere(request, &page, &elsewhere));
	if (elsewhere[0])
		return respond_redirect(request, 301, elsewhere);
	find_children(&all, &page.category, &page);
	page.base_path = arena_printf(ctx->arena, "/c/%s", page.category.slug);
	page.follow_kind = "category";
	page.follow_id = page.category.id;
	page.can_follow = request->actor.id != 0;
	if (page.can_follow)
		TRY(follow_is_on(ctx, FOLLOW_CATEGORY, page.follow_id, &page.is_followed));
	query.category_id = page.category.id;
	query.is_top_category = page.category.parent_id == 0;
	return show_list(request, &page, &query, page.category.name);
}

enum err tag_show(struct request *request)
{
	struct ctx *ctx = &request->ctx;
	struct list_page page = { .kind = LIST_TAG };
	struct topic_query query = { 0 };
	struct buf path;

	TRY(tag_about(ctx, request->slug, &page.about));
	page.tag = page.about.tag;
	buf_init(&path, ctx->arena, 1024);
	buf_text(&path, "/tag/");
	buf_url(&path, page.tag.name);
	page.base_path = path.data;
	if (strcmp(page.tag.name, request->slug) != 0)
		return respond_redirect(request, 301, page.base_path);
	page.follow_kind = "tag";
	page.follow_id = page.tag.id;
	page.can_follow = request->actor.id != 0;
	if (page.can_follow)
		TRY(follow_is_on(ctx, FOLLOW_TAG, page.follow_id, &page.is_followed));
	query.tag_id = page.tag.id;
	return show_list(request, &page, &query, page.tag.name);
}

enum err tags_show(struct request *request)
{
	struct tags_page page = { .next_path = "" };
	int64_t count;

	TRY(tag_key_read(request, &count));
	TRY(tag_list(&request->ctx, count, http_parameter(request->http, "name"), &page.tags));
	if (page.tags.count == TAGS_SHOWN) {
		const struct tag *last = &page.tags.items[page.tags.count - 1];
		struct buf path;
		buf_init(&path, request->ctx.arena, 1024);
		buf_printf(&path, "/tags?count=%lld&name=", (long long)last->topic_count);
		buf_url(&path, last->name);
		page.next_path = path.data;
	}
	frame_init(request, &page.frame, _("Tags"));
	page.frame.section = "tags";
	page.frame.is_indexable = page_may_index(
		&(struct index_facts){ .is_filtered = count >= 0 });
	page.frame.canonical = site_url(request, "/tags");
	page.frame.description = _(
		"Words that say what a question is about, across all subjects. Follow one to hear of new questions.");
	template_tags(&request->response->body, &page);
	return OK;
}

enum err follow_change(struct request *request)
{
	enum follow_kind kind;
	int64_t id;

	TRY(form_id(request, "id", &id));
	if (!follow_kind_from_text(http_form(request->http, "kind"), &kind))
		return fail(&request->ctx, ERR_BAD_REQUEST, NULL, NULL);
	TRY(follow_set(&request->ctx, kind, id, form_is_on(request)));
	return respond_redirect(request, 303, back_path(request, "/"));
}
