/*
 * What a search field suggests while somebody types, as JSON for our own script and
 * for browsers (OpenSearch); and the document by which browsers add the site.
 *
 * It is the same for everybody, so no session is looked up. It is served by the
 * pool of pages: what it costs is bounded by the index (titles only) and two
 * statements, less than a page, while in the slow pool it would wait behind logins
 * (docs/search.md has the figures).
 */
#include "forum/suggestion.h"

#include "base/utf8.h"
#include "forum/field.h"
#include "forum/search_result.h"
#include "i18n/i18n.h"
#include "search/search.h"
#include "web/brand.h"
#include "web/handlers.h"
#include "web/helpers.h"
#include "web/json.h"
#include "web/marked.h"
#include "web/respond.h"

#define TITLES_SUGGESTED  5
#define TYPED_MAX_POINTS  200
#define XML_MAX_BYTES     8192
/* OpenSearch 1.1: "The value must contain 16 or fewer characters". */
#define SHORT_NAME_POINTS 16

struct suggestion {
	const char *kind, *path, *note; /* note: what it is, in words */
	const char *title;              /* with marks */
	bool is_solved;
};

struct suggestions {
	struct suggestion items[TITLES_SUGGESTED + SUGGESTED_CATEGORIES_MAX + SUGGESTED_TAGS_MAX];
	size_t count;
};

/* The page says its language: a member's choice is not known without a session. */
static void choose_language(struct request *request)
{
	const char *wanted = http_parameter(request->http, "lang");

	if (!i18n_is_supported(wanted))
		return;
	i18n_use(wanted);
	request->ctx.language = i18n_language();
}

static const char *topic_note(struct arena *arena, const struct search_result_link *link)
{
	if (link->is_solved)
		return pgettext("question", "Solved");
	return arena_printf(arena, ngettext("%s answer", "%s answers", link->answer_count),
			    i18n_number(arena, link->answer_count));
}

static struct suggestion found_one(struct arena *arena, const struct search_result_link *link)
{
	if (link->kind == SEARCH_ARTICLE)
		return (struct suggestion){
			.kind = "article",
			.title = link->title,
			.note = pgettext("noun", "Article"),
			.path = arena_printf(arena, "/kb/%lld-%s", (long long)link->id, link->slug),
		};
	return (struct suggestion){
		.kind = "topic",
		.title = link->title,
		.note = topic_note(arena, link),
		.is_solved = link->is_solved,
		.path = arena_printf(arena, "/t/%lld-%s", (long long)link->id, link->slug),
	};
}

/* Questions and articles, as the index ranks them. */
static enum err add_titles(struct request *request, const char *typed, struct suggestions *out)
{
	struct arena *arena = request->ctx.arena;
	struct search_suggestions *found = arena_new_of(arena, struct search_suggestions);
	struct search_result_links *links = arena_new_of(arena, struct search_result_links);
	struct search_reader *reader = site_search(request->site);
	struct search_filter filter = { 0 };

	search_results_allow(&request->ctx, &filter);
	if (!reader || !search_worked(request, search_suggest(reader, typed, request->ctx.language,
							      &filter, TITLES_SUGGESTED, found)))
		return OK;
	TRY(search_results_load_links(&request->ctx, found, links));
	for (size_t i = 0; i < links->count && i < TITLES_SUGGESTED; i++)
		out->items[out->count++] = found_one(arena, &links->items[i]);
	return OK;
}

static const char *place_path(struct arena *arena, const struct suggested_place *place)
{
	struct buf path;

	buf_init(&path, arena, 1024);
	buf_text(&path, place->is_tag ? "/tag/" : "/c/");
	buf_url(&path, place->slug);
	return path.data;
}

static enum err add_places(struct request *request, const char *typed, struct suggestions *out)
{
	struct suggested_places places;

	TRY(suggested_places_load(&request->ctx, typed, &places));
	for (size_t i = 0; i < places.count; i++) {
		const struct suggested_place *place = &places.items[i];

		out->items[out->count++] = (struct suggestion){
			.kind = place->is_tag ? "tag" : "category",
			.title = place->name,
			.note = place->is_tag ? pgettext("noun", "Tag") : _("Subject"),
			.path = place_path(request->ctx.arena, place),
		};
	}
	return OK;
}

static void write_title(struct json *json, struct arena *arena, const char *title)
{
	struct marked marked = marked_read(arena, title);

	json_list(json, "title");
	for (size_t i = 0; i < marked.count; i++) {
		json_object(json, NULL);
		json_text(json, "text", marked.pieces[i].text);
		if (marked.pieces[i].is_match)
			json_bool(json, "match", true);
		json_end(json);
	}
	json_end(json);
}

