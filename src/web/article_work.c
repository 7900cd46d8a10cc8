/*
 * /kb/work: lists of what is to be done on articles, the editor with its history, and
 * the acts below it. Rights are asked in forum/article_work.h.
 */
#include "forum/article_work.h"

#include <time.h>

#include "base/clock.h"
#include "forum/article_files.h"
#include "forum/article_source.h"
#include "forum/site_setting.h"
#include "i18n/i18n.h"
#include "templates/templates.h"
#include "web/files.h"
#include "web/handlers.h"
#include "web/helpers.h"
#include "web/pages_articles.h"
#include "web/respond.h"

#define PAGE "/kb/work"

static const char *work_path(struct request *request, int64_t id)
{
	return arena_printf(request->ctx.arena, PAGE "/%lld", (long long)id);
}

enum err articles_work_show(struct request *request)
{
	struct article_work_list_page page = { .show = ARTICLE_SHOW_OPEN, .next_path = "" };
	const char *word = http_parameter(request->http, "show");
	struct list_key after;

	if (word[0] && !article_show_parse(word, &page.show))
		return fail(&request->ctx, ERR_NOT_FOUND, NULL, NULL);
	TRY(list_key_read(request, &after));
	TRY(article_work_list(&request->ctx, page.show, after, &page.list, page.counts));
	if (page.show == ARTICLE_SHOW_UNHELPFUL)
		TRY(article_wanted_load(&request->ctx, &page.wanted));
	if (page.list.has_more)
		page.next_path = arena_printf(request->ctx.arena, PAGE "?show=%s&after=%s",
					      article_show_word(page.show),
					      list_key_text(request, page.list.next));
	frame_init(request, &page.frame, _("Work on articles"));
	page.frame.section = "articles";
	template_article_work_list(&request->response->body, &page);
	return OK;
}

/* Fields of time ------------------------------------------------------------------------- */

static bool digits(const char *text, const char *pattern)
{
	for (; *pattern; pattern++, text++)
		if (*pattern == '0' ? *text < '0' || *text > '9' : *text != *pattern)
			return false;
	return *text == '\0';
}

static int number_at(const char *text, size_t length)
{
	int number = 0;

	while (length-- > 0)
		number = 10 * number + (*text++ - '0');
	return number;
}

/* "2026-12-24T08:30" on the site's clocks. */
static bool read_local(const char *text, int64_t *out)
{
	struct tm local = { .tm_isdst = -1 };

	if (!digits(text, "0000-00-00T00:00"))
		return false;
	local.tm_year = number_at(text, 4) - 1900;
	local.tm_mon = number_at(text + 5, 2) - 1;
	local.tm_mday = number_at(text + 8, 2);
	local.tm_hour = number_at(text + 11, 2);
	local.tm_min = number_at(text + 14, 2);
	*out = (int64_t)mktime(&local) * CLOCK_SECOND;
	return local.tm_year >= 70;
}

/* "2027-11-23"; empty is never. */
static bool read_day(struct request *request, const char *text, int64_t *out)
{
	*out = 0;
	if (!text[0])
		return true;
	return digits(text, "0000-00-00") &&
	       clock_parse(arena_printf(request->ctx.arena, "%sT00:00:00Z", text), out);
}

static const char *day_text(struct request *request, int64_t day)
{
	return day ? arena_printf(request->ctx.arena, "%.10s",
				  clock_rfc3339(request->ctx.arena, day))
		   : "";
}

/* The editor ------------------------------------------------------------------------------- */

/* A new one begins empty, in a category or as a version of another where the link says so. */
static void begin_new(struct request *request, struct article_form *form)
{
	const char *language = http_parameter(request->http, "language");

	*form = (struct article_form){
		.language = language[0] ? language : request->ctx.language,
		.product = "",
		.title = "",
		.summary = "",
		.body_md = "",
		.reason = "",
		.translates_id = strtoll(http_parameter(request->http, "translates"), NULL, 10),
	};
}

