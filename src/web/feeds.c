/*
 * What is new in lists of questions, as Atom feeds: all questions, a category's, a tag's,
 * a person's, and ideas; by the same filters as the lists, which name them in their heads.
 */
#include "db/db.h"
#include "forum/feed_text.h"
#include "forum/idea.h"
#include "i18n/i18n.h"
#include "web/atom.h"
#include "web/brand.h"
#include "web/handlers.h"
#include "web/respond.h"

static const char *author_path(struct arena *arena, const struct author *author)
{
	if (!author->id)
		return "";
	return arena_printf(arena, "/u/%lld-%s", (long long)author->id, author->slug);
}

static void write_topic(struct request *request, const struct topic_row *row,
			const struct feed_text *text)
{
	struct arena *arena = request->ctx.arena;

	atom_entry(request,
		   &(struct atom_entry){
			   .id_path = arena_printf(arena, "/t/%lld", (long long)row->id),
			   .path = arena_printf(arena, "/t/%lld-%s", (long long)row->id, row->slug),
			   .language = row->language,
			   .title = row->title,
			   .published_at = row->created_at,
			   .updated_at = text->updated_at,
			   .author = row->author.name,
			   .author_path = author_path(arena, &row->author),
			   .summary = row->excerpt,
			   .content = text->html,
			   .category = row->category_slug,
			   .category_name = row->category_name,
		   });
}

static enum err write_topics(struct request *request, struct atom_feed *feed,
			     const struct topic_list *list)
{
	struct feed_text texts[TOPICS_PER_PAGE];
	int64_t ids[TOPICS_PER_PAGE];

	for (size_t i = 0; i < list->count; i++)
		ids[i] = list->items[i].id;
	TRY(feed_texts_of_topics(&request->ctx, ids, list->count, texts));
	for (size_t i = 0; i < list->count; i++)
		if (texts[i].is_there && texts[i].updated_at > feed->updated_at)
			feed->updated_at = texts[i].updated_at;
	atom_begin(request, feed);
	for (size_t i = 0; i < list->count; i++)
		if (texts[i].is_there)
			write_topic(request, &list->items[i], &texts[i]);
	atom_end(request);
	return OK;
}

/* Newest first is what a feed can be; "useful" and "followed" are other things. */
static enum err read_filter(struct request *request, enum topic_filter *out)
{
	const char *text = http_parameter(request->http, "filter");

	*out = FILTER_NEW;
	if (text[0] && (!topic_filter_from_text(text, out) || *out == FILTER_USEFUL ||
			*out == FILTER_FOLLOWED))
		return fail(&request->ctx, ERR_NOT_FOUND, NULL, NULL);
	return OK;
}

static const char *filter_title(struct arena *arena, enum topic_filter filter, const char *place)
{
	switch (filter) {
	case FILTER_UNANSWERED:
		return arena_printf(arena, _("Unanswered: %s"), place);
	case FILTER_UNSOLVED:
		return arena_printf(arena, _("Unsolved: %s"), place);
	case FILTER_SOLVED:
		return arena_printf(arena, _("Solved: %s"), place);
	default:
		return place;
	}
}

static enum err write_list(struct request *request, struct topic_query *query, const char *place,
			   const char *page_path)
{
	struct arena *arena = request->ctx.arena;
	struct atom_feed feed = { .page_path = page_path };
	struct topic_list list;

	TRY(read_filter(request, &query->filter));
	query->limit = TOPICS_PER_PAGE;
	TRY(topic_list(&request->ctx, query, &list));
	feed.path = arena_printf(arena, "%s/feed", page_path);
	if (query->filter != FILTER_NEW) {
		const char *filter = topic_filter_text(query->filter);

		feed.path = arena_printf(arena, "%s?filter=%s", feed.path, filter);
		feed.page_path = arena_printf(arena, "%s?filter=%s", page_path, filter);
	}
	feed.title = filter_title(
		arena, query->filter,
		/* TRANSLATORS: the name of a feed: the brand, then what is in it. */
		arena_printf(arena, _("%1$s – %2$s"), brand_shown(request)->name, place));
	return write_topics(request, &feed, &list);
}

enum err questions_feed(struct request *request)
{
	struct topic_query query = { 0 };

	TRY(atom_choose_language(request));
	return write_list(request, &query, _("Questions"), "/questions");
}

enum err category_feed(struct request *request)
{
	struct topic_query query = { 0 };
	struct category category;
	const char *now;

