/*
 * /admin/mails: what each mail says in each language, looked at and tried before it counts,
 * with its history.
 */
#include "forum/actor.h"
#include "forum/letter.h"
#include "forum/mail_text_change.h"
#include "i18n/i18n.h"
#include "templates/templates.h"
#include "web/handlers.h"
#include "web/helpers.h"
#include "web/pages_mails.h"
#include "web/respond.h"

#define PAGE "/admin/mails"

/* The list ------------------------------------------------------------------------------ */

static const char *const group_slugs[MAIL_GROUP_COUNT] = {
	[MAIL_GROUP_ACCOUNT] = "accounts",      [MAIL_GROUP_NEWS] = "news",
	[MAIL_GROUP_MODERATION] = "moderation", [MAIL_GROUP_SECURITY] = "security",
	[MAIL_GROUP_PRIVACY] = "privacy",       [MAIL_GROUP_NOTICES] = "notices",
	[MAIL_GROUP_MIRRORS] = "mirrors",       [MAIL_GROUP_DESK] = "desk",
};

static void name_languages(struct request *request, struct mails_page *page)
{
	const char **names;

	while (i18n_languages[page->language_count])
		page->language_count++;
	names = arena_array_of(request->ctx.arena, page->language_count, const char *);
	for (size_t i = 0; i < page->language_count; i++)
		names[i] = i18n_language_name(i18n_languages[i]);
	page->languages = names;
}

/* The states come mail by mail, language by language. */
static void group_states(struct request *request, const struct mail_text_state *states,
			 size_t count, struct mails_page *page)
{
	struct arena *arena = request->ctx.arena;

	page->group_count = MAIL_GROUP_COUNT;
	page->groups = arena_array_of(arena, MAIL_GROUP_COUNT, struct mails_group);
	for (int i = 0; i < MAIL_GROUP_COUNT; i++)
		page->groups[i] = (struct mails_group){
			.slug = group_slugs[i],
			.name = _(mail_group_names[i]),
			.rows = arena_array_of(arena, mail_text_count, struct mails_row),
		};
	for (size_t i = 0; i < count; i += page->language_count) {
		struct mails_group *group = &page->groups[states[i].text->group];

		group->rows[group->count++] = (struct mails_row){ states[i].text, &states[i] };
	}
}

enum err mails_show(struct request *request)
{
	struct mail_text_state *states;
	struct mails_page page = { 0 };
	size_t count;

	TRY(mail_text_list(&request->ctx, &states, &count));
	name_languages(request, &page);
	group_states(request, states, count, &page);
	frame_init(request, &page.frame, _("Mails"));
	page.frame.section = "admin";
	template_mails(&request->response->body, &page);
	return OK;
}

/* The editor ---------------------------------------------------------------------------- */

/* "reset-fr": the mail, and the language behind the last hyphen. */
static enum err find(struct request *request, const struct mail_text **text, const char **language)
{
	const char *hyphen = strrchr(request->slug, '-');
	struct arena *arena = request->ctx.arena;

	*text = NULL;
	*language = "";
	if (hyphen && i18n_is_supported(hyphen + 1)) {
		*language = hyphen + 1;
		*text = mail_text_find(
			arena_strndup(arena, request->slug, (size_t)(hyphen - request->slug)));
	}
	if (!*text)
		return fail(&request->ctx, ERR_NOT_FOUND, NULL, NULL);
	return OK;
}

static void speak(struct request *request, const char *language)
{
	i18n_use(language);
	request->ctx.language = i18n_language();
}

static const char *path_of(struct request *request, const struct mail_text *text,
			   const char *language)
{
	return arena_printf(request->ctx.arena, PAGE "/%s-%s", text->name, language);
}

static void list_places(struct request *request, struct mail_edit_page *page)
{
	struct arena *arena = request->ctx.arena;

	page->places = arena_array_of(arena, MAIL_PLACE_COUNT, struct mail_place_row);
	for (int i = 0; i < MAIL_PLACE_COUNT; i++)
		if (page->text->places & 1u << i)
			page->places[page->place_count++] = (struct mail_place_row){
				.shown = arena_printf(arena, "{%s}", mail_places[i].name),
				.explanation = _(mail_places[i].explanation),
				.is_needed = page->text->needed & 1u << i,
				.fits_subject = mail_places[i].fits_subject,
			};
}

static void name_other(struct request *request, struct mail_edit_page *page, const char *language)
{
	for (size_t i = 0; i18n_languages[i]; i++) {
		if (strcmp(i18n_languages[i], language) == 0)
			continue;
		page->other.name = i18n_language_name(i18n_languages[i]);
		page->other.path = path_of(request, page->text, i18n_languages[i]);
	}
}

static void default_words(struct request *request, struct mail_edit_page *page,
			  const char *language)
{
	const char *readers = request->ctx.language;

	speak(request, language);
	page->standard = mail_text_default(&request->ctx, page->text);
	speak(request, readers);
}

