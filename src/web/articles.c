/*
 * The knowledge base for readers: first page, categories and products, an article, and
 * whether it helped. Writing is in article_work.c.
 */
#include "base/clock.h"
#include "forum/article.h"
#include "forum/view_count.h"
#include "i18n/i18n.h"
#include "templates/templates.h"
#include "text/excerpt.h"
#include "web/article_data.h"
#include "web/handlers.h"
#include "web/helpers.h"
#include "web/pages_articles.h"
#include "web/respond.h"
#include "web/shared_page.h"

static bool can_write(const struct request *request)
{
	const struct actor *actor = &request->actor;
	bool is_expert = actor->expert_fields && strstr(actor->expert_fields, ",c");

	return policy_can(
		actor, MAY_WRITE_ARTICLE,
		&(struct subject){ .is_actors_field = is_expert, .now = request->ctx.now });
}

enum err articles_show(struct request *request)
{
	struct articles_page page = { .can_write = can_write(request) };

	TRY(article_home_load(&request->ctx, &page.home));
	frame_init(request, &page.frame, _("Articles"));
	page.frame.section = "articles";
	page.frame.canonical = site_url(request, "/kb");
	page.frame.description = _("What has been answered well, written down by the team.");
	page.frame.is_indexable = page.home.latest.count > 0;
	page.frame.feed_path = arena_printf(request->ctx.arena, "/kb/feed?lang=%s",
					    request->ctx.language);
	template_articles(&request->response->body, &page);
	return OK;
}

/* Places ----------------------------------------------------------------------------------- */

static enum err show_place(struct request *request, struct article_query *query, const char *kind)
{
	struct arena *arena = request->ctx.arena;
	struct article_place_page page = { .next_path = "" };

	TRY(list_key_read(request, &query->after));
	TRY(article_place_load(&request->ctx, query, &page.place));
	page.path = arena_printf(arena, "/kb/%s/%s", kind, request->slug);
	page.is_first_page = query->after.id == 0;
	if (page.place.list.has_more)
		page.next_path = arena_printf(arena, "%s?after=%s", page.path,
					      list_key_text(request, page.place.list.next));
	frame_init(request, &page.frame, arena_printf(arena, _("Articles: %s"), page.place.name));
	page.frame.section = "articles";
	page.frame.canonical = site_url(
		request, query->after.id ? arena_printf(arena, "%s?after=%s", page.path,
							list_key_text(request, query->after))
					 : page.path);
	page.frame.description = page.place.description[0]
					 ? page.place.description
					 : arena_printf(arena,
							_("What the team has written about %s."),
							page.place.name);
	page.frame.is_indexable = page.place.list.count > 0;
	page.frame.next_path = page.next_path;
	if (query->category_slug)
		page.frame.feed_path = arena_printf(arena, "%s/feed?lang=%s", page.path,
						    request->ctx.language);
	template_article_place(&request->response->body, &page);
	return OK;
}

enum err articles_category_show(struct request *request)
{
	struct article_query query = { .category_slug = request->slug };

	return show_place(request, &query, "c");
}

enum err articles_product_show(struct request *request)
{
	struct article_query query = { .product_slug = request->slug };

	return show_place(request, &query, "p");
}

enum err articles_old_show(struct request *request)
{
	const char *path;

	TRY(article_old_address(&request->ctx, request->slug, &path));
	return respond_redirect(request, 301, path);
}

/* An article --------------------------------------------------------------------------------- */

static const char *path_of(struct request *request, const struct article_link *link)
{
	return article_path(request->ctx.arena, link->id, link->title);
}

/* Search engines are told of all of them on each of them, itself included. */
static void fill_languages(struct request *request, struct article_page *page)
{
	const struct article_view *view = &page->view;
	struct frame *frame = &page->frame;

	if (view->language_count == 0)
		return;
	frame->languages = arena_array_of(request->ctx.arena, view->language_count + 1,
					  struct frame_language);
	frame->languages[frame->language_count++] = (struct frame_language){ view->article.language,
									     frame->canonical };
	for (size_t i = 0; i < view->language_count; i++)
		frame->languages[frame->language_count++] = (struct frame_language){
			view->languages[i].language,
			site_url(request, path_of(request, &view->languages[i])),
		};
}

static enum err show_article(struct request *request, struct article_page *page)
{
	outline_make(request->ctx.arena, page->view.body, &page->outline);
	page->can_write = can_write(request);
	frame_init(request, &page->frame, page->view.article.title);
	page->frame.section = "articles";
	page->frame.canonical = site_url(request, page->path);
	page->frame.description = page->view.article.summary[0]
					  ? page->view.article.summary
					  : excerpt_of_html(request->ctx.arena, page->view.body,
							    EXCERPT_OF_HEAD);
	page->frame.kind = "article";
	page->frame.published_at = page->view.article.published_at;
	page->frame.changed_at = page->view.article.changed_at;
	page->frame.is_indexable = true;
	fill_languages(request, page);
	page->frame.data = article_data(request, page);
	template_article(&request->response->body, page);
	return OK;
}

/* What was archived leads to what has taken its place, if anything has. */
static enum err load(struct request *request, struct article_page *page, bool *is_led_on)
{
	const struct article *article = &page->view.article;
	enum err result = article_view_load(&request->ctx, request->id, &page->view);

	*is_led_on = result == ERR_GONE && article->replaced_by;
	if (*is_led_on) {
		error_clear(&request->ctx);
		page->path = article_path(request->ctx.arena, article->replaced_by,
					  article->replaced_title);
		return OK;
	}
	TRY(result);
	page->path = article_path(request->ctx.arena, article->id, article->title);
	return OK;
}

static void count_view(struct request *request)
{
	if (view_counts(request->http->method == HTTP_GET, 200,
			view_is_by_robot(request->http->user_agent)))
		view_count_add(&request->site->article_views, request->id, clock_monotonic());
}

enum err article_page_show(struct request *request)
{
	struct article_page page = { .error = { "", "" }, .reason = "", .comment = "" };
	struct shared_page shared;
	bool is_led_on, is_same;

	TRY(shared_page_begin(request, PAGE_ARTICLE, request->id, &shared, &is_same));
	if (is_same)
		return OK;
	TRY(load(request, &page, &is_led_on));
	if (is_led_on || strcmp(page.path, request->http->path) != 0)
		return respond_redirect(request, 301, page.path);
	TRY(show_article(request, &page));
	shared_page_end(request, &shared, page.path);
	count_view(request);
	return OK;
}

/* The page again, with what was typed. */
static enum err show_refused(struct request *request, const struct article_vote *vote)
{
	struct article_page page = { .error = field_error_take(request),
				     .reason = vote->reason,
				     .comment = vote->comment };
	bool is_led_on;

	TRY(load(request, &page, &is_led_on));
	if (is_led_on)
		return respond_redirect(request, 303, page.path);
	return show_article(request, &page);
}

enum err article_helpful_post(struct request *request)
{
	struct article_vote vote = {
		.is_helpful = form_is_on(request),
		.reason = http_form(request->http, "reason"),
		.comment = http_form(request->http, "comment"),
		.address = request->http->client_address,
	};
	const char *path;
	enum err result = article_vote(&request->ctx, request->id, &vote, &path);

	if (result == ERR_INVALID)
		return show_refused(request, &vote);
	TRY(result);
	respond_notice(request, "article_vote");
	return respond_redirect(request, 303, path);
}
