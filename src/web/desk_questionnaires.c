/*
 * Questionnaires of panels, for the team: writing one with a preview, what came of it, as
 * charts with their tables and as a file.
 */
#include "forum/questionnaire.h"

#include "base/buf.h"
#include "base/clock.h"
#include "forum/policy.h"
#include "i18n/i18n.h"
#include "templates/templates.h"
#include "web/csv.h"
#include "web/desk_house.h"
#include "web/handlers.h"
#include "web/helpers.h"
#include "web/pages_panels.h"
#include "web/respond.h"
#include "web/topic_acts.h"

#define PAGE          "/desk/panels/questions"
#define CSV_MAX_BYTES ((size_t)8 * 1024 * 1024)
#define DAYS_OPEN     14

/* Writing ------------------------------------------------------------------------------------ */

static const char *day_of(struct request *request, int64_t time)
{
	return arena_strndup(request->ctx.arena, clock_rfc3339(request->ctx.arena, time),
			     strlen("2026-11-22"));
}

static enum err show_form(struct request *request, struct desk_questionnaire_form_page *page)
{
	struct ctx *ctx = &request->ctx;

	TRY(policy_require(ctx, MAY_RUN_PANELS, &(struct subject){ .now = ctx->now }));
	page->house = desk_house_of(request);
	for (size_t i = 0; i < QUESTIONS_MAX; i++)
		page->nothing.of[i].words = "";
	frame_init(request, &page->frame,
		   page->form.id ? _("Change the questionnaire") : _("New questionnaire"));
	page->frame.section = "desk";
	template_desk_questionnaire_form(&request->response->body, page);
	return OK;
}

/* The address has the panel's number: there has to be one. */
static enum err check_panel(struct request *request)
{
	struct volunteer_panel panel;
	struct panel_people people;

	return panel_load(&request->ctx, request->id, INT64_MAX, &panel, &people, NULL);
}

enum err desk_questionnaire_new_show(struct request *request)
{
	struct desk_questionnaire_form_page page = {
		.form = { .panel_id = request->id, .title = "", .text = "" },
		.opens = day_of(request, request->ctx.now),
		.closes = day_of(request, request->ctx.now + DAYS_OPEN * CLOCK_DAY),
		.error = { "", "" },
	};

	TRY(check_panel(request));
	return show_form(request, &page);
}

enum err desk_questionnaire_edit_show(struct request *request)
{
	struct desk_questionnaire_form_page page = { .error = { "", "" } };
	struct questionnaire kept;

	TRY(questionnaire_load(&request->ctx, request->id, &kept));
	page.form = (struct questionnaire_form){
		.id = kept.id,
		.panel_id = kept.panel_id,
		.version = kept.version,
		.title = kept.title,
		.text = kept.text,
	};
	page.opens = day_of(request, kept.opens_at);
	page.closes = day_of(request, kept.closes_at);
	return show_form(request, &page);
}

static enum err read_days(struct request *request, struct questionnaire_form *form)
{
	TRY(form_day(request, "opens", "00:00:00", &form->opens_at));
	return form_day(request, "closes", "23:59:59", &form->closes_at);
}

static enum err look_or_save(struct request *request, struct desk_questionnaire_form_page *page,
			     int64_t *id)
{
	struct ctx *ctx = &request->ctx;

	page->has_preview = strcmp(http_form(request->http, "do"), "preview") == 0;
	if (page->has_preview)
		return questionnaire_check(ctx, &page->form, &page->preview);
	TRY(read_days(request, &page->form));
	return questionnaire_save(ctx, &page->form, id);
}

static enum err post(struct request *request, struct desk_questionnaire_form_page *page)
{
	const struct http_request *http = request->http;
	enum err result;
	int64_t id = 0;

