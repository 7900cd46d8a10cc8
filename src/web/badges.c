/*
 * Badges: all of them, one with its holders, and giving them by hand.
 */
#include "forum/site_setting.h"
#include "i18n/i18n.h"
#include "templates/templates.h"
#include "web/handlers.h"
#include "web/helpers.h"
#include "web/pages_badges.h"
#include "web/respond.h"

enum err badges_show(struct request *request)
{
	struct badges_page page = { 0 };

	TRY(badge_list(&request->ctx, &page.badges));
	frame_init(request, &page.frame, _("Badges"));
	page.frame.canonical = site_url(request, "/badges");
	page.frame.description = _(
		"Small honours for what people do here. They come by themselves, once, for everything that was ever done.");
	page.frame.is_indexable = true;
	template_badges(&request->response->body, &page);
	return OK;
}

/* "Accepted answers: 10", with the window where there is one. */
static const char *badge_rule_text(struct request *request, const struct badge *badge)
{
	struct arena *arena = request->ctx.arena;
	const char *label = _(figure_label(badge->figure));
	const char *threshold = i18n_number(arena, badge->threshold);

	if (!badge->has_rule)
		return "";
	if (badge->window_days == 0)
		return arena_printf(arena, _("%s: %s"), label, threshold);
	return arena_printf(
		arena,
		/* TRANSLATORS: a figure, how much of it, in how many days. */
		ngettext("%s: %s within %d day", "%s: %s within %d days", badge->window_days),
		label, threshold, (int)badge->window_days);
}

static enum err show(struct request *request, struct badge_page *page)
{
	const struct subject nobody = { 0 };
	struct arena *arena = request->ctx.arena;
	int64_t before;

	TRY(query_number(request, "before", 0, &before));
	TRY(badge_load(&request->ctx, request->slug, before, &page->holders));
	page->path = arena_printf(arena, "/badges/%s", page->holders.badge.slug);
	page->next_path = page->holders.next ? arena_printf(arena, "%s?before=%lld", page->path,
							    (long long)page->holders.next)
					     : "";
	page->rule = badge_rule_text(request, &page->holders.badge);
	page->can_give = policy_can(&request->actor, MAY_GIVE_BADGES, &nobody);
	page->can_change = page->holders.badge.has_rule &&
			   policy_can(&request->actor, MAY_EDIT_RANKS, &nobody);
	frame_init(request, &page->frame, page->holders.badge.name);
	page->frame.description = page->holders.badge.description;
	page->frame.canonical = site_url(request, page->path);
	page->frame.is_indexable = before == 0;
	template_badge(&request->response->body, page);
	return OK;
}

enum err badge_show(struct request *request)
{
	struct badge_page page = {
		.form = "", .typed_handle = "", .typed_reason = "", .error = { "", "" }
	};

	return show(request, &page);
}

static enum err change_rule(struct request *request)
{
	struct badge_change change = {
		.slug = request->slug,
		.is_active = strcmp(http_form(request->http, "is_active"), "1") == 0,
	};

	TRY(form_id(request, "threshold", &change.threshold));
	TRY(form_id(request, "window_days", &change.window_days));
	return badge_change(&request->ctx, &change);
}

enum err badge_post(struct request *request)
{
	const char *action = http_form(request->http, "do");
	struct badge_page page = { .form = "hand",
				   .typed_handle = http_form(request->http, "handle"),
				   .typed_reason = http_form(request->http, "reason") };
	struct ctx *ctx = &request->ctx;
	enum err result;

	if (strcmp(action, "rule") == 0) {
		page.form = "rule";
		result = change_rule(request);
	} else if (strcmp(action, "take") == 0) {
		result = badge_take(ctx, request->slug, page.typed_handle, page.typed_reason);
	} else {
		result = badge_give(ctx, request->slug, page.typed_handle, page.typed_reason);
	}
	if (result == ERR_INVALID) {
		page.error = field_error_take(request);
		return show(request, &page);
	}
	TRY(result);
	respond_notice(request, "badge");
	return respond_redirect(request, 303,
				arena_printf(ctx->arena, "/badges/%s", request->slug));
}
