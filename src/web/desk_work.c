/*
 * /desk/ID: one question, with all that helps to answer it, and what can be done with it.
 * Everything stands on one page and is a form of its own; each posts a word, "do".
 */
#include "base/slice.h"
#include "db/db.h"
#include "forum/article.h"
#include "forum/desk.h"
#include "forum/notification.h"
#include "i18n/i18n.h"
#include "templates/templates.h"
#include "web/desk_house.h"
#include "web/handlers.h"
#include "web/helpers.h"
#include "web/mirror_marks.h"
#include "web/pages_desk_work.h"
#include "web/respond.h"
#include "web/similar.h"
#include "web/topic_acts.h"

static const char *own_path(struct request *request)
{
	return arena_printf(request->ctx.arena, "/desk/%lld", (long long)request->id);
}

/* Reading ------------------------------------------------------------------------------- */

struct extras {
	struct rows notes, acts, people, teams, templates, breaches;
	struct desk_card_rows card;
	struct private_rows private_side;
};

static void extras_add(struct ctx *ctx, int64_t topic_id, struct extras *out)
{
	desk_notes_add(ctx, topic_id, &out->notes);
	desk_acts_add(ctx, topic_id, &out->acts);
	desk_people_add(ctx, topic_id, &out->people, &out->teams);
	desk_template_offer_add(ctx, topic_id, &out->templates);
	desk_breaches_add(ctx, topic_id, &out->breaches);
	out->card = desk_card_add(ctx, topic_id);
	private_at_desk_add(ctx, topic_id, &out->private_side);
}

static void extras_read(struct ctx *ctx, struct extras *extras, struct desk_work_page *page)
{
	desk_notes_read(ctx, &extras->notes, &page->notes, &page->note_count,
			&page->has_more_notes);
	desk_acts_read(ctx, &extras->acts, &page->acts, &page->act_count);
	desk_people_read(ctx, &extras->people, &extras->teams, &page->colleagues,
			 &page->colleague_count, &page->teams, &page->team_count);
	desk_template_offer_read(ctx, &extras->templates, &page->templates, &page->template_count);
	desk_breaches_read(ctx, &extras->breaches, page->breaches, &page->breach_count);
	desk_card_read(ctx, &extras->card, &page->card);
	private_at_desk_read(ctx, &extras->private_side, &page->private_side);
}

/* The question and what the desk knows of it: two round trips, and a third for articles
 * that the index found. */
static enum err load(struct request *request, struct desk_work_page *page)
{
	struct ctx *ctx = &request->ctx;
	struct extras extras;
	int64_t last;

	TRY(desk_require(ctx));
	extras_add(ctx, request->id, &extras);
	TRY(desk_load(ctx, request->id, &page->question));
	extras_read(ctx, &extras, page);
	/* The newest answers are those that somebody who comes back wants to see. */
	last = page->question.answer_count > 0
		       ? (page->question.answer_count - 1) / ANSWERS_PER_PAGE + 1
		       : 1;
	TRY(topic_view_load(ctx, request->id, last, ORDER_DATE, &page->view));
	page->path = topic_path(ctx->arena, request->id, page->question.title);
	page->is_mine = page->question.claimed_by == request->actor.id;
	page->is_others = page->question.claimed_by && !page->is_mine;
	return similar_articles(request, page->question.title, page->view.topic.excerpt,
				page->view.topic.language, &page->articles);
}

/* Solved ones help; the others show that it was asked before. */
static void sort_similar(struct request *request, struct desk_work_page *page)
{
	const struct topic_view *view = &page->view;

	page->similar = arena_array_of(request->ctx.arena, view->related_count + 1,
				       struct topic_row);
	for (int pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < view->related_count; i++)
			if ((view->related[i].state == TOPIC_SOLVED) == (pass == 0))
				page->similar[page->similar_count++] = view->related[i];
}

static void check_answer(struct request *request, struct desk_work_page *page)
{
	struct subject subject = topic_subject(&request->ctx, &page->view.topic);

	page->answer_reason = policy_can(&request->actor, MAY_ANSWER, &subject)
				      ? ""
				      : policy_reason(&request->actor, MAY_ANSWER, &subject);
	page->can_start_private = !page->private_side.exchange.is_open && !page->is_others &&
				  page->question.stage != DESK_DONE && page->view.topic.author.id &&
				  policy_can(&request->actor, MAY_START_PRIVATE, &subject);
}

/* "?template=12": its text with the places filled, behind what was written already. */
static enum err fill_template(struct request *request, struct desk_work_page *page,
			      const char **text)
{
	const struct topic *topic = &page->view.topic;
	struct desk_template_view chosen;
	struct desk_template_list teams;

	*text = "";
	TRY(query_number(request, "template", 0, &page->template_id));
	if (!page->template_id)
		return OK;
	TRY(desk_template_load(&request->ctx, page->template_id, &chosen, &teams));
	if (chosen.item.is_deleted)
		return fail(&request->ctx, ERR_NOT_FOUND, NULL, NULL);
	return desk_template_fill(&request->ctx, chosen.item.body_md,
				  &(struct desk_template_values){
					  .customer = topic->author.name,
					  .question = topic->title,
					  .category = topic->category_name,
					  .me = request->actor.name,
				  },
				  text);
}

