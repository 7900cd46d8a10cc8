/*
 * /desk/listening/themes: what is listened for. Advisors read, moderators change.
 */
#include "forum/listening.h"

#include "forum/policy.h"
#include "i18n/i18n.h"
#include "templates/templates.h"
#include "web/desk_house.h"
#include "web/handlers.h"
#include "web/helpers.h"
#include "web/pages_listening.h"
#include "web/respond.h"
#include "web/topic_acts.h"

#define PAGE "/desk/listening/themes"

enum err listening_themes_show(struct request *request)
{
	struct listening_themes_page page = { 0 };

	TRY(listening_theme_list(&request->ctx, &page.themes));
	page.can_change = policy_can(&request->actor, MAY_MANAGE_DESK,
				     &(struct subject){ .now = request->ctx.now });
	frame_init(request, &page.frame, _("Themes"));
	page.frame.section = "desk";
	page.house = desk_house_of(request);
	template_listening_themes(&request->response->body, &page);
	return OK;
}

static void fill_categories(struct arena *arena, const struct categories *categories,
			    const struct listening_theme *theme, struct listening_theme_page *page)
{
	page->categories = arena_array_of(arena, categories->count + 1,
					  struct listening_theme_category);
	for (size_t i = 0; i < categories->count; i++) {
		struct listening_theme_category *category = &page->categories[i];

		*category = (struct listening_theme_category){
			.id = categories->items[i].id,
			.name = categories->items[i].name,
			.is_below = categories->items[i].parent_id != 0,
		};
		for (size_t k = 0; k < theme->category_count; k++)
			category->is_ticked |= theme->category_ids[k] == category->id;
	}
	page->category_count = categories->count;
}

/* typed: NULL, or what was refused. */
static enum err show(struct request *request, const struct listening_theme_form *typed,
		     struct field_error error)
{
	struct listening_theme_page page = { .error = error };
	struct categories categories;

	TRY(listening_theme_load(&request->ctx, request->id, &page.theme, &categories));
	frame_init(request, &page.frame, request->id ? page.theme.name : _("New theme"));
	if (typed) {
		page.theme.name = typed->name;
		page.theme.words = typed->words;
		page.theme.category_ids = typed->category_ids;
		page.theme.category_count = typed->category_count;
	}
	fill_categories(request->ctx.arena, &categories, &page.theme, &page);
	page.frame.section = "desk";
	page.house = desk_house_of(request);
	template_listening_theme(&request->response->body, &page);
	return OK;
}

enum err listening_theme_show(struct request *request)
{
	return show(request, NULL, (struct field_error){ "", "" });
}

enum err listening_theme_post(struct request *request)
{
	struct listening_theme_form form = {
		.id = request->id,
		.name = http_form(request->http, "name"),
		.words = http_form(request->http, "words"),
		.form_key = request->form_key,
	};
	bool is_deletion = request->id && strcmp(http_form(request->http, "do"), "delete") == 0;
	enum err result;

	form.category_ids = form_numbers(request, &request->http->form, "c-", CATEGORIES_MAX,
					 &form.category_count);
	result = is_deletion ? listening_theme_delete(&request->ctx, form.id, form.form_key)
			     : listening_theme_save(&request->ctx, &form);
	if (result == ERR_INVALID)
		return show(request, &form, field_error_take(request));
	TRY(result);
	respond_notice(request, is_deletion ? "theme_deleted" : "theme_saved");
	return respond_redirect(request, 303, PAGE);
}
