/*
 * Asking. A visitor begins with the title and what is like it; a member writes the
 * whole question. Before it is published, questions that look like it are shown
 * once: while it is typed (similar.c), or else as a step of its own here.
 */
#include "base/crypto.h"
#include "base/slice.h"
#include "forum/draft.h"
#include "forum/statistics.h"
#include "i18n/i18n.h"
#include "templates/templates.h"
#include "web/handlers.h"
#include "web/helpers.h"
#include "web/respond.h"
#include "web/similar.h"
#include "web/write_form.h"

/* The page's number for counting (forum/statistics.h): handed on, or a new one. */
static const char *view_of(struct request *request)
{
	const char *view = http_form(request->http, "view");

	if (!view[0])
		view = http_parameter(request->http, "view");
	return deflection_view_is_valid(view) ? view : crypto_token(request->ctx.arena);
}

/* Other words, in a category for ideas. */
static void find_purpose(struct write_page *page)
{
	for (size_t i = 0; i < page->categories.count; i++)
		if (page->categories.items[i].id == page->category_id)
			page->is_idea = page->categories.items[i].is_for_ideas;
}

static enum err ask_page_init(struct request *request, struct write_page *page)
{
	*page = (struct write_page){ .kind = FORM_ASK,
				     .action = "/ask",
				     .cancel_path = "/",
				     .has_title = true,
				     .has_category = true,
				     .has_tags = true };
	write_form_init(request, page);
	page->draft_place = "ask";
	page->view = view_of(request);
	page->is_considered = strcmp(http_form(request->http, "considered"), "1") == 0;
	TRY(form_id(request, "category", &page->category_id));
	TRY(category_list(&request->ctx, &page->categories));
	TRY(tag_withheld(&request->ctx, &page->tags_withheld));
	write_form_keep_askable(request, page);
	find_purpose(page);
	return OK;
}

static int64_t category_from_query(struct request *request, const struct categories *all)
{
	const char *slug = http_parameter(request->http, "category");

	for (size_t i = 0; i < all->count; i++)
		if (strcmp(all->items[i].slug, slug) == 0)
			return all->items[i].id;
	return 0;
}

/* Before signing in --------------------------------------------------------------- */

/* "/ask?title=…&view=…": what signing in and up lead back to. */
static const char *ask_again_path(struct request *request, const struct ask_start_page *page)
{
	struct buf path;

	buf_init(&path, request->ctx.arena, 4 * HTTP_QUERY_MAX_BYTES);
	buf_text(&path, "/ask?");
	if (page->title[0]) {
		buf_text(&path, "title=");
		buf_url(&path, page->title);
		buf_char(&path, '&');
	}
	if (page->category_slug[0]) {
		buf_text(&path, "category=");
		buf_url(&path, page->category_slug);
		buf_char(&path, '&');
	}
	buf_printf(&path, "view=%s", page->view);
	return buf_to_arena(&path, request->ctx.arena);
}

/* One that is not there is none. */
static enum err take_category(struct request *request, struct ask_start_page *page)
{
	const char *slug = http_parameter(request->http, "category");
	struct category category;
	enum err result;

	page->category_slug = "";
	if (!slug[0])
		return OK;
	result = category_by_slug(&request->ctx, slug, &category);
	if (result == ERR_NOT_FOUND) {
		error_clear(&request->ctx);
		return OK;
	}
	TRY(result);
	page->category_slug = category.slug;
	page->is_idea = category.is_for_ideas;
	return OK;
}

static const char *asking_title(bool is_idea)
{
	return is_idea ? _("Suggest an idea") : _("Ask a question");
}

static enum err show_start(struct request *request)
{
	struct ask_start_page page = { .title = http_parameter(request->http, "title"),
				       .view = view_of(request) };

	TRY(take_category(request, &page));
	if (page.title[0]) {
		TRY(similar_take_turn(request));
		TRY(similar_articles(request, page.title, "", request->ctx.language,
				     &page.articles));
		TRY(similar_find(request, page.title, "", request->ctx.language, &page.similar));
		similar_record(request, page.view, &page.similar, &page.articles);
	}
	page.again_path = ask_again_path(request, &page);
	frame_init(request, &page.frame, asking_title(page.is_idea));
	page.frame.section = "ask";
	page.frame.description = asking_description(page.is_idea);
	template_ask_start(&request->response->body, &page);
	return OK;
}

/* The form ---------------------------------------------------------------------- */

static enum err show_ask_form(struct request *request, struct write_page *page)
{
	return write_form_show(request, page, asking_title(page->is_idea));
}

enum err ask_show(struct request *request)
{
	const struct subject nothing = { .now = request->ctx.now };
	struct write_page page;

