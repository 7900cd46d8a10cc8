/*
 * A topic's page, and what is done on it with one button: me too, accept, thank,
 * withdraw, states. Writing is in write.c.
 */
#include "base/clock.h"
#include "db/db.h"
#include "forum/crisis_now.h"
#include "forum/idea.h"
#include "forum/import.h"
#include "forum/notification.h"
#include "forum/poll.h"
#include "forum/topic_act.h"
#include "i18n/i18n.h"
#include "templates/templates.h"
#include "text/diff.h"
#include "text/markdown.h"
#include "web/card.h"
#include "web/handlers.h"
#include "web/helpers.h"
#include "web/indexing.h"
#include "web/mirror_marks.h"
#include "web/respond.h"
#include "web/shared_page.h"
#include "web/thread_data.h"
#include "web/topic_show.h"

/* "?view=duplicate": the page of a duplicate itself, from which visitors are led on. */
static bool is_duplicate_wanted(const struct request *request)
{
	return strcmp(http_parameter(request->http, "view"), "duplicate") == 0;
}

static const char *page_path(struct request *request, const char *path, int64_t page,
			     enum answer_order order)
{
	struct buf out;
	char separator = '?';

	buf_init(&out, request->ctx.arena, 4096);
	buf_text(&out, path);
	if (order == ORDER_SCORE) {
		buf_printf(&out, "%csort=votes", separator);
		separator = '&';
	}
	if (page > 1) {
		buf_printf(&out, "%cpage=%lld", separator, (long long)page);
		separator = '&';
	}
	if (is_duplicate_wanted(request))
		buf_printf(&out, "%cview=duplicate", separator);
	return buf_to_arena(&out, request->ctx.arena);
}

static enum err read_order(struct request *request, enum answer_order *out)
{
	const char *sort = http_parameter(request->http, "sort");

	*out = ORDER_DATE;
	if (strcmp(sort, "votes") == 0)
		*out = ORDER_SCORE;
	else if (sort[0])
		return fail(&request->ctx, ERR_NOT_FOUND, NULL, NULL);
	return OK;
}

static const char *why_no_answer(struct request *request, const struct topic *topic)
{
	struct subject subject = topic_subject(&request->ctx, topic);

	if (policy_can(&request->actor, MAY_ANSWER, &subject))
		return "";
	return policy_reason(&request->actor, MAY_ANSWER, &subject);
}

/* topic_may_index of functions.sql, from what is loaded, and the order of the answers. */
static bool may_index(const struct topic_page *page, enum answer_order order)
{
	const struct topic *topic = &page->view.topic;

	return page_may_index(&(struct index_facts){
		.is_hidden = topic->visibility != VISIBILITY_VISIBLE,
		.is_sorted = order != ORDER_DATE,
		.is_duplicate = topic->status == STATUS_DUPLICATE,
		.is_kept_mirror = topic->mirror_source_id && !page->mirror.may_index,
		.is_unvouched = !page->view.is_vouched_for,
	});
}

static void fill_frame(struct request *request, struct topic_page *page, int64_t number,
		       enum answer_order order)
{
	const struct topic_view *view = &page->view;
	struct frame *frame = &page->frame;

	frame_init(request, frame, view->topic.title);
	if (number > 1)
		/* TRANSLATORS: the title of a question, and which page of its answers. */
		frame->title = arena_printf(request->ctx.arena, _("%1$s – page %2$s"),
					    view->topic.title,
					    i18n_number(request->ctx.arena, number));
	frame->kind = "article";
	card_fill_frame(request, &view->topic, frame);
	frame->published_at = view->topic.created_at;
	frame->changed_at = view->topic.active_at;
	frame->section = view->topic.stage ? "ideas" : "questions";
	frame->category_slug = view->topic.category_slug;
	frame->parent_category_slug = view->topic.parent_category_slug;
	frame->is_indexable = may_index(page, order);
	frame->thread_data = thread_data_of(page);
	frame->canonical = site_url(request, page_path(request, page->path, number, order));
	frame->description = view->topic.excerpt;
	if (number > 1)
		frame->previous_path = page_path(request, page->path, number - 1, order);
	if (number < view->page_count)
		frame->next_path = page_path(request, page->path, number + 1, order);
}

