/*
 * For whoever runs it: is it up, is it ready, what does it do; and the error page
 * that nginx asks for when it refuses something before us.
 */
#include "base/clock.h"
#include "base/log.h"
#include "db/db.h"
#include "forum/crawl_report.h"
#include "forum/index_state.h"
#include "forum/job.h"
#include "http/metrics.h"
#include "i18n/i18n.h"
#include "search/search.h"
#include "web/handlers.h"
#include "web/respond.h"
#include "web/routes.h"

enum err healthz_show(struct request *request)
{
	return respond_text(request, 200, "text/plain; charset=utf-8", "ok\n");
}

/* "ok", or what is wrong with it; broken while a new one is being built. */
static const char *index_health(const struct index_state *state, enum search_result looked,
				const struct search_place *place)
{
	if (looked != SEARCH_OK)
		return search_result_name(looked);
	if (!place->is_readable)
		return search_result_name(SEARCH_MISSING);
	if (state->is_broken)
		return search_result_name(SEARCH_CORRUPT);
	return state->failure[0] ? state->failure : "ok";
}

/* Ready: the database answers. The index is derived: its absence is said, not fatal. */
enum err readyz_show(struct request *request)
{
	struct search_place place;
	struct index_state state;
	enum search_result looked;
	const char *text, *building = "";

	TRY(index_state_load(&request->ctx, &state));
	looked = search_look(request->site->config->search.index_dir, &place);
	if (state.generation)
		building = arena_printf(request->ctx.arena, "building %lld of %lld\n",
					(long long)state.done, (long long)state.total);
	text = arena_printf(request->ctx.arena,
			    "database ok\nindex %s %zu\nmarks %lld oldest %lld s\n%s",
			    index_health(&state, looked, &place), place.documents,
			    (long long)state.marks, (long long)state.oldest_seconds, building);
	return respond_text(request, 200, "text/plain; charset=utf-8", text);
}

static const char *const pool_names[METRICS_POOLS] = { "pages", "slow" };

static void print_requests(struct buf *out, const struct metrics_totals *totals)
{
	buf_text(out,
		 "# HELP entraide_requests_total Requests answered, by route, method and status.\n"
		 "# TYPE entraide_requests_total counter\n");
	for (size_t route = 0; route < METRICS_ROUTES; route++) {
		for (size_t i = 0; i < METRICS_STATUSES; i++) {
			if (totals->requests[route][i] == 0)
				continue;
			buf_printf(
				out,
				"entraide_requests_total{route=\"%s\",method=\"%s\",status=\"%d\"} %llu\n",
				route < route_count ? routes[route].name : "none",
				route < route_count && routes[route].method == HTTP_POST ? "POST"
											 : "GET",
				metrics_status_codes[i],
				(unsigned long long)totals->requests[route][i]);
		}
	}
}

static void print_latency(struct buf *out, const char *pool, const uint64_t *buckets,
			  uint64_t sum_us)
{
	uint64_t seen = 0;

	for (size_t i = 0; i < METRICS_BUCKETS; i++) {
		seen += buckets[i];
		buf_printf(out, "entraide_request_seconds_bucket{pool=\"%s\",le=\"%g\"} %llu\n",
			   pool, (double)metrics_bucket_bounds_us[i] / 1e6,
			   (unsigned long long)seen);
	}
	seen += buckets[METRICS_BUCKETS];
	buf_printf(out,
		   "entraide_request_seconds_bucket{pool=\"%s\",le=\"+Inf\"} %llu\n"
		   "entraide_request_seconds_sum{pool=\"%s\"} %g\n"
		   "entraide_request_seconds_count{pool=\"%s\"} %llu\n",
		   pool, (unsigned long long)seen, pool, (double)sum_us / 1e6, pool,
		   (unsigned long long)seen);
}

static void print_counter(struct buf *out, const char *name, const char *help,
			  const struct metrics_totals *totals, size_t offset)
{
	buf_printf(out, "# HELP %s %s\n# TYPE %s counter\n", name, help, name);
	for (size_t i = 0; i < METRICS_POOLS && pool_names[i]; i++) {
		const char *pool = (const char *)&totals->pools[i];
		uint64_t value;
		memcpy(&value, pool + offset, sizeof(value));
		buf_printf(out, "%s{pool=\"%s\"} %llu\n", name, pool_names[i],
			   (unsigned long long)value);
	}
}

#define POOL_FIELD(field) \
	(offsetof(struct metrics_totals, pools[0].field) - \
	 offsetof(struct metrics_totals, pools[0]))

static void print_pools(struct buf *out, const struct metrics_totals *totals)
{
	buf_text(out,
		 "# HELP entraide_request_seconds Time from the request read to the answer sent.\n"
		 "# TYPE entraide_request_seconds histogram\n");
	for (size_t i = 0; i < METRICS_POOLS && pool_names[i]; i++)
		print_latency(out, pool_names[i], totals->pools[i].latency,
			      totals->pools[i].latency_sum_us);
	print_counter(out, "entraide_statements_total", "SQL statements.", totals,
		      POOL_FIELD(statements));
	print_counter(out, "entraide_round_trips_total", "Waits for the database.", totals,
		      POOL_FIELD(round_trips));
	print_counter(out, "entraide_restarts_total", "Workers that ended and were not asked to.",
		      totals, POOL_FIELD(restarts));
}

