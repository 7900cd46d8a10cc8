/*
 * /admin/jobs and /admin/system: the machine room.
 */
#include "forum/job_list.h"

#include "i18n/i18n.h"
#include "search/search.h"
#include "templates/templates.h"
#include "web/handlers.h"
#include "web/helpers.h"
#include "web/pages_admin.h"
#include "web/respond.h"

/* Jobs --------------------------------------------------------------------------------- */

enum err admin_jobs_show(struct request *request)
{
	struct jobs_page page = { .next_path = "" };
	int64_t before;

	TRY(query_number(request, "before", 0, &before));
	TRY(job_state_load(&request->ctx, before, &page.jobs));
	if (page.jobs.next_id)
		page.next_path = arena_printf(request->ctx.arena, "/admin/jobs?before=%lld",
					      (long long)page.jobs.next_id);
	frame_init(request, &page.frame, _("Jobs"));
	page.frame.section = "admin";
	template_jobs(&request->response->body, &page);
	return OK;
}

enum err admin_jobs_post(struct request *request)
{
	const char *what = http_form(request->http, "do");
	bool is_retry = strcmp(what, "retry") == 0, is_drop = strcmp(what, "drop") == 0;
	int64_t id, done;

	TRY(policy_require(&request->ctx, MAY_RUN_SYSTEM,
			   &(struct subject){ .now = request->ctx.now }));
	TRY(form_id(request, "job", &id));
	if (!is_retry && !is_drop)
		return fail(&request->ctx, ERR_BAD_REQUEST, NULL, NULL);
	if (is_retry)
		TRY(job_retry(&request->ctx, id, NULL, &done));
	else
		TRY(job_drop(&request->ctx, id, NULL, &done));
	respond_notice(request, is_retry ? "job_retry" : "job_drop");
	return respond_redirect(request, 303, "/admin/jobs");
}

/* The state of the system ------------------------------------------------------------------ */

static void fill(struct request *request, struct system_page *page)
{
	struct arena *arena = request->ctx.arena;
	const struct config *config = request->site->config;
	struct search_place place;

	page->version = PACKAGE_VERSION;
	page->database_size = size_text(arena, page->state.database_bytes);
	for (size_t i = 0; i < page->state.table_count; i++)
		page->table_sizes[i] = size_text(arena, page->state.tables[i].bytes);
	page->index_health = search_result_name(search_look(config->search.index_dir, &place));
	page->index_documents = (int64_t)place.documents;
	page->pages_workers = config->web.pages_workers;
	page->slow_workers = config->web.slow_workers;
	page->job_slots = config->worker.slots;
}

enum err admin_system_show(struct request *request)
{
	struct system_page page = { 0 };

	TRY(system_state_load(&request->ctx, &page.state));
	fill(request, &page);
	frame_init(request, &page.frame, _("State of the system"));
	page.frame.section = "admin";
	template_system(&request->response->body, &page);
	return OK;
}
