/*
 * The same act on several questions, chosen in a list. Each is a transaction of its own:
 * what is refused for one does not keep the others back, and the page says why.
 */
#include "web/pages_acts.h"

#include "base/slice.h"
#include "i18n/i18n.h"
#include "templates/templates.h"
#include "web/handlers.h"
#include "web/helpers.h"
#include "web/respond.h"
#include "web/topic_acts.h"

/* A page of a list and its pinned ones. */
#define BATCH_MAX 30

int64_t *form_numbers(struct request *request, const struct http_pairs *pairs, const char *prefix,
		      size_t most, size_t *count)
{
	int64_t *numbers = arena_array_of(request->ctx.arena, most, int64_t);
	size_t length = strlen(prefix);

	*count = 0;
	for (size_t i = 0; i < pairs->count && *count < most; i++) {
		int64_t number;

		if (strncmp(pairs->items[i].name, prefix, length) == 0 &&
		    slice_to_i64(slice_of(pairs->items[i].name + length), &number) && number > 0)
			numbers[(*count)++] = number;
	}
	return numbers;
}

static enum err check_team(struct request *request, struct topic_batch_page *page)
{
	const struct subject subject = { .now = request->ctx.now };
	const struct actor *actor = &request->actor;

	TRY(policy_require(&request->ctx, MAY_MOVE_TOPIC, &subject));
	page->can_move = true;
	page->can_close = policy_can(actor, MAY_CLOSE, &subject);
	page->can_lock = policy_can(actor, MAY_LOCK_TOPIC, &subject);
	page->can_merge = policy_can(actor, MAY_MERGE_TOPIC, &subject);
	return OK;
}

static enum err load(struct request *request, struct topic_batch_page *page,
		     const struct http_pairs *pairs)
{
	struct ctx *ctx = &request->ctx;
	struct topic_list list;
	size_t count;
	const int64_t *ids = form_numbers(request, pairs, "t-", BATCH_MAX, &count);

	TRY(topic_list_by_ids(ctx, ids, count, &list));
	page->rows = arena_array_of(ctx->arena, list.count, struct batch_row);
	for (page->count = 0; page->count < list.count; page->count++)
		page->rows[page->count] = (struct batch_row){ .topic = &list.items[page->count],
							      .problem = "" };
	return category_list(ctx, &page->categories);
}

static enum err show(struct request *request, struct topic_batch_page *page)
{
	frame_init(request, &page->frame, _("Manage several questions"));
	page->frame.section = "questions";
	template_topic_batch(&request->response->body, page);
	return OK;
}

enum err topic_batch_show(struct request *request)
{
	struct topic_batch_page page = { .error = { "", "" }, .reason = "", .into = "" };

	TRY(check_team(request, &page));
	TRY(load(request, &page, &request->http->parameters));
	return show(request, &page);
}

static enum err act_on(struct request *request, const char *what, struct topic_act_form *form)
{
	struct ctx *ctx = &request->ctx;
	struct topic_status_change change = { .id = form->topic_id,
					      .reason = form->reason,
					      .form_key = form->form_key,
					      .status = STATUS_CLOSED };
	int64_t category_id;
	const char *path;

	if (strcmp(what, "move") == 0) {
		TRY(form_id(request, "category", &category_id));
		return topic_move(ctx, form, category_id);
	}
	if (strcmp(what, "merge") == 0)
		return topic_merge(ctx, form, http_form(request->http, "into"), &path);
	if (strcmp(what, "lock") == 0 || strcmp(what, "unlock") == 0)
		return topic_set_lock(ctx, form, what[0] == 'l');
	if (strcmp(what, "reopen") == 0)
		change.status = STATUS_OPEN;
	else if (strcmp(what, "close") != 0)
		return fail(ctx, ERR_BAD_REQUEST, NULL, NULL);
	return topic_set_status(ctx, &change);
}

/* OK, or what ends the whole request; what is refused stands in the row. */
static enum err act_on_row(struct request *request, struct topic_batch_page *page,
			   struct batch_row *row)
{
	long long id = row->topic->id;
	struct topic_act_form form = {
		.topic_id = row->topic->id,
		.reason = page->reason,
		.form_key = arena_printf(request->ctx.arena, "%s-%lld", request->form_key, id),
	};
	enum err result = act_on(request, http_form(request->http, "do"), &form);

	if (result == OK)
		return OK;
	if (result != ERR_INVALID && result != ERR_CONFLICT && result != ERR_FORBIDDEN &&
	    result != ERR_GONE && result != ERR_NOT_FOUND)
		return result;
	row->problem = field_error_take(request).message;
	if (!row->problem || !row->problem[0])
		row->problem = _("This question is no longer here.");
	page->refused_count++;
	return OK;
}

enum err topic_batch_post(struct request *request)
{
	struct topic_batch_page page = { .error = { "", "" },
					 .reason = http_form(request->http, "reason"),
					 .into = http_form(request->http, "into"),
					 .is_done = true };

	TRY(check_team(request, &page));
	TRY(load(request, &page, &request->http->form));
	for (size_t i = 0; i < page.count; i++)
		TRY(act_on_row(request, &page, &page.rows[i]));
	if (page.refused_count > 0)
		return show(request, &page);
	respond_notice(request, "acts_done");
	return respond_redirect(request, 303, back_path(request, "/questions"));
}
