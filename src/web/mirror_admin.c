/*
 * /admin/mirror: the sources and how they are, setting one up, its choices, and what
 * could not be worked in or sent. Administrators only.
 */
#include "connect/facebook_push.h"
#include "connect/facebook_setup.h"
#include "i18n/i18n.h"
#include "templates/templates.h"
#include "web/handlers.h"
#include "web/helpers.h"
#include "web/respond.h"

#define PAGE "/admin/mirror"

static enum err require(struct request *request)
{
	return policy_require(&request->ctx, MAY_MANAGE_MIRRORS,
			      &(struct subject){ .now = request->ctx.now });
}

static const char *page_of(struct request *request, int64_t id)
{
	return arena_printf(request->ctx.arena, PAGE "/%lld", (long long)id);
}

static const char *network_of(const char *connector)
{
	const struct connector *found = connector_find(connector);

	return found ? found->title : connector;
}

static enum err fill_row(struct request *request, struct mirror_row *row)
{
	const struct mirror_status *status = &row->status;

	TRY(mirror_status(&request->ctx, &row->mirror, &row->status));
	row->network = network_of(row->mirror.source.connector);
	row->lag_since = status->oldest_delivery_at;
	if (status->oldest_refresh_at &&
	    (!row->lag_since || status->oldest_refresh_at < row->lag_since))
		row->lag_since = status->oldest_refresh_at;
	return OK;
}

/* The list --------------------------------------------------------------------------- */

enum err mirrors_show(struct request *request)
{
	struct mirrors_page page = { 0 };
	struct mirror *mirrors;

	TRY(require(request));
	TRY(mirror_list(&request->ctx, &mirrors, &page.count));
	TRY(mirror_dead_deliveries(&request->ctx, &page.dead, &page.dead_count));
	page.rows = arena_array_of(request->ctx.arena, page.count, struct mirror_row);
	/* A brand has a Page or two: a statement each is no burden here. */
	for (size_t i = 0; i < page.count; i++) {
		page.rows[i].mirror = mirrors[i];
		TRY(fill_row(request, &page.rows[i]));
	}
	frame_init(request, &page.frame, _("Mirrors"));
	page.frame.section = "admin";
	template_mirrors(&request->response->body, &page);
	return OK;
}

enum err mirror_deliveries_post(struct request *request)
{
	const char *what = http_form(request->http, "do");
	int64_t id;

	TRY(require(request));
	TRY(form_id(request, "delivery", &id));
	if (strcmp(what, "retry") == 0)
		TRY(mirror_retry_delivery(&request->ctx, id));
	else if (strcmp(what, "drop") == 0 && id)
		TRY(mirror_drop_delivery(&request->ctx, id));
	else
		return fail(&request->ctx, ERR_BAD_REQUEST, NULL, NULL);
	respond_notice(request, strcmp(what, "retry") == 0 ? "delivery_retry" : "delivery_drop");
	return respond_redirect(request, 303, PAGE);
}

/* A new one -------------------------------------------------------------------------- */

static enum err show_new(struct request *request, struct mirror_new_page *page)
{
	TRY(require(request));
	TRY(category_list(&request->ctx, &page->categories));
	frame_init(request, &page->frame, _("A new mirror"));
	page->frame.section = "admin";
	template_mirror_new(&request->response->body, page);
	return OK;
}

enum err mirror_new_show(struct request *request)
{
	struct mirror_new_page page = {
		.form = { .connector = "facebook",
			  .account = "",
			  .name = "",
			  .language = request->site->config->site.default_language },
		.error = { "", "" },
	};

	return show_new(request, &page);
}

enum err mirror_new_post(struct request *request)
{
	const struct http_request *http = request->http;
	struct mirror_new_page page = {
		.form = { .connector = http_form(http, "connector"),
			  .account = http_form(http, "account"),
			  .name = http_form(http, "name"),
			  .language = http_form(http, "language") },
	};
	enum err result;
	int64_t id;

	TRY(form_id(request, "category", &page.form.category_id));
	result = mirror_create(&request->ctx, &page.form, &id);
	if (result == ERR_INVALID) {
		page.error = field_error_take(request);
		return show_new(request, &page);
	}
	TRY(result);
	respond_notice(request, "mirror_made");
	return respond_redirect(request, 303, page_of(request, id));
}

/* One -------------------------------------------------------------------------------- */

static void fill_addresses(struct request *request, struct mirror_page *page)
{
	const char *hook = facebook_callback_url(&request->ctx);

	page->webhook_url = page->deletion_url = page->deauthorize_url = "";
	if (strcmp(page->row.mirror.source.connector, "facebook") != 0)
		return;
	page->webhook_url = hook;
	page->deletion_url = arena_printf(request->ctx.arena, "%s/deletion", hook);
	page->deauthorize_url = arena_printf(request->ctx.arena, "%s/deauthorize", hook);
}

