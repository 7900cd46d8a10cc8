/*
 * Writing: answering, commenting, editing; asking is in ask.c. Forms of one kind
 * (write_form.h): shown, previewed, refused with the text kept, or accepted. And
 * drafts, so that a closed tab loses nothing.
 */
#include "base/slice.h"
#include "db/db.h"
#include "forum/desk_template.h"
#include "forum/draft.h"
#include "forum/throttle.h"
#include "i18n/i18n.h"
#include "templates/templates.h"
#include "text/markdown.h"
#include "web/handlers.h"
#include "web/helpers.h"
#include "web/mirror_marks.h"
#include "web/respond.h"
#include "web/write_form.h"

/* Answer --------------------------------------------------------------------- */

/* What is sent. */
static enum err answer_form_init(struct request *request, struct write_page *page)
{
	struct arena *arena = request->ctx.arena;

	*page = (struct write_page){ .kind = FORM_ANSWER };
	write_form_init(request, page);
	page->action = arena_printf(arena, "/t/%lld/answer", (long long)request->id);
	page->draft_place = arena_printf(arena, "answer:%lld", (long long)request->id);
	page->is_from_desk = http_form(request->http, "desk")[0] != '\0';
	return form_id(request, "desk", &page->desk_template_id);
}

/* What the page shows beside it. */
static enum err answer_page_load(struct request *request, struct write_page *page)
{
	struct ctx *ctx = &request->ctx;

	TRY(topic_load(ctx, request->id, &page->topic));
	page->cancel_path = page->is_from_desk
				    ? arena_printf(ctx->arena, "/desk/%lld", (long long)request->id)
				    : topic_path(ctx->arena, page->topic.id, page->topic.title);
	return send_choice_load(request, &page->topic, NULL, &page->send);
}

static enum err answer_page_init(struct request *request, struct write_page *page)
{
	TRY(answer_form_init(request, page));
	return answer_page_load(request, page);
}

/*
 * An answer that is simply sent needs no page: storing it loads the topic, locked. But a
 * mirrored topic says whether the team's answer may go there too.
 */
static enum err answer_needs_page(struct request *request, bool *is_needed)
{
	const struct subject subject = { .topic_visibility = VISIBILITY_VISIBLE,
					 .now = request->ctx.now };

	*is_needed = http_form(request->http, "preview")[0] ||
		     http_form(request->http, "save_draft")[0];
	if (*is_needed || !policy_can(&request->actor, MAY_REPLY_OUT, &subject))
		return OK;
	return mirror_topic_is_one(&request->ctx, request->id, is_needed);
}

static enum err answer_refused(struct request *request, struct write_page *page)
{
	write_form_refused(request, page, "", "");
	if (!page->topic.id)
		TRY(answer_page_load(request, page));
	send_choice_show(request, &page->send, page->body_md);
	return write_form_show(request, page, _("Your answer"));
}

/* "?quote=45": begins with that post's words, or with the draft followed by them. */
static enum err fill_quote(struct request *request, struct write_page *page)
{
	struct post quoted;
	struct topic topic;
	int64_t id;

	TRY(query_number(request, "quote", 0, &id));
	if (!id)
		return OK;
	TRY(post_load(&request->ctx, id, &quoted, &topic));
	if (topic.id != page->topic.id)
		return fail(&request->ctx, ERR_NOT_FOUND, NULL, NULL);
	page->body_md = arena_printf(request->ctx.arena, "%s%s%s\n\n", page->body_md,
				     page->body_md[0] ? "\n\n" : "",
				     markdown_quote(request->ctx.arena, quoted.body_md));
	return OK;
}

enum err answer_show(struct request *request)
{
	struct write_page page;
	struct subject subject;

	TRY(answer_page_init(request, &page));
	subject = topic_subject(&request->ctx, &page.topic);
	TRY(write_form_check_may(request, MAY_ANSWER, &subject));
	TRY(write_form_load_draft(request, &page));
	TRY(fill_quote(request, &page));
	return write_form_show(request, &page, _("Your answer"));
}

enum err answer_post(struct request *request)
{
	struct write_page page;
	struct answer_new form;
	const char *path;
	bool is_done, is_needed, is_held = false;
	int64_t id;
	enum err result;

	TRY(answer_form_init(request, &page));
	TRY(answer_needs_page(request, &is_needed));
	if (is_needed)
		TRY(answer_page_load(request, &page));
	TRY(write_form_save_draft(request, &page, &is_done));
	if (is_done)
		return OK;
	TRY(write_form_preview(request, &page));
	if (http_form(request->http, "preview")[0]) {
		send_choice_show(request, &page.send, page.body_md);
		return write_form_show(request, &page, _("Your answer"));
	}
	form = (struct answer_new){ .topic_id = request->id,
				    .body_md = page.body_md,
				    .form_key = request->form_key,
				    .is_sent_out = page.send.is_chosen,
				    .personal = write_form_personal(request),
				    .fill_seconds = form_opened_seconds(request),
				    .is_held = &is_held };
	result = answer_create(&request->ctx, &form, &id, &path);
	if (is_form_error(result))
		return answer_refused(request, &page);
	TRY(result);
	if (page.desk_template_id) {
		desk_template_add_use(&request->ctx, page.desk_template_id);
		TRY(db_run(&request->ctx));
	}
	respond_notice(request, is_held ? "held" : "answered");
	if (page.is_from_desk)
		path = arena_printf(request->ctx.arena, "/desk/%lld", (long long)request->id);
	return respond_redirect(request, 303, path);
}

