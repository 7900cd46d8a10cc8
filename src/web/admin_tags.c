/*
 * /admin/tags: the tags, one of them with all that can be done to it, and the words that
 * may not be one.
 */
#include "forum/tag_admin.h"

#include "i18n/i18n.h"
#include "templates/templates.h"
#include "web/handlers.h"
#include "web/helpers.h"
#include "web/pages_tags.h"
#include "web/respond.h"

#define PAGE           "/admin/tags"
#define FORBIDDEN_PAGE "/admin/tags/forbidden"

/* The list ------------------------------------------------------------------------------ */

static struct buf path_begin(struct request *request, const struct tags_admin_page *page)
{
	struct buf path;

	buf_init(&path, request->ctx.arena, 4096);
	buf_printf(&path, PAGE "?sort=%s", tag_sort_text(page->sort));
	if (page->words[0]) {
		buf_text(&path, "&q=");
		buf_url(&path, page->words);
	}
	return path;
}

static const char *next_path(struct request *request, const struct tags_admin_page *page)
{
	const struct tag_row *last = &page->tags.items[page->tags.count - 1];
	struct buf path = path_begin(request, page);
	int64_t number = page->sort == TAG_BY_USE ? last->used_at : last->topic_count;

	buf_printf(&path, "&after=%lld&name=", (long long)number);
	buf_url(&path, last->name);
	return buf_to_arena(&path, request->ctx.arena);
}

/* "after" is 0 too: of tags that were never used. */
static enum err read_after(struct request *request, int64_t *after)
{
	const char *text = http_parameter(request->http, "after");

	*after = 0;
	if (text[0] && (!text_to_i64(text, after) || *after < 0))
		return fail(&request->ctx, ERR_NOT_FOUND, NULL, NULL);
	return OK;
}

enum err tags_admin_show(struct request *request)
{
	struct tags_admin_page page = {
		.words = http_parameter(request->http, "q"),
		.sort = tag_sort_from_text(http_parameter(request->http, "sort")),
		.first_path = "",
		.next_path = "",
		.error = { "", "" },
	};
	struct tag_query query = { .words = page.words, .sort = page.sort };
	enum err result;

	query.after_name = http_parameter(request->http, "name");
	TRY(read_after(request, &query.after_number));
	result = tag_rows_load(&request->ctx, &query, &page.tags);
	if (result == ERR_INVALID)
		page.error = field_error_take(request);
	else
		TRY(result);
	if (query.after_name[0]) {
		struct buf first = path_begin(request, &page);

		page.first_path = buf_to_arena(&first, request->ctx.arena);
	}
	if (page.tags.has_more)
		page.next_path = next_path(request, &page);
	frame_init(request, &page.frame, _("Tags"));
	page.frame.section = "admin";
	template_tags_admin(&request->response->body, &page);
	return OK;
}

/* One ------------------------------------------------------------------------------------- */

static enum err show(struct request *request, struct tag_admin_page *page, bool is_typed)
{
	const struct tag_view *view = &page->view;

	TRY(tag_view_load(&request->ctx, request->id, &page->view));
	if (!is_typed) {
		page->description_fr = view->description_fr;
		page->description_en = view->description_en;
		page->is_restricted = view->is_restricted;
	}
	frame_init(request, &page->frame,
		   arena_printf(request->ctx.arena, _("Tag “%s”"), view->name));
	page->frame.section = "admin";
	template_tag_admin(&request->response->body, page);
	return OK;
}

enum err tag_admin_show(struct request *request)
{
	struct tag_admin_page page = { .name = "",
				       .into = "",
				       .word = "",
				       .reason = "",
				       .rename_reason = "",
				       .merge_reason = "",
				       .word_reason = "",
				       .delete_reason = "",
				       .error = { "", "" } };

	return show(request, &page, false);
}

static void read_page(const struct http_request *http, struct tag_admin_page *page)
{
	*page = (struct tag_admin_page){
		.description_fr = http_form(http, "description_fr"),
		.description_en = http_form(http, "description_en"),
		.is_restricted = http_form(http, "restricted")[0] != '\0',
		.name = http_form(http, "name"),
		.into = http_form(http, "into"),
		.word = http_form(http, "word"),
		.reason = http_form(http, "reason"),
		.rename_reason = http_form(http, "rename_reason"),
		.merge_reason = http_form(http, "merge_reason"),
		.word_reason = http_form(http, "word_reason"),
		.delete_reason = http_form(http, "delete_reason"),
	};
}

