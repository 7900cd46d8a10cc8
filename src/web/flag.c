/*
 * Reporting a post: a page with the reasons, reached from every post.
 */
#include "forum/flag.h"
#include "i18n/i18n.h"
#include "templates/templates.h"
#include "web/handlers.h"
#include "web/helpers.h"
#include "web/respond.h"

static void list_rules(struct flag_page *page, const char *chosen)
{
	for (int i = 0; i < RULE_COUNT; i++) {
		enum rule rule = (enum rule)i;

		page->rules[i] = (struct rule_choice){
			.rule = rule,
			.name = rule_text(rule),
			.label = rule_label(rule),
			.is_chosen = strcmp(chosen, rule_text(rule)) == 0,
		};
	}
}

static enum err show(struct request *request, struct flag_page *page, const char *chosen)
{
	struct ctx *ctx = &request->ctx;
	struct subject subject;

	TRY(post_load(ctx, request->id, &page->post, &page->topic));
	TRY(post_path(ctx, request->id, &page->path));
	subject = post_subject(ctx, &page->post, &page->topic);
	TRY(policy_require(ctx, MAY_FLAG, &subject));
	list_rules(page, chosen);
	frame_init(request, &page->frame, _("Report a post"));
	page->frame.section = "questions";
	template_flag(&request->response->body, page);
	return OK;
}

enum err flag_show(struct request *request)
{
	struct flag_page page = { .detail = "", .error = { "", "" } };

	return show(request, &page, "");
}

/* Nothing was chosen: said at the first of the reasons. */
static enum err refuse_without_reason(struct request *request, const char *chosen, enum rule *rule)
{
	if (rule_parse(chosen, rule))
		return OK;
	return fail(&request->ctx, ERR_INVALID, "reason", "%s", _("Please choose a reason."));
}

enum err flag_post(struct request *request)
{
	const char *chosen = http_form(request->http, "reason"), *path = "/";
	struct flag_page page = { .detail = http_form(request->http, "detail") };
	struct flag_new form = { .post_id = request->id,
				 .detail = page.detail,
				 .form_key = request->form_key };
	enum err result = refuse_without_reason(request, chosen, &form.reason);

	if (result == OK)
		result = flag_create(&request->ctx, &form, &path);
	if (result == ERR_INVALID || result == ERR_THROTTLED || result == ERR_CONFLICT) {
		page.error = field_error_take(request);
		return show(request, &page, chosen);
	}
	TRY(result);
	respond_notice(request, "flagged");
	return respond_redirect(request, 303, path);
}
