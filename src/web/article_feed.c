/*
 * What is new in the knowledge base, as an Atom feed (RFC 4287): all of it, or a category,
 * in one language. An entry is an article; it comes up again when readers get another
 * version.
 */
#include "base/clock.h"
#include "forum/article_list.h"
#include "forum/category.h"
#include "i18n/i18n.h"
#include "web/brand.h"
#include "web/handlers.h"
#include "web/respond.h"

/* "?lang=": readers of feeds send no language of theirs. */
static enum err choose_language(struct request *request)
{
	const char *wanted = http_parameter(request->http, "lang");

	if (!wanted[0])
		return OK;
	if (!i18n_is_supported(wanted))
		return fail(&request->ctx, ERR_NOT_FOUND, NULL, NULL);
	i18n_use(wanted);
	request->ctx.language = i18n_language();
	return OK;
}

/* XML has no place for control characters, not even escaped. */
static void write_words(struct buf *out, const char *text)
{
	for (const char *at = text; *at; at++)
		if ((unsigned char)*at >= 0x20)
			buf_html(out, at, 1);
		else
			buf_char(out, ' ');
}

static void write_element(struct buf *out, const char *name, const char *text)
{
	buf_printf(out, "<%s>", name);
	write_words(out, text);
	buf_printf(out, "</%s>\n", name);
}

static void write_link(struct buf *out, const char *attributes, const char *url)
{
	buf_printf(out, "<link %s href=\"", attributes);
	write_words(out, url);
	buf_text(out, "\"/>\n");
}

/* The number alone stays what it is when the title changes. */
static void write_entry(struct request *request, const struct article *article)
{
	struct arena *arena = request->ctx.arena;
	struct buf *out = &request->response->body;

	buf_printf(out, "<entry xml:lang=\"%s\">\n", article->language);
	write_element(out, "id",
		      site_url(request, arena_printf(arena, "/kb/%lld", (long long)article->id)));
	write_element(out, "title", article->title);
	write_link(out, "rel=\"alternate\" type=\"text/html\"",
		   site_url(request, article_path(arena, article->id, article->title)));
	write_element(out, "published", clock_rfc3339(arena, article->published_at));
	write_element(out, "updated", clock_rfc3339(arena, article->changed_at));
	if (article->summary[0])
		write_element(out, "summary", article->summary);
	if (article->category_slug[0]) {
		buf_printf(out, "<category term=\"%s\" label=\"", article->category_slug);
		write_words(out, article->category_name);
		buf_text(out, "\"/>\n");
	}
	buf_text(out, "</entry>\n");
}

static void write_feed(struct request *request, const char *title, const char *page_path,
		       const struct article_list *list)
{
	struct arena *arena = request->ctx.arena;
	struct buf *out = &request->response->body;
	const char *self = site_url(
		request, arena_printf(arena, "%s/feed?lang=%s", page_path, request->ctx.language));

	request->response->content_type = "application/atom+xml; charset=utf-8";
	buf_printf(out,
		   "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		   "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"%s\">\n",
		   request->ctx.language);
	write_element(out, "id", self);
	write_element(out, "title", title);
	write_link(out, "rel=\"self\" type=\"application/atom+xml\"", self);
	write_link(out, "rel=\"alternate\" type=\"text/html\"", site_url(request, page_path));
	write_element(out, "updated",
		      clock_rfc3339(arena, list->count ? list->items[0].changed_at : 0));
	buf_text(out, "<author>");
	write_element(out, "name", brand_shown(request)->name);
	buf_text(out, "</author>\n");
	for (size_t i = 0; i < list->count; i++)
		write_entry(request, &list->items[i]);
	buf_text(out, "</feed>\n");
}

enum err articles_feed(struct request *request)
{
	struct article_choice choice = { 0 };
	struct article_list list;

	TRY(choose_language(request));
	choice.language = request->ctx.language;
	TRY(article_list_load(&request->ctx, &choice, &list));
	/* TRANSLATORS: %s is the brand; the name of a feed. */
	write_feed(
		request,
		arena_printf(request->ctx.arena, _("Articles of %s"), brand_shown(request)->name),
		"/kb", &list);
	return OK;
}

enum err articles_category_feed(struct request *request)
{
	struct arena *arena = request->ctx.arena;
	struct article_choice choice = { 0 };
	struct article_list list;
	struct category category;

	TRY(choose_language(request));
	TRY(category_by_slug(&request->ctx, request->slug, &category));
	choice.language = request->ctx.language;
	choice.category_id = category.id;
	TRY(article_list_load(&request->ctx, &choice, &list));
	write_feed(request, arena_printf(arena, _("Articles: %s"), category.name),
		   arena_printf(arena, "/kb/c/%s", category.slug), &list);
	return OK;
}