static void print_jobs(struct buf *out, const struct job_counts *jobs, size_t count)
{
	buf_text(out, "# HELP entraide_jobs Jobs by kind and state.\n# TYPE entraide_jobs gauge\n");
	for (size_t i = 0; i < count; i++)
		buf_printf(out, "entraide_jobs{kind=\"%s\",state=\"%s\"} %lld\n", jobs[i].kind,
			   jobs[i].state, (long long)jobs[i].count);
	buf_text(out, "# HELP entraide_job_oldest_seconds Age of the oldest job.\n"
		      "# TYPE entraide_job_oldest_seconds gauge\n");
	for (size_t i = 0; i < count; i++)
		buf_printf(out, "entraide_job_oldest_seconds{kind=\"%s\",state=\"%s\"} %lld\n",
			   jobs[i].kind, jobs[i].state, (long long)jobs[i].oldest_seconds);
}

static void print_gauge(struct buf *out, const char *name, const char *help, int64_t value)
{
	buf_printf(out, "# HELP %s %s\n# TYPE %s gauge\n%s %lld\n", name, help, name, name,
		   (long long)value);
}

static void print_index(struct buf *out, const struct index_state *state, const char *directory)
{
	struct search_place place;
	bool is_up = search_look(directory, &place) == SEARCH_OK && place.is_readable &&
		     !state->is_broken;

	print_gauge(out, "entraide_search_up", "Whether the index can be asked.", is_up);
	print_gauge(out, "entraide_search_documents", "Documents in the index.",
		    (int64_t)place.documents);
	print_gauge(out, "entraide_search_bytes", "Size of the index.", (int64_t)place.bytes);
	print_gauge(out, "entraide_search_marks", "Topics that the index owes.", state->marks);
	print_gauge(out, "entraide_search_oldest_mark_seconds", "Age of the oldest mark.",
		    state->oldest_seconds);
	print_gauge(out, "entraide_search_related_due",
		    "Topics whose related questions are to be found.", state->related);
	print_gauge(out, "entraide_search_last_commit_timestamp_seconds",
		    "When the index was written last.", state->last_commit_at / CLOCK_SECOND);
	print_gauge(out, "entraide_search_failing", "Whether the last attempt to write it failed.",
		    state->failure[0] != '\0');
	print_gauge(out, "entraide_search_building_topics", "Topics in the index being built.",
		    state->generation ? state->done : 0);
	buf_printf(
		out,
		"# HELP entraide_search_failures_total Attempts to write the index that failed.\n"
		"# TYPE entraide_search_failures_total counter\n"
		"entraide_search_failures_total %lld\n",
		(long long)state->failure_count);
}

/* Nothing where no worker follows a log. */
static void print_crawl_log(struct ctx *ctx, struct buf *out)
{
	int64_t seconds;

	if (crawl_log_age(ctx, &seconds) != OK)
		error_clear(ctx);
	else if (seconds >= 0)
		print_gauge(
			out, "entraide_crawl_log_seconds",
			"Since nginx's lean log was read last, on the node where it is longest.",
			seconds);
}

/* The Prometheus text format, 0.0.4. A database that is away costs the job figures only. */
enum err metrics_show(struct request *request)
{
	struct metrics_totals *totals = arena_new_of(request->ctx.arena, struct metrics_totals);
	struct buf *out = &request->response->body;
	struct index_state state;
	struct job_counts *jobs;
	size_t count;
	bool is_up;

	metrics_sum(request->site->metrics, totals);
	is_up = job_count(&request->ctx, &jobs, &count) == OK;
	request->response->content_type = "text/plain; version=0.0.4; charset=utf-8";
	buf_printf(out,
		   "# HELP entraide_database_up Whether the database answers.\n"
		   "# TYPE entraide_database_up gauge\nentraide_database_up %d\n",
		   is_up);
	print_requests(out, totals);
	print_pools(out, totals);
	if (is_up)
		print_jobs(out, jobs, count);
	if (is_up)
		print_crawl_log(&request->ctx, out);
	if (is_up && index_state_load(&request->ctx, &state) == OK)
		print_index(out, &state, request->site->config->search.index_dir);
	else
		error_clear(&request->ctx);
	return OK;
}

/* /_error/413: only nginx can ask (the location is internal). */
enum err error_show(struct request *request)
{
	switch (request->id) {
	case 400:
		return fail(&request->ctx, ERR_BAD_REQUEST, NULL, NULL);
	case 403:
		return fail(&request->ctx, ERR_FORBIDDEN, NULL, NULL);
	case 405:
		return fail(&request->ctx, ERR_METHOD, NULL, NULL);
	case 413:
		return fail(&request->ctx, ERR_TOO_LARGE, NULL, NULL);
	case 4130: /* nginx/uploads.conf */
		return fail(&request->ctx, ERR_TOO_LARGE, NULL,
			    _("What you chose is too large: all files of one form together have at "
			      "most %s MB."),
			    i18n_number(request->ctx.arena, HTTP_UPLOAD_MAX_BYTES / 1000000));
	case 429:
		return fail(&request->ctx, ERR_THROTTLED, NULL, NULL);
	default:
		return fail(&request->ctx, ERR_NOT_FOUND, NULL, NULL);
	}
}