/* form: NULL, or what was typed and refused. */
static enum err show_one(struct request *request, struct mirror_page *page,
			 const struct mirror *form)
{
	const struct connector *connector;
	const char *missing = NULL;
	struct mirror *mirror = &page->row.mirror;

	TRY(require(request));
	TRY(mirror_load(&request->ctx, request->id, mirror));
	TRY(fill_row(request, &page->row));
	TRY(mirror_trouble_load(&request->ctx, request->id, &page->trouble));
	TRY(category_list(&request->ctx, &page->categories));
	connector = connector_find(mirror->source.connector);
	if (connector)
		missing = connector->configured(&request->ctx, &mirror->source);
	page->configured = missing ? i18n_text(missing) : "";
	/* Both are forgotten at its end. */
	page->is_backfilling = mirror->backfill_asked_at || mirror->backfill_started_at;
	page->form = form ? *form : *mirror;
	fill_addresses(request, page);
	frame_init(request, &page->frame, mirror->source.name);
	page->frame.section = "admin";
	template_mirror_one(&request->response->body, page);
	return OK;
}

enum err mirror_one_show(struct request *request)
{
	struct mirror_page page = { .error = { "", "" } };

	return show_one(request, &page, NULL);
}

static enum err read_days(struct request *request, const char *field, int64_t least, int64_t most,
			  int64_t *out)
{
	const char *text = http_form(request->http, field);

	if (!text_to_i64(text, out) || *out < least || *out > most)
		return fail(&request->ctx, ERR_INVALID, field,
			    _("Please give a number from %1$lld to %2$lld."), (long long)least,
			    (long long)most);
	return OK;
}

static enum err read_choices(struct request *request, struct mirror *form)
{
	const struct http_request *http = request->http;

	form->source.name = http_form(http, "name");
	form->language = http_form(http, "language");
	form->index_comments = http_form(http, "index_comments")[0] != '\0';
	TRY(form_id(request, "category", &form->category_id));
	if (!mirror_authors_parse(http_form(http, "show_authors"), &form->show_authors))
		return fail(&request->ctx, ERR_BAD_REQUEST, NULL, NULL);
	TRY(read_days(request, "index_answer_min", 0, 100000, &form->index_answer_min));
	TRY(read_days(request, "keep_removed_days", 0, 3650, &form->keep_removed_days));
	TRY(read_days(request, "keep_raw_days", 1, 3650, &form->keep_raw_days));
	TRY(read_days(request, "poll_minutes", 1, 1440, &form->poll_minutes));
	if (!http_form(http, "decided")[0])
		return fail(&request->ctx, ERR_INVALID, "decided", "%s",
			    _("Please confirm that your company decided this."));
	return OK;
}

static enum err configure(struct request *request)
{
	struct mirror_page page = { .error = { "", "" } };
	struct mirror form;
	enum err result;

	TRY(mirror_load(&request->ctx, request->id, &form));
	result = read_choices(request, &form);
	if (result == OK)
		result = mirror_configure(&request->ctx, &form);
	if (result == ERR_INVALID) {
		page.error = field_error_take(request);
		return show_one(request, &page, &form);
	}
	TRY(result);
	respond_notice(request, "mirror_saved");
	return respond_redirect(request, 303, page_of(request, request->id));
}

static enum err act(struct request *request, const char *what)
{
	struct ctx *ctx = &request->ctx;

	if (strcmp(what, "pause") == 0)
		return mirror_set_state(ctx, request->id, MIRROR_PAUSED, "");
	if (strcmp(what, "resume") == 0)
		return mirror_set_state(ctx, request->id, MIRROR_ACTIVE, "");
	if (strcmp(what, "remove") == 0)
		return mirror_set_state(ctx, request->id, MIRROR_REMOVED, "");
	if (strcmp(what, "backfill") == 0)
		return mirror_ask_backfill(ctx, request->id);
	if (strcmp(what, "brake") == 0)
		return mirror_release_brake(ctx, request->id);
	if (strcmp(what, "check") == 0)
		return mirror_ask_check(ctx, request->id);
	return fail(ctx, ERR_BAD_REQUEST, NULL, NULL);
}

enum err mirror_one_post(struct request *request)
{
	const char *what = http_form(request->http, "do");
	struct mirror mirror;

	TRY(require(request));
	TRY(mirror_load(&request->ctx, request->id, &mirror));
	if (strcmp(what, "configure") == 0)
		return configure(request);
	TRY(act(request, what));
	respond_notice(request, "mirror_asked");
	return respond_redirect(request, 303,
				strcmp(what, "remove") == 0 ? PAGE : page_of(request, request->id));
}
