/*
 * The site and its people as schema.org has them: https://schema.org/Organization,
 * https://schema.org/WebSite, https://schema.org/ProfilePage.
 */
#include "web/site_data.h"

#include "text/markdown.h"
#include "web/json.h"
#include "web/respond.h"

#define BIO_SHOWN 300

static void put_organization(struct request *request, struct json *json, const struct frame *frame)
{
	json_object(json, NULL);
	json_text(json, "@type", "Organization");
	json_text(json, "@id", site_url(request, "/#organization"));
	json_text(json, "name", frame->brand);
	json_text(json, "url", site_url(request, "/"));
	json_text(json, "logo", site_url(request, frame->logo));
	json_end(json);
}

static void put_search(struct request *request, struct json *json)
{
	json_object(json, "potentialAction");
	json_text(json, "@type", "SearchAction");
	json_object(json, "target");
	json_text(json, "@type", "EntryPoint");
	json_text(json, "urlTemplate", site_url(request, "/search?q={search_term_string}"));
	json_end(json);
	json_text(json, "query-input", "required name=search_term_string");
	json_end(json);
}

static void put_site(struct request *request, struct json *json, const struct frame *frame)
{
	json_object(json, NULL);
	json_text(json, "@type", "WebSite");
	json_text(json, "@id", site_url(request, "/#website"));
	json_text(json, "name", frame->brand);
	json_text(json, "url", site_url(request, "/"));
	json_text(json, "inLanguage", frame->language);
	json_object(json, "publisher");
	json_text(json, "@id", site_url(request, "/#organization"));
	json_end(json);
	put_search(request, json);
	json_end(json);
}

const char *home_data(struct request *request, const struct frame *frame)
{
	struct json json;

	json_begin(&json, request->ctx.arena);
	json_text(&json, "@context", "https://schema.org");
	json_list(&json, "@graph");
	put_organization(request, &json, frame);
	put_site(request, &json, frame);
	json_end(&json);
	return json_finish(&json);
}

static void put_counter(struct json *json, const char *key, const char *type, int64_t count)
{
	json_object(json, key);
	json_text(json, "@type", "InteractionCounter");
	json_text(json, "interactionType", type);
	json_i64(json, "userInteractionCount", count);
	json_end(json);
}

static void put_person(struct json *json, const struct profile_page *page)
{
	const struct person *person = &page->person;
	const struct author *author = &person->author;

	json_object(json, "mainEntity");
	json_text(json, "@type", "Person");
	json_text(json, "name", author->name);
	if (person->handle[0])
		json_text(json, "alternateName", person->handle);
	json_text(json, "identifier", arena_printf(json->arena, "%lld", (long long)author->id));
	json_text(json, "url", page->frame.canonical);
	if (author->title[0])
		json_text(json, "jobTitle", author->title);
	if (person->bio_md[0])
		json_text(json, "description",
			  markdown_excerpt(json->arena, person->bio_md, BIO_SHOWN));
	put_counter(json, "agentInteractionStatistic", "https://schema.org/WriteAction",
		    person->question_count + author->answer_count);
	put_counter(json, "interactionStatistic", "https://schema.org/LikeAction",
		    person->thanks_count);
	json_end(json);
}

const char *profile_data(struct request *request, const struct profile_page *page)
{
	struct json json;

	json_begin(&json, request->ctx.arena);
	json_text(&json, "@context", "https://schema.org");
	json_text(&json, "@type", "ProfilePage");
	json_time(&json, "dateCreated", page->person.author.created_at);
	put_person(&json, page);
	return json_finish(&json);
}
