/*
 * The interface for programs: what the pages show, as JSON, read only. Described
 * by docs/openapi.json, which a test holds against these answers. Lists page by
 * key: the address of the next page is in "next" and in a Link header (RFC 8288).
 */
#include "forum/category.h"
#include "forum/idea.h"
#include "forum/poll.h"
#include "forum/post.h"
#include "text/markdown.h"
#include "web/api.h"
#include "web/handlers.h"
#include "web/helpers.h"
#include "web/respond.h"
#include "web/texts.h"

static const char *state_text(enum topic_state state)
{
	static const char *const texts[] = {
		[TOPIC_NEW] = "new",
		[TOPIC_ANSWERED] = "answered",
		[TOPIC_SOLVED] = "solved",
		[TOPIC_NEEDS_INFORMATION] = "needs_information",
		[TOPIC_DUPLICATE] = "duplicate",
		[TOPIC_CLOSED] = "closed",
	};

	return texts[state];
}

/* Of an idea; a question has none. */
static void put_stage(struct json *json, enum idea_stage stage)
{
	if (stage)
		json_text(json, "stage", idea_stage_text(stage));
	else
		json_null(json, "stage");
}

void api_put_author(struct request *request, struct json *json, const char *key,
		    const struct author *author)
{
	json_object(json, key);
	json_id(json, "id", author->id);
	json_text(json, "name", author->name);
	json_text(json, "role", role_text(author->role));
	if (author->id)
		json_text(json, "url",
			  site_url(request, arena_printf(request->ctx.arena, "/u/%lld-%s",
							 (long long)author->id, author->slug)));
	json_end(json);
}

static const char *topic_url(struct request *request, int64_t id, const char *title)
{
	return site_url(request, topic_path(request->ctx.arena, id, title));
}

static void put_topic_row(struct request *request, struct json *json, const struct topic_row *row)
{
	json_object(json, NULL);
	json_i64(json, "id", row->id);
	json_text(json, "title", row->title);
	json_text(json, "url", topic_url(request, row->id, row->title));
	json_text(json, "language", row->language);
	json_text(json, "state", state_text(row->state));
	put_stage(json, row->stage);
	json_text(json, "category", row->category_slug);
	json_list(json, "tags");
	for (size_t i = 0; i < row->tag_count; i++)
		json_text(json, NULL, row->tags[i]);
	json_end(json);
	api_put_author(request, json, "author", &row->author);
	json_time(json, "created_at", row->created_at);
	json_i64(json, "answer_count", row->answer_count);
	json_i64(json, "me_too_count", row->me_too_count);
	json_i64(json, "score", row->score);
	json_text(json, "excerpt", row->excerpt);
	json_end(json);
}

void api_put_next(struct request *request, struct json *json, const char *path)
{
	if (!path) {
		json_null(json, "next");
		return;
	}
	json_text(json, "next", site_url(request, path));
	http_header(
		request->response, "Link",
		arena_printf(request->ctx.arena, "<%s>; rel=\"next\"", site_url(request, path)));
}

static enum err find_category(struct request *request, struct topic_query *query)
{
	const char *slug = http_parameter(request->http, "category");
	struct category category;

	if (!slug[0])
		return OK;
	TRY(category_by_slug(&request->ctx, slug, &category));
	query->category_id = category.id;
	query->is_top_category = category.parent_id == 0;
	return OK;
}

static enum err find_tag(struct request *request, struct topic_query *query)
{
	const char *name = http_parameter(request->http, "tag");
	struct tag tag;

	if (!name[0])
		return OK;
	/* One index range a list: by category or by tag, not by both. */
	if (query->category_id)
		return fail(&request->ctx, ERR_INVALID, "tag", "%s",
			    _("Ask for a category or for a tag, not for both."));
	TRY(tag_by_name(&request->ctx, name, &tag));
	query->tag_id = tag.id;
	return OK;
}

static const char *next_topics_path(struct request *request, const struct topic_query *query,
				    struct list_key next)
{
	struct buf path;

	buf_init(&path, request->ctx.arena, 4096);
	buf_printf(&path, "/api/v1/topics?filter=%s", topic_filter_text(query->filter));
	if (query->category_id) {
		buf_text(&path, "&category=");
		buf_url(&path, http_parameter(request->http, "category"));
	}
	if (query->tag_id) {
		buf_text(&path, "&tag=");
		buf_url(&path, http_parameter(request->http, "tag"));
	}
	buf_printf(&path, "&after=%s", list_key_text(request, next));
	return path.data;
}

enum err api_topics(struct request *request)
{
	struct topic_query query = { .limit = TOPICS_PER_PAGE };
	const char *filter = http_parameter(request->http, "filter");
	struct topic_list list;
	struct json json;