/* Comment -------------------------------------------------------------------- */

static enum err comment_page_init(struct request *request, struct write_page *page)
{
	struct ctx *ctx = &request->ctx;

	*page = (struct write_page){ .kind = FORM_COMMENT };
	write_form_init(request, page);
	TRY(post_load(ctx, request->id, &page->post, &page->topic));
	page->action = arena_printf(ctx->arena, "/p/%lld/comment", (long long)request->id);
	page->draft_place = arena_printf(ctx->arena, "comment:%lld", (long long)request->id);
	TRY(send_choice_load(request, &page->topic, &page->post, &page->send));
	return post_path(ctx, request->id, &page->cancel_path);
}

enum err comment_show(struct request *request)
{
	struct write_page page;
	struct subject subject;

	TRY(comment_page_init(request, &page));
	subject = post_subject(&request->ctx, &page.post, &page.topic);
	TRY(write_form_check_may(request, MAY_COMMENT, &subject));
	TRY(write_form_load_draft(request, &page));
	return write_form_show(request, &page, _("Your comment"));
}

enum err comment_post(struct request *request)
{
	struct write_page page;
	struct comment_new form;
	const char *path;
	bool is_done, is_held = false;
	int64_t id;
	enum err result;

	TRY(comment_page_init(request, &page));
	TRY(write_form_save_draft(request, &page, &is_done));
	if (is_done)
		return OK;
	TRY(write_form_preview(request, &page));
	if (http_form(request->http, "preview")[0]) {
		send_choice_show(request, &page.send, page.body_md);
		return write_form_show(request, &page, _("Your comment"));
	}
	form = (struct comment_new){ .post_id = request->id,
				     .body_md = page.body_md,
				     .form_key = request->form_key,
				     .is_sent_out = page.send.is_chosen,
				     .personal = write_form_personal(request),
				     .fill_seconds = form_opened_seconds(request),
				     .is_held = &is_held };
	result = comment_create(&request->ctx, &form, &id, &path);
	if (is_form_error(result)) {
		write_form_refused(request, &page, "", "");
		send_choice_show(request, &page.send, page.body_md);
		return write_form_show(request, &page, _("Your comment"));
	}
	TRY(result);
	respond_notice(request, is_held ? "held" : "commented");
	return respond_redirect(request, 303, path);
}

/* Edit ----------------------------------------------------------------------- */

static void tags_text(struct arena *arena, const struct tags *tags, const char **out)
{
	struct buf text;

	buf_init(&text, arena, 1024);
	for (size_t i = 0; i < tags->count; i++)
		buf_printf(&text, "%s%s", i ? ", " : "", tags->items[i].name);
	*out = text.data;
}

static enum err edit_page_init(struct request *request, struct write_page *page)
{
	struct ctx *ctx = &request->ctx;
	struct subject subject;

	*page = (struct write_page){ .kind = FORM_EDIT, .has_reason = true };
	write_form_init(request, page);
	TRY(post_load(ctx, request->id, &page->post, &page->topic));
	subject = post_subject(ctx, &page->post, &page->topic);
	TRY(write_form_check_may(request, MAY_EDIT_POST, &subject));
	page->action = arena_printf(ctx->arena, "/p/%lld/edit", (long long)request->id);
	TRY(post_path(ctx, request->id, &page->cancel_path));
	if (page->post.kind == POST_COMMENT)
		page->body_max_bytes = COMMENT_MAX_BYTES;
	if (page->post.kind != POST_QUESTION)
		return OK;
	page->has_title = page->has_category = page->has_tags = true;
	TRY(category_list(ctx, &page->categories));
	TRY(tag_withheld(ctx, &page->tags_withheld));
	write_form_keep_askable(request, page);
	return OK;
}

enum err edit_show(struct request *request)
{
	struct write_page page;

	TRY(edit_page_init(request, &page));
	page.title = page.topic.title;
	page.body_md = page.post.body_md;
	page.category_id = page.topic.category_id;
	page.revision_count = page.post.revision_count;
	tags_text(request->ctx.arena, &page.topic.tags, &page.tags);
	return write_form_show(request, &page, _("Edit"));
}