	page->form.title = http_form(http, "title");
	page->form.text = http_form(http, "text");
	page->form.form_key = request->form_key;
	page->opens = http_form(http, "opens");
	page->closes = http_form(http, "closes");
	TRY(form_id(request, "version", &page->form.version));
	result = look_or_save(request, page, &id);
	if (is_form_error(result)) {
		page->error = field_error_take(request);
		page->has_preview = false;
		return show_form(request, page);
	}
	TRY(result);
	if (page->has_preview)
		return show_form(request, page);
	respond_notice(request, "questionnaire_saved");
	return respond_redirect(request, 303,
				arena_printf(request->ctx.arena, PAGE "/%lld", (long long)id));
}

enum err desk_questionnaire_new_post(struct request *request)
{
	struct desk_questionnaire_form_page page = { .form = { .panel_id = request->id },
						     .error = { "", "" } };

	TRY(check_panel(request));
	return post(request, &page);
}

enum err desk_questionnaire_edit_post(struct request *request)
{
	struct desk_questionnaire_form_page page = { .form = { .id = request->id },
						     .error = { "", "" } };
	struct questionnaire kept;

	TRY(questionnaire_load(&request->ctx, request->id, &kept));
	page.form.panel_id = kept.panel_id;
	return post(request, &page);
}

/* What came of it ---------------------------------------------------------------------------- */

static size_t choices_of(const struct question *question)
{
	return question->kind == QUESTION_GRADE ? QUESTION_SCALE : question->choice_count;
}

static const char *choice_name(struct arena *arena, const struct question *question, size_t choice)
{
	if (question->kind != QUESTION_GRADE)
		return question->choices[choice];
	if (question->choice_count == 2 && (choice == 0 || choice == QUESTION_SCALE - 1))
		return arena_printf(arena, "%zu (%s)", choice + 1,
				    question->choices[choice == 0 ? 0 : 1]);
	return arena_printf(arena, "%zu", choice + 1);
}

static void fill_chart(struct arena *arena, const struct question *question,
		       const struct question_result *counted, struct questionnaire_result *out)
{
	struct chart *chart = &out->chart;

	out->has_chart = true;
	out->bar_count = choices_of(question);
	*chart = (struct chart){
		.kind = CHART_BARS,
		.scale = CHART_COUNT,
		.slug = arena_printf(arena, "q-%d", (int)question->position),
		.title = question->text,
		.series_count = 1,
		.point_count = out->bar_count,
	};
	chart->series[0].name = _("Answers");
	for (size_t i = 0; i < out->bar_count; i++) {
		int64_t count = counted->choices[i];

		chart->point_names[i] = choice_name(arena, question, i);
		chart->series[0].values[i] = count;
		out->bars[i] = (struct questionnaire_bar){
			.name = chart->point_names[i],
			.count = i18n_number(arena, count),
			.percent = chart_value(arena, CHART_PERCENT,
					       counted->answers
						       ? (100 * count + counted->answers / 2) /
								 counted->answers
						       : CHART_GAP),
		};
	}
	chart_draw(arena, chart);
}

/* With one digit behind the point, as the language writes it. */
static const char *decimal(struct arena *arena, double value)
{
	int64_t tenths = (int64_t)(value * 10 + (value < 0 ? -0.5 : 0.5));
	int64_t rest = tenths % 10;

	/* TRANSLATORS: a number with one digit behind the decimal point. */
	return arena_printf(arena, _("%1$s%2$s.%3$d"), tenths < 0 && tenths > -10 ? "-" : "",
			    i18n_number(arena, tenths / 10), (int)(rest < 0 ? -rest : rest));
}

static void fill_result(struct arena *arena, const struct question *question,
			const struct question_result *counted, struct questionnaire_result *out)
{
	*out = (struct questionnaire_result){
		.question = question,
		.answers = i18n_number(arena, counted->answers),
		.mean = decimal(arena, counted->mean),
		.median = decimal(arena, counted->median),
		.least = i18n_number(arena, counted->least),
		.most = i18n_number(arena, counted->most),
	};
	if (question->kind <= QUESTION_GRADE && counted->answers > 0)
		fill_chart(arena, question, counted, out);
}