	if (filter[0] &&
	    (!topic_filter_from_text(filter, &query.filter) || query.filter == FILTER_FOLLOWED))
		return fail(
			&request->ctx, ERR_INVALID, "filter", "%s",
			_("The filter is one of new, unanswered, unsolved, solved and useful."));
	TRY(find_category(request, &query));
	TRY(find_tag(request, &query));
	TRY(list_key_read(request, &query.after));
	TRY(topic_list(&request->ctx, &query, &list));

	json_begin(&json, request->ctx.arena);
	json_list(&json, "topics");
	for (size_t i = 0; i < list.count; i++)
		put_topic_row(request, &json, &list.items[i]);
	json_end(&json);
	api_put_next(request, &json,
		     list.has_more ? next_topics_path(request, &query, list.next) : NULL);
	return respond_json(request, json_finish(&json));
}

static char *comments_path(struct request *request, int64_t post_id, int64_t after_id)
{
	return arena_printf(request->ctx.arena, "/api/v1/posts/%lld/comments?after=%lld",
			    (long long)post_id, (long long)after_id);
}

static void put_post(struct request *request, struct json *json, const char *key,
		     const struct post *post);

/* The first ones, and where the others are. */
static void put_comments(struct request *request, struct json *json, const struct post *post)
{
	size_t count = post->comments_count;

	json_list(json, "comments");
	for (size_t i = 0; i < count; i++)
		put_post(request, json, NULL, &post->comments[i]);
	json_end(json);
	if (post->has_more_comments)
		json_text(json, "comments_next",
			  site_url(request,
				   comments_path(request, post->id, post->comments[count - 1].id)));
	else
		json_null(json, "comments_next");
}

static void put_post(struct request *request, struct json *json, const char *key,
		     const struct post *post)
{
	json_object(json, key);
	json_i64(json, "id", post->id);
	json_text(json, "kind", post_kind_text(post->kind));
	json_text(json, "url",
		  site_url(request,
			   arena_printf(request->ctx.arena, "/p/%lld", (long long)post->id)));
	api_put_author(request, json, "author", &post->author);
	json_text(json, "body_html", post->body.html);
	json_time(json, "created_at", post->created_at);
	json_time(json, "edited_at", post->edited_at);
	json_time(json, "accepted_at", post->accepted_at);
	json_i64(json, "score", post->score);
	json_i64(json, "comment_count", post->comment_count);
	if (post->source_url[0]) {
		json_text(json, "source_url", post->source_url);
		json_text(json, "source_licence", post->source_licence);
	}
	if (post->kind != POST_COMMENT)
		put_comments(request, json, post);
	json_end(json);
}

static void put_topic(struct request *request, struct json *json, const struct topic *topic)
{
	json_i64(json, "id", topic->id);
	json_text(json, "title", topic->title);
	json_text(json, "url", topic_url(request, topic->id, topic->title));
	json_text(json, "language", topic->language);
	json_text(json, "state", state_text(topic->state));
	json_id(json, "duplicate_of", topic->duplicate_of);
	put_stage(json, topic->stage);
	json_text(json, "category", topic->category_slug);
	json_list(json, "tags");
	for (size_t i = 0; i < topic->tags.count; i++)
		json_text(json, NULL, topic->tags.items[i].name);
	json_end(json);
	json_time(json, "created_at", topic->created_at);
	json_time(json, "active_at", topic->active_at);
	json_time(json, "solved_at", topic->solved_at);
	json_i64(json, "answer_count", topic->answer_count);
	json_i64(json, "comment_count", topic->comment_count);
	json_i64(json, "me_too_count", topic->me_too_count);
	json_i64(json, "score", topic->score);
}

static void put_choice(struct json *json, const struct poll *poll, const struct poll_choice *choice)
{
	json_object(json, NULL);
	json_text(json, "label", choice->label);
	if (poll->is_public)
		json_i64(json, "votes", choice->votes);
	else
		json_null(json, "votes");
	json_end(json);
}

static void put_poll(struct json *json, const struct poll *poll)
{
	if (!poll->id || poll->is_removed) {
		json_null(json, "poll");
		return;
	}
	json_object(json, "poll");
	json_text(json, "question", poll->question);
	json_bool(json, "is_multiple", poll->is_multiple);
	json_bool(json, "is_open", poll->is_open);
	json_time(json, "closes_at", poll->closes_at);
	json_i64(json, "voter_count", poll->voter_count);
	json_list(json, "choices");
	for (size_t i = 0; i < poll->choice_count; i++)
		put_choice(json, poll, &poll->choices[i]);
	json_end(json);
	json_end(json);
}

/* Programs see what visitors see, whoever's cookie came along. */
enum err api_topic(struct request *request)
{
	struct ctx *ctx = &request->ctx;
	struct poll poll = { 0 };
	struct topic_view view;
	struct json json;
	int64_t page;

