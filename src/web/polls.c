/*
 * Polls in topics: the page that asks one, and the buttons of the topic's page.
 */
#include "forum/poll.h"

#include "i18n/i18n.h"
#include "templates/templates.h"
#include "web/handlers.h"
#include "web/helpers.h"
#include "web/pages_polls.h"
#include "web/respond.h"
#include "web/topic_acts.h"
#include "web/topic_show.h"

static enum err show_form(struct request *request, struct poll_page *page)
{
	struct ctx *ctx = &request->ctx;
	struct subject subject;

	TRY(topic_load(ctx, request->id, &page->topic));
	subject = topic_subject(ctx, &page->topic);
	TRY(policy_require(ctx, MAY_ADD_POLL, &subject));
	page->path = topic_path(ctx->arena, page->topic.id, page->topic.title);
	frame_init(request, &page->frame, _("Add a poll"));
	page->frame.section = "questions";
	template_poll_new(&request->response->body, page);
	return OK;
}

enum err poll_new_show(struct request *request)
{
	struct poll_page page = {
		.question = "", .choices = "", .closes = "", .error = { "", "" }
	};

	return show_form(request, &page);
}

static enum err refused(struct request *request, const struct poll_new *form)
{
	struct poll_page page = {
		.question = form->question,
		.choices = form->choices,
		/* What is no day does not belong into a field for days. */
		.closes = form->closes_at ? http_form(request->http, "closes") : "",
		.is_multiple = form->is_multiple,
		.shows = form->shows,
		.error = field_error_take(request),
	};

	return show_form(request, &page);
}

enum err poll_new_post(struct request *request)
{
	const struct http_request *http = request->http;
	struct poll_new form = {
		.topic_id = request->id,
		.question = http_form(http, "question"),
		.choices = http_form(http, "choices"),
		.is_multiple = http_form(http, "multiple")[0] != '\0',
		.form_key = request->form_key,
	};
	const char *path;
	enum err result;

	if (!poll_shows_parse(http_form(http, "shows"), &form.shows))
		form.shows = POLL_VOTED;
	result = form_day(request, "closes", "23:59:59", &form.closes_at);
	if (result == OK)
		result = poll_create(&request->ctx, &form, &path);
	if (result == ERR_INVALID)
		return refused(request, &form);
	TRY(result);
	respond_notice(request, "poll_added");
	return respond_redirect(request, 303, path);
}

/* "c-3" are boxes, "choice" is one of several. */
enum err poll_vote_post(struct request *request)
{
	size_t count = 0;
	int64_t *positions = form_numbers(request, &request->http->form, "c-", POLL_CHOICES_MAX,
					  &count);
	int64_t one;
	enum err result;

	TRY(form_id(request, "choice", &one));
	if (one) {
		positions = &one;
		count = 1;
	}
	result = poll_vote(&request->ctx, request->id, positions, count);
	if (result == ERR_INVALID)
		return topic_show_refused_poll(request);
	TRY(result);
	respond_notice(request, "voted");
	return respond_redirect(request, 303, back_path(request, "/"));
}

enum err poll_remove_post(struct request *request)
{
	enum err result = poll_remove(&request->ctx, request->id,
				      http_form(request->http, "reason"));

	if (result == ERR_INVALID)
		return topic_show_refused_poll(request);
	TRY(result);
	respond_notice(request, "poll_removed");
	return respond_redirect(request, 303, back_path(request, "/"));
}