	TRY(atom_choose_language(request));
	TRY(category_find(&request->ctx, request->slug, &category, &now));
	if (now[0])
		return respond_redirect(request, 301,
					arena_printf(request->ctx.arena, "/c/%s/feed", now));
	query.category_id = category.id;
	query.is_top_category = category.parent_id == 0;
	return write_list(request, &query, category.name,
			  arena_printf(request->ctx.arena, "/c/%s", category.slug));
}

enum err tag_feed(struct request *request)
{
	struct topic_query query = { 0 };
	struct tag_about about;
	struct buf path;

	TRY(atom_choose_language(request));
	TRY(tag_about(&request->ctx, request->slug, &about));
	buf_init(&path, request->ctx.arena, 1024);
	buf_text(&path, "/tag/");
	buf_url(&path, about.tag.name);
	if (strcmp(about.tag.name, request->slug) != 0)
		return respond_redirect(request, 301,
					arena_printf(request->ctx.arena, "%s/feed", path.data));
	query.tag_id = about.tag.id;
	return write_list(request, &query, about.tag.name, path.data);
}

enum err ideas_feed(struct request *request)
{
	const struct idea_query query = { .is_by_date = true };
	struct atom_feed feed = { .path = "/ideas/feed", .page_path = "/ideas?sort=new" };
	struct idea_list list;

	TRY(atom_choose_language(request));
	TRY(idea_list(&request->ctx, &query, &list));
	feed.title = arena_printf(request->ctx.arena, _("%1$s – %2$s"), brand_shown(request)->name,
				  _("Ideas"));
	return write_topics(request, &feed, &list.ideas);
}

/* A person's -------------------------------------------------------------------------- */

static enum err write_answers(struct request *request, struct atom_feed *feed,
			      const struct person *person)
{
	struct arena *arena = request->ctx.arena;
	struct answer_list list;
	struct feed_text *texts;
	struct rows rows;
	int64_t *ids;

	answer_list_add(&request->ctx, person->author.id, (struct list_key){ 0 }, &rows);
	TRY(db_run(&request->ctx));
	answer_list_read(&request->ctx, &rows, &list);
	ids = arena_array_of(arena, list.count + 1, int64_t);
	texts = arena_array_of(arena, list.count + 1, struct feed_text);
	for (size_t i = 0; i < list.count; i++)
		ids[i] = list.items[i].id;
	TRY(feed_texts_of_posts(&request->ctx, ids, list.count, texts));
	for (size_t i = 0; i < list.count; i++)
		if (texts[i].is_there && texts[i].updated_at > feed->updated_at)
			feed->updated_at = texts[i].updated_at;
	atom_begin(request, feed);
	for (size_t i = 0; i < list.count; i++) {
		const struct answer_row *row = &list.items[i];
		const char *path = arena_printf(arena, "/p/%lld", (long long)row->id);

		if (texts[i].is_there)
			atom_entry(request, &(struct atom_entry){
						    .id_path = path,
						    .path = path,
						    .language = texts[i].language,
						    .title = row->topic_title,
						    .published_at = row->created_at,
						    .updated_at = texts[i].updated_at,
						    .author = person->author.name,
						    .author_path = feed->page_path,
						    .summary = row->excerpt,
						    .content = texts[i].html,
						    .category = "",
					    });
	}
	atom_end(request);
	return OK;
}

enum err profile_feed(struct request *request)
{
	struct arena *arena = request->ctx.arena;
	struct topic_query query = { .author_id = request->id, .limit = TOPICS_PER_PAGE };
	struct atom_feed feed = { 0 };
	struct topic_list list;
	struct person person;
	const char *own;

	TRY(atom_choose_language(request));
	TRY(person_load(&request->ctx, request->id, &person));
	own = arena_printf(arena, "/u/%lld/feed", (long long)request->id);
	feed.page_path = author_path(arena, &person.author);
	if (strcmp(http_parameter(request->http, "tab"), "answers") == 0) {
		feed.path = arena_printf(arena, "%s?tab=answers", own);
		feed.title = arena_printf(arena, _("Answers by %s"), person.author.name);
		return write_answers(request, &feed, &person);
	}
	feed.path = own;
	feed.title = arena_printf(arena, _("Questions by %s"), person.author.name);
	TRY(topic_list(&request->ctx, &query, &list));
	return write_topics(request, &feed, &list);
}
