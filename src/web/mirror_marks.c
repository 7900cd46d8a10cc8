/*
 * Marks of mirrored posts, and the choice to answer there too. One round trip more
 * than a native topic's page, and only for mirrored topics.
 */
#include "web/mirror_marks.h"

#include "db/db.h"
#include "web/helpers.h"

struct shown {
	struct post **posts;
	size_t count;
};

static void add_post(struct shown *shown, struct post *post)
{
	shown->posts[shown->count++] = post;
	for (size_t i = 0; i < post->comments_count; i++)
		shown->posts[shown->count++] = &post->comments[i];
}

static size_t count_of(const struct post *posts, size_t count)
{
	size_t all = count;

	for (size_t i = 0; i < count; i++)
		all += posts[i].comments_count;
	return all;
}

static const char *name_of(const struct shown *shown, int64_t id)
{
	for (size_t i = 0; i < shown->count; i++)
		if (shown->posts[i]->id == id)
			return shown->posts[i]->author.name;
	return "";
}

static void fill_mark(struct request *request, const struct shown *shown, const struct post *post,
		      struct mirror_mark *mark, const char *network)
{
	const struct subject subject = { .now = request->ctx.now };
	const struct actor *actor = &request->actor;

	mark->network = network;
	mark->reply_to_id = post->reply_to_id;
	mark->reply_to_name = post->reply_to_id ? name_of(shown, post->reply_to_id) : "";
	mark->may_see_sending = policy_can(actor, MAY_REPLY_OUT, &subject);
	mark->may_moderate = mark->may_see_sending && mark->can_hide;
	mark->may_claim = mark->may_see_sending && mark->can_hide;
	mark->may_erase = mark->can_hide && policy_can(actor, MAY_MANAGE_PEOPLE, &subject);
}

/* Rows of pictures come by post, in order: each mark gets its run. */
static void give_pictures(struct mirror_mark *mark, const struct mirror_picture *pictures,
			  size_t count)
{
	mark->pictures = NULL;
	mark->picture_count = 0;
	for (size_t i = 0; i < count; i++) {
		if (pictures[i].post_id != mark->post_id)
			continue;
		if (!mark->pictures)
			mark->pictures = &pictures[i];
		mark->picture_count++;
	}
}

static enum err load_marks(struct request *request, const struct shown *shown)
{
	struct ctx *ctx = &request->ctx;
	int64_t *ids = arena_array_of(ctx->arena, shown->count, int64_t);
	struct mirror_picture *pictures;
	struct mirror_mark *marks;
	size_t mark_count, picture_count;

	for (size_t i = 0; i < shown->count; i++)
		ids[i] = shown->posts[i]->id;
	TRY(mirror_marks(ctx, ids, shown->count, &marks, &mark_count, &pictures, &picture_count));
	for (size_t m = 0; m < mark_count; m++) {
		give_pictures(&marks[m], pictures, picture_count);
		for (size_t i = 0; i < shown->count; i++)
			if (shown->posts[i]->id == marks[m].post_id)
				shown->posts[i]->mark = &marks[m];
	}
	return OK;
}

static void finish_marks(struct request *request, const struct shown *shown, const char *network)
{
	for (size_t i = 0; i < shown->count; i++) {
		struct post *post = shown->posts[i];

		if (post->mark)
			fill_mark(request, shown, post, (struct mirror_mark *)(uintptr_t)post->mark,
				  network);
	}
}

enum err mirror_marks_of_topic(struct request *request, struct topic_page *page)
{
	struct topic_view *view = &page->view;
	struct ctx *ctx = &request->ctx;
	struct shown shown = { 0 };
	struct rows rows;

	page->mirror = (struct mirror_topic){ .connector = "", .network = "", .source_name = "" };
	if (!view->topic.mirror_source_id)
		return OK;
	shown.posts = arena_array_of(ctx->arena,
				     count_of(&view->question, 1) +
					     count_of(view->accepted, view->accepted_count) +
					     count_of(view->answers, view->answer_count),
				     struct post *);
	add_post(&shown, &view->question);
	for (size_t i = 0; i < view->accepted_count; i++)
		add_post(&shown, &view->accepted[i]);
	for (size_t i = 0; i < view->answer_count; i++)
		add_post(&shown, &view->answers[i]);
	/* Goes in the same round trip as mirror_marks'. */
	mirror_topic_add(ctx, view->topic.id, &rows);
	TRY(load_marks(request, &shown));
	mirror_topic_read(ctx, &rows, &page->mirror);
	finish_marks(request, &shown, page->mirror.network);
	return OK;
}

enum err mirror_marks_of_comments(struct request *request, struct comments_page *page)
{
	struct ctx *ctx = &request->ctx;
	struct mirror_topic mirror;
	struct shown shown = { 0 };
	struct rows rows;

	if (!page->topic.mirror_source_id)
		return OK;
	shown.posts = arena_array_of(ctx->arena, page->count + 1, struct post *);
	shown.posts[shown.count++] = &page->post;
	for (size_t i = 0; i < page->count; i++)
		shown.posts[shown.count++] = &page->comments[i];
	mirror_topic_add(ctx, page->topic.id, &rows);
	TRY(load_marks(request, &shown));
	mirror_topic_read(ctx, &rows, &mirror);
	finish_marks(request, &shown, mirror.network);
	return OK;
}

/* The choice ---------------------------------------------------------------------------- */

static void read_choice(struct request *request, struct send_choice *choice)
{
	/* The form was sent: an empty box is a choice. */
	if (http_form(request->http, "send_offered")[0])
		choice->is_chosen = http_form(request->http, "send")[0] != '\0';
	choice->is_chosen = choice->is_chosen && choice->is_offered;
}

void send_choice_of_topic(struct request *request, const struct topic *topic,
			  const struct mirror_topic *mirror, struct send_choice *out)
{
	const struct subject subject = { .topic_visibility = topic->visibility,
					 .now = request->ctx.now };

	*out = (struct send_choice){ .connector = mirror->connector, .text = "" };
	out->network = mirror->network;
	out->length_max = mirror->text_max;
	out->is_offered = mirror->can_send && policy_can(&request->actor, MAY_REPLY_OUT, &subject);
	out->is_chosen = out->is_offered;
	read_choice(request, out);
}

enum err send_choice_load(struct request *request, const struct topic *topic,
			  const struct post *post, struct send_choice *out)
{
	struct ctx *ctx = &request->ctx;
	struct mirror_picture *pictures;
	struct mirror_topic mirror;
	struct mirror_mark *marks;
	size_t mark_count, picture_count;
	struct rows rows;

	*out = (struct send_choice){ .connector = "", .network = "", .text = "" };
	if (!topic->mirror_source_id)
		return OK;
	mirror_topic_add(ctx, topic->id, &rows);
	TRY(mirror_marks(ctx, post ? &post->id : NULL, post ? 1 : 0, &marks, &mark_count, &pictures,
			 &picture_count));
	mirror_topic_read(ctx, &rows, &mirror);
	/* A comment on an answer that was never sent has nobody to go to. */
	if (post && (mark_count == 0 || !marks[0].can_reply))
		mirror.can_send = false;
	send_choice_of_topic(request, topic, &mirror, out);
	return OK;
}

void send_choice_show(struct request *request, struct send_choice *choice, const char *body_md)
{
	if (!choice->is_chosen)
		return;
	choice->has_text = true;
	choice->text = mirror_plain_text(&request->ctx, body_md);
	choice->length = mirror_text_length(choice->text);
}