/* 1 … 4 5 [6] 7 8 … 20 */
static void make_pager(struct request *request, struct topic_page *page, enum answer_order order)
{
	int64_t last = page->view.page_count, here = page->view.page, previous = 0;

	page->pages = arena_array_of(request->ctx.arena, 16, struct page_link);
	for (int64_t number = 1; number <= last; number++) {
		if (number != 1 && number != last && (number < here - 2 || number > here + 2)) {
			number = number < here ? here - 3 : last - 1;
			continue;
		}
		if (previous && number != previous + 1)
			page->pages[page->pages_count++] = (struct page_link){ .path = "" };
		page->pages[page->pages_count++] = (struct page_link){
			.number = number,
			.path = page_path(request, page->path, number, order),
			.is_current = number == here,
		};
		previous = number;
	}
}

/* What few topics have; the others cost no round trip here. */
static enum err load_extras(struct request *request, struct topic_page *page)
{
	const struct topic *topic = &page->view.topic;
	struct ctx *ctx = &request->ctx;
	struct rows stages, polls;

	if (!topic->stage && !topic->has_poll)
		return OK;
	if (topic->stage)
		idea_changes_add(ctx, topic->id, &stages);
	if (topic->has_poll)
		poll_add(ctx, topic->id, &polls);
	TRY(db_run(ctx));
	if (topic->stage)
		idea_changes_read(ctx, &stages, &page->stages);
	if (topic->has_poll)
		poll_read(ctx, &polls, topic, &page->poll);
	return OK;
}

/* The answer that stands first in an incident's thread, in short. */
static void fill_official(struct request *request, struct topic_page *page)
{
	const struct crisis_banner *incident = crisis_now_of_topic(page->view.topic.id);

	if (incident && incident->pinned_post_id)
		page->official = (struct topic_official){
			.post_id = incident->pinned_post_id,
			.at = incident->pinned_at,
			.words = markdown_excerpt(request->ctx.arena, incident->pinned_md, 600),
		};
}

static enum err show_topic(struct request *request, struct topic_page *page, int64_t number,
			   enum answer_order order)
{
	struct arena *arena = request->ctx.arena;

	TRY(load_extras(request, page));
	TRY(mirror_marks_of_topic(request, page));
	send_choice_of_topic(request, &page->view.topic, &page->mirror, &page->send);
	page->topic_path_by_date = page_path(request, page->path, 1, ORDER_DATE);
	page->topic_path_by_score = page_path(request, page->path, 1, ORDER_SCORE);
	page->login_path = arena_printf(arena, "/login?next=%s", page->path);
	page->answer_reason = why_no_answer(request, &page->view.topic);
	page->can_manage = policy_can(&request->actor, MAY_MOVE_TOPIC,
				      &(struct subject){ .now = request->ctx.now });
	make_pager(request, page, order);
	fill_official(request, page);
	fill_frame(request, page, number, order);
	template_topic(&request->response->body, page);
	return OK;
}

/*
 * Visitors and search engines find the original under a duplicate's address; who is
 * signed in sees the page, with the original named on top (docs/search.md says why).
 */
static bool is_led_on(const struct request *request, const struct topic *topic)
{
	return topic->leads_to_original && !request->actor.id && !is_duplicate_wanted(request);
}

/* What was joined with another question is read there, by everybody and for good. */
static enum err lead_to_merged(struct request *request)
{
	const char *path;

	TRY(topic_merged_path(&request->ctx, request->id, &path));
	if (path)
		return respond_redirect(request, 301, path);
	return fail(&request->ctx, ERR_GONE, NULL, NULL);
}

/* For the dashboards: a number, whoever it was. */
static void count_view(struct request *request, const struct topic *topic)
{
	if (topic->visibility == VISIBILITY_VISIBLE &&
	    view_counts(request->http->method == HTTP_GET, 200,
			view_is_by_robot(request->http->user_agent)))
		view_count_add(&request->site->views, topic->category_id, clock_monotonic());
}

/*
 * What other networks, votes and stages change is in too many places to be marked: such
 * pages have no version.
 */
static bool has_version(const struct topic *topic)
{
	return !topic->mirror_source_id && !topic->has_poll && !topic->stage;
}

