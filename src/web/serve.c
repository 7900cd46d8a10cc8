/*
 * The loop of a web worker. A request that fails in any way gets an answer; one
 * that exhausts its memory or crashes costs this process, which the supervisor
 * replaces, and nothing else.
 */
#include "web/serve.h"

#include "base/clock.h"
#include "base/crypto.h"
#include "base/log.h"
#include "db/db.h"
#include "db/migrate.h"
#include "forum/article.h"
#include "forum/page_change.h"
#include "http/metrics.h"
#include "i18n/i18n.h"
#include "search/search.h"
#include "text/sanitize.h"
#include "web/gate.h"
#include "web/respond.h"
#include "web/recheck.h"
#include "web/routes.h"
#include "web/shared_page.h"
#include "web/texts.h"

#define IDLE_WAIT_MS 5000

struct server {
	struct site site;
	struct db *db;
	struct http_server *http;
	struct arena *site_arena; /* what lives as long as the worker */
	struct arena *arena;      /* one request */
	struct metrics_slot *slot;
};

static enum err run(struct request *request)
{
	TRY(gate_pass(request));
	if (recheck_is_due(request))
		return recheck_ask(request);
	return request->route->run(request);
}

static void count(struct server *server, const struct request *request, int64_t duration_us)
{
	struct db_counts counts = db_counts(server->db);
	size_t route = request->route ? (size_t)(request->route - routes) : METRICS_ROUTES - 1;

	metrics_count(server->slot, (struct metrics_sample){
					    .route = route,
					    .status = request->response->status,
					    .duration_us = duration_us,
					    .statements = counts.statements,
					    .round_trips = counts.round_trips,
				    });
	log_event(LOG_LEVEL_INFO, "request", "id", request->http->request_id, "method",
		  request->http->method_name, "path", request->http->path, "route",
		  request->route ? request->route->name : "none", "status",
		  log_i64(request->response->status), "person",
		  request->actor.id ? log_i64(request->actor.id) : NULL, "us", log_i64(duration_us),
		  "statements", log_i64(counts.statements), "trips", log_i64(counts.round_trips),
		  NULL);
}

static void response_init(struct http_response *response, struct arena *arena)
{
	response->status = 200;
	response->content_type = "text/html; charset=utf-8";
	buf_init(&response->headers, arena, 64 * 1024);
	buf_init(&response->body, arena, HTTP_RESPONSE_MAX_BYTES);
}

/* How many statements a request took, for tests and for the curious operator. */
static void add_debug_headers(struct request *request, const struct db_counts *counts)
{
	if (strcmp(request->site->config->log.level, "debug") != 0)
		return;
	http_header(request->response, "X-Statements",
		    arena_printf(request->ctx.arena, "%lld", (long long)counts->statements));
	http_header(request->response, "X-Round-Trips",
		    arena_printf(request->ctx.arena, "%lld", (long long)counts->round_trips));
}

static void answer(struct server *server, const struct http_request *http, enum err refusal)
{
	int64_t began = clock_monotonic();
	struct http_response response = { 0 };
	struct request request = {
		.http = http,
		.response = &response,
		.site = &server->site,
		.session_token = "",
		.slug = "",
		.form_key = "",
		.actor = actor_visitor,
		.began = began,
	};
	struct db_counts counts;
	enum err result = refusal;

	request.ctx = (struct ctx){
		.arena = server->arena,
		.config = server->site.config,
		.db = server->db,
		.actor = &request.actor,
		.language = "fr",
		.request_id = http->request_id,
		.now = clock_now(),
	};
	response_init(&response, server->arena);
	db_count_reset(server->db);
	if (refusal == OK)
		result = run(&request);
	else
		gate_choose_language(&request);
	if (result == OK && response.body.is_overflown)
		result = fail_log(&request.ctx, ERR_INTERNAL, "page larger than %d bytes",
				  HTTP_RESPONSE_MAX_BYTES);
	if (result != OK)
		respond_error(&request, result);
	counts = db_counts(server->db);
	respond_finish(&request);
	add_debug_headers(&request, &counts);
	http_send(server->http, http, &response);
	count(server, &request, (clock_monotonic() - began));
}

/* For what the process does by itself. */
static struct ctx own_ctx(struct server *server, const char *request_id)
{
	return (struct ctx){
		.arena = server->arena,
		.config = server->site.config,
		.db = server->db,
		.actor = &actor_system,
		.language = "en",
		.request_id = request_id,
		.now = clock_now(),
	};
}

/* After the answer, so that nobody waits for it; and at the end, whatever there is. */
static void store_views(struct server *server, bool is_end)
{
	struct ctx ctx = own_ctx(server, "views");

	if (is_end || view_count_is_due(&server->site.views, clock_monotonic()))
		view_count_store(&ctx, &server->site.views);
	if (is_end || view_count_is_due(&server->site.article_views, clock_monotonic()))
		article_views_store(&ctx, &server->site.article_views);
}

