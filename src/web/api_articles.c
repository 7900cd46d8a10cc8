/*
 * The knowledge base for programs: what readers have at /kb, as JSON.
 */
#include "forum/article_list.h"
#include "forum/category.h"
#include "i18n/i18n.h"
#include "web/api.h"
#include "web/handlers.h"
#include "web/helpers.h"
#include "web/respond.h"

static void put_or_null(struct json *json, const char *key, const char *text)
{
	if (text[0])
		json_text(json, key, text);
	else
		json_null(json, key);
}

static void put_url(struct request *request, struct json *json, int64_t id, const char *title)
{
	json_text(json, "url", site_url(request, article_path(json->arena, id, title)));
}

static void put_article(struct request *request, struct json *json, const struct article *article)
{
	json_i64(json, "id", article->id);
	json_text(json, "title", article->title);
	put_url(request, json, article->id, article->title);
	json_text(json, "language", article->language);
	json_text(json, "summary", article->summary);
	put_or_null(json, "category", article->category_slug);
	put_or_null(json, "product", article->product);
	json_time(json, "published_at", article->published_at);
	json_time(json, "changed_at", article->changed_at);
	json_i64(json, "helpful_count", article->helpful);
}

/* Another language's version, or a related article. */
static void put_links(struct request *request, struct json *json, const char *key,
		      const struct article_link *links, size_t count)
{
	json_list(json, key);
	for (size_t i = 0; i < count; i++) {
		json_object(json, NULL);
		json_i64(json, "id", links[i].id);
		json_text(json, "title", links[i].title);
		put_url(request, json, links[i].id, links[i].title);
		json_text(json, "language", links[i].language);
		json_end(json);
	}
	json_end(json);
}

static void put_credit(struct request *request, struct json *json,
		       const struct article_credit *credit)
{
	json_list(json, "settles");
	for (size_t i = 0; i < credit->thread_count; i++) {
		const struct article_thread *thread = &credit->threads[i];

		json_object(json, NULL);
		json_i64(json, "id", thread->id);
		json_text(json, "title", thread->title);
		json_text(json, "url",
			  site_url(request, topic_path(json->arena, thread->id, thread->title)));
		json_text(json, "language", thread->language);
		json_end(json);
	}
	json_end(json);
	json_list(json, "thanks_to");
	for (size_t i = 0; i < credit->people_count; i++)
		api_put_author(request, json, NULL, &credit->people[i]);
	json_end(json);
}

/* Lists ------------------------------------------------------------------------------------ */

static enum err read_choice(struct request *request, struct article_choice *out)
{
	const char *slug = http_parameter(request->http, "category");
	struct category category;

	out->language = http_parameter(request->http, "language");
	if (out->language[0] && !i18n_is_supported(out->language))
		return fail(&request->ctx, ERR_INVALID, "language", "%s",
			    _("The language is fr or en."));
	if (slug[0]) {
		TRY(category_by_slug(&request->ctx, slug, &category));
		out->category_id = category.id;
	}
	return list_key_read(request, &out->after);
}

static const char *next_path(struct request *request, const struct article_choice *choice,
			     struct list_key next)
{
	struct buf path;

	buf_init(&path, request->ctx.arena, 4096);
	buf_printf(&path, "/api/v1/articles?after=%s", list_key_text(request, next));
	if (choice->language[0])
		buf_printf(&path, "&language=%s", choice->language);
	if (choice->category_id) {
		buf_text(&path, "&category=");
		buf_url(&path, http_parameter(request->http, "category"));
	}
	return path.data;
}

enum err api_articles(struct request *request)
{
	struct article_choice choice = { .language = "" };
	struct article_list list;
	struct json json;

	TRY(read_choice(request, &choice));
	TRY(article_list_load(&request->ctx, &choice, &list));
	json_begin(&json, request->ctx.arena);
	json_list(&json, "articles");
	for (size_t i = 0; i < list.count; i++) {
		json_object(&json, NULL);
		put_article(request, &json, &list.items[i]);
		json_end(&json);
	}
	json_end(&json);
	api_put_next(request, &json, list.has_more ? next_path(request, &choice, list.next) : NULL);
	return respond_json(request, json_finish(&json));
}

/* One ------------------------------------------------------------------------------------ */

enum err api_article(struct request *request)
{
	struct article_view view;
	struct json json;

	TRY(article_view_load(&request->ctx, request->id, &view));
	json_begin(&json, request->ctx.arena);
	put_article(request, &json, &view.article);
	json_text(&json, "body_html", view.body.html);
	put_links(request, &json, "other_languages", view.languages, view.language_count);
	put_links(request, &json, "related", view.related, view.related_count);
	put_credit(request, &json, &view.credit);
	return respond_json(request, json_finish(&json));
}
