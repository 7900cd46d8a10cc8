/*
 * /admin/synonyms: the lists of words that stand for each other, tried before they
 * are saved, with their history.
 */
#include "forum/synonyms.h"

#include "base/slice.h"
#include "i18n/i18n.h"
#include "templates/templates.h"
#include "web/handlers.h"
#include "web/helpers.h"
#include "web/respond.h"

#define PAGE "/admin/synonyms"

/* typed lists, if any, stand in the fields instead of the stored ones. */
static enum err show(struct request *request, struct synonyms_page *page, int64_t shown_id)
{
	TRY(synonyms_load(&request->ctx, shown_id, &page->history));
	if (!page->french) {
		page->french = page->history.shown.french;
		page->english = page->history.shown.english;
	}
	page->is_old = shown_id && shown_id != page->history.newest.id;
	frame_init(request, &page->frame, _("Synonyms"));
	page->frame.section = "admin";
	template_synonyms(&request->response->body, page);
	return OK;
}

enum err synonyms_show(struct request *request)
{
	struct synonyms_page page = { .tried = "", .error = { "", "" } };
	int64_t version;

	TRY(query_number(request, "version", 0, &version));
	return show(request, &page, version);
}

static enum err read_change(struct request *request, struct synonym_change *change)
{
	const char *action = http_form(request->http, "do");

	*change = (struct synonym_change){
		.french = http_form(request->http, "french"),
		.english = http_form(request->http, "english"),
		.is_default = strcmp(action, "default") == 0,
		.form_key = request->form_key,
	};
	TRY(form_id(request, "version", &change->follows_id));
	return form_id(request, "restore", &change->restored_id);
}

/* The lists as they stand in the form, tried and not saved. */
static enum err try_lists(struct request *request, const struct synonym_change *change,
			  struct synonyms_page *page)
{
	struct arena *arena = request->ctx.arena;

	page->tried_french = arena_new_of(arena, struct search_explained);
	page->tried_english = arena_new_of(arena, struct search_explained);
	TRY(synonyms_try(&request->ctx, change, page->tried, page->tried_french,
			 page->tried_english));
	page->has_trial = true;
	return OK;
}

static bool is_refused(enum err result)
{
	return result == ERR_INVALID || result == ERR_CONFLICT;
}

enum err synonyms_post(struct request *request)
{
	struct synonyms_page page = { .tried = "", .error = { "", "" } };
	bool is_trial = strcmp(http_form(request->http, "do"), "try") == 0;
	struct synonym_change change;
	enum err result;

	TRY(read_change(request, &change));
	page.tried = http_form(request->http, "try");
	if (is_trial)
		result = try_lists(request, &change, &page);
	else
		result = synonyms_change(&request->ctx, &change);
	if (is_refused(result))
		page.error = field_error_take(request);
	else
		TRY(result);
	if (is_trial || is_refused(result)) {
		page.french = change.french;
		page.english = change.english;
		return show(request, &page, 0);
	}
	respond_notice(request, "synonyms");
	return respond_redirect(request, 303, PAGE);
}
