/*
 * The ask page's suggestions: found while somebody types, and what is done with
 * them. The text comes by POST, so that no log has it.
 */
#include "web/similar.h"

#include "forum/article.h"
#include "forum/follow.h"
#include "forum/statistics.h"
#include "forum/throttle.h"
#include "i18n/i18n.h"
#include "search/search.h"
#include "templates/templates.h"
#include "text/markdown.h"
#include "web/handlers.h"
#include "web/helpers.h"
#include "web/respond.h"

enum err similar_take_turn(struct request *request)
{
	const char *who = request->http->client_address;

	if (request->actor.id)
		who = arena_printf(request->ctx.arena, "%lld", (long long)request->actor.id);
	return throttle_take(&request->ctx, &throttle_similar, who);
}

/* False: the index is away, or is being made. */
static bool find(struct request *request, const struct search_text *text, struct search_hits *hits)
{
	struct search_reader *reader = site_search(request->site);

	return reader && search_worked(request, search_similar_text(reader, text, hits));
}

/* Each kind by itself: neither takes the other's places. */
static struct search_text text_of(struct request *request, const char *title, const char *body,
				  enum search_kind kind)
{
	return (struct search_text){
		.title = title,
		.body = markdown_excerpt(request->ctx.arena, body, SEARCH_TEXT_MAX_BYTES / 4),
		.filter = { .has_kind = true, .kind = kind },
		.limit = kind == SEARCH_ARTICLE ? ARTICLE_SIMILAR_ASKED : SIMILAR_ASKED,
	};
}

enum err similar_find(struct request *request, const char *title, const char *body,
		      const char *language, struct similar_list *out)
{
	struct search_hits *hits = arena_new_of(request->ctx.arena, struct search_hits);
	struct search_text text = text_of(request, title, body, SEARCH_TOPIC);

	*out = (struct similar_list){ 0 };
	text.language = language;
	if (!title[0] || !find(request, &text, hits))
		return OK;
	return similar_load(&request->ctx, hits, title, language, out);
}

enum err similar_articles(struct request *request, const char *title, const char *body,
			  const char *language, struct article_similar_list *out)
{
	struct search_hits *hits = arena_new_of(request->ctx.arena, struct search_hits);
	struct search_text text = text_of(request, title, body, SEARCH_ARTICLE);

	*out = (struct article_similar_list){ 0 };
	text.language = language;
	if (!title[0] || !find(request, &text, hits))
		return OK;
	return article_similar_load(&request->ctx, hits, title, language, out);
}

void similar_record(struct request *request, const char *view, const struct similar_list *list,
		    const struct article_similar_list *articles)
{
	struct arena *arena = request->ctx.arena;

	record_shown(&request->ctx, view, similar_ids(arena, list), list->count);
	record_articles_shown(&request->ctx, view, article_similar_ids(arena, articles),
			      articles->count);
}

/* For the script: the list alone, or nothing at all. */
enum err similar_post(struct request *request)
{
	const char *language = http_form(request->http, "language");
	const char *view = http_form(request->http, "view");
	const char *title = http_form(request->http, "title");
	const char *body = http_form(request->http, "body");
	struct similar_page page = { 0 };

	if (!i18n_is_supported(language))
		language = request->ctx.language;
	TRY(similar_take_turn(request));
	TRY(similar_articles(request, title, body, language, &page.articles));
	TRY(similar_find(request, title, body, language, &page.similar));
	similar_record(request, view, &page.similar, &page.articles);
	frame_init(request, &page.frame, "");
	if (page.similar.count + page.articles.count > 0)
		template_similar_fragment(&request->response->body, &page);
	return OK;
}

static enum err form_topic(struct request *request, struct topic *topic)
{
	int64_t id;

	TRY(form_id(request, "topic", &id));
	return topic_load(&request->ctx, id, topic);
}

/* A script says that a suggestion was unfolded or followed. */
enum err similar_opened_post(struct request *request)
{
	const char *view = http_form(request->http, "view");
	int64_t id, article_id;

	TRY(form_id(request, "topic", &id));
	TRY(form_id(request, "article", &article_id));
	if (article_id)
		record_article_deflection(&request->ctx, view, article_id, DEFLECTION_OPENED);
	else
		record_deflection(&request->ctx, view, id, DEFLECTION_OPENED);
	return respond_text(request, 204, "text/plain; charset=utf-8", "");
}

/* *is_thanked: not one's own answer, and not too often. */
static enum err thank(struct request *request, int64_t answer_id, bool *is_thanked)
{
	enum err result;

	*is_thanked = false;
	if (!request->actor.id || !answer_id)
		return OK;
	result = post_thank(&request->ctx, answer_id, true);
	*is_thanked = result == OK;
	if (is_form_error(result)) {
		error_clear(&request->ctx);
		return OK;
	}
	return result;
}

/* "This answered my question": counted, and there it is in full. */
static enum err article_solved(struct request *request, int64_t id)
{
	struct article_view view;

	TRY(article_view_load(&request->ctx, id, &view));
	record_article_deflection(&request->ctx, http_form(request->http, "view"), id,
				  DEFLECTION_SOLVED);
	respond_notice(request, request->actor.id ? "solved_kept" : "solved");
	return respond_redirect(request, 303,
				article_path(request->ctx.arena, id, view.article.title));
}

/*
 * "This solved my problem": counted, thanked for, and there it is. What was written
 * so far stays in the drafts: a slip of the finger must not cost it.
 */
enum err similar_solved_post(struct request *request)
{
	struct topic topic;
	int64_t answer_id, article_id;
	const char *path;
	bool is_thanked;

	TRY(form_id(request, "article", &article_id));
	if (article_id)
		return article_solved(request, article_id);
	TRY(form_topic(request, &topic));
	TRY(similar_answer(&request->ctx, topic.id, &answer_id));
	record_deflection(&request->ctx, http_form(request->http, "view"), topic.id,
			  DEFLECTION_SOLVED);
	TRY(thank(request, answer_id, &is_thanked));
	path = topic_path(request->ctx.arena, topic.id, topic.title);
	if (answer_id)
		TRY(post_path(&request->ctx, answer_id, &path));
	if (!request->actor.id)
		respond_notice(request, "solved");
	else
		respond_notice(request, is_thanked ? "solved_thanked" : "solved_kept");
	return respond_redirect(request, 303, path);
}

/* "Me too, follow it": twice is once; one's own question is only followed. */
enum err similar_follow_post(struct request *request)
{
	struct ctx *ctx = &request->ctx;
	struct topic topic;

	TRY(form_topic(request, &topic));
	if (topic.author.id != request->actor.id)
		TRY(topic_me_too(ctx, topic.id, true));
	TRY(follow_set(ctx, FOLLOW_TOPIC, topic.id, true));
	record_deflection(ctx, http_form(request->http, "view"), topic.id, DEFLECTION_FOLLOWED);
	respond_notice(request, "followed");
	return respond_redirect(request, 303, topic_path(ctx->arena, topic.id, topic.title));
}