static enum err save_edit(struct request *request, const struct write_page *page, const char **path)
{
	bool is_question = page->post.kind == POST_QUESTION;
	const struct post_edit form = {
		.id = request->id,
		.title = is_question ? page->title : NULL,
		.tags = is_question ? page->tags : NULL,
		.category_id = page->category_id,
		.body_md = page->body_md,
		.reason = page->reason,
		.form_key = request->form_key,
		.revision_count = page->revision_count,
		.personal = write_form_personal(request),
	};

	return post_edit(&request->ctx, &form, path);
}

enum err edit_post_form(struct request *request)
{
	struct write_page page;
	const char *path;
	enum err result;

	TRY(edit_page_init(request, &page));
	TRY(form_id(request, "category", &page.category_id));
	TRY(form_id(request, "revision", &page.revision_count));
	TRY(write_form_preview(request, &page));
	if (http_form(request->http, "preview")[0])
		return write_form_show(request, &page, _("Edit"));
	result = save_edit(request, &page, &path);
	if (is_form_error(result)) {
		write_form_refused(request, &page, page.topic.title, page.post.body_md);
		/* Who was told of the conflict may save over it. */
		if (result == ERR_CONFLICT)
			page.revision_count = page.post.revision_count;
		return write_form_show(request, &page, _("Edit"));
	}
	TRY(result);
	respond_notice(request, "edited");
	return respond_redirect(request, 303, path);
}

/* Preview and drafts for the script --------------------------------------------- */

/*
 * Answers with the markup alone: what the script puts under the text field. send: a
 * network, whose view of the text follows.
 */
enum err preview_post(struct request *request)
{
	const struct connector *connector = connector_find(http_form(request->http, "send"));
	struct send_choice choice = { .is_chosen = true, .text = "" };
	struct html_fragment fragment;
	const char *who = arena_printf(request->ctx.arena, "%lld", (long long)request->actor.id);

	TRY(throttle_take(&request->ctx, &throttle_preview, who));
	TRY(post_render(&request->ctx, "body", http_form(request->http, "body"), &fragment));
	html_fragment(&request->response->body, fragment);
	if (!connector || !connector->can_reply ||
	    !policy_can(&request->actor, MAY_REPLY_OUT,
			&(struct subject){ .now = request->ctx.now }))
		return OK;
	choice.network = connector->title;
	choice.length_max = connector->text_max(&request->ctx);
	send_choice_show(request, &choice, http_form(request->http, "body"));
	template_send_preview(&request->response->body, request->ctx.arena, &choice);
	return OK;
}

static void describe_draft(struct arena *arena, struct draft_row *row)
{
	struct slice rest = slice_of(row->draft.place), kind = slice_cut(&rest, ':');
	const char *title = row->draft.topic_title;
	long long id = 0;
	int64_t number;

	if (rest.data && slice_to_i64(rest, &number))
		id = (long long)number;
	row->excerpt = markdown_excerpt(arena, row->draft.body_md, 160);
	if (slice_is(kind, "ask")) {
		row->path = "/ask";
		row->label = row->draft.title[0] ? row->draft.title : _("A new question");
	} else if (slice_is(kind, "answer")) {
		row->path = arena_printf(arena, "/t/%lld/answer", id);
		row->label = title[0] ? arena_printf(arena, _("Your answer to “%s”"), title)
				      : _("An answer");
	} else if (slice_is(kind, "comment")) {
		row->path = arena_printf(arena, "/p/%lld/comment", id);
		row->label = title[0] ? arena_printf(arena, _("Your comment on “%s”"), title)
				      : _("A comment");
	} else {
		row->path = arena_printf(arena, "/p/%lld/edit", id);
		row->label = title[0] ? arena_printf(arena, _("Your changes in “%s”"), title)
				      : _("Your changes");
	}
}

enum err drafts_show(struct request *request)
{
	struct drafts_page page = { 0 };
	struct draft *drafts;

	TRY(draft_list(&request->ctx, &drafts, &page.count));
	page.drafts = arena_array_of(request->ctx.arena, page.count, struct draft_row);
	for (size_t i = 0; i < page.count; i++) {
		page.drafts[i].draft = drafts[i];
		describe_draft(request->ctx.arena, &page.drafts[i]);
	}
	frame_init(request, &page.frame, _("Your drafts"));
	template_drafts(&request->response->body, &page);
	return OK;
}

/* From the script while typing (answers 204), or the delete button of the list. */
enum err drafts_post(struct request *request)
{
	struct draft draft = {
		.place = http_form(request->http, "place"),
		.title = http_form(request->http, "title"),
		.body_md = http_form(request->http, "body"),
		.tags = http_form(request->http, "tags"),
	};

	TRY(form_id(request, "category", &draft.category_id));
	TRY(draft_save(&request->ctx, &draft));
	if (!http_form(request->http, "delete")[0])
		return respond_text(request, 204, "text/plain; charset=utf-8", "");
	respond_notice(request, "draft_gone");
	return respond_redirect(request, 303, "/drafts");
}
