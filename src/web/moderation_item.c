/*
 * One item of the queue: all there is to know on one page, deciding, going on to the
 * next, and undoing what was decided a moment ago.
 */
#include "forum/policy.h"
#include "i18n/i18n.h"
#include "templates/templates.h"
#include "web/handlers.h"
#include "web/helpers.h"
#include "web/moderation.h"
#include "web/respond.h"

static const char *item_path(struct request *request, int64_t id, const char *kind, int64_t done)
{
	struct arena *arena = request->ctx.arena;
	const char *path = arena_printf(arena, "/mod/items/%lld", (long long)id);
	char separator = '?';

	if (kind[0]) {
		path = arena_printf(arena, "%s%ckind=%s", path, separator, kind);
		separator = '&';
	}
	if (done)
		path = arena_printf(arena, "%s%cdone=%lld", path, separator, (long long)done);
	return path;
}

/* What most of its flags say; a decision may say otherwise. */
static const char *likely_rule(const struct moderation_view *view)
{
	int counts[RULE_COUNT] = { 0 }, best = RULE_SPAM;

	for (size_t i = 0; i < view->flag_count; i++)
		if (view->flags[i].is_counted)
			counts[view->flags[i].reason]++;
	for (int i = 0; i < RULE_COUNT; i++)
		if (counts[i] > counts[best])
			best = i;
	return rule_text((enum rule)best);
}

/* One step more than last time. */
static int64_t next_step(const struct moderation_person *person)
{
	int64_t earlier = 0;

	for (size_t i = 0; i < person->measure_count; i++)
		earlier += person->measures[i].kind == MEASURE_SUSPENSION;
	return measure_step_after(earlier);
}

static bool can_undo(const struct request *request, const struct moderation_view *view)
{
	const struct moderation_item *item = &view->item;

	return view->can_decide && !item->is_open && item->kind != MODERATION_APPEAL &&
	       item->kind != MODERATION_NOTICE_COMPLAINT &&
	       request->ctx.now - item->decided_at <= MODERATION_UNDO_DAYS * CLOCK_DAY;
}

/* What it says decides what is proposed, unless something was chosen already. */
static enum err load_notice(struct request *request, struct moderation_item_page *page,
			    const char **chosen_rule)
{
	const struct moderation_item *item = &page->view.item;

	if (item->kind != MODERATION_NOTICE && item->kind != MODERATION_NOTICE_COMPLAINT)
		return OK;
	page->has_notice = true;
	TRY(notice_by_id(&request->ctx, item->reference_id, &page->notice));
	if (*chosen_rule)
		return OK;
	*chosen_rule = rule_text(notice_category_rule(page->notice.category));
	page->is_law = true;
	return OK;
}

static enum err show(struct request *request, struct moderation_item_page *page,
		     const char *chosen_rule)
{
	TRY(moderation_view_load(&request->ctx, request->id, &page->view));
	TRY(load_notice(request, page, &chosen_rule));
	if (!page->body_md)
		page->body_md = page->view.has_post ? page->view.post.body_md : "";
	if (!page->hours)
		page->hours = next_step(&page->view.person);
	page->can_undo = can_undo(request, &page->view);
	rule_choices_fill(page->rules, chosen_rule ? chosen_rule : likely_rule(&page->view));
	frame_init(request, &page->frame, _("Moderation"));
	page->frame.section = "mod";
	template_moderation_item(&request->response->body, page);
	return OK;
}

enum err moderation_item_show(struct request *request)
{
	struct moderation_item_page page = { .note = "" };
	struct moderation_query query = { .has_kind = false };

	TRY(moderation_kind_read(request, http_parameter(request->http, "kind"), &query));
	TRY(query_number(request, "done", 0, &page.undo_id));
	page.kind = query.has_kind ? moderation_kind_text(query.kind) : "";
	return show(request, &page, NULL);
}

enum err moderation_claim_post(struct request *request)
{
	const char *kind = http_form(request->http, "kind");
	struct moderation_query query = { .has_kind = false };

	TRY(moderation_kind_read(request, kind, &query));
	if (form_is_on(request))
		TRY(moderation_claim(&request->ctx, request->id));
	else
		TRY(moderation_let_go(&request->ctx, request->id));
	return respond_redirect(request, 303,
				form_is_on(request) ? item_path(request, request->id, kind, 0)
						    : "/mod");
}

/* On to the next, with the way back to what was just decided. */
static enum err go_on(struct request *request, struct moderation_query *query)
{
	const char *kind = query->has_kind ? moderation_kind_text(query->kind) : "";
	int64_t id = 0;

	moderation_kind_default(request, query);
	query->after_id = 0;
	TRY(moderation_claim_next(&request->ctx, query, &id));
	if (id)
		return respond_redirect(request, 303, item_path(request, id, kind, request->id));
	respond_notice(request, "queue_empty");
	return respond_redirect(request, 303, item_path(request, request->id, kind, 0));
}

static enum err read_choice(struct request *request, struct moderation_choice *choice)
{
	const struct http_request *http = request->http;

	*choice = (struct moderation_choice){
		.id = request->id,
		.note = http_form(http, "note"),
		.is_law = strcmp(http_form(http, "law"), "1") == 0,
		.body_md = http_form(http, "body"),
		.form_key = request->form_key,
	};
	if (!moderation_decision_parse(http_form(http, "decision"), &choice->decision))
		return fail(&request->ctx, ERR_BAD_REQUEST, NULL, NULL);
	if (!rule_parse(http_form(http, "reason"), &choice->rule))
		choice->rule = RULE_OTHER;
	TRY(form_id(request, "hours", &choice->hours));
	return form_id(request, "revision", &choice->revision_count);
}

enum err moderation_decide_post(struct request *request)
{
	struct moderation_query query = { .has_kind = false };
	struct moderation_choice choice;
	enum err result;

	TRY(moderation_kind_read(request, http_form(request->http, "kind"), &query));
	TRY(read_choice(request, &choice));
	result = moderation_decide(&request->ctx, &choice);
	if (is_form_error(result)) {
		struct moderation_item_page page = {
			.error = field_error_take(request),
			.note = choice.note,
			.is_law = choice.is_law,
			.hours = choice.hours,
			.kind = http_form(request->http, "kind"),
			.body_md = choice.decision == DECISION_EDIT ? choice.body_md : NULL,
		};
		return show(request, &page, rule_text(choice.rule));
	}
	TRY(result);
	respond_notice(request, "decided");
	return go_on(request, &query);
}

enum err moderation_undo_post(struct request *request)
{
	const char *kind = http_form(request->http, "kind");
	struct moderation_query query = { .has_kind = false };

	TRY(moderation_kind_read(request, kind, &query));
	TRY(moderation_undo(&request->ctx, request->id));
	/* Somebody may have taken it in between: then it is only shown. */
	if (moderation_claim(&request->ctx, request->id) != OK)
		error_clear(&request->ctx);
	respond_notice(request, "undone");
	return respond_redirect(request, 303, item_path(request, request->id, kind, 0));
}
