/*
 * Where somebody stands, for themselves and for moderators; and what the levels mean,
 * for everybody.
 */
#include "base/clock.h"
#include "forum/site_setting.h"
#include "i18n/i18n.h"
#include "templates/templates.h"
#include "web/handlers.h"
#include "web/helpers.h"
#include "web/pages_standing.h"
#include "web/respond.h"

/* The conditions of one level; figures: NULL for the page about everybody. */
static size_t fill_rules(int level, const struct standing *standing, struct standing_rule *out)
{
	struct trust_rule rules[TRUST_RULES_MAX];
	size_t count = 0, all = trust_rules(rules);

	for (size_t i = 0; i < all; i++) {
		const struct trust_rule *rule = &rules[i];
		int64_t value = 0;

		if ((int)rule->level != level)
			continue;
		if (standing)
			value = (rule->is_recent ? &standing->trust.recent : &standing->trust.ever)
					->of[rule->figure];
		out[count++] = (struct standing_rule){
			.label = _(figure_label(rule->figure)),
			.value = value,
			.least = rule->least,
			.is_met = value >= rule->least,
			.is_recent = rule->is_recent,
		};
	}
	return count;
}

/* Levels 1 to 3 are reached; the team and whoever was given a level have none ahead. */
static void fill_next(struct standing_page *page)
{
	const struct trust_person *trust = &page->standing.trust;

	page->next_name = "";
	if (role_is_staff(trust->role) || trust->given >= 0 || trust->level >= TRUST_REGULAR)
		return;
	page->next_level = (int)trust->level + 1;
	page->next_name = trust_level_name((enum trust_level)page->next_level);
	page->rule_count = fill_rules(page->next_level, &page->standing, page->rules);
}

static enum err show(struct request *request, struct standing_page *page)
{
	const struct subject nobody = { 0 };
	struct ctx *ctx = &request->ctx;
	int64_t before;

	TRY(query_number(request, "before", 0, &before));
	TRY(standing_load(ctx, request->id, &page->standing));
	TRY(reputation_list(ctx, request->id, before, &page->ledger));
	page->path = arena_printf(ctx->arena, "/u/%lld/standing", (long long)request->id);
	page->next_path = page->ledger.next ? arena_printf(ctx->arena, "%s?before=%lld", page->path,
							   (long long)page->ledger.next)
					    : "";
	page->is_own = request->actor.id == request->id;
	page->can_give = policy_can(&request->actor, MAY_GIVE_TRUST, &nobody) &&
			 !role_is_staff(page->standing.trust.role);
	page->is_ranked = page->standing.is_ranked;
	page->level_name = trust_level_name(page->standing.trust.level);
	page->window_days = trust_window() / CLOCK_DAY;
	if (!page->typed_reason) {
		page->typed_reason = "";
		page->typed_level = page->standing.trust.given;
	}
	fill_next(page);
	frame_init(request, &page->frame,
		   page->is_own ? _("Where you stand")
				: arena_printf(ctx->arena, _("Where %s stands"),
					       page->standing.author.name));
	template_standing(&request->response->body, page);
	return OK;
}

enum err standing_show(struct request *request)
{
	struct standing_page page = { .error = { "", "" } };

	return show(request, &page);
}

enum err ranking_post(struct request *request)
{
	TRY(standing_set_ranked(&request->ctx, form_is_on(request)));
	respond_notice(request, "ranking");
	return respond_redirect(
		request, 303,
		arena_printf(request->ctx.arena, "/u/%lld/standing", (long long)request->actor.id));
}

enum err trust_give_post(struct request *request)
{
	const char *typed = http_form(request->http, "level");
	struct standing_page page = { .typed_reason = http_form(request->http, "reason") };
	enum err result;

	/* "rules": no level by hand. */
	page.typed_level = -1;
	if (strcmp(typed, "rules") != 0)
		TRY(form_id(request, "level", &page.typed_level));
	result = trust_give(&request->ctx, request->id, page.typed_level, page.typed_reason);
	if (result == ERR_INVALID) {
		page.error = field_error_take(request);
		return show(request, &page);
	}
	TRY(result);
	respond_notice(request, "trust");
	return respond_redirect(
		request, 303,
		arena_printf(request->ctx.arena, "/u/%lld/standing", (long long)request->id));
}

enum err levels_show(struct request *request)
{
	struct levels_page page = {
		.window_days = trust_window() / CLOCK_DAY,
		.links = site_number(SITE_TRUST_NEW_LINKS),
		.images = site_number(SITE_TRUST_NEW_IMAGES),
		.mentions = site_number(SITE_TRUST_NEW_MENTIONS),
		.edit_hours = site_number(SITE_WRITING_EDIT_HOURS),
		.edit_hours_trusted = site_number(SITE_WRITING_EDIT_HOURS_TRUSTED),
		.rate_2 = site_number(SITE_TRUST_2_RATE),
		.rate_3 = site_number(SITE_TRUST_3_RATE),
		.rate_4 = site_number(SITE_TRUST_4_RATE),
	};

	for (int level = 0; level <= TRUST_LEVEL_MAX; level++) {
		page.rows[level].level = level;
		page.rows[level].name = trust_level_name((enum trust_level)level);
		page.rows[level].rule_count = fill_rules(level, NULL, page.rows[level].rules);
	}
	frame_init(request, &page.frame, _("Levels of trust"));
	page.frame.canonical = site_url(request, "/levels");
	page.frame.description = _(
		"Rights grow with the time spent here and the help given. What you read is not watched.");
	page.frame.is_indexable = true;
	template_levels(&request->response->body, &page);
	return OK;
}