static void begin_words(const struct article_work *work, struct article_form *form)
{
	*form = (struct article_form){
		.id = work->article.id,
		.follows_number = work->newest.number,
		.language = work->article.language,
		.category_id = work->article.category_id,
		.product = work->article.product,
		.title = work->newest.title,
		.summary = work->newest.summary,
		.body_md = work->newest.body_md,
		.reason = "",
	};
}

static void begin_plan(struct request *request, struct article_work_page *page)
{
	const struct article *article = &page->work.article;
	int64_t months = site_number(SITE_ARTICLES_REVIEW_MONTHS);

	page->suggested_due = day_text(request, request->ctx.now + months * 30 * CLOCK_DAY);
	if (!page->typed_due)
		page->typed_due = day_text(request, article->review_due);
	if (!page->typed_owner)
		page->typed_owner = page->is_new ? "" : article->owner_handle;
	page->typed_at = page->typed_at ? page->typed_at : "";
	page->typed_other = page->typed_other ? page->typed_other : "";
	page->typed_address = page->typed_address ? page->typed_address : "";
	page->typed_reason = page->typed_reason ? page->typed_reason : "";
	page->alt = page->alt ? page->alt : "";
	page->files_said = page->files_said ? page->files_said : "";
}

/* is_typed: the fields hold what the form said, not what is stored. */
static enum err show_editor(struct request *request, struct article_work_page *page, bool is_typed)
{
	struct ctx *ctx = &request->ctx;

	TRY(category_list(ctx, &page->categories));
	if (!page->is_new)
		TRY(article_work_load(ctx, request->id, &page->work));
	if (!is_typed && page->is_new)
		begin_new(request, &page->form);
	else if (!is_typed)
		begin_words(&page->work, &page->form);
	begin_plan(request, page);
	frame_init(request, &page->frame,
		   page->is_new ? _("A new article") : page->work.newest.title);
	page->frame.section = "articles";
	template_article_work(&request->response->body, page);
	return OK;
}

enum err article_new_show(struct request *request)
{
	struct article_work_page page = { .is_new = true, .error = { "", "" } };

	TRY(article_work_require(&request->ctx));
	return show_editor(request, &page, false);
}

enum err article_work_show(struct request *request)
{
	struct article_work_page page = { .error = { "", "" } };

	return show_editor(request, &page, false);
}

static enum err read_form(struct request *request, struct article_form *form)
{
	const struct http_request *http = request->http;

	*form = (struct article_form){
		.id = request->id,
		.language = http_form(http, "language"),
		.product = http_form(http, "product"),
		.title = http_form(http, "title"),
		.summary = http_form(http, "summary"),
		.body_md = http_form(http, "body"),
		.reason = http_form(http, "reason"),
		.form_key = request->form_key,
	};
	TRY(form_id(request, "category", &form->category_id));
	TRY(form_id(request, "translates", &form->translates_id));
	return form_id(request, "follows", &form->follows_number);
}

static enum err preview(struct request *request, struct article_work_page *page)
{
	TRY(article_render(&request->ctx, page->form.id ? page->form.id : page->form.translates_id,
			   page->form.body_md, &page->preview));
	outline_make(request->ctx.arena, page->preview, &page->preview_outline);
	page->has_preview = true;
	return OK;
}

/* Files ------------------------------------------------------------------------------------- */

/*
 * A button of the editor, so what is typed in its other fields comes along and is shown
 * again: nothing of it is kept by this.
 */
enum err article_files_post(struct request *request)
{
	struct article_work_page page = { .error = { "", "" }, .alt = "" };
	struct attachment_uploads uploads = files_of_form(request, 1);
	enum err result;
	int64_t id;

