/*
 * /admin/texts: the charter and the other pages of the brand, written in both languages,
 * looked at, kept version by version, published and undone.
 */
#include "forum/page_text.h"

#include "i18n/i18n.h"
#include "text/markdown.h"
#include "templates/templates.h"
#include "web/handlers.h"
#include "web/helpers.h"
#include "web/pages_texts.h"
#include "web/respond.h"
#include "web/texts.h"

#define PAGE "/admin/texts"

static const char *label_of(const char *name)
{
	static const struct {
		const char *name, *label;
	} labels[] = {
		{ PAGE_TEXT_CHARTER, N_("Community charter") },
		{ "legal", N_("Legal notice") },
		{ "privacy", N_("Privacy policy") },
		{ "about", N_("About this community") },
	};

	for (size_t i = 0; i < ARRAY_COUNT(labels); i++)
		if (strcmp(labels[i].name, name) == 0)
			return _(labels[i].label);
	return name;
}

/* The list ------------------------------------------------------------------------------ */

static enum err show_list(struct request *request, struct texts_page *page)
{
	struct page_text_state *texts;

	TRY(page_text_list(&request->ctx, &texts, &page->count));
	page->rows = arena_array_of(request->ctx.arena, page->count + 1, struct texts_row);
	for (size_t i = 0; i < page->count; i++)
		page->rows[i] = (struct texts_row){ &texts[i], label_of(texts[i].name) };
	frame_init(request, &page->frame, _("Texts and legal pages"));
	page->frame.section = "admin";
	template_texts(&request->response->body, page);
	return OK;
}

enum err texts_show(struct request *request)
{
	struct texts_page page = { .name = "", .error = { "", "" } };

	return show_list(request, &page);
}

static const char *edit_path(struct request *request, const char *name)
{
	return arena_printf(request->ctx.arena, PAGE "/%s", name);
}

enum err texts_post(struct request *request)
{
	struct texts_page page = { .name = http_form(request->http, "name"), .error = { "", "" } };
	enum err result = page_text_add(&request->ctx, &page.name, request->form_key);

	if (result == ERR_INVALID) {
		page.error = field_error_take(request);
		return show_list(request, &page);
	}
	TRY(result);
	return respond_redirect(request, 303, edit_path(request, page.name));
}

/* The editor ------------------------------------------------------------------------------ */

/* What nobody has changed yet is written on the theme's words. */
static void begin_words(struct request *request, struct text_edit_page *page)
{
	struct page_text_version *words = &page->words;
	struct ctx *ctx = &request->ctx;

	if (page->history.version_count > 0) {
		*words = page->history.versions[0];
		words->reason = "";
		return;
	}
	words->reason = words->title_fr = words->title_en = words->body_fr = words->body_en = "";
	if (page->history.state.is_free)
		return;
	words->body_fr = theme_text(ctx, page->history.state.name, "fr", &words->title_fr);
	words->body_en = theme_text(ctx, page->history.state.name, "en", &words->title_en);
}

static bool has_theme(struct request *request, const struct page_text_state *state)
{
	const char *heading;

	return !state->is_free && (theme_text(&request->ctx, state->name, "fr", &heading)[0] ||
				   theme_text(&request->ctx, state->name, "en", &heading)[0]);
}

static enum err preview(struct request *request, struct text_edit_page *page)
{
	const struct markdown_options trusted = { .are_links_followed = true };
	struct ctx *ctx = &request->ctx;

	TRY(markdown_render(ctx, "body_fr", page->words.body_fr, &trusted, &page->preview_fr));
	TRY(markdown_render(ctx, "body_en", page->words.body_en, &trusted, &page->preview_en));
	page->has_preview = true;
	return OK;
}

static enum err show_editor(struct request *request, struct text_edit_page *page, bool is_typed)
{
	TRY(page_text_history_load(&request->ctx, request->slug, &page->history));
	if (!is_typed)
		begin_words(request, page);
	page->label = label_of(page->history.state.name);
	page->is_charter = strcmp(page->history.state.name, PAGE_TEXT_CHARTER) == 0;
	page->has_theme = has_theme(request, &page->history.state);
	page->newest_number = page->history.state.version_count;
	frame_init(request, &page->frame, page->label);
	page->frame.section = "admin";
	template_text_edit(&request->response->body, page);
	return OK;
}

