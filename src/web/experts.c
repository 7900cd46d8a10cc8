/*
 * Experts: what it means, candidates and nomination, consent, the queue.
 */
#include "forum/site_setting.h"
#include "forum/tag.h"
#include "i18n/i18n.h"
#include "templates/templates.h"
#include "web/handlers.h"
#include "web/helpers.h"
#include "web/pages_experts.h"
#include "web/respond.h"

static const char *charter(const struct request *request)
{
	return site_text(strcmp(request->ctx.language, "fr") == 0 ? SITE_EXPERTS_CHARTER_FR
								  : SITE_EXPERTS_CHARTER_EN);
}

enum err experts_show(struct request *request)
{
	const struct subject nobody = { 0 };
	struct experts_page page = {
		.charter = charter(request),
		.term_months = site_number(SITE_EXPERTS_TERM_MONTHS),
		.is_expert = request->actor.expert_fields && request->actor.expert_fields[0],
		.can_nominate = policy_can(&request->actor, MAY_NOMINATE, &nobody),
	};

	TRY(expert_list(&request->ctx, &page.experts));
	frame_init(request, &page.frame, _("Experts"));
	page.frame.canonical = site_url(request, "/experts");
	page.frame.description = _(
		"Members who know a field well and whom the team has asked to look after it. They are not employees: they help because they like to.");
	page.frame.is_indexable = true;
	template_experts(&request->response->body, &page);
	return OK;
}

/* The field that the address or the form names: a category's slug, or a tag. */
static enum err read_field(struct request *request, struct candidates_page *page,
			   int64_t *category_id, int64_t *tag_id)
{
	struct category category = { 0 };
	struct tag tag = { 0 };

	*category_id = *tag_id = 0;
	if (page->category_slug[0]) {
		TRY(category_by_slug(&request->ctx, page->category_slug, &category));
		*category_id = category.id;
	} else if (page->tag[0]) {
		TRY(tag_by_name(&request->ctx, page->tag, &tag));
		*tag_id = tag.id;
	}
	page->has_field = *category_id || *tag_id;
	return OK;
}

static enum err show_candidates(struct request *request, struct candidates_page *page,
				int64_t category_id, int64_t tag_id)
{
	const struct subject nobody = { 0 };
	struct ctx *ctx = &request->ctx;

	TRY(expert_list_for_team(ctx, &page->experts));
	TRY(category_list(ctx, &page->categories));
	if (page->has_field)
		TRY(candidate_list(ctx, category_id, tag_id, &page->candidates));
	page->can_end = policy_can(&request->actor, MAY_END_EXPERTS, &nobody);
	frame_init(request, &page->frame, _("Experts and candidates"));
	page->frame.section = "admin";
	template_candidates(&request->response->body, page);
	return OK;
}

enum err candidates_show(struct request *request)
{
	struct candidates_page page = { .category_slug = http_parameter(request->http, "category"),
					.tag = http_parameter(request->http, "tag"),
					.typed_reason = "",
					.error = { "", "" } };
	int64_t category_id, tag_id;

	TRY(read_field(request, &page, &category_id, &tag_id));
	return show_candidates(request, &page, category_id, tag_id);
}

enum err nominate_post(struct request *request)
{
	struct candidates_page page = { .category_slug = http_form(request->http, "category"),
					.tag = http_form(request->http, "tag"),
					.typed_reason = http_form(request->http, "reason") };
	const struct subject nobody = { 0 };
	int64_t category_id, tag_id, person_id;
	enum err result;

	TRY(policy_require(&request->ctx, MAY_NOMINATE, &nobody));
	TRY(form_id(request, "person", &person_id));
	TRY(read_field(request, &page, &category_id, &tag_id));
	result = expert_nominate(&request->ctx, person_id, category_id, tag_id, page.typed_reason);
	if (result == ERR_INVALID) {
		page.error = field_error_take(request);
		return show_candidates(request, &page, category_id, tag_id);
	}
	TRY(result);
	respond_notice(request, "nominated");
	return respond_redirect(request, 303, "/admin/experts");
}

static enum err show_consent(struct request *request, struct consent_page *page)
{
	TRY(expert_load_own(&request->ctx, request->id, &page->expert));
	page->charter = charter(request);
	page->term_months = site_number(SITE_EXPERTS_TERM_MONTHS);
	frame_init(request, &page->frame, _("You are asked to be an expert"));
	template_consent(&request->response->body, page);
	return OK;
}

enum err consent_show(struct request *request)
{
	struct consent_page page = { .error = { "", "" } };

	return show_consent(request, &page);
}

enum err consent_post(struct request *request)
{
	bool is_yes = strcmp(http_form(request->http, "answer"), "yes") == 0;
	struct consent_page page = { .error = { "", "" } };

	if (is_yes && strcmp(http_form(request->http, "consent"), "1") != 0) {
		page.error = (struct field_error){
			"consent", _("Please read the charter and say that you agree to it.")
		};
		request->response->status = 422;
		return show_consent(request, &page);
	}
	TRY(expert_answer(&request->ctx, request->id, is_yes));
	respond_notice(request, is_yes ? "expert" : "expert_declined");
	return respond_redirect(request, 303, is_yes ? "/experts/queue" : "/experts");
}

enum err expert_end_post(struct request *request)
{
	TRY(expert_end(&request->ctx, request->id, http_form(request->http, "reason")));
	respond_notice(request, "expert_ended");
	return respond_redirect(request, 303, back_path(request, "/experts"));
}

enum err expert_queue_show(struct request *request)
{
	struct expert_queue_page page = { .next_path = "" };
	struct list_key after;

	TRY(list_key_read(request, &after));
	TRY(expert_queue(&request->ctx, after, &page.list));
	if (page.list.has_more)
		page.next_path = arena_printf(request->ctx.arena, "/experts/queue?after=%s",
					      list_key_text(request, page.list.next));
	frame_init(request, &page.frame, _("Questions for you"));
	template_expert_queue(&request->response->body, &page);
	return OK;
}

static enum err to_post(struct request *request)
{
	return respond_redirect(
		request, 303, arena_printf(request->ctx.arena, "/p/%lld", (long long)request->id));
}

enum err post_endorse_post(struct request *request)
{
	bool is_on = form_is_on(request);

	TRY(post_endorse(&request->ctx, request->id, is_on));
	respond_notice(request, is_on ? "endorsed" : "unendorsed");
	return to_post(request);
}

enum err article_propose_post(struct request *request)
{
	TRY(article_propose(&request->ctx, request->id, http_form(request->http, "note")));
	respond_notice(request, "proposed");
	return to_post(request);
}
