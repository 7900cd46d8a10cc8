/*
 * Reading what was counted: four statements in one round trip.
 */
#include "forum/crawl_report.h"

#include "base/clock.h"
#include "db/db.h"
#include "forum/policy.h"

const int crawl_span_days[CRAWL_SPANS] = { 7, 30, 90 };

/* From the first day that is shown: today and the days before it. */
#define IN_TIME "d.day > ($1::timestamptz at time zone 'utc')::date - $2::integer"

#define FIGURES \
	"sum(d.requests)::bigint as requests,\n" \
	"	sum(d.requests * (d.answer = 'same')::integer)::bigint as same,\n" \
	"	sum(d.requests * d.is_kept::integer)::bigint as kept,\n" \
	"	sum(d.requests * (d.answer = 'refused')::integer)::bigint as refused,\n" \
	"	sum(d.requests * (d.answer = 'gone')::integer)::bigint as gone,\n" \
	"	sum(d.requests * (d.answer = 'failed')::integer)::bigint as failed,\n" \
	"	sum(d.bytes)::bigint as bytes"

DB_STATEMENT(
	crawl_report_rows,
	"with sums as (select d.crawler, d.verdict = 'false' as is_false,\n"
	"	" FIGURES ",\n"
	"	sum(d.requests * (d.verdict = 'verified')::integer)::bigint as verified\n"
	"	from crawl_days d where " IN_TIME " group by 1, 2),\n"
	"kinds as (select k.crawler, k.is_false, string_agg(k.kind, ' ' order by k.place) as kinds\n"
	"	from (select d.crawler, d.verdict = 'false' as is_false, d.kind,\n"
	"			row_number() over (partition by d.crawler, d.verdict = 'false'\n"
	"				order by sum(d.requests) desc, d.kind) as place\n"
	"		from crawl_days d where " IN_TIME " group by 1, 2, 3) k\n"
	"	where k.place <= $3::integer group by 1, 2)\n"
	"select s.crawler, s.is_false, s.requests, s.same, s.kept, s.refused, s.gone, s.failed,\n"
	"	s.bytes, s.verified, k.kinds\n"
	"from sums s join kinds k on k.crawler = s.crawler and k.is_false = s.is_false\n"
	"order by s.requests desc, s.crawler, s.is_false limit $4::bigint",
	4);

/* The days come from the calendar; of each, the busiest crawlers of all the time, and the rest. */
DB_STATEMENT(
	crawl_report_days,
	"with first as (select d.crawler, d.verdict = 'false' as is_false,\n"
	"		row_number() over (order by sum(d.requests) desc, d.crawler, d.verdict = 'false') as place\n"
	"	from crawl_days d where " IN_TIME " group by 1, 2)\n"
	"select p.day at time zone 'utc',\n"
	"	coalesce(sum(d.requests) filter (where f.place = 1), 0)::bigint,\n"
	"	coalesce(sum(d.requests) filter (where f.place = 2), 0)::bigint,\n"
	"	coalesce(sum(d.requests) filter (where f.place > 2), 0)::bigint\n"
	"from generate_series(date_trunc('day', $1::timestamptz at time zone 'utc')\n"
	"		- make_interval(days => $2::integer - 1),\n"
	"	$1::timestamptz at time zone 'utc', interval '1 day') p (day)\n"
	"left join crawl_days d on d.day = p.day::date\n"
	"left join first f on f.crawler = d.crawler and f.is_false = (d.verdict = 'false')\n"
	"group by p.day order by p.day",
	2);

DB_STATEMENT(
	crawl_report_false,
	"select crawler, host(network) || case when family(network) = 6 then '/64' else '' end,\n"
	"	host, requests, seen_at\n"
	"from crawl_networks where verdict = 'false'\n"
	"order by requests desc, seen_at desc, crawler, network limit $1::bigint",
	1);

DB_STATEMENT(crawl_report_logs,
	     "select node, trouble, looked_at, last_line_at, lines, skipped from crawl_logs\n"
	     "order by node limit $1::bigint",
	     1);

DB_STATEMENT(crawl_report_file,
	     "select d.day::timestamp at time zone 'utc', d.crawler, d.verdict,\n"
	     "	" FIGURES "\n"
	     "from crawl_days d where " IN_TIME "\n"
	     "group by d.day, d.crawler, d.verdict order by d.day desc, d.crawler, d.verdict\n"
	     "limit $3::bigint",
	     3);

DB_STATEMENT(
	crawl_logs_age,
	"select extract(epoch from max(now() - coalesce(looked_at, to_timestamp(0))))::bigint\n"
	"from crawl_logs",
	0);

