/*
 * What the team does with one question: a page of its own with a form for each act, and
 * what was done before, to be undone.
 */
#include "web/pages_acts.h"

#include "base/clock.h"
#include "base/slice.h"
#include "forum/idea.h"
#include "forum/mirror_topic.h"
#include "i18n/i18n.h"
#include "templates/templates.h"
#include "web/handlers.h"
#include "web/helpers.h"
#include "web/respond.h"
#include "web/topic_acts.h"

/* In words ---------------------------------------------------------------------------- */

static const char *category_name(const struct categories *categories, int64_t id)
{
	for (size_t i = 0; i < categories->count; i++)
		if (categories->items[i].id == id)
			return categories->items[i].name;
	return "";
}

static const char *status_sentence(const struct act_state *state)
{
	switch (state->status) {
	case STATUS_NEEDS_INFORMATION:
		return _("Asked for information");
	case STATUS_DUPLICATE:
		return _("Marked as a duplicate");
	case STATUS_CLOSED:
		return _("Closed");
	case STATUS_OPEN:
		break;
	}
	return _("Opened again");
}

static const char *pin_sentence(struct arena *arena, const struct act_state *state)
{
	if (state->pin == PIN_NONE)
		return _("Taken down from the top");
	if (state->pinned_until)
		return arena_printf(arena, _("Put on top until %s"),
				    i18n_date(arena, state->pinned_until));
	return state->pin == PIN_CATEGORY ? _("Put on top of its category")
					  : _("Put on top of all lists");
}

static const char *act_sentence(struct arena *arena, const struct topic_acts_page *page,
				const struct topic_act *act)
{
	bool is_other_end = act->other_id == page->topic.id;

	switch (act->kind) {
	case ACT_MERGE:
		return is_other_end ? _("Another question was joined with this one")
				    : _("Joined with another question");
	case ACT_SPLIT:
		return is_other_end ? _("Made of answers to another question")
				    : _("A new question was made of answers");
	case ACT_MOVE:
		return arena_printf(arena, _("Moved from %1$s to %2$s"),
				    category_name(&page->categories, act->before.category_id),
				    category_name(&page->categories, act->after.category_id));
	case ACT_STATUS:
		return status_sentence(&act->after);
	case ACT_PIN:
		return pin_sentence(arena, &act->after);
	case ACT_LOCK:
		return act->after.is_locked ? _("Locked") : _("Unlocked");
	case ACT_AUTHOR:
		return _("Author or date of a post changed");
	case ACT_VISIBILITY:
		return act->after.is_visible ? _("Restored") : pgettext("act", "Withdrawn");
	case ACT_STAGE:
		return arena_printf(arena, _("The idea is now: %s"),
				    idea_stage_label(act->after.stage));
	case ACT_KIND_COUNT:
		break;
	}
	return "";
}

/* The page ------------------------------------------------------------------------------ */

static enum err load_acts(struct request *request, struct topic_acts_page *page)
{
	struct topic_act *acts;

	TRY(topic_act_list(&request->ctx, page->topic.id, &acts, &page->act_count));
	page->acts = arena_array_of(request->ctx.arena, page->act_count, struct act_row);
	for (size_t i = 0; i < page->act_count; i++)
		page->acts[i] = (struct act_row){
			.act = &acts[i],
			.what = act_sentence(request->ctx.arena, page, &acts[i]),
		};
	return OK;
}

static enum err show(struct request *request, struct topic_acts_page *page)
{
	struct ctx *ctx = &request->ctx;
	struct subject subject;

	TRY(topic_load(ctx, request->id, &page->topic));
	subject = topic_subject(ctx, &page->topic);
	TRY(policy_require(ctx, MAY_MOVE_TOPIC, &(struct subject){ .now = subject.now }));
	page->path = topic_path(ctx->arena, page->topic.id, page->topic.title);
	page->tools = topic_tools_of(ctx, &page->topic);
	TRY(category_list(ctx, &page->categories));
	TRY(topic_act_posts(ctx, page->topic.id, &page->posts, &page->post_count));
	TRY(load_acts(request, page));
	frame_init(request, &page->frame, _("Manage the question"));
	page->frame.section = "questions";
	template_topic_acts(&request->response->body, page);
	return OK;
}

enum err topic_acts_show(struct request *request)
{
	struct topic_acts_page page = { .error = { "", "" }, .refused = "" };

	page.into = page.title = page.member = page.reason = "";
	return show(request, &page);
}

/* Forms --------------------------------------------------------------------------------- */

enum err form_day(struct request *request, const char *name, const char *hour, int64_t *out)
{
	const char *typed = http_form(request->http, name);

	*out = 0;
	if (!typed[0] || clock_parse(arena_printf(request->ctx.arena, "%sT%sZ", typed, hour), out))
		return OK;
	return fail(&request->ctx, ERR_INVALID, name, "%s",
		    _("Give the day as year-month-day, like 2026-11-22."));
}

