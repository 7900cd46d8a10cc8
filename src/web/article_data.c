/*
 * An article as schema.org has it. The members are those that search engines ask for:
 * https://schema.org/Article, https://schema.org/BreadcrumbList.
 */
#include "web/article_data.h"

#include "i18n/i18n.h"
#include "web/json.h"
#include "web/respond.h"

static void put_brand(struct request *request, struct json *json, const char *key,
		      const struct frame *frame)
{
	json_object(json, key);
	json_text(json, "@type", "Organization");
	json_text(json, "name", frame->brand);
	json_text(json, "url", site_url(request, "/"));
	json_end(json);
}

static void put_article(struct request *request, struct json *json, const struct article_page *page)
{
	const struct article *article = &page->view.article;

	json_object(json, NULL);
	json_text(json, "@type", "Article");
	json_text(json, "@id", arena_printf(json->arena, "%s#article", page->frame.canonical));
	json_text(json, "mainEntityOfPage", page->frame.canonical);
	json_text(json, "headline", article->title);
	if (article->summary[0])
		json_text(json, "description", article->summary);
	json_text(json, "inLanguage", article->language);
	json_time(json, "datePublished", article->published_at);
	json_time(json, "dateModified", article->changed_at);
	put_brand(request, json, "author", &page->frame);
	put_brand(request, json, "publisher", &page->frame);
	json_end(json);
}

static void put_step(struct request *request, struct json *json, int *position, const char *name,
		     const char *path)
{
	json_object(json, NULL);
	json_text(json, "@type", "ListItem");
	json_i64(json, "position", ++*position);
	json_text(json, "name", name);
	json_text(json, "item", site_url(request, path));
	json_end(json);
}

static void put_way(struct request *request, struct json *json, const struct article_page *page)
{
	const struct article *article = &page->view.article;
	int position = 0;

	json_object(json, NULL);
	json_text(json, "@type", "BreadcrumbList");
	json_list(json, "itemListElement");
	put_step(request, json, &position, _("Home"), "/");
	put_step(request, json, &position, _("Articles"), "/kb");
	if (article->parent_slug[0])
		put_step(request, json, &position, article->parent_name,
			 arena_printf(json->arena, "/kb/c/%s", article->parent_slug));
	if (article->category_slug[0])
		put_step(request, json, &position, article->category_name,
			 arena_printf(json->arena, "/kb/c/%s", article->category_slug));
	put_step(request, json, &position, article->title, page->path);
	json_end(json);
	json_end(json);
}

const char *article_data(struct request *request, const struct article_page *page)
{
	struct json json;

	json_begin(&json, request->ctx.arena);
	json_text(&json, "@context", "https://schema.org");
	json_list(&json, "@graph");
	put_article(request, &json, page);
	put_way(request, &json, page);
	json_end(&json);
	return json_finish(&json);
}