static void read_kinds(struct ctx *ctx, const char *words, struct crawl_row *row)
{
	struct slice rest = slice_of(words);

	while (rest.data && row->kind_count < CRAWL_KINDS_SHOWN) {
		struct slice word = slice_cut(&rest, ' ');
		enum crawl_kind kind;

		if (crawl_kind_from_text(arena_strndup(ctx->arena, word.data, word.length), &kind))
			row->kinds[row->kind_count++] = kind;
	}
}

static void read_row(struct ctx *ctx, struct rows *rows, struct crawl_row *row)
{
	row->slug = col_text(rows);
	row->crawler = crawler_find(row->slug);
	row->is_false = col_bool(rows);
	row->requests = col_i64(rows);
	row->same = col_i64(rows);
	row->kept = col_i64(rows);
	row->refused = col_i64(rows);
	row->gone = col_i64(rows);
	row->failed = col_i64(rows);
	row->bytes = col_i64(rows);
	row->verified = col_i64(rows);
	read_kinds(ctx, col_text(rows), row);
}

static void read_day(struct rows *rows, struct crawl_day *day)
{
	day->starts_at = col_time(rows);
	for (size_t i = 0; i < CRAWL_DRAWN; i++)
		day->drawn[i] = col_i64(rows);
	day->rest = col_i64(rows);
}

static void read_false(struct rows *rows, struct crawl_false_network *network)
{
	network->slug = col_text(rows);
	network->network = col_text(rows);
	network->host = col_text(rows);
	network->requests = col_i64(rows);
	network->seen_at = col_time(rows);
}

static void read_log(struct rows *rows, struct crawl_log_state *log)
{
	log->node = col_text(rows);
	log->trouble = col_text(rows);
	log->looked_at = col_time(rows);
	log->last_line_at = col_time(rows);
	log->lines = col_i64(rows);
	log->skipped = col_i64(rows);
}

enum err crawl_report_load(struct ctx *ctx, int days, struct crawl_report *out)
{
	struct rows rows, by_day, networks, logs;
	int day = 0;

	*out = (struct crawl_report){ .days = days };
	TRY(policy_require(ctx, MAY_RUN_SYSTEM, &(struct subject){ .now = ctx->now }));
	db_add(ctx, &crawl_report_rows, &rows, param_time(ctx->now), param_i64(days),
	       param_i64(CRAWL_KINDS_SHOWN), param_i64(CRAWL_ROWS_MAX));
	db_add(ctx, &crawl_report_days, &by_day, param_time(ctx->now), param_i64(days));
	db_add(ctx, &crawl_report_false, &networks, param_i64(CRAWL_FALSE_SHOWN));
	db_add(ctx, &crawl_report_logs, &logs, param_i64(CRAWL_LOGS_SHOWN));
	TRY(db_run(ctx));
	while (out->count < CRAWL_ROWS_MAX && rows_next(&rows))
		read_row(ctx, &rows, &out->rows[out->count++]);
	while (day < days && day < CRAWL_DAYS_KEPT && rows_next(&by_day))
		read_day(&by_day, &out->by_day[day++]);
	while (out->false_count < CRAWL_FALSE_SHOWN && rows_next(&networks))
		read_false(&networks, &out->false_networks[out->false_count++]);
	while (out->log_count < CRAWL_LOGS_SHOWN && rows_next(&logs))
		read_log(&logs, &out->logs[out->log_count++]);
	return OK;
}

enum err crawl_report_lines(struct ctx *ctx, int days, struct crawl_line_of_file **out,
			    size_t *count)
{
	struct rows rows;

	*count = 0;
	TRY(policy_require(ctx, MAY_RUN_SYSTEM, &(struct subject){ .now = ctx->now }));
	TRY(db_query(ctx, &crawl_report_file, &rows, param_time(ctx->now), param_i64(days),
		     param_i64(CRAWL_FILE_LINES_MAX)));
	*out = arena_array_of(ctx->arena, (size_t)rows.count, struct crawl_line_of_file);
	while (rows_next(&rows)) {
		struct crawl_line_of_file *line = &(*out)[(*count)++];

		line->starts_at = col_time(&rows);
		line->slug = col_text(&rows);
		line->verdict = col_text(&rows);
		line->requests = col_i64(&rows);
		line->same = col_i64(&rows);
		line->kept = col_i64(&rows);
		line->refused = col_i64(&rows);
		line->gone = col_i64(&rows);
		line->failed = col_i64(&rows);
		line->bytes = col_i64(&rows);
	}
	return OK;
}

enum err crawl_log_age(struct ctx *ctx, int64_t *seconds)
{
	struct rows rows;

	*seconds = -1;
	TRY(db_query_params(ctx, &crawl_logs_age, &rows, NULL, 0));
	if (rows_next(&rows) && !col_is_null(&rows))
		*seconds = col_i64(&rows);
	return OK;
}