static enum err show(struct request *request, struct mail_edit_page *page, const char *language,
		     bool is_typed)
{
	struct arena *arena = request->ctx.arena;

	TRY(mail_text_history_load(&request->ctx, page->text, language, &page->history));
	default_words(request, page, language);
	if (!is_typed) {
		const struct mail_words *own = &page->history.state.words;

		page->words = own->subject ? *own : page->standard;
		page->reason = "";
	}
	page->label = _(page->text->label);
	page->language_name = i18n_language_name(language);
	page->path = path_of(request, page->text, language);
	name_other(request, page, language);
	list_places(request, page);
	frame_init(request, &page->frame,
		   arena_printf(arena, "%s (%s)", page->label, page->language_name));
	page->frame.section = "admin";
	template_mail_edit(&request->response->body, page);
	return OK;
}

enum err mail_edit_show(struct request *request)
{
	struct mail_edit_page page = { .error = { "", "" } };
	const char *language;

	TRY(find(request, &page.text, &language));
	return show(request, &page, language, false);
}

/* What is done with it ------------------------------------------------------------------ */

/* As it would go out, frame and all, in its own language. */
static enum err preview(struct request *request, struct mail_text_form *form,
			struct mail_words *out)
{
	const char *readers = request->ctx.language;
	struct outgoing_mail mail;
	struct letter letter;

	TRY(mail_text_check(&request->ctx, form->text, &form->words));
	speak(request, form->language);
	mail = letter_example(&request->ctx, form->text, &form->words);
	letter_write(&request->ctx, &mail, &letter);
	*out = (struct mail_words){ letter.subject, letter_text(&request->ctx, &letter) };
	speak(request, readers);
	return OK;
}

static enum err read_form(struct request *request, struct mail_text_form *form)
{
	const struct http_request *http = request->http;

	*form = (struct mail_text_form){
		.words = { http_form(http, "subject"), http_form(http, "body") },
		.reason = http_form(http, "reason"),
		.form_key = request->form_key,
	};
	TRY(find(request, &form->text, &form->language));
	return form_id(request, "follows", &form->follows_id);
}

static enum err done(struct request *request, const struct mail_text_form *form, const char *notice)
{
	respond_notice(request, notice);
	return respond_redirect(request, 303, path_of(request, form->text, form->language));
}

/* What was refused keeps what was typed. */
static enum err show_typed(struct request *request, const struct mail_text_form *form,
			   enum err result, struct mail_edit_page *page)
{
	page->text = form->text;
	page->words = form->words;
	page->reason = form->reason;
	if (is_form_error(result))
		page->error = field_error_take(request);
	else
		TRY(result);
	return show(request, page, form->language, true);
}

static enum err look(struct request *request, struct mail_text_form *form)
{
	struct mail_edit_page page = { .error = { "", "" } };
	enum err result = preview(request, form, &page.preview);

	return show_typed(request, form, result, &page);
}

static enum err send_test(struct request *request, struct mail_text_form *form)
{
	struct mail_edit_page page = { .error = { "", "" } };
	enum err result = mail_text_try(&request->ctx, form);

	page.was_tried = result == OK;
	return show_typed(request, form, result, &page);
}

static enum err save(struct request *request, struct mail_text_form *form)
{
	struct mail_edit_page page = { .error = { "", "" } };
	bool is_changed;
	enum err result = mail_text_save(&request->ctx, form, &is_changed);

	if (result != OK)
		return show_typed(request, form, result, &page);
	return done(request, form, is_changed ? "mail_saved" : "mail_same");
}

/* Acts without words: what was refused is said on the editor as it stands. */
static enum err act(struct request *request, struct mail_text_form *form, bool is_undo)
{
	struct mail_edit_page page = { .text = form->text, .error = { "", "" } };
	bool is_changed;
	enum err result;

	form->words = (struct mail_words){ 0 };
	result = is_undo ? mail_text_undo(&request->ctx, form)
			 : mail_text_save(&request->ctx, form, &is_changed);
	if (result == OK)
		return done(request, form, is_undo ? "mail_undone" : "mail_reset");
	if (!is_form_error(result))
		return result;
	page.error = field_error_take(request);
	return show(request, &page, form->language, false);
}

enum err mail_edit_post(struct request *request)
{
	const char *pressed = http_form(request->http, "do");
	struct mail_text_form form;

	TRY(read_form(request, &form));
	if (strcmp(pressed, "preview") == 0)
		return look(request, &form);
	if (strcmp(pressed, "test") == 0)
		return send_test(request, &form);
	if (strcmp(pressed, "undo") == 0 || strcmp(pressed, "default") == 0)
		return act(request, &form, strcmp(pressed, "undo") == 0);
	return save(request, &form);
}