static enum err do_rename(struct request *request, const struct tag_admin_page *page)
{
	return tag_rename(&request->ctx, request->id, page->name, page->rename_reason,
			  request->form_key);
}

static enum err do_merge(struct request *request, const struct tag_admin_page *page)
{
	return tag_merge(&request->ctx, request->id, page->into, page->merge_reason,
			 request->form_key);
}

static enum err do_undo(struct request *request, const struct tag_admin_page *page)
{
	int64_t change_id;

	(void)page;
	TRY(form_id(request, "change", &change_id));
	return tag_change_undo(&request->ctx, change_id, request->form_key);
}

static enum err do_add_word(struct request *request, const struct tag_admin_page *page)
{
	return tag_word_add(&request->ctx, request->id, page->word, page->word_reason,
			    request->form_key);
}

static enum err do_remove_word(struct request *request, const struct tag_admin_page *page)
{
	return tag_word_remove(&request->ctx, request->id, page->word, page->word_reason,
			       request->form_key);
}

static enum err do_delete(struct request *request, const struct tag_admin_page *page)
{
	return tag_delete(&request->ctx, request->id, page->delete_reason, request->form_key);
}

static enum err do_save(struct request *request, const struct tag_admin_page *page)
{
	const struct tag_form form = {
		.id = request->id,
		.description_fr = page->description_fr,
		.description_en = page->description_en,
		.is_restricted = page->is_restricted,
		.reason = page->reason,
		.form_key = request->form_key,
	};

	return tag_describe(&request->ctx, &form);
}

static const struct {
	const char *word;
	enum err (*run)(struct request *request, const struct tag_admin_page *page);
	const char *notice;
	bool is_end; /* the tag's page is gone */
} acts[] = {
	/* The first one stands for a form without a word. */
	{ "save", do_save, "tag_saved", false },
	{ "rename", do_rename, "tag_renamed", false },
	{ "merge", do_merge, "tag_merged", false },
	{ "undo", do_undo, "tag_undone", false },
	{ "add_word", do_add_word, "tag_word_added", false },
	{ "remove_word", do_remove_word, "tag_word_removed", false },
	{ "delete", do_delete, "tag_deleted", true },
};

enum err tag_admin_post(struct request *request)
{
	const char *word = http_form(request->http, "do");
	struct tag_admin_page page;
	size_t act = 0;
	enum err result;

	for (size_t i = 0; i < ARRAY_COUNT(acts); i++)
		if (strcmp(acts[i].word, word) == 0)
			act = i;
	read_page(request->http, &page);
	result = acts[act].run(request, &page);
	if (result == ERR_INVALID || result == ERR_CONFLICT) {
		page.error = field_error_take(request);
		return show(request, &page, act == 0);
	}
	TRY(result);
	respond_notice(request, acts[act].notice);
	return respond_redirect(request, 303,
				acts[act].is_end ? PAGE
						 : arena_printf(request->ctx.arena, PAGE "/%lld",
								(long long)request->id));
}

/* Words that may not be tags ---------------------------------------------------------- */

static enum err show_forbidden(struct request *request, struct tag_forbidden_page *page)
{
	TRY(tag_forbidden_load(&request->ctx, &page->forbidden));
	frame_init(request, &page->frame, _("Words that cannot be tags"));
	page->frame.section = "admin";
	template_tags_forbidden(&request->response->body, page);
	return OK;
}

enum err tags_forbidden_show(struct request *request)
{
	struct tag_forbidden_page page = { .word = "", .reason = "", .error = { "", "" } };

	return show_forbidden(request, &page);
}

enum err tags_forbidden_post(struct request *request)
{
	struct tag_forbidden_page page = { .word = http_form(request->http, "word"),
					   .reason = http_form(request->http, "reason") };
	bool is_back = strcmp(http_form(request->http, "do"), "allow") == 0;
	enum err result;

	if (is_back)
		result = tag_allow(&request->ctx, page.word, request->form_key);
	else
		result = tag_forbid(&request->ctx, page.word, page.reason, request->form_key);
	if (result == ERR_INVALID || result == ERR_CONFLICT) {
		page.error = field_error_take(request);
		return show_forbidden(request, &page);
	}
	TRY(result);
	respond_notice(request, is_back ? "tag_allowed" : "tag_forbidden");
	return respond_redirect(request, 303, FORBIDDEN_PAGE);
}