	if (!request->actor.id)
		return show_start(request);
	TRY(write_form_check_may(request, MAY_ASK, &nothing));
	TRY(ask_page_init(request, &page));
	TRY(write_form_load_draft(request, &page));
	if (!page.category_id)
		page.category_id = category_from_query(request, &page.categories);
	find_purpose(&page);
	if (!page.title[0])
		page.title = http_parameter(request->http, "title");
	return show_ask_form(request, &page);
}

/* These look like yours ----------------------------------------------------------- */

static struct topic_new new_topic(struct request *request, const struct write_page *page)
{
	return (struct topic_new){
		.title = page->title,
		.body_md = page->body_md,
		.tags = page->tags,
		.language = page->language,
		.category_id = page->category_id,
		.form_key = request->form_key,
		.personal = write_form_personal(request),
		.fill_seconds = form_opened_seconds(request),
	};
}

/* Whoever leaves from that step for one of the others finds the text again. */
static enum err keep_draft(struct request *request, const struct write_page *page)
{
	const struct draft draft = {
		.place = page->draft_place,
		.title = page->title,
		.body_md = page->body_md,
		.tags = page->tags,
		.category_id = page->category_id,
	};
	enum err result = draft_save(&request->ctx, &draft);

	if (is_form_error(result)) {
		error_clear(&request->ctx);
		return OK;
	}
	return result;
}

static bool is_known_category(const struct write_page *page)
{
	for (size_t i = 0; i < page->categories.count; i++)
		if (page->categories.items[i].id == page->category_id)
			return true;
	return false;
}

/* What would be refused anyway is refused at once, without a step before. */
static bool would_be_taken(struct request *request, const struct write_page *page)
{
	const struct subject nothing = { .now = request->ctx.now };
	const struct topic_new form = new_topic(request, page);
	bool is_good = topic_check_new(&request->ctx, &form) == OK;

	error_clear(&request->ctx);
	return is_good && is_known_category(page) && policy_can(&request->actor, MAY_ASK, &nothing);
}

/*
 * Does the script's list of what it has shown, "a3,12,7,31", name it? It stands in the
 * form, not in the database: so that a double click says the same twice. prefix: "a" for
 * articles, "" for questions.
 */
static bool was_seen(struct request *request, const char *prefix, int64_t id)
{
	struct slice rest = slice_of(http_form(request->http, "seen"));
	const char *wanted = arena_printf(request->ctx.arena, "%s%lld", prefix, (long long)id);

	while (rest.data)
		if (slice_is(slice_trim(slice_cut(&rest, ',')), wanted))
			return true;
	return false;
}

/* *is_needed: something is close, and was not shown yet. Never a second time. */
static enum err look_for_similar(struct request *request, struct write_page *page, bool *is_needed)
{
	const struct similar_list *list = &page->similar;
	const struct article_similar_list *articles = &page->articles;

	*is_needed = false;
	if (page->is_considered || !would_be_taken(request, page))
		return OK;
	TRY(similar_articles(request, page->title, page->body_md, page->language, &page->articles));
	TRY(similar_find(request, page->title, page->body_md, page->language, &page->similar));
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i].is_close && !was_seen(request, "", list->items[i].row.id))
			*is_needed = true;
	for (size_t i = 0; i < articles->count; i++)
		if (articles->items[i].is_close && !was_seen(request, "a", articles->items[i].id))
			*is_needed = true;
	return OK;
}

static enum err show_middle_step(struct request *request, struct write_page *page)
{
	similar_record(request, page->view, &page->similar, &page->articles);
	TRY(keep_draft(request, page));
	frame_init(request, &page->frame, _("Before you publish"));
	page->frame.section = "ask";
	template_ask_similar(&request->response->body, page);
	return OK;
}

static enum err publish(struct request *request, struct write_page *page)
{
	struct topic_new form = new_topic(request, page);
	bool is_held = false;
	const char *path;
	int64_t id;
	enum err result;

	form.is_held = &is_held;
	result = topic_create(&request->ctx, &form, &id, &path);

	if (is_form_error(result)) {
		write_form_refused(request, page, "", "");
		return show_ask_form(request, page);
	}
	TRY(result);
	record_asked(&request->ctx, page->view, id);
	respond_notice(request, is_held ? "held" : "asked");
	return respond_redirect(request, 303, path);
}

enum err ask_post(struct request *request)
{
	struct write_page page;
	bool is_done, is_step_needed;

	TRY(ask_page_init(request, &page));
	TRY(write_form_save_draft(request, &page, &is_done));
	if (is_done)
		return OK;
	TRY(write_form_preview(request, &page));
	/* "Change my question", of the step in between, is the form once more. */
	if (http_form(request->http, "preview")[0] || http_form(request->http, "change")[0])
		return show_ask_form(request, &page);
	TRY(look_for_similar(request, &page, &is_step_needed));
	if (is_step_needed)
		return show_middle_step(request, &page);
	return publish(request, &page);
}