enum err topic_show(struct request *request)
{
	struct ctx *ctx = &request->ctx;
	struct topic_page page = { .error = { "", "" },
				   .chosen_duplicate = "",
				   .stage_reason = "" };
	enum answer_order order;
	struct shared_page shared;
	enum err result;
	int64_t number;
	bool is_same;

	TRY(query_number(request, "page", 1, &number));
	TRY(read_order(request, &order));
	TRY(shared_page_begin(request, PAGE_TOPIC, request->id, &shared, &is_same));
	if (is_same)
		return OK;
	result = topic_view_load(ctx, request->id, number, order, &page.view);
	if (result == ERR_GONE)
		return lead_to_merged(request);
	TRY(result);
	if (is_led_on(request, &page.view.topic))
		return respond_redirect(request, 301,
					topic_path(ctx->arena, page.view.topic.duplicate_of,
						   page.view.topic.duplicate_title));
	page.path = topic_path(ctx->arena, page.view.topic.id, page.view.topic.title);
	if (strcmp(page.path, request->http->path) != 0)
		return respond_redirect(request, 301, page_path(request, page.path, number, order));
	if (request->actor.unread_count > 0)
		TRY(notification_read_topic(ctx, request->id));
	page.chosen_status = page.view.topic.status;
	page.chosen_stage = page.view.topic.stage;
	TRY(show_topic(request, &page, number, order));
	if (has_version(&page.view.topic))
		shared_page_end(request, &shared,
				page_path(request, page.path, number, ORDER_DATE));
	count_view(request, &page.view.topic);
	return OK;
}

enum err topic_me_too_change(struct request *request)
{
	TRY(topic_me_too(&request->ctx, request->id, form_is_on(request)));
	return respond_redirect(request, 303, back_path(request, "/"));
}

/* The topic's page again, with the form open. */
static enum err show_refused_status(struct request *request, const struct topic_status_change *form)
{
	struct ctx *ctx = &request->ctx;
	struct topic_page page = {
		.error = field_error_take(request),
		.chosen_status = form->status,
		.chosen_duplicate = form->duplicate_of,
		.stage_reason = "",
	};

	TRY(topic_view_load(ctx, form->id, 1, ORDER_DATE, &page.view));
	page.path = topic_path(ctx->arena, page.view.topic.id, page.view.topic.title);
	page.chosen_stage = page.view.topic.stage;
	return show_topic(request, &page, 1, ORDER_DATE);
}

enum err topic_show_refused_stage(struct request *request, enum idea_stage stage,
				  const char *reason)
{
	struct ctx *ctx = &request->ctx;
	struct topic_page page = {
		.stage_error = field_error_take(request),
		.error = { "", "" },
		.chosen_duplicate = "",
		.stage_reason = reason,
	};

	TRY(topic_view_load(ctx, request->id, 1, ORDER_DATE, &page.view));
	page.path = topic_path(ctx->arena, page.view.topic.id, page.view.topic.title);
	page.chosen_status = page.view.topic.status;
	page.chosen_stage = stage ? stage : page.view.topic.stage;
	return show_topic(request, &page, 1, ORDER_DATE);
}

static const char *status_notice(const struct request *request, enum topic_status status)
{
	if (status == STATUS_DUPLICATE)
		return "duplicate";
	return strcmp(http_form(request->http, "was"), "duplicate") == 0 ? "duplicate_undone"
									 : "status";
}

enum err topic_show_refused_poll(struct request *request)
{
	struct ctx *ctx = &request->ctx;
	struct topic_page page = {
		.poll_error = field_error_take(request),
		.error = { "", "" },
		.chosen_duplicate = "",
		.stage_reason = "",
	};

	TRY(topic_view_load(ctx, request->id, 1, ORDER_DATE, &page.view));
	page.path = topic_path(ctx->arena, page.view.topic.id, page.view.topic.title);
	page.chosen_status = page.view.topic.status;
	page.chosen_stage = page.view.topic.stage;
	return show_topic(request, &page, 1, ORDER_DATE);
}

enum err topic_status_change_post(struct request *request)
{
	struct topic_status_change form = {
		.id = request->id,
		.duplicate_of = http_form(request->http, "duplicate_of"),
		.form_key = request->form_key,
	};
	enum err result;