static enum err respond_own(struct request *request, const struct suggestions *found)
{
	struct json json;

	json_begin(&json, request->ctx.arena);
	json_list(&json, "suggestions");
	for (size_t i = 0; i < found->count; i++) {
		json_object(&json, NULL);
		json_text(&json, "kind", found->items[i].kind);
		json_text(&json, "path", found->items[i].path);
		json_text(&json, "note", found->items[i].note);
		if (found->items[i].is_solved)
			json_bool(&json, "solved", true);
		write_title(&json, request->ctx.arena, found->items[i].title);
		json_end(&json);
	}
	json_end(&json);
	return respond_json(request, json_finish(&json));
}

/* The four lists of OpenSearch Suggestions 1.1: query, completions, descriptions, addresses. */
static enum err respond_opensearch(struct request *request, const char *typed,
				   const struct suggestions *found)
{
	struct buf *out = &request->response->body;

	request->response->content_type = "application/x-suggestions+json; charset=utf-8";
	buf_char(out, '[');
	buf_json(out, typed);
	for (int list = 0; list < 3; list++) {
		buf_text(out, ",[");
		for (size_t i = 0; i < found->count; i++) {
			const struct suggestion *item = &found->items[i];

			if (i > 0)
				buf_char(out, ',');
			buf_json(out, list == 0   ? marked_plain(request->ctx.arena, item->title)
				      : list == 1 ? item->note
						  : site_url(request, item->path));
		}
		buf_char(out, ']');
	}
	buf_text(out, "]\n");
	return OK;
}

enum err suggest_show(struct request *request)
{
	struct suggestions found = { .count = 0 };
	const char *typed;

	choose_language(request);
	TRY(field_line(&request->ctx, "q", http_parameter(request->http, "q"), 0,
		       HTTP_QUERY_MAX_BYTES, &typed));
	if (utf8_count(typed) >= 2 && utf8_count(typed) <= TYPED_MAX_POINTS) {
		TRY(add_titles(request, typed, &found));
		TRY(add_places(request, typed, &found));
	}
	if (strcmp(http_parameter(request->http, "format"), "opensearch") == 0)
		return respond_opensearch(request, typed, &found);
	return respond_own(request, &found);
}

/* The description ---------------------------------------------------------------------- */

static void write_element(struct buf *out, const char *name, const char *text)
{
	buf_printf(out, "\t<%s>", name);
	buf_html(out, text, strlen(text));
	buf_printf(out, "</%s>\n", name);
}

/* A long name ends with a whole word, where it has one that fits. */
static const char *short_name(struct arena *arena, const char *brand)
{
	size_t length = utf8_prefix(brand, SHORT_NAME_POINTS);
	size_t whole = length;

	while (brand[length] && whole > 0 && brand[whole] != ' ')
		whole--;
	return arena_strndup(arena, brand, whole > 0 ? whole : length);
}

static void write_url(struct request *request, const char *attributes, const char *path)
{
	const char *url = site_url(request, path);

	buf_printf(&request->response->body, "\t<Url %s template=\"", attributes);
	buf_html(&request->response->body, url, strlen(url));
	buf_text(&request->response->body, "\"/>\n");
}

enum err opensearch_show(struct request *request)
{
	const char *brand = brand_shown(request)->name;
	struct arena *arena = request->ctx.arena;
	struct buf *out = &request->response->body;

	choose_language(request);
	request->response->content_type = "application/opensearchdescription+xml; charset=utf-8";
	buf_text(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		      "<OpenSearchDescription xmlns=\"http://a9.com/-/spec/opensearch/1.1/\">\n");
	write_element(out, "ShortName", short_name(arena, brand));
	/* TRANSLATORS: %s is the brand; shown by browsers in their list of search engines. */
	write_element(out, "Description",
		      arena_printf(arena, _("Search the questions and answers of %s"), brand));
	write_element(out, "InputEncoding", "UTF-8");
	write_element(out, "Language", request->ctx.language);
	write_element(out, "Image", site_url(request, "/theme/favicon.svg"));
	write_url(request, "type=\"text/html\"", "/search?q={searchTerms}");
	write_url(request, "type=\"application/x-suggestions+json\"",
		  arena_printf(arena, "/search/suggest?format=opensearch&lang=%s&q={searchTerms}",
			       request->ctx.language));
	write_url(request, "type=\"application/opensearchdescription+xml\" rel=\"self\"",
		  arena_printf(arena, "/opensearch.xml?lang=%s", request->ctx.language));
	buf_text(out, "</OpenSearchDescription>\n");
	return OK;
}