	TRY(query_number(request, "page", 1, &page));
	TRY(topic_view_load(ctx, request->id, page, ORDER_DATE, &view));
	if (view.topic.has_poll)
		TRY(poll_load(ctx, &view.topic, &poll));
	json_begin(&json, ctx->arena);
	put_topic(request, &json, &view.topic);
	put_poll(&json, &poll);
	put_post(request, &json, "question", &view.question);
	json_list(&json, "accepted_ids");
	for (size_t i = 0; i < view.accepted_count; i++)
		json_i64(&json, NULL, view.accepted[i].id);
	json_end(&json);
	json_list(&json, "answers");
	for (size_t i = 0; i < view.answer_count; i++)
		put_post(request, &json, NULL, &view.answers[i]);
	json_end(&json);
	json_i64(&json, "page", view.page);
	json_i64(&json, "page_count", view.page_count);
	api_put_next(request, &json,
		     page < view.page_count
			     ? arena_printf(ctx->arena, "/api/v1/topics/%lld?page=%lld",
					    (long long)request->id, (long long)page + 1)
			     : NULL);
	return respond_json(request, json_finish(&json));
}

enum err api_comments(struct request *request)
{
	struct ctx *ctx = &request->ctx;
	struct post *comments;
	struct json json;
	size_t count;
	bool has_more;
	int64_t after;

	TRY(query_number(request, "after", 0, &after));
	TRY(comment_list(ctx, request->id, after, &comments, &count, &has_more));
	json_begin(&json, ctx->arena);
	json_list(&json, "comments");
	for (size_t i = 0; i < count; i++)
		put_post(request, &json, NULL, &comments[i]);
	json_end(&json);
	api_put_next(request, &json,
		     has_more ? comments_path(request, request->id, comments[count - 1].id) : NULL);
	return respond_json(request, json_finish(&json));
}

enum err api_categories(struct request *request)
{
	struct categories all;
	struct json json;

	TRY(category_list(&request->ctx, &all));
	json_begin(&json, request->ctx.arena);
	json_list(&json, "categories");
	for (size_t i = 0; i < all.count; i++) {
		const struct category *category = &all.items[i];
		json_object(&json, NULL);
		json_text(&json, "slug", category->slug);
		if (category->parent_slug[0])
			json_text(&json, "parent", category->parent_slug);
		else
			json_null(&json, "parent");
		json_text(&json, "name", category->name);
		json_text(&json, "description", category->description);
		json_text(&json, "url",
			  site_url(request,
				   arena_printf(request->ctx.arena, "/c/%s", category->slug)));
		json_i64(&json, "topic_count", category->topic_count);
		json_end(&json);
	}
	json_end(&json);
	return respond_json(request, json_finish(&json));
}

static const char *next_tags_path(struct request *request, const struct tags *tags)
{
	const struct tag *last = &tags->items[tags->count - 1];
	struct buf path;

	buf_init(&path, request->ctx.arena, 1024);
	buf_printf(&path, "/api/v1/tags?count=%lld&name=", (long long)last->topic_count);
	buf_url(&path, last->name);
	return path.data;
}

enum err api_tags(struct request *request)
{
	struct tags tags;
	struct json json;
	int64_t count;

	TRY(tag_key_read(request, &count));
	TRY(tag_list(&request->ctx, count, http_parameter(request->http, "name"), &tags));
	json_begin(&json, request->ctx.arena);
	json_list(&json, "tags");
	for (size_t i = 0; i < tags.count; i++) {
		json_object(&json, NULL);
		json_text(&json, "name", tags.items[i].name);
		json_i64(&json, "topic_count", tags.items[i].topic_count);
		json_end(&json);
	}
	json_end(&json);
	api_put_next(request, &json,
		     tags.count == TAGS_SHOWN ? next_tags_path(request, &tags) : NULL);
	return respond_json(request, json_finish(&json));
}

enum err api_person(struct request *request)
{
	struct person person;
	struct json json;

	TRY(person_load(&request->ctx, request->id, &person));
	json_begin(&json, request->ctx.arena);
	json_i64(&json, "id", person.author.id);
	json_text(&json, "name", person.author.name);
	json_text(&json, "role", role_text(person.author.role));
	json_text(&json, "title", person.author.title);
	json_text(&json, "bio_html", person.bio.html);
	json_text(&json, "url",
		  site_url(request, arena_printf(request->ctx.arena, "/u/%lld-%s",
						 (long long)person.author.id, person.author.slug)));
	json_time(&json, "created_at", person.author.created_at);
	json_i64(&json, "question_count", person.question_count);
	json_i64(&json, "answer_count", person.author.answer_count);
	json_i64(&json, "accepted_count", person.author.accepted_count);
	json_i64(&json, "thanks_count", person.thanks_count);
	return respond_json(request, json_finish(&json));
}

enum err api_description(struct request *request)
{
	const char *path = request->site->config->paths.openapi;
	const char *text = file_read(request->ctx.arena, path, 256 * 1024);

	if (!text[0])
		return fail(&request->ctx, ERR_NOT_FOUND, NULL, NULL);
	return respond_json(request, text);
}