	if (!topic_status_parse(http_form(request->http, "status"), &form.status))
		return fail(&request->ctx, ERR_BAD_REQUEST, NULL, NULL);
	result = topic_set_status(&request->ctx, &form);
	if (result == ERR_INVALID)
		return show_refused_status(request, &form);
	TRY(result);
	respond_notice(request, status_notice(request, form.status));
	return respond_redirect(request, 303, back_path(request, "/"));
}

enum err post_show(struct request *request)
{
	const char *path;

	TRY(post_path(&request->ctx, request->id, &path));
	return respond_redirect(request, 302, path);
}

static enum err back_to_post(struct request *request)
{
	const char *path;

	TRY(post_path(&request->ctx, request->id, &path));
	return respond_redirect(request, 303, path);
}

enum err comments_show(struct request *request)
{
	struct ctx *ctx = &request->ctx;
	struct comments_page page = { .next_path = "" };
	bool has_more;
	int64_t after;

	TRY(query_number(request, "after", 0, &after));
	TRY(post_load(ctx, request->id, &page.post, &page.topic));
	TRY(comment_list(ctx, request->id, after, &page.comments, &page.count, &has_more));
	if (has_more)
		page.next_path = arena_printf(ctx->arena, "/p/%lld/comments?after=%lld",
					      (long long)request->id,
					      (long long)page.comments[page.count - 1].id);
	TRY(mirror_marks_of_comments(request, &page));
	page.can_comment = page.post.can.comment;
	frame_init(request, &page.frame, page.topic.title);
	page.frame.section = "questions";
	page.frame.next_path = page.next_path;
	template_comments(&request->response->body, &page);
	return OK;
}

static void diff_with_previous(struct arena *arena, struct revision_view *view,
			       const struct revision *previous)
{
	view->body_diff_count = diff_words(arena, previous ? previous->body_md : "",
					   view->revision.body_md, &view->body_diff);
	if (view->revision.title[0])
		view->title_diff_count = diff_words(arena, previous ? previous->title : "",
						    view->revision.title, &view->title_diff);
}

enum err history_show(struct request *request)
{
	struct ctx *ctx = &request->ctx;
	struct revisions_page page = { 0 };
	struct revision *revisions;

	TRY(post_load(ctx, request->id, &page.post, &page.topic));
	TRY(revision_list(ctx, request->id, &revisions, &page.count));
	TRY(post_path(ctx, request->id, &page.post_path));
	page.revisions = arena_array_of(ctx->arena, page.count, struct revision_view);
	for (size_t i = 0; i < page.count; i++) {
		page.revisions[i].revision = revisions[i];
		page.revisions[i].is_first = revisions[i].number == 0;
		diff_with_previous(ctx->arena, &page.revisions[i],
				   i + 1 < page.count ? &revisions[i + 1] : NULL);
	}
	frame_init(request, &page.frame, _("History of changes"));
	page.frame.section = "questions";
	template_revisions(&request->response->body, &page);
	return OK;
}

enum err post_withdraw_post(struct request *request)
{
	TRY(post_withdraw(&request->ctx, request->id));
	respond_notice(request, "withdrawn");
	return respond_redirect(request, 303, back_path(request, "/"));
}

enum err post_restore_post(struct request *request)
{
	TRY(post_restore(&request->ctx, request->id));
	respond_notice(request, "restored");
	return back_to_post(request);
}

enum err post_accept_post(struct request *request)
{
	bool is_on = form_is_on(request);

	TRY(post_accept(&request->ctx, request->id, is_on));
	respond_notice(request, is_on ? "accepted" : "unaccepted");
	return back_to_post(request);
}

enum err post_thank_post(struct request *request)
{
	TRY(post_thank(&request->ctx, request->id, form_is_on(request)));
	return back_to_post(request);
}

static enum err redirect_imported(struct request *request)
{
	int64_t post_id;
	const char *path;

	TRY(import_find_post(&request->ctx, request->id, &post_id));
	TRY(post_path(&request->ctx, post_id, &path));
	return respond_redirect(request, 301, path);
}

enum err import_redirect_question(struct request *request)
{
	return redirect_imported(request);
}

enum err import_redirect_answer(struct request *request)
{
	return redirect_imported(request);
}