/* "?article=12": a link to it, as {link:12} in a template; one that is gone is refused. */
static enum err fill_article(struct request *request, const char **text)
{
	struct article_view view;
	int64_t id;

	*text = "";
	TRY(query_number(request, "article", 0, &id));
	if (!id)
		return OK;
	TRY(article_view_load(&request->ctx, id, &view));
	return desk_template_fill(&request->ctx,
				  arena_printf(request->ctx.arena, "{link:%lld}", (long long)id),
				  &(struct desk_template_values){ .customer = "" }, text);
}

/* One behind the other, with an empty line between. */
static const char *join(struct arena *arena, const char *before, const char *text)
{
	return arena_printf(arena, "%s%s%s", before, before[0] && text[0] ? "\n\n" : "", text);
}

/* What is to be put into the reply. */
static enum err fill(struct request *request, struct desk_work_page *page, const char **text)
{
	const char *link;

	TRY(fill_template(request, page, text));
	TRY(fill_article(request, &link));
	*text = join(request->ctx.arena, *text, link);
	return OK;
}

static enum err show(struct request *request, struct desk_work_page *page)
{
	const char *text;

	sort_similar(request, page);
	check_answer(request, page);
	TRY(fill(request, page, &text));
	page->body_md = join(request->ctx.arena, page->view.draft_md, text);
	TRY(send_choice_load(request, &page->view.topic, NULL, &page->send));
	page->opened = form_opened(request);
	frame_init(request, &page->frame, page->question.title);
	page->frame.section = "desk";
	page->frame.path = own_path(request);
	page->house = desk_house_of(request);
	template_desk_work(&request->response->body, page);
	return OK;
}

static const struct desk_work_page empty = {
	.refused = "",
	.typed_note = "",
	.typed_reason = "",
	.typed_address = "",
	.typed_private = "",
	.error = { "", "" },
};

enum err desk_work_show(struct request *request)
{
	struct desk_work_page page = empty;
	const char *text;

	TRY(load(request, &page));
	TRY(notification_read_topic(&request->ctx, request->id));
	/* For the script, which puts it where the cursor is. */
	if (strcmp(http_parameter(request->http, "as"), "text") == 0) {
		TRY(fill(request, &page, &text));
		return respond_text(request, 200, "text/plain; charset=utf-8", text);
	}
	return show(request, &page);
}

/* Acting ---------------------------------------------------------------------------------- */

static enum err do_note(struct request *request)
{
	int64_t id;

	return desk_note_create(&request->ctx, request->id, http_form(request->http, "note"),
				request->form_key, &id);
}

static enum err do_note_change(struct request *request)
{
	int64_t id;

	TRY(form_id(request, "note_id", &id));
	return desk_note_change(&request->ctx, request->id, id, http_form(request->http, "note"),
				request->form_key);
}

static enum err do_note_delete(struct request *request)
{
	int64_t id;

	TRY(form_id(request, "note_id", &id));
	return desk_note_delete(&request->ctx, request->id, id, request->form_key);
}

/* A state of the question itself. Whoever has it in hand is not crossed. */
static enum err set_status(struct request *request, enum topic_status status, const char *reason)
{
	struct ctx *ctx = &request->ctx;
	struct desk_question question;

	TRY(desk_load(ctx, request->id, &question));
	if (question.claimed_by && question.claimed_by != request->actor.id)
		return fail(ctx, ERR_CONFLICT, NULL, _("%s is working on this question just now."),
			    question.claimed_name);
	return topic_set_status(ctx,
				&(struct topic_status_change){
					.id = request->id,
					.status = status,
					.duplicate_of = http_form(request->http, "duplicate_of"),
					.reason = reason,
					.form_key = request->form_key,
				});
}

static enum err need_reason(struct request *request, const char *field, const char **out)
{
	*out = http_form(request->http, field);
	if ((*out)[strspn(*out, " \t\r\n")] == '\0')
		return fail(&request->ctx, ERR_INVALID, field, "%s",
			    _("Please fill in this field."));
	return OK;
}

static enum err do_information(struct request *request)
{
	const char *wanted;

	TRY(need_reason(request, "wanted", &wanted));
	return set_status(request, STATUS_NEEDS_INFORMATION, wanted);
}

static enum err do_resume(struct request *request)
{
	return set_status(request, STATUS_OPEN, NULL);
}

static enum err do_duplicate(struct request *request)
{
	return set_status(request, STATUS_DUPLICATE, NULL);
}

static enum err do_settle(struct request *request)
{
	const char *reason;

	TRY(need_reason(request, "settled", &reason));
	return set_status(request, STATUS_CLOSED, reason);
}