static void fill_results(struct request *request, struct desk_questionnaire_page *page,
			 const struct questionnaire_results *results)
{
	const struct questions *questions = &page->questionnaire.questions;
	struct arena *arena = request->ctx.arena;

	page->is_shown = results->is_shown;
	page->result_count = results->is_shown ? questions->count : 0;
	page->results = arena_array_of(arena, questions->count + 1, struct questionnaire_result);
	for (size_t i = 0; i < page->result_count; i++)
		fill_result(arena, &questions->items[i], &results->of[i], &page->results[i]);
}

/* ?question=3 shows what was written there. */
static enum err read_words(struct request *request, struct desk_questionnaire_page *page)
{
	const struct questions *questions = &page->questionnaire.questions;
	int64_t question, after;

	TRY(query_number(request, "question", 0, &question));
	TRY(query_number(request, "after", 0, &after));
	if (question < 1 || question > (int64_t)questions->count ||
	    questions->items[question - 1].kind != QUESTION_WORDS)
		return OK;
	page->read_question = question;
	return questionnaire_words_of(&request->ctx, &page->questionnaire, question, after,
				      &page->words);
}

enum err desk_questionnaire_show(struct request *request)
{
	struct desk_questionnaire_page page = { .house = desk_house_of(request) };
	struct questionnaire_results results;
	struct ctx *ctx = &request->ctx;

	TRY(questionnaire_results(ctx, request->id, &page.questionnaire, &results));
	page.can_run = policy_can(ctx->actor, MAY_RUN_PANELS, &(struct subject){ .now = ctx->now });
	fill_results(request, &page, &results);
	TRY(read_words(request, &page));
	frame_init(request, &page.frame, page.questionnaire.title);
	page.frame.section = "desk";
	template_desk_questionnaire(&request->response->body, &page);
	return OK;
}

/* As a file ---------------------------------------------------------------------------------- */

static void write_value(struct arena *arena, struct buf *csv, const struct question *question,
			const struct questionnaire_value *value)
{
	const char *chosen = "";

	if (question->kind == QUESTION_WORDS) {
		csv_text(csv, value->words ? value->words : "");
		return;
	}
	if (question->kind == QUESTION_NUMBER) {
		if (value->has_number)
			buf_printf(csv, "%lld", (long long)value->number);
		return;
	}
	for (size_t i = 0; i < choices_of(question); i++) {
		if (!value->is_chosen[i])
			continue;
		if (question->kind == QUESTION_GRADE) {
			buf_printf(csv, "%zu", i + 1);
			return;
		}
		chosen = arena_printf(arena, "%s%s%s", chosen, chosen[0] ? "; " : "",
				      question->choices[i]);
	}
	csv_text(csv, chosen);
}

static void write_heading(struct buf *csv, const struct questionnaire *questionnaire)
{
	if (!questionnaire->is_anonymous)
		buf_text(csv, "name,");
	for (size_t i = 0; i < questionnaire->questions.count; i++) {
		if (i > 0)
			buf_char(csv, ',');
		csv_text(csv, questionnaire->questions.items[i].text);
	}
	buf_text(csv, "\r\n");
}

enum err desk_questionnaire_csv(struct request *request)
{
	struct ctx *ctx = &request->ctx;
	struct questionnaire questionnaire;
	struct questionnaire_sheet sheet;
	struct buf csv;

	TRY(questionnaire_load(ctx, request->id, &questionnaire));
	TRY(questionnaire_sheet_open(ctx, &questionnaire, &sheet));
	buf_init(&csv, ctx->arena, CSV_MAX_BYTES);
	write_heading(&csv, &questionnaire);
	while (questionnaire_sheet_next(&sheet)) {
		if (!questionnaire.is_anonymous) {
			csv_text(&csv, sheet.name);
			buf_char(&csv, ',');
		}
		for (size_t i = 0; i < questionnaire.questions.count; i++) {
			if (i > 0)
				buf_char(&csv, ',');
			write_value(ctx->arena, &csv, &questionnaire.questions.items[i],
				    &sheet.values.of[i]);
		}
		buf_text(&csv, "\r\n");
	}
	return respond_csv(
		request,
		arena_printf(ctx->arena, "questionnaire-%lld.csv", (long long)questionnaire.id),
		&csv);
}
