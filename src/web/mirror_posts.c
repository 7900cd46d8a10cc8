/*
 * What the team does with a mirrored post: hide, show or delete it there, try a
 * sending again, say which member its author is, erase its author.
 */
#include "i18n/i18n.h"
#include "templates/templates.h"
#include "web/handlers.h"
#include "web/helpers.h"
#include "web/mirror_marks.h"
#include "web/respond.h"

static enum err back_to_post(struct request *request)
{
	const char *path;

	TRY(post_path(&request->ctx, request->id, &path));
	return respond_redirect(request, 303, path);
}

enum err mirror_there_post(struct request *request)
{
	const char *what = http_form(request->http, "do");
	enum write_kind kind;

	if (strcmp(what, "hide") == 0)
		kind = WRITE_HIDE;
	else if (strcmp(what, "unhide") == 0)
		kind = WRITE_UNHIDE;
	else if (strcmp(what, "delete") == 0)
		kind = WRITE_DELETE;
	else
		return fail(&request->ctx, ERR_BAD_REQUEST, NULL, NULL);
	TRY(mirror_send_moderation(&request->ctx, request->id, kind));
	respond_notice(request, "there");
	return back_to_post(request);
}

enum err mirror_outbox_post(struct request *request)
{
	const char *what = http_form(request->http, "do");

	if (strcmp(what, "retry") == 0)
		TRY(mirror_outbox_retry(&request->ctx, request->id));
	else if (strcmp(what, "cancel") == 0)
		TRY(mirror_outbox_cancel(&request->ctx, request->id));
	else
		return fail(&request->ctx, ERR_BAD_REQUEST, NULL, NULL);
	respond_notice(request, strcmp(what, "retry") == 0 ? "outbox_retry" : "outbox_cancel");
	return respond_redirect(request, 303, back_path(request, "/"));
}

/* Claims ---------------------------------------------------------------------------- */

static enum err show_claim(struct request *request, struct claim_page *page)
{
	TRY(post_load(&request->ctx, request->id, &page->post, &page->topic));
	TRY(mirror_person_of_post(&request->ctx, request->id, &page->person));
	frame_init(request, &page->frame, _("Who is this here?"));
	page->frame.section = "questions";
	template_claim(&request->response->body, page);
	return OK;
}

enum err mirror_claim_show(struct request *request)
{
	struct claim_page page = { .typed = "", .error = { "", "" } };

	return show_claim(request, &page);
}

static enum err claim(struct request *request, const char *typed)
{
	struct ctx *ctx = &request->ctx;
	struct mirror_person person;
	int64_t member_id = 0;

	TRY(mirror_person_of_post(ctx, request->id, &person));
	if (!person.author_id)
		return fail(ctx, ERR_INVALID, "member", "%s",
			    _("The network did not say who wrote this, so it cannot be given to "
			      "anybody."));
	if (strcmp(http_form(request->http, "do"), "undo") != 0)
		TRY(mirror_find_member(ctx, typed, &member_id));
	return mirror_claim_author(ctx, person.author_id, member_id);
}

enum err mirror_claim_post(struct request *request)
{
	struct claim_page page = { .typed = http_form(request->http, "member"),
				   .error = { "", "" } };
	enum err result = claim(request, page.typed);

	if (result == ERR_INVALID || result == ERR_CONFLICT) {
		page.error = field_error_take(request);
		return show_claim(request, &page);
	}
	TRY(result);
	respond_notice(request, "claimed");
	return back_to_post(request);
}

/* Erasing --------------------------------------------------------------------------- */

static enum err show_erase(struct request *request, struct erase_page *page)
{
	TRY(policy_require(&request->ctx, MAY_MANAGE_PEOPLE,
			   &(struct subject){ .now = request->ctx.now }));
	TRY(post_load(&request->ctx, request->id, &page->post, &page->topic));
	TRY(mirror_person_of_post(&request->ctx, request->id, &page->person));
	frame_init(request, &page->frame, _("Erase this author?"));
	page->frame.section = "questions";
	template_erase_author(&request->response->body, page);
	return OK;
}

enum err mirror_erase_show(struct request *request)
{
	struct erase_page page = { .error = { "", "" } };

	return show_erase(request, &page);
}

enum err mirror_erase_post(struct request *request)
{
	struct erase_page page = { .error = { "", "" } };
	const char *code;
	enum err result = erasure_of_post(&request->ctx, request->id, &code);

	if (result == ERR_INVALID) {
		page.error = field_error_take(request);
		return show_erase(request, &page);
	}
	TRY(result);
	respond_notice(request, "erasing");
	return respond_redirect(request, 303,
				arena_printf(request->ctx.arena, "/erasure/%s", code));
}