/* "person-12", "team-3", "level-2"; "" is none of them. */
static enum err read_receiver(struct request *request, struct desk_act_form *form)
{
	static const char *const words[] = { "person-", "team-", "level-" };
	int64_t *const targets[] = { &form->person_id, &form->team_id, &form->level };
	const char *to = http_form(request->http, "to");

	if (!to[0])
		return OK;
	for (size_t i = 0; i < ARRAY_COUNT(words); i++)
		if (strncmp(to, words[i], strlen(words[i])) == 0 &&
		    slice_to_i64(slice_of(to + strlen(words[i])), targets[i]) && *targets[i] > 0)
			return form->level > DESK_LEVEL_MAX
				       ? fail(&request->ctx, ERR_BAD_REQUEST, NULL, NULL)
				       : OK;
	return fail(&request->ctx, ERR_BAD_REQUEST, NULL, NULL);
}

static enum err hand_on(struct request *request, enum desk_act_kind kind)
{
	struct desk_act_form form = {
		.topic_id = request->id,
		.kind = kind,
		.reason = http_form(request->http, "reason"),
		.form_key = request->form_key,
	};

	TRY(read_receiver(request, &form));
	TRY(form_id(request, "hours", &form.hours));
	return desk_act(&request->ctx, &form);
}

static enum err do_hand_over(struct request *request)
{
	return hand_on(request, DESK_HAND_OVER);
}

static enum err do_escalate(struct request *request)
{
	return hand_on(request, DESK_ESCALATE);
}

/* A day, as its field sends it; the desk looks again that morning. */
static enum err do_follow_up(struct request *request)
{
	struct desk_act_form form = {
		.topic_id = request->id,
		.kind = DESK_FOLLOW_UP,
		.reason = http_form(request->http, "reason"),
		.form_key = request->form_key,
	};

	TRY(form_day(request, "follow_up", "06:00:00", &form.follow_up_at));
	return desk_act(&request->ctx, &form);
}

static enum err do_private(struct request *request)
{
	int64_t id;

	return private_start(&request->ctx, request->id, http_form(request->http, "private"),
			     request->form_key, &id);
}

static enum err do_undo(struct request *request)
{
	int64_t act_id;

	TRY(form_id(request, "act", &act_id));
	return desk_act_undo(&request->ctx, request->id, act_id, request->form_key);
}

static enum err correct_cause(struct request *request, bool is_first_answer)
{
	return desk_breach_correct(&request->ctx, request->id, is_first_answer,
				   http_form(request->http, "cause"),
				   http_form(request->http, "cause_note"));
}

static enum err do_cause_first(struct request *request)
{
	return correct_cause(request, true);
}

static enum err do_cause_solution(struct request *request)
{
	return correct_cause(request, false);
}

static const struct {
	const char *word;
	enum err (*run)(struct request *request);
	const char *notice;
} acts[] = {
	{ "note", do_note, "desk_noted" },
	{ "note_change", do_note_change, "desk_noted" },
	{ "note_delete", do_note_delete, "desk_note_gone" },
	{ "information", do_information, "desk_information" },
	{ "resume", do_resume, "desk_resumed" },
	{ "hand_over", do_hand_over, "desk_handed" },
	{ "escalate", do_escalate, "desk_escalated" },
	{ "follow_up", do_follow_up, "desk_follow_up" },
	{ "duplicate", do_duplicate, "desk_settled" },
	{ "settle", do_settle, "desk_settled" },
	{ "private", do_private, "private_started" },
	{ "undo", do_undo, "desk_undone" },
	{ "cause_first", do_cause_first, "desk_cause" },
	{ "cause_solution", do_cause_solution, "desk_cause" },
};

static enum err show_refused(struct request *request, const char *act)
{
	const struct http_request *http = request->http;
	struct desk_work_page page = empty;

	page.error = field_error_take(request);
	/* Fields of several forms are called alike; their ids say which act they are of. */
	if (page.error.field && page.error.field[0])
		page.error.field = arena_printf(request->ctx.arena, "%s-%s", act, page.error.field);
	page.refused = act;
	page.typed_note = http_form(http, "note");
	page.typed_reason = http_form(http, "wanted")[0]    ? http_form(http, "wanted")
			    : http_form(http, "settled")[0] ? http_form(http, "settled")
							    : http_form(http, "reason");
	page.typed_address = http_form(http, "duplicate_of");
	page.typed_private = http_form(http, "private");
	TRY(form_id(request, "note_id", &page.typed_note_id));
	TRY(load(request, &page));
	return show(request, &page);
}

enum err desk_work_post(struct request *request)
{
	const char *word = http_form(request->http, "do");
	enum err result;

	for (size_t i = 0; i < ARRAY_COUNT(acts); i++) {
		if (strcmp(acts[i].word, word) != 0)
			continue;
		result = acts[i].run(request);
		if (result == ERR_INVALID || result == ERR_CONFLICT || result == ERR_THROTTLED)
			return show_refused(request, word);
		TRY(result);
		respond_notice(request, acts[i].notice);
		return respond_redirect(request, 303, own_path(request));
	}
	return fail(&request->ctx, ERR_BAD_REQUEST, NULL, NULL);
}
