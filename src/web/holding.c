/*
 * /admin/holding: the rules before publication in their order, each with its page, where
 * it is changed and tried over the last thirty days.
 */
#include "base/slice.h"
#include "i18n/i18n.h"
#include "templates/templates.h"
#include "web/handlers.h"
#include "web/helpers.h"
#include "web/pages_holding.h"
#include "web/respond.h"

#define PAGE "/admin/holding"

enum err holding_show(struct request *request)
{
	struct holding_page page = { 0 };

	TRY(holding_list_load(&request->ctx, &page.rules));
	TRY(query_number(request, "deleted", 0, &page.deleted_id));
	frame_init(request, &page.frame, _("Before publication"));
	page.frame.section = "admin";
	template_holding(&request->response->body, &page);
	return OK;
}

static const char *rule_path(struct request *request, int64_t id)
{
	return arena_printf(request->ctx.arena, PAGE "/%lld", (long long)id);
}

/* The small forms of the list: up, down, on, off, delete, restore; and the dry run. */
enum err holding_post(struct request *request)
{
	const char *action = http_form(request->http, "do");
	enum holding_change change;
	int64_t id;

	TRY(policy_require(&request->ctx, MAY_EDIT_HOLDING,
			   &(struct subject){ .now = request->ctx.now }));
	TRY(form_id(request, "rule", &id));
	if (strcmp(action, "try") == 0) {
		TRY(holding_trial_ask(&request->ctx, id));
		respond_notice(request, "holding_trial");
		return respond_redirect(request, 303, rule_path(request, id));
	}
	if (!holding_change_parse(action, &change))
		return fail(&request->ctx, ERR_BAD_REQUEST, NULL, NULL);
	TRY(holding_rule_change(&request->ctx, id, change));
	respond_notice(request, "holding");
	if (change == RULE_DELETE)
		return respond_redirect(
			request, 303,
			arena_printf(request->ctx.arena, PAGE "?deleted=%lld", (long long)id));
	return respond_redirect(request, 303, PAGE);
}

static enum err show_rule(struct request *request, struct holding_rule_page *page)
{
	TRY(category_list(&request->ctx, &page->categories));
	if (page->rule.id)
		TRY(holding_trial_load(&request->ctx, page->rule.id, &page->trial, &page->posts,
				       &page->post_count));
	frame_init(request, &page->frame,
		   page->rule.id ? holding_rule_name(page->rule.name) : _("A new rule"));
	page->frame.section = "admin";
	template_holding_rule(&request->response->body, page);
	return OK;
}

enum err holding_rule_show(struct request *request)
{
	const struct subject nothing = { .now = request->ctx.now };
	struct holding_rule_page page = {
		.rule = { .act = HOLDING_HOLDS,
			  .trust_most = TRUST_LEVEL_MAX,
			  .name = "",
			  .words = "",
			  .exceptions = "",
			  .language = "",
			  .message_fr = "",
			  .message_en = "" },
		.error = { "", "" },
	};

	TRY(policy_require(&request->ctx, MAY_EDIT_HOLDING, &nothing));
	if (request->id)
		TRY(holding_rule_load(&request->ctx, request->id, &page.rule));
	page.number = arena_printf(request->ctx.arena, "%lld", (long long)page.rule.number);
	return show_rule(request, &page);
}

static enum err read_rule(struct request *request, struct holding_rule_page *page)
{
	const struct http_request *http = request->http;
	struct holding_rule *rule = &page->rule;
	const char *language = http_form(http, "language");
	int64_t trust_most;

	TRY(form_id(request, "trust_most", &trust_most));
	if (!holding_kind_parse(http_form(http, "kind"), &rule->kind) ||
	    !holding_act_parse(http_form(http, "act"), &rule->act))
		return fail(&request->ctx, ERR_BAD_REQUEST, NULL, NULL);
	rule->id = request->id;
	rule->trust_most = (int)trust_most;
	rule->name = http_form(http, "name");
	rule->words = http_form(http, "words");
	rule->exceptions = http_form(http, "exceptions");
	rule->language = i18n_is_supported(language) ? language : "";
	rule->message_fr = http_form(http, "message_fr");
	rule->message_en = http_form(http, "message_en");
	rule->on_mirrors = http_form(http, "on_mirrors")[0] != '\0';
	rule->on_imports = http_form(http, "on_imports")[0] != '\0';
	page->number = http_form(http, "number");
	if (!text_to_i64(page->number[0] ? page->number : "0", &rule->number))
		rule->number = -1;
	return OK;
}

enum err holding_rule_post(struct request *request)
{
	struct holding_rule_page page = { .error = { "", "" } };
	enum err result;
	int64_t id;

	TRY(policy_require(&request->ctx, MAY_EDIT_HOLDING,
			   &(struct subject){ .now = request->ctx.now }));
	TRY(read_rule(request, &page));
	result = holding_rule_save(&request->ctx, &page.rule, request->form_key, &id);
	if (result == ERR_INVALID) {
		page.error = field_error_take(request);
		return show_rule(request, &page);
	}
	TRY(result);
	respond_notice(request, "holding");
	return respond_redirect(request, 303, rule_path(request, id));
}
