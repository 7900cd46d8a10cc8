/*
 * /mod: the queue as a list, with filters, counts and batches; and going through it.
 */
#include "web/moderation.h"

#include "forum/policy.h"
#include "i18n/i18n.h"
#include "templates/templates.h"
#include "web/handlers.h"
#include "web/helpers.h"
#include "web/respond.h"

void rule_choices_fill(struct rule_choice rules[RULE_COUNT], const char *chosen)
{
	for (int i = 0; i < RULE_COUNT; i++) {
		enum rule rule = (enum rule)i;

		rules[i] = (struct rule_choice){
			.rule = rule,
			.name = rule_text(rule),
			.label = rule_label(rule),
			.is_chosen = strcmp(chosen, rule_text(rule)) == 0,
		};
	}
}

enum err moderation_kind_read(struct request *request, const char *text,
			      struct moderation_query *query)
{
	if (!text[0])
		return OK;
	if (!moderation_kind_parse(text, &query->kind))
		return fail(&request->ctx, ERR_NOT_FOUND, NULL, NULL);
	query->has_kind = true;
	return OK;
}

void moderation_kind_default(const struct request *request, struct moderation_query *query)
{
	const struct subject nothing = { .now = request->ctx.now };

	if (query->has_kind || policy_can(&request->actor, MAY_MODERATE, &nothing))
		return;
	query->has_kind = true;
	query->kind = MODERATION_HELD;
}

static const char *queue_path(struct request *request, const char *kind, bool is_decided)
{
	if (is_decided)
		return "/mod?state=decided";
	return kind[0] ? arena_printf(request->ctx.arena, "/mod?kind=%s", kind) : "/mod";
}

static void add_filter(struct moderation_page *page, struct moderation_filter filter)
{
	filter.is_bounded = filter.count >= MODERATION_COUNT_MAX;
	page->filters[page->filter_count++] = filter;
}

static void make_filters(struct request *request, struct moderation_page *page)
{
	int64_t all = 0;

	for (int i = 0; i < MODERATION_KIND_COUNT; i++)
		all += page->list.counts[i];
	if (page->can_decide)
		add_filter(page, (struct moderation_filter){ .label = _("Everything"),
							     .path = "/mod",
							     .count = all,
							     .is_current = !page->kind[0] &&
									   !page->is_decided });
	for (int i = 0; i < MODERATION_KIND_COUNT; i++) {
		enum moderation_kind kind = (enum moderation_kind)i;
		const char *word = moderation_kind_text(kind);

		if (!moderation_may_see(&request->ctx, kind))
			continue;
		add_filter(page, (struct moderation_filter){
					 .label = moderation_kind_label(kind),
					 .path = queue_path(request, word, false),
					 .count = page->list.counts[i],
					 .is_current = !page->is_decided &&
						       strcmp(page->kind, word) == 0 });
	}
	if (page->can_decide)
		add_filter(page, (struct moderation_filter){ .label = _("Decided lately"),
							     .path = queue_path(request, "", true),
							     .is_current = page->is_decided });
}

static const char *next_path(struct request *request, const struct moderation_page *page)
{
	const char *path = queue_path(request, page->kind, page->is_decided);
	char separator = strchr(path, '?') ? '&' : '?';

	if (!page->list.has_more)
		return "";
	return arena_printf(request->ctx.arena, "%s%cafter=%lld", path, separator,
			    (long long)page->list.items[page->list.count - 1].id);
}

enum err moderation_show(struct request *request)
{
	const struct subject nothing = { .now = request->ctx.now };
	struct moderation_page page = { .kind = "" };
	struct moderation_query query = { .has_kind = false };

	TRY(policy_require(&request->ctx, MAY_SEE_QUEUE, &nothing));
	TRY(moderation_kind_read(request, http_parameter(request->http, "kind"), &query));
	TRY(query_number(request, "after", 0, &query.after_id));
	query.is_decided = strcmp(http_parameter(request->http, "state"), "decided") == 0;
	moderation_kind_default(request, &query);
	TRY(moderation_list(&request->ctx, &query, &page.list));
	page.is_decided = query.is_decided;
	page.kind = query.has_kind ? moderation_kind_text(query.kind) : "";
	page.can_decide = policy_can(&request->actor, MAY_MODERATE, &nothing);
	make_filters(request, &page);
	page.next_path = next_path(request, &page);
	rule_choices_fill(page.rules, "spam");
	frame_init(request, &page.frame, _("Moderation"));
	page.frame.section = "mod";
	template_moderation(&request->response->body, &page);
	return OK;
}

/* Claims what is next, and shows it; at the end of the queue, says so. */
enum err moderation_next_post(struct request *request)
{
	const char *kind = http_form(request->http, "kind");
	struct moderation_query query = { .has_kind = false };
	int64_t id = 0;

	TRY(moderation_kind_read(request, kind, &query));
	TRY(form_id(request, "after", &query.after_id));
	moderation_kind_default(request, &query);
	TRY(moderation_claim_next(&request->ctx, &query, &id));
	if (!id) {
		respond_notice(request, "queue_empty");
		return respond_redirect(request, 303, queue_path(request, kind, false));
	}
	return respond_redirect(request, 303,
				arena_printf(request->ctx.arena, "/mod/items/%lld%s%s",
					     (long long)id, kind[0] ? "?kind=" : "", kind));
}

/* Batches ------------------------------------------------------------------------------ */

/* What somebody else decides or holds is left to them. */
static bool is_left_out(enum err result)
{
	return result == ERR_CONFLICT || result == ERR_NOT_FOUND || result == ERR_GONE ||
	       result == ERR_INVALID;
}

static enum err decide_one(struct request *request, struct moderation_choice *choice, size_t *done)
{
	enum err result = moderation_decide(&request->ctx, choice);

	if (is_left_out(result)) {
		error_clear(&request->ctx);
		return OK;
	}
	TRY(result);
	++*done;
	return OK;
}

/* Each is a transaction of its own: what one cannot do does not hold up the others. */
enum err moderation_batch_post(struct request *request)
{
	const struct subject nothing = { .now = request->ctx.now };
	struct moderation_choice choice = { .note = http_form(request->http, "note") };
	size_t done = 0, seen = 0;

	TRY(policy_require(&request->ctx, MAY_MODERATE, &nothing));
	if (!moderation_decision_parse(http_form(request->http, "decision"), &choice.decision) ||
	    (choice.decision != DECISION_APPROVE && choice.decision != DECISION_WITHDRAW &&
	     choice.decision != DECISION_IGNORE) ||
	    !rule_parse(http_form(request->http, "reason"), &choice.rule))
		return fail(&request->ctx, ERR_BAD_REQUEST, NULL, NULL);
	for (size_t i = 0; i < request->http->form.count && seen < MODERATION_PER_PAGE; i++) {
		const struct http_pair *pair = &request->http->form.items[i];

		if (strcmp(pair->name, "item") != 0 || !text_to_i64(pair->value, &choice.id))
			continue;
		seen++;
		TRY(decide_one(request, &choice, &done));
	}
	respond_notice(request, done == 0      ? "batch_none"
				: done == seen ? "batch_done"
					       : "batch_some");
	return respond_redirect(request, 303,
				queue_path(request, http_form(request->http, "kind"), false));
}