/* A worker that lost its supervisor's patience or its quota ends between requests. */
static void serve_requests(struct server *server, const struct supervisor_worker *worker)
{
	int64_t served = 0;

	while (worker->request_limit == 0 || served < worker->request_limit) {
		struct http_request request = { 0 };
		enum err refusal = OK;

		switch (http_accept(server->http, server->arena, worker->wait_mask,
				    worker->should_stop, IDLE_WAIT_MS, &request, &refusal)) {
		case HTTP_ACCEPT_REQUEST:
		case HTTP_ACCEPT_REFUSED:
			answer(server, &request, refusal);
			served++;
			break;
		case HTTP_ACCEPT_IDLE:
			break;
		case HTTP_ACCEPT_STOPPED:
			return;
		}
		store_views(server, false);
		arena_reset(server->arena);
	}
}

/* The brand's header and footer are markup from a file: sanitised like any other. */
static struct html_fragment brand_fragment(struct server *server, const char *file)
{
	struct ctx ctx = { .arena = server->site_arena, .config = server->site.config };
	const char *html = theme_file(server->site_arena, server->site.config, file);
	struct html_fragment fragment = { "" };

	if (html[0] && sanitize_brand_html(&ctx, html, &fragment) != OK)
		log_event(LOG_LEVEL_WARNING, "theme", "file", file, "refused", "yes", NULL);
	return fragment;
}

static bool server_init(struct server *server, const struct supervisor_worker *worker,
			const struct config *config, const char **message)
{
	const struct db_options options = {
		.conninfo = config->database.conninfo,
		.statement_timeout_ms = config->database.statement_timeout_ms,
	};

	server->site_arena = arena_new((size_t)8 * 1024 * 1024);
	server->arena = arena_new(REQUEST_MEMORY_MAX_BYTES);
	server->site.config = config;
	server->site.metrics = worker->metrics;
	server->slot = worker->slot;
	server->site.header_extra = brand_fragment(server, "header.html");
	server->site.footer_extra = brand_fragment(server, "footer.html");
	server->site.tag = shared_site_tag(server->site_arena, &server->site);
	server->http = http_server_new(worker->listen_fd);
	return db_open(&server->db, &options, message);
}

/* One that cannot be told now is told by the next that begins. */
static void announce(struct server *server)
{
	struct ctx ctx = own_ctx(server, "start");

	if (page_tag_announce(&ctx, server->site.tag) != OK)
		log_event(LOG_LEVEL_WARNING, "start", "announced", "no", NULL);
	arena_reset(server->arena);
}

int serve_work(const struct supervisor_worker *worker)
{
	struct server server = { 0 };
	const char *message = "";

	if (!server_init(&server, worker, worker->pool->data, &message)) {
		log_event(LOG_LEVEL_ERROR, "start", "error", message, NULL);
		return EXIT_FAILURE;
	}
	announce(&server);
	serve_requests(&server, worker);
	store_views(&server, true);
	arena_reset(server.arena);
	db_close(server.db);
	http_server_free(server.http);
	if (server.site.search)
		search_reader_close(server.site.search);
	synonyms_release(&server.site.synonyms);
	arena_free(server.arena);
	arena_free(server.site_arena);
	return EXIT_SUCCESS;
}

static bool schema_is_current(struct ctx *ctx, const char **message)
{
	bool is_current = false;
	enum err result = migrate_check(ctx, ctx->config->paths.migrations_dir, &is_current);

	/* Away is not wrong: the site starts, says 503, and recovers by itself. */
	if (result == ERR_UNAVAILABLE || is_current)
		return true;
	*message = "the database's schema is not this program's: run `entraide migrate`";
	return false;
}

static bool schema_fits(const struct config *config, const char **message)
{
	struct db_options options = { .conninfo = config->database.conninfo,
				      .is_unprepared = true };
	struct ctx ctx = { .config = config,
			   .actor = &actor_system,
			   .language = "en",
			   .request_id = "check",
			   .now = clock_now() };
	bool is_fine;

	if (!db_open(&ctx.db, &options, message))
		return false;
	ctx.arena = arena_new(REQUEST_MEMORY_MAX_BYTES);
	is_fine = schema_is_current(&ctx, message);
	/* The arena first: its end gives back what it holds of the connection. */
	arena_free(ctx.arena);
	db_close(ctx.db);
	return is_fine;
}

static bool statements_fit(const struct config *config, const char **message)
{
	struct db_options options = { .conninfo = config->database.conninfo, .is_checked = true };
	struct db *db;

	if (!db_open(&db, &options, message))
		return false;
	db_close(db);
	return true;
}

bool serve_check(const struct config *config, const char **message)
{
	if (!crypto_init()) {
		*message = "libsodium could not be initialised";
		return false;
	}
	if (!i18n_init(config->paths.locale_dir, config->site.timezone, message))
		return false;
	return schema_fits(config, message) && statements_fit(config, message);
}