static enum err move(struct request *request, const struct topic_act_form *form)
{
	int64_t category_id;

	TRY(form_id(request, "category", &category_id));
	return topic_move(&request->ctx, form, category_id);
}

static enum err set_status(struct request *request, const struct topic_act_form *form)
{
	struct topic_status_change change = {
		.id = form->topic_id,
		.duplicate_of = http_form(request->http, "duplicate_of"),
		.reason = form->reason,
		.form_key = form->form_key,
	};

	if (!topic_status_parse(http_form(request->http, "status"), &change.status))
		return fail(&request->ctx, ERR_BAD_REQUEST, NULL, NULL);
	return topic_set_status(&request->ctx, &change);
}

static enum err pin(struct request *request, const struct topic_act_form *form)
{
	int64_t until;

	TRY(form_day(request, "until", "23:59:59", &until));
	return topic_set_pin(&request->ctx, form,
			     topic_pin_from_text(http_form(request->http, "pin")), until);
}

static enum err lock(struct request *request, const struct topic_act_form *form)
{
	return topic_set_lock(&request->ctx, form, form_is_on(request));
}

static enum err merge(struct request *request, const struct topic_act_form *form)
{
	const char *path;

	return topic_merge(&request->ctx, form, http_form(request->http, "into"), &path);
}

/* Boxes are named by their post: "p-45". */
static enum err split(struct request *request, const struct topic_act_form *form)
{
	struct topic_split split = { .title = http_form(request->http, "title") };
	const char *path;

	split.post_ids = form_numbers(request, &request->http->form, "p-", SPLIT_MAX + 1,
				      &split.count);
	TRY(form_id(request, "category", &split.category_id));
	return topic_split(&request->ctx, form, &split, &path);
}

/* "@zoe" or the address of a profile is a member, anything else a name only. */
static enum err set_author(struct request *request, const struct topic_act_form *form)
{
	const char *typed = http_form(request->http, "member");
	struct post_origin origin = { .author_name = typed };

	TRY(form_id(request, "post", &origin.post_id));
	TRY(form_day(request, "date", "12:00:00", &origin.created_at));
	if (typed[0] == '@' || strstr(typed, "/u/"))
		TRY(mirror_find_member(&request->ctx, typed, &origin.author_id));
	return post_set_origin(&request->ctx, form, &origin);
}

static const struct {
	const char *name;
	enum err (*run)(struct request *request, const struct topic_act_form *form);
} acts[] = {
	{ "move", move },   { "status", set_status }, { "pin", pin },           { "lock", lock },
	{ "merge", merge }, { "split", split },       { "author", set_author },
};

static enum err act(struct request *request, const char *name)
{
	const struct topic_act_form form = {
		.topic_id = request->id,
		.reason = http_form(request->http, "reason"),
		.form_key = request->form_key,
	};

	for (size_t i = 0; i < ARRAY_COUNT(acts); i++)
		if (strcmp(acts[i].name, name) == 0)
			return acts[i].run(request, &form);
	return fail(&request->ctx, ERR_BAD_REQUEST, NULL, NULL);
}

/* Before the form is read: nobody else is told what is wrong with it. */
static enum err check_team(struct request *request)
{
	return policy_require(&request->ctx, MAY_MOVE_TOPIC,
			      &(struct subject){ .now = request->ctx.now });
}

enum err topic_acts_post(struct request *request)
{
	struct topic_acts_page page = { .refused = http_form(request->http, "do"),
					.into = http_form(request->http, "into"),
					.title = http_form(request->http, "title"),
					.member = http_form(request->http, "member"),
					.reason = http_form(request->http, "reason") };
	enum err result;

	TRY(check_team(request));
	result = act(request, page.refused);
	if (result == ERR_INVALID || result == ERR_CONFLICT) {
		page.error = field_error_take(request);
		return show(request, &page);
	}
	TRY(result);
	respond_notice(request, "act_done");
	/* A question that was merged leads to the other one by itself. */
	return respond_redirect(
		request, 303, arena_printf(request->ctx.arena, "/t/%lld", (long long)request->id));
}

/* What stands in the way is said on the page that has the later acts. */
enum err topic_act_undo_post(struct request *request)
{
	struct topic_acts_page page = { .refused = "undo" };
	const char *path = "/";
	enum err result;

	TRY(check_team(request));
	result = topic_act_undo(&request->ctx, request->id, request->form_key, &path);
	if (result == ERR_CONFLICT) {
		page.error = field_error_take(request);
		page.into = page.title = page.member = page.reason = "";
		TRY(form_id(request, "topic", &request->id));
		return show(request, &page);
	}
	TRY(result);
	respond_notice(request, "act_undone");
	return respond_redirect(request, 303, path);
}
