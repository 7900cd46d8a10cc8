/*
 * /mod/people/ID: a person's history and measures on them; /cases/ID: one case, for the
 * person and the team; /warnings: what must be acknowledged.
 */
#include "forum/policy.h"
#include "i18n/i18n.h"
#include "templates/templates.h"
#include "web/handlers.h"
#include "web/helpers.h"
#include "web/moderation.h"
#include "web/respond.h"

static enum err show_person(struct request *request, struct moderation_person_page *page,
			    const char *chosen_rule)
{
	struct subject subject = { .now = request->ctx.now };

	TRY(moderation_person_load(&request->ctx, request->id, &page->person));
	TRY(category_list(&request->ctx, &page->categories));
	subject.person_role = page->person.author.role;
	page->can_measure = policy_can(&request->actor, MAY_MEASURE, &subject);
	rule_choices_fill(page->rules, chosen_rule);
	frame_init(request, &page->frame, page->person.author.name);
	page->frame.section = "mod";
	template_moderation_person(&request->response->body, page);
	return OK;
}

enum err moderation_person_show(struct request *request)
{
	struct moderation_person_page page = { .kind = "", .reason = "" };

	return show_person(request, &page, "rude");
}

static const char *person_path(struct request *request)
{
	return arena_printf(request->ctx.arena, "/mod/people/%lld", (long long)request->id);
}

enum err moderation_measure_post(struct request *request)
{
	const struct subject nothing = { .now = request->ctx.now };
	const struct http_request *http = request->http;
	struct measure_new form = { .person_id = request->id,
				    .reason = http_form(http, "measure_reason"),
				    .is_law = strcmp(http_form(http, "law"), "1") == 0,
				    .form_key = request->form_key };
	enum err result;

	TRY(policy_require(&request->ctx, MAY_MODERATE, &nothing));
	if (!measure_kind_parse(http_form(http, "kind"), &form.kind))
		return fail(&request->ctx, ERR_BAD_REQUEST, NULL, NULL);
	if (!rule_parse(http_form(http, "reason"), &form.rule))
		form.rule = RULE_OTHER;
	TRY(form_id(request, "hours", &form.hours));
	TRY(form_id(request, "category", &form.category_id));
	result = measure_take(&request->ctx, &form);
	if (result == ERR_INVALID) {
		struct moderation_person_page page = { .error = field_error_take(request),
						       .kind = measure_kind_text(form.kind),
						       .reason = form.reason,
						       .hours = form.hours,
						       .category_id = form.category_id,
						       .is_law = form.is_law };
		return show_person(request, &page, rule_text(form.rule));
	}
	TRY(result);
	respond_notice(request, "measured");
	return respond_redirect(request, 303, person_path(request));
}

enum err moderation_measure_end_post(struct request *request)
{
	const struct subject nothing = { .now = request->ctx.now };
	int64_t person_id;

	TRY(policy_require(&request->ctx, MAY_MODERATE, &nothing));
	TRY(form_id(request, "person", &person_id));
	TRY(measure_end(&request->ctx, request->id, http_form(request->http, "end_reason"),
			request->form_key));
	respond_notice(request, "measure_ended");
	request->id = person_id;
	return respond_redirect(request, 303, person_path(request));
}

/* Cases -------------------------------------------------------------------------------- */

static enum err show_case(struct request *request, struct case_page *page)
{
	TRY(case_file_load(&request->ctx, request->id, &page->file));
	frame_init(request, &page->frame, case_act_label(page->file.row.act));
	template_case_file(&request->response->body, page);
	return OK;
}

enum err case_show(struct request *request)
{
	struct case_page page = { .text = "" };

	return show_case(request, &page);
}

enum err case_complaint_post(struct request *request)
{
	const char *text = http_form(request->http, "text");
	enum err result = complaint_create(&request->ctx, request->id, text, request->form_key);

	if (result == ERR_INVALID || result == ERR_CONFLICT) {
		struct case_page page = { .text = text, .error = field_error_take(request) };

		return show_case(request, &page);
	}
	TRY(result);
	respond_notice(request, "complained");
	return respond_redirect(
		request, 303,
		arena_printf(request->ctx.arena, "/cases/%lld", (long long)request->id));
}

/* Warnings ------------------------------------------------------------------------------- */

enum err warnings_show(struct request *request)
{
	struct warnings_page page = { .warnings = NULL };

	TRY(measure_warnings(&request->ctx, &page.warnings, &page.count));
	frame_init(request, &page.frame, _("A warning from the team"));
	template_warnings(&request->response->body, &page);
	return OK;
}

enum err warnings_post(struct request *request)
{
	int64_t id;

	TRY(form_id(request, "warning", &id));
	TRY(measure_acknowledge(&request->ctx, id));
	respond_notice(request, "acknowledged");
	return respond_redirect(request, 303, back_path(request, "/"));
}