enum err text_edit_show(struct request *request)
{
	struct text_edit_page page = { .error = { "", "" } };

	return show_editor(request, &page, false);
}

static enum err read_form(struct request *request, struct page_text_form *form)
{
	const struct http_request *http = request->http;

	*form = (struct page_text_form){
		.name = request->slug,
		.words = { .title_fr = http_form(http, "title_fr"),
			   .body_fr = http_form(http, "body_fr"),
			   .title_en = http_form(http, "title_en"),
			   .body_en = http_form(http, "body_en"),
			   .reason = http_form(http, "reason") },
		.asks = strcmp(http_form(http, "asks"), "1") == 0,
		.is_published = strcmp(http_form(http, "do"), "publish") == 0,
		.form_key = request->form_key,
	};
	TRY(form_id(request, "follows", &form->follows_number));
	return form_id(request, "publication", &form->publication_id);
}

static enum err save(struct request *request, struct page_text_form *form)
{
	struct text_edit_page page = { .asks = form->asks, .error = { "", "" } };
	bool is_preview = strcmp(http_form(request->http, "do"), "preview") == 0;
	enum err result;
	int64_t number;

	page.words = form->words;
	result = is_preview ? preview(request, &page)
			    : page_text_save(&request->ctx, form, &number);
	if (result == ERR_INVALID || result == ERR_CONFLICT)
		page.error = field_error_take(request);
	else
		TRY(result);
	if (is_preview || result != OK)
		return show_editor(request, &page, true);
	respond_notice(request, form->is_published ? "text_published" : "text_saved");
	return respond_redirect(request, 303, edit_path(request, request->slug));
}

/* Acts without words: what was refused is said on the editor as it stands. */
static enum err finish(struct request *request, enum err result, const char *notice)
{
	struct text_edit_page page = { .error = { "", "" } };

	if (result == ERR_CONFLICT) {
		page.error = field_error_take(request);
		return show_editor(request, &page, false);
	}
	TRY(result);
	respond_notice(request, notice);
	return respond_redirect(request, 303, edit_path(request, request->slug));
}

enum err text_edit_post(struct request *request)
{
	const char *act = http_form(request->http, "do");
	struct page_text_form form;
	int64_t number;

	TRY(read_form(request, &form));
	if (strcmp(act, "put") == 0) {
		TRY(form_id(request, "number", &number));
		return finish(request, page_text_publish(&request->ctx, &form, number),
			      "text_published");
	}
	if (strcmp(act, "undo") == 0)
		return finish(request, page_text_undo(&request->ctx, &form), "text_undone");
	return save(request, &form);
}

/* One version --------------------------------------------------------------------------- */

static const char *whole(struct arena *arena, const char *title, const char *body)
{
	return body[0] ? arena_printf(arena, "%s\n\n%s", title, body) : "";
}

static void compare(struct request *request, struct text_version_page *page)
{
	const struct page_text_version *now = &page->version, *before = &page->before;
	struct arena *arena = request->ctx.arena;

	if (!before->number)
		return;
	page->diff_fr_count = diff_words(arena, whole(arena, before->title_fr, before->body_fr),
					 whole(arena, now->title_fr, now->body_fr), &page->diff_fr);
	page->diff_en_count = diff_words(arena, whole(arena, before->title_en, before->body_en),
					 whole(arena, now->title_en, now->body_en), &page->diff_en);
}

enum err text_version_show(struct request *request)
{
	const struct markdown_options trusted = { .are_links_followed = true };
	struct text_version_page page = { .error = { "", "" } };
	struct ctx *ctx = &request->ctx;
	struct page_text_history history;

	TRY(page_text_history_load(ctx, request->slug, &history));
	TRY(page_text_version_load(ctx, request->slug, request->id, &page.version, &page.before));
	TRY(markdown_render(ctx, NULL, page.version.body_fr, &trusted, &page.body_fr));
	TRY(markdown_render(ctx, NULL, page.version.body_en, &trusted, &page.body_en));
	compare(request, &page);
	page.state = history.state;
	page.label = label_of(history.state.name);
	frame_init(request, &page.frame, page.label);
	page.frame.section = "admin";
	template_text_version(&request->response->body, &page);
	return OK;
}
