/*
 * /admin/categories: where questions stand, in which order, and who may write there.
 */
#include "forum/category_change.h"

#include "i18n/i18n.h"
#include "templates/templates.h"
#include "web/handlers.h"
#include "web/helpers.h"
#include "web/pages_categories.h"
#include "web/respond.h"

#define PAGE "/admin/categories"

/* Symbols of static/icons.svg that mean a subject. */
static const struct {
	const char *word, *label;
} icons[] = {
	{ "community", N_("Community") }, { "box", N_("Box") },
	{ "fibre", N_("Fibre") },         { "mobile", N_("Mobile") },
	{ "phone", N_("Telephone") },     { "tv", N_("Television") },
	{ "device", N_("Device") },       { "invoice", N_("Invoice") },
	{ "account", N_("Account") },     { "shop", N_("Shop") },
	{ "email", N_("E-mail") },        { "security", N_("Security") },
	{ "idea", N_("Idea") },           { "help", N_("Help") },
	{ "folder", N_("Folder") },
};

static const struct {
	enum role role;
	const char *label;
} roles[] = {
	{ ROLE_CUSTOMER, N_("Every member") },
	{ ROLE_ADVISOR, N_("Advisors and above") },
	{ ROLE_MODERATOR, N_("Moderators and above") },
};

enum err categories_show(struct request *request)
{
	struct categories_page page = { 0 };

	TRY(category_rows_load(&request->ctx, &page.categories));
	frame_init(request, &page.frame, _("Categories"));
	page.frame.section = "admin";
	template_categories_admin(&request->response->body, &page);
	return OK;
}

/* One --------------------------------------------------------------------------------- */

static struct category_choice *role_choices(struct request *request, enum role chosen)
{
	struct category_choice *choices = arena_array_of(request->ctx.arena, ARRAY_COUNT(roles),
							 struct category_choice);

	for (size_t i = 0; i < ARRAY_COUNT(roles); i++)
		choices[i] = (struct category_choice){ role_text(roles[i].role), _(roles[i].label),
						       roles[i].role == chosen };
	return choices;
}

static void list_choices(struct request *request, struct category_page *page)
{
	page->icons = arena_array_of(request->ctx.arena, ARRAY_COUNT(icons),
				     struct category_choice);
	page->icon_count = ARRAY_COUNT(icons);
	for (size_t i = 0; i < ARRAY_COUNT(icons); i++)
		page->icons[i] = (struct category_choice){
			icons[i].word, _(icons[i].label), strcmp(icons[i].word, page->row.icon) == 0
		};
	page->asks = role_choices(request, page->row.ask_role);
	page->answers = role_choices(request, page->row.answer_role);
	page->role_count = ARRAY_COUNT(roles);
	page->purposes[0] = (struct category_choice){ "questions", _("Questions"),
						      !page->row.is_for_ideas };
	page->purposes[1] = (struct category_choice){ "ideas", _("Ideas"), page->row.is_for_ideas };
}

static enum err find_kept(struct request *request, struct category_page *page)
{
	for (size_t i = 0; i < page->categories.count; i++)
		if (page->categories.items[i].id == request->id)
			page->kept = &page->categories.items[i];
	if (request->id && !page->kept)
		return fail(&request->ctx, ERR_NOT_FOUND, NULL, NULL);
	return OK;
}

static const struct category_row new_row = { .slug = "",
					     .icon = "community",
					     .name_fr = "",
					     .name_en = "",
					     .description_fr = "",
					     .description_en = "",
					     .ask_role = ROLE_CUSTOMER,
					     .answer_role = ROLE_CUSTOMER };

static enum err show(struct request *request, struct category_page *page,
		     const struct category_row *typed)
{
	bool is_french = strcmp(request->ctx.language, "fr") == 0;

	TRY(category_rows_load(&request->ctx, &page->categories));
	TRY(find_kept(request, page));
	TRY(category_history_load(&request->ctx, request->id, &page->history));
	page->row = typed ? *typed : page->kept ? *page->kept : new_row;
	if (!page->reason)
		page->reason = "";
	page->title = _("New category");
	if (page->kept)
		page->title = is_french ? page->kept->name_fr : page->kept->name_en;
	list_choices(request, page);
	frame_init(request, &page->frame, page->title);
	page->frame.section = "admin";
	template_category_admin(&request->response->body, page);
	return OK;
}

enum err category_admin_show(struct request *request)
{
	struct category_page page = { .error = { "", "" } };

	return show(request, &page, NULL);
}

static const char *known_icon(const char *word)
{
	for (size_t i = 0; i < ARRAY_COUNT(icons); i++)
		if (strcmp(icons[i].word, word) == 0)
			return icons[i].word;
	return new_row.icon;
}

static enum role known_role(const char *word)
{
	for (size_t i = 0; i < ARRAY_COUNT(roles); i++)
		if (strcmp(role_text(roles[i].role), word) == 0)
			return roles[i].role;
	return ROLE_CUSTOMER;
}

static enum err read_form(struct request *request, struct category_form *form, int64_t *target_id)
{
	const struct http_request *http = request->http;

	*form = (struct category_form){
		.row = { .id = request->id,
			 .slug = http_form(http, "slug"),
			 .icon = known_icon(http_form(http, "icon")),
			 .name_fr = http_form(http, "name_fr"),
			 .name_en = http_form(http, "name_en"),
			 .description_fr = http_form(http, "description_fr"),
			 .description_en = http_form(http, "description_en"),
			 .ask_role = known_role(http_form(http, "asks")),
			 .answer_role = known_role(http_form(http, "answers")),
			 .is_for_ideas = strcmp(http_form(http, "purpose"), "ideas") == 0 },
		.reason = http_form(http, "reason"),
		.form_key = request->form_key,
	};
	TRY(form_id(request, "parent", &form->row.parent_id));
	TRY(form_id(request, "position", &form->row.position));
	TRY(form_id(request, "target", target_id));
	return form_id(request, "follows", &form->follows_id);
}

/* Archiving and undo stand in forms of their own: what was typed in the other is not theirs. */
static enum err refused(struct request *request, const struct category_form *form, bool is_typed)
{
	struct category_page page = { .reason = form->reason, .error = field_error_take(request) };

	return show(request, &page, is_typed ? &form->row : NULL);
}

enum err category_admin_post(struct request *request)
{
	const char *act = http_form(request->http, "do"), *notice = "category_saved";
	bool is_typed = strcmp(act, "archive") != 0 && strcmp(act, "undo") != 0;
	struct category_form form;
	int64_t id = request->id, target_id;
	enum err result;

	TRY(read_form(request, &form, &target_id));
	if (strcmp(act, "archive") == 0) {
		result = category_archive(&request->ctx, &form, target_id);
		notice = "category_archived";
	} else if (strcmp(act, "undo") == 0) {
		result = category_undo(&request->ctx, &form);
		notice = "category_undone";
	} else {
		result = category_save(&request->ctx, &form, &id);
	}
	if (result == ERR_INVALID || result == ERR_CONFLICT)
		return refused(request, &form, is_typed);
	TRY(result);
	respond_notice(request, notice);
	return respond_redirect(request, 303,
				id ? arena_printf(request->ctx.arena, PAGE "/%lld", (long long)id)
				   : PAGE);
}