	TRY(read_form(request, &page.form));
	TRY(form_id(request, "remove", &id));
	result = id ? article_file_remove(&request->ctx, request->id, id, request->form_key)
		    : article_file_add(&request->ctx, request->id, &uploads, request->form_key);
	if (result == ERR_INVALID || result == ERR_CONFLICT) {
		page.error = field_error_take(request);
		page.alt = http_form(request->http, "alt");
	} else {
		TRY(result);
		page.files_said = id ? _("The file is removed.")
				     : _("The file is added: its code goes into the text.");
	}
	return show_editor(request, &page, true);
}

/* Chosen, and then another button was pressed: a browser sends no more than its name. */
static bool has_forgotten_file(struct request *request, struct article_work_page *page)
{
	if (!http_form(request->http, "file")[0])
		return false;
	page->error = (struct field_error){
		"file",
		_("Nothing was kept yet: choose the file once more and press “Add the file” "
		  "first.")
	};
	page->alt = http_form(request->http, "alt");
	request->response->status = 422;
	return true;
}

static enum err save(struct request *request, bool is_new)
{
	struct article_work_page page = { .is_new = is_new, .error = { "", "" } };
	bool is_preview = strcmp(http_form(request->http, "do"), "preview") == 0;
	enum err result;
	int64_t id = 0;

	TRY(read_form(request, &page.form));
	if (!is_new && has_forgotten_file(request, &page))
		return show_editor(request, &page, true);
	if (is_preview && is_new)
		TRY(article_work_require(&request->ctx));
	result = is_preview ? preview(request, &page)
			    : article_save(&request->ctx, &page.form, &id);
	if (result == ERR_INVALID || result == ERR_CONFLICT)
		page.error = field_error_take(request);
	else
		TRY(result);
	if (is_preview || result != OK)
		return show_editor(request, &page, true);
	respond_notice(request, "article_saved");
	return respond_redirect(request, 303, work_path(request, id));
}

/* From a search without a result: the draft is there, and open. */
static enum err begin_wanted(struct request *request)
{
	int64_t id;

	TRY(article_wanted_begin(&request->ctx, http_form(request->http, "title"),
				 request->form_key, &id));
	respond_notice(request, "article_saved");
	return respond_redirect(request, 303, work_path(request, id));
}

/* From a thread: the draft that there is, or a new one. */
enum err article_from_topic_post(struct request *request)
{
	int64_t id;

	TRY(article_from_topic(&request->ctx, request->id, request->form_key, &id));
	respond_notice(request, "article_from_topic");
	return respond_redirect(request, 303, work_path(request, id));
}

enum err article_new_post(struct request *request)
{
	if (strcmp(http_form(request->http, "do"), "begin") == 0)
		return begin_wanted(request);
	return save(request, true);
}

/* Acts ------------------------------------------------------------------------------------------ */

static const struct {
	const char *word;
	enum article_act_kind kind;
	const char *notice;
} acts[] = {
	{ "review", ARTICLE_ACT_ASK_REVIEW, "article_review" },
	{ "return", ARTICLE_ACT_RETURN, "article_returned" },
	{ "publish", ARTICLE_ACT_PUBLISH, "article_published" },
	{ "schedule", ARTICLE_ACT_SCHEDULE, "article_done" },
	{ "unschedule", ARTICLE_ACT_UNSCHEDULE, "article_done" },
	{ "archive", ARTICLE_ACT_ARCHIVE, "article_archived" },
	{ "revive", ARTICLE_ACT_REVIVE, "article_done" },
	{ "restore", ARTICLE_ACT_RESTORE, "article_restored" },
	{ "plan", ARTICLE_ACT_PLAN, "article_done" },
	{ "join", ARTICLE_ACT_JOIN, "article_done" },
	{ "redirect", ARTICLE_ACT_REDIRECT, "article_done" },
};

/* "12", "/kb/12-title" or its whole address; empty is none, 0. */
static bool read_other(const char *text, int64_t *out)
{
	const char *place = strstr(text, "/kb/");
	char *end;

	text = place ? place + strlen("/kb/") : text;
	*out = strtoll(text, &end, 10);
	return !*text || (*out > 0 && (*end == '\0' || *end == '-'));
}

