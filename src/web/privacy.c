/*
 * One's own data: a copy, and leaving. And the register of what is stored.
 */
#include "forum/privacy.h"

#include "forum/session.h"
#include "i18n/i18n.h"
#include "templates/templates.h"
#include "web/handlers.h"
#include "web/helpers.h"
#include "web/pages_privacy.h"
#include "web/respond.h"
#include "web/texts.h"

#define PRIVACY_PATH "/settings/privacy"

static enum err show_privacy(struct request *request, struct privacy_page *page)
{
	TRY(privacy_state_load(&request->ctx, &page->state));
	page->is_team = role_is_staff(request->actor.role) || request->actor.lacks_second_factor;
	frame_init(request, &page->frame, _("Privacy"));
	template_privacy(&request->response->body, page);
	return OK;
}

enum err privacy_show(struct request *request)
{
	struct privacy_page page = { .error = { "", "" } };

	return show_privacy(request, &page);
}

static enum err finish(struct request *request, enum err result, const char *notice)
{
	struct privacy_page page = { .error = { "", "" } };

	if (is_form_error(result)) {
		page.error = field_error_take(request);
		return show_privacy(request, &page);
	}
	TRY(result);
	respond_notice(request, notice);
	return respond_redirect(request, 303, PRIVACY_PATH);
}

enum err privacy_export_post(struct request *request)
{
	return finish(request, privacy_ask_export(&request->ctx), "export_asked");
}

/* It holds everything: who found a session open is asked for the password first. */
enum err privacy_export_show(struct request *request)
{
	const char *zip;
	size_t length;

	if (session_wants_check(&request->ctx))
		return respond_redirect(request, 302, "/check?next=" PRIVACY_PATH "/export");
	TRY(privacy_export_fetch(&request->ctx, &zip, &length));
	request->response->content_type = "application/zip";
	http_header(request->response, "Content-Disposition", "attachment; filename=\"data.zip\"");
	buf_bytes(&request->response->body, zip, length);
	return OK;
}

enum err privacy_erase_post(struct request *request)
{
	return finish(request, privacy_ask_erasure(&request->ctx), "erasure_asked");
}

enum err privacy_keep_post(struct request *request)
{
	return finish(request, privacy_cancel_erasure(&request->ctx), "erasure_taken_back");
}

static enum err load_policy(struct request *request, struct register_page *page)
{
	struct text_shown text;
	enum err result = text_load(request, "privacy", &text);

	page->policy_heading = "";
	if (result == ERR_NOT_FOUND) {
		error_clear(&request->ctx);
		return OK;
	}
	TRY(result);
	page->policy_heading = text.heading[0] ? text.heading : _("Privacy policy");
	page->policy_language = text.language;
	page->policy = text.body;
	return OK;
}

static enum err show_register(struct request *request, struct register_page *page)
{
	page->classes = privacy_classes;
	page->class_count = privacy_class_count;
	page->has_seal_key = request->ctx.config->privacy.seal_key[0] != '\0';
	frame_init(request, &page->frame, _("What is stored, why, and for how long"));
	template_register_page(&request->response->body, page);
	return OK;
}

enum err register_show(struct request *request)
{
	struct register_page page = { .shows_log = false };

	TRY(load_policy(request, &page));
	return show_register(request, &page);
}

enum err admin_privacy_show(struct request *request)
{
	struct register_page page = { .shows_log = true, .policy_heading = "" };

	TRY(privacy_retention_log(&request->ctx, &page.log, &page.log_count));
	return show_register(request, &page);
}
