/*
 * What the forms for asking, answering, commenting and editing have in common:
 * what they are filled with, their previews and drafts.
 */
#include "web/write_form.h"

#include "forum/draft.h"
#include "i18n/i18n.h"
#include "templates/templates.h"
#include "web/helpers.h"
#include "web/respond.h"

/* What all four have in common, from the form or empty. */
void write_form_init(struct request *request, struct write_page *page)
{
	const struct http_request *http = request->http;

	page->title = http_form(http, "title");
	page->body_md = http_form(http, "body");
	page->tags = http_form(http, "tags");
	page->reason = http_form(http, "reason");
	page->language = http_form(http, "language");
	if (!i18n_is_supported(page->language))
		page->language = request->ctx.language;
	page->draft_place = "";
	page->tags_withheld = "";
	page->opened = form_opened(request);
	page->error = (struct field_error){ "", "" };
	page->body_max_bytes = page->kind == FORM_COMMENT ? COMMENT_MAX_BYTES : POST_BODY_MAX_BYTES;
}

const char *asking_description(bool is_idea)
{
	return is_idea ? _("Say what you would like to see: others vote for it, and the team answers.")
		       : _("Say what happens: other customers and the team answer.");
}

enum err write_form_show(struct request *request, struct write_page *page, const char *title)
{
	frame_init(request, &page->frame, title);
	page->frame.section = page->kind == FORM_ASK ? "ask" : "questions";
	if (page->kind == FORM_ASK)
		page->frame.description = asking_description(page->is_idea);
	template_write(&request->response->body, page);
	return OK;
}

/* The preview button of the form itself: for browsers without scripts. */
enum err write_form_preview(struct request *request, struct write_page *page)
{
	enum err result;

	if (!http_form(request->http, "preview")[0])
		return OK;
	result = post_render(&request->ctx, "body", page->body_md, &page->preview);
	page->has_preview = result == OK;
	if (is_form_error(result)) {
		page->error = field_error_take(request);
		return OK;
	}
	return result;
}

/* A form's "save as draft" button. *is_done: answered, nothing more to do. */
enum err write_form_save_draft(struct request *request, struct write_page *page, bool *is_done)
{
	const struct draft draft = {
		.place = page->draft_place,
		.title = page->title,
		.body_md = page->body_md,
		.tags = page->tags,
		.category_id = page->category_id,
	};

	*is_done = false;
	if (!http_form(request->http, "save_draft")[0] || !page->draft_place[0])
		return OK;
	TRY(draft_save(&request->ctx, &draft));
	respond_notice(request, "draft");
	*is_done = true;
	return respond_redirect(request, 303, "/drafts");
}

enum err write_form_load_draft(struct request *request, struct write_page *page)
{
	struct draft draft;

	TRY(draft_load(&request->ctx, page->draft_place, &draft));
	if (!draft.updated_at)
		return OK;
	page->title = draft.title;
	page->body_md = draft.body_md;
	page->tags = draft.tags;
	page->category_id = draft.category_id;
	page->draft_saved_at = draft.updated_at;
	return OK;
}

enum err write_form_check_may(struct request *request, enum action action,
			      const struct subject *subject)
{
	if (policy_can(&request->actor, action, subject))
		return OK;
	return fail(&request->ctx, ERR_FORBIDDEN, NULL, "%s",
		    policy_reason(&request->actor, action, subject));
}

enum personal_choice write_form_personal(const struct request *request)
{
	return personal_choice_parse(http_form(request->http, "personal"));
}

static void join_places(struct arena *arena, struct write_page *page,
			const struct personal_place *more, size_t count)
{
	struct personal_place *all = arena_array_of(arena, page->personal_count + count,
						    struct personal_place);

	if (page->personal_count > 0)
		memcpy(all, page->personal, page->personal_count * sizeof(*all));
	if (count > 0)
		memcpy(all + page->personal_count, more, count * sizeof(*all));
	page->personal = all;
	page->personal_count += count;
}

void write_form_refused(struct request *request, struct write_page *page, const char *earlier_title,
			const char *earlier)
{
	struct personal_place *places;
	size_t count;

	page->error = field_error_take(request);
	if (strcmp(page->error.field, "personal") != 0)
		return;
	if (page->has_title) {
		count = personal_places(&request->ctx, page->title, earlier_title, &places);
		join_places(request->ctx.arena, page, places, count);
	}
	count = personal_places(&request->ctx, page->body_md, earlier, &places);
	join_places(request->ctx.arena, page, places, count);
}

void write_form_keep_askable(struct request *request, struct write_page *page)
{
	struct categories *all = &page->categories;
	size_t kept = 0;

	for (size_t i = 0; i < all->count; i++) {
		const struct subject subject = { .category_id = all->items[i].id,
						 .now = request->ctx.now };

		if (all->items[i].id == page->topic.category_id ||
		    policy_can(&request->actor, MAY_ASK, &subject))
			all->items[kept++] = all->items[i];
	}
	all->count = kept;
}
