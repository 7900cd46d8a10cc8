/*
 * /panels/questions: answering a questionnaire of a panel that one is in.
 */
#include "forum/questionnaire.h"

#include "base/slice.h"
#include "i18n/i18n.h"
#include "templates/templates.h"
#include "web/handlers.h"
#include "web/helpers.h"
#include "web/pages_panels.h"
#include "web/respond.h"

static enum err show(struct request *request, struct questionnaire_page *page)
{
	frame_init(request, &page->frame, page->questionnaire.title);
	template_questionnaire(&request->response->body, page);
	return OK;
}

enum err questionnaire_show(struct request *request)
{
	struct questionnaire_page page = { .error = { "", "" } };

	TRY(questionnaire_own(&request->ctx, request->id, &page.questionnaire, &page.values));
	return show(request, &page);
}

/* "q-3" is the one choice, the number or the words; "q-3-2" a box. */
static enum err read_value(struct request *request, const struct question *question,
			   struct questionnaire_value *out)
{
	struct arena *arena = request->ctx.arena;
	const char *name = arena_printf(arena, "q-%d", (int)question->position);
	const char *typed = http_form(request->http, name);
	int64_t number;

	*out = (struct questionnaire_value){ .words = "" };
	if (question->kind == QUESTION_WORDS)
		out->words = typed;
	for (size_t i = 0; question->kind == QUESTION_SEVERAL && i < question->choice_count; i++)
		out->is_chosen[i] = http_form(request->http, arena_printf(arena, "%s-%zu", name,
									  i + 1))[0] != '\0';
	if (question->kind == QUESTION_WORDS || question->kind == QUESTION_SEVERAL || !typed[0])
		return OK;
	if (!slice_to_i64(slice_trim(slice_of(typed)), &number))
		return fail(&request->ctx, ERR_INVALID, name, "%s", _("Write a whole number."));
	if (question->kind == QUESTION_NUMBER) {
		out->has_number = true;
		out->number = number;
		return OK;
	}
	if (number < 1 || number > QUESTION_CHOICES_MAX)
		return fail(&request->ctx, ERR_BAD_REQUEST, NULL, NULL);
	out->is_chosen[number - 1] = true;
	return OK;
}

/* All of them, so that a form that is refused comes back whole; the first error counts. */
static enum err read_values(struct request *request, const struct questions *questions,
			    struct questionnaire_values *out)
{
	enum err first = OK;

	for (size_t i = 0; i < questions->count; i++) {
		enum err result;

		if (first != OK && first != ERR_INVALID)
			return first;
		result = read_value(request, &questions->items[i], &out->of[i]);
		if (first == OK)
			first = result;
	}
	return first;
}

enum err questionnaire_post(struct request *request)
{
	struct questionnaire_page page = { .error = { "", "" } };
	struct ctx *ctx = &request->ctx;
	bool is_back = strcmp(http_form(request->http, "do"), "back") == 0;
	enum err result;

	TRY(questionnaire_own(ctx, request->id, &page.questionnaire, &page.values));
	if (is_back) {
		result = questionnaire_take_back(ctx, request->id);
	} else {
		result = read_values(request, &page.questionnaire.questions, &page.values);
		if (result == OK)
			result = questionnaire_answer(ctx, request->id, &page.values);
	}
	if (is_form_error(result)) {
		page.error = field_error_take(request);
		return show(request, &page);
	}
	TRY(result);
	respond_notice(request, is_back ? "questionnaire_back" : "questionnaire_answered");
	return respond_redirect(
		request, 303,
		arena_printf(ctx->arena, "/panels/%lld", (long long)page.questionnaire.panel_id));
}