static enum err refuse_field(struct request *request, const char *field, const char *sentence)
{
	return fail(&request->ctx, ERR_INVALID, field, "%s", sentence);
}

static enum err read_act(struct request *request, struct article_act *act)
{
	const struct http_request *http = request->http;
	const char *at = http_form(http, "at");

	act->id = request->id;
	act->reason = http_form(http, "reason");
	act->owner_handle = http_form(http, "owner");
	act->address = http_form(http, "address");
	act->form_key = request->form_key;
	TRY(form_id(request, "follows", &act->follows_number));
	TRY(form_id(request, "number", &act->number));
	if (act->kind == ARTICLE_ACT_SCHEDULE && !read_local(at, &act->at))
		return refuse_field(request, "at", _("Choose a time to come, within a year."));
	if (!read_day(request, http_form(http, "due"), &act->review_due))
		return refuse_field(request, "due", _("This is not a date."));
	if (!read_other(http_form(http, "other"), &act->other_id))
		return refuse_field(request, "other", _("There is no such article."));
	return OK;
}

/* Where two forms of the page have a field of one name, the id says which. */
static void name_field(struct request *request, struct field_error *error)
{
	const char *act = http_form(request->http, "do");

	if (strcmp(act, "join") == 0 && error->field[0])
		error->field = "other-language";
	else if (strcmp(act, "return") == 0 && error->field[0])
		error->field = "return-reason";
}

/* The page again, with what was typed and what is wrong with it. */
static enum err show_refused(struct request *request)
{
	const struct http_request *http = request->http;
	struct article_work_page page = {
		.error = field_error_take(request),
		.typed_at = http_form(http, "at"),
		.typed_due = http_form(http, "due"),
		.typed_owner = http_form(http, "owner"),
		.typed_other = http_form(http, "other"),
		.typed_address = http_form(http, "address"),
		.typed_reason = http_form(http, "reason"),
	};

	name_field(request, &page.error);
	return show_editor(request, &page, false);
}

static enum err run_act(struct request *request, size_t which)
{
	struct article_act act = { .kind = acts[which].kind };
	enum err result = read_act(request, &act);

	if (result == OK)
		result = article_act(&request->ctx, &act);
	if (result == ERR_INVALID || result == ERR_CONFLICT)
		return show_refused(request);
	TRY(result);
	respond_notice(request, acts[which].notice);
	return respond_redirect(request, 303, work_path(request, request->id));
}

enum err article_work_post(struct request *request)
{
	const char *word = http_form(request->http, "do");

	for (size_t i = 0; i < ARRAY_COUNT(acts); i++)
		if (strcmp(acts[i].word, word) == 0)
			return run_act(request, i);
	return save(request, false);
}

/* One version ---------------------------------------------------------------------------------- */

static const char *whole(struct arena *arena, const struct article_version *version)
{
	return arena_printf(arena, "%s\n\n%s\n\n%s", version->title, version->summary,
			    version->body_md);
}

enum err article_version_show(struct request *request)
{
	struct article_version_page page = { .diff = NULL };
	struct ctx *ctx = &request->ctx;
	struct html_fragment body;
	struct outline outline;
	char *end;
	int64_t number = strtoll(request->slug, &end, 10);

	if (*end || number < 1)
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	TRY(article_version_load(ctx, request->id, number, &page.article, &page.version,
				 &page.before));
	TRY(article_render(ctx, request->id, page.version.body_md, &body));
	outline_make(ctx->arena, body, &outline);
	page.body = outline.html;
	if (page.before.number)
		page.diff_count = diff_words(ctx->arena, whole(ctx->arena, &page.before),
					     whole(ctx->arena, &page.version), &page.diff);
	frame_init(request, &page.frame, page.version.title);
	page.frame.section = "articles";
	template_article_version(&request->response->body, &page);
	return OK;
}
