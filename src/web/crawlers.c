/*
 * /admin/crawlers: who crawls what, as counted from nginx's log; as a page, and as a file.
 */
#include "base/buf.h"
#include "base/clock.h"
#include "i18n/i18n.h"
#include "templates/templates.h"
#include "web/csv.h"
#include "web/handlers.h"
#include "web/helpers.h"
#include "web/pages_crawlers.h"
#include "web/respond.h"

#define PAGE          "/admin/crawlers"
#define CSV_MAX_BYTES ((size_t)2 * 1024 * 1024)
#define NAMES_MAX     ((size_t)512)
#define DAYS_DEFAULT  30
#define DAY_COLUMNS   4

_Static_assert(CRAWL_DAYS_KEPT <= CHART_POINTS_MAX, "every day has a point");
_Static_assert(CRAWL_DRAWN + 1 == CHART_SERIES_MAX, "the drawn ones and the rest");

static const char *const kind_names[CRAWL_KIND_COUNT] = {
	[CRAWL_TOPIC] = N_("questions"),
	[CRAWL_ARTICLE] = N_("articles"),
	[CRAWL_LIST] = N_("lists"),
	[CRAWL_PERSON] = N_("profiles"),
	[CRAWL_FEED] = N_("feeds"),
	[CRAWL_SITEMAP] = N_("sitemap"),
	[CRAWL_ROBOTS] = "robots.txt",
	[CRAWL_SEARCH] = N_("searches"),
	[CRAWL_API] = N_("interface for programs"),
	[CRAWL_FILE] = N_("files and pictures"),
	[CRAWL_OTHER] = N_("other pages"),
};

/* What was asked for -------------------------------------------------------------------- */

static enum err read_days(struct request *request, int *days)
{
	int64_t asked;

	TRY(query_number(request, "days", DAYS_DEFAULT, &asked));
	for (size_t i = 0; i < CRAWL_SPANS; i++) {
		*days = crawl_span_days[i];
		if (asked == *days)
			return OK;
	}
	return fail(&request->ctx, ERR_NOT_FOUND, NULL, NULL);
}

/* Names ---------------------------------------------------------------------------------- */

static const char *plain_name(const char *slug)
{
	const struct crawler *crawler = crawler_find(slug);

	if (crawler)
		return crawler->name;
	return strcmp(slug, "other") == 0 ? _("Others that say they are robots") : slug;
}

static const char *name_of(struct arena *arena, const char *slug, bool is_false)
{
	/* TRANSLATORS: a program that says it is Googlebot, say, and is not. */
	return is_false ? arena_printf(arena, _("Claims to be %s"), plain_name(slug))
			: plain_name(slug);
}

static const char *share(struct arena *arena, int64_t part, int64_t whole)
{
	return chart_value(arena, CHART_PERCENT,
			   whole > 0 ? (100 * part + whole / 2) / whole : CHART_GAP);
}

static const char *identity_of(struct arena *arena, const struct crawl_row *row)
{
	if (row->is_false)
		return _("Not one of its addresses");
	if (!row->crawler || !crawl_can_be_checked(row->crawler))
		return _("Cannot be checked");
	if (row->verified == 0)
		return _("Not checked yet");
	if (row->verified == row->requests)
		return _("Verified");
	/* TRANSLATORS: the share of requests, as in 97%. */
	return arena_printf(arena, _("Verified: %s"), share(arena, row->verified, row->requests));
}

static const char *kinds_of(struct arena *arena, const struct crawl_row *row)
{
	struct buf names;

	buf_init(&names, arena, NAMES_MAX);
	for (size_t i = 0; i < row->kind_count; i++) {
		if (i > 0)
			buf_text(&names, ", ");
		buf_text(&names, _(kind_names[row->kinds[i]]));
	}
	return buf_to_arena(&names, arena);
}

/* The page --------------------------------------------------------------------------------- */

static void fill_rows(struct arena *arena, struct crawlers_page *page)
{
	const struct crawl_report *report = page->report;

	page->rows = arena_array_of(arena, report->count, struct crawler_row);
	for (size_t i = 0; i < report->count; i++) {
		const struct crawl_row *row = &report->rows[i];

		page->rows[i] = (struct crawler_row){
			.row = row,
			.name = name_of(arena, row->slug, row->is_false),
			.identity = identity_of(arena, row),
			.same = share(arena, row->same, row->requests),
			.kept = share(arena, row->kept, row->requests),
			.bytes = size_text(arena, row->bytes),
			.kinds = kinds_of(arena, row),
		};
	}
	page->false_names = arena_array_of(arena, report->false_count, const char *);
	for (size_t i = 0; i < report->false_count; i++)
		page->false_names[i] = plain_name(report->false_networks[i].slug);
}

static void fill_sums(struct arena *arena, struct crawlers_page *page)
{
	struct crawl_row sum = { 0 };

	for (size_t i = 0; i < page->report->count; i++) {
		const struct crawl_row *row = &page->report->rows[i];

		sum.requests += row->requests;
		sum.same += row->same;
		sum.kept += row->kept;
		sum.refused += row->refused;
		sum.bytes += row->bytes;
	}
	const struct dashboard_sum sums[] = {
		{ _("Requests of crawlers"), i18n_number(arena, sum.requests) },
		{ _("Answered “unchanged” (304)"), share(arena, sum.same, sum.requests) },
		{ _("From kept pages"), share(arena, sum.kept, sum.requests) },
		{ _("Refused (403, 429)"), i18n_number(arena, sum.refused) },
		{ _("Volume sent"), size_text(arena, sum.bytes) },
	};

	_Static_assert(sizeof sums == sizeof page->sums, "one for each place");
	memcpy(page->sums, sums, sizeof sums);
}

static int64_t value_of(const struct crawl_day *day, size_t series)
{
	return series < CRAWL_DRAWN ? day->drawn[series] : day->rest;
}

static size_t drawn_of(const struct crawl_report *report)
{
	return report->count > CRAWL_DRAWN ? CRAWL_DRAWN + 1 : report->count;
}

static const char *series_name(struct arena *arena, const struct crawl_report *report,
			       size_t series)
{
	return series < CRAWL_DRAWN
		       ? name_of(arena, report->rows[series].slug, report->rows[series].is_false)
		       : _("All others");
}

/* Noon: the same date wherever the reader is. */
static const char *day_name(struct arena *arena, const struct crawl_day *day)
{
	return i18n_date(arena, day->starts_at + 12 * CLOCK_HOUR);
}

static void fill_chart(struct arena *arena, const struct crawl_report *report, struct chart *chart)
{
	*chart = (struct chart){
		.kind = CHART_LINES,
		.scale = CHART_COUNT,
		.slug = "days",
		.title = _("Requests by day"),
		.series_count = drawn_of(report),
		.point_count = (size_t)report->days,
	};
	for (size_t i = 0; i < chart->point_count; i++)
		chart->point_names[i] = day_name(arena, &report->by_day[i]);
	for (size_t s = 0; s < chart->series_count; s++) {
		chart->series[s].name = series_name(arena, report, s);
		for (size_t i = 0; i < chart->point_count; i++)
			chart->series[s].values[i] = value_of(&report->by_day[i], s);
	}
	chart_draw(arena, chart);
}

static void fill_day(struct arena *arena, const struct crawl_day *day, size_t drawn,
		     struct dashboard_row *row)
{
	int64_t sum = 0;

	row->name = day_name(arena, day);
	for (size_t s = 0; s < drawn; s++) {
		row->cells[s] = i18n_number(arena, value_of(day, s));
		sum += value_of(day, s);
	}
	row->cells[drawn] = i18n_number(arena, sum);
}

static void fill_days(struct arena *arena, struct crawlers_page *page)
{
	const struct crawl_report *report = page->report;
	const size_t drawn = drawn_of(report), count = (size_t)report->days;
	struct dashboard_panel *panel = &page->days;

	*panel = (struct dashboard_panel){
		.slug = "days",
		.title = _("Requests by day"),
		.explanation = _("The two busiest crawlers of this time, and all others together."),
		.row_heading = _("Day"),
		.column_count = drawn + 1,
		.rows = arena_array_of(arena, count, struct dashboard_row),
		.row_count = count,
		.csv_path = page->csv_path,
	};
	_Static_assert(DAY_COLUMNS <= DASHBOARD_COLUMNS_MAX, "the sum has a column too");
	for (size_t s = 0; s < drawn; s++)
		panel->columns[s] = series_name(arena, report, s);
	panel->columns[drawn] = _("All crawlers");
	for (size_t i = 0; i < count; i++)
		fill_day(arena, &report->by_day[count - 1 - i], drawn, &panel->rows[i]);
	fill_chart(arena, report, &panel->chart);
}

static void fill_spans(struct arena *arena, struct crawlers_page *page)
{
	for (size_t i = 0; i < CRAWL_SPANS; i++)
		page->spans[i] = (struct dashboard_choice){
			.name = arena_printf(arena, _("%d days"), crawl_span_days[i]),
			.path = arena_printf(arena, PAGE "?days=%d", crawl_span_days[i]),
			.is_current = page->report->days == crawl_span_days[i],
		};
}

static bool has_trouble(const struct crawl_report *report)
{
	for (size_t i = 0; i < report->log_count; i++)
		if (report->logs[i].trouble[0])
			return true;
	return report->log_count == 0;
}

enum err crawlers_show(struct request *request)
{
	struct arena *arena = request->ctx.arena;
	struct crawlers_page page = {
		.report = arena_new_of(arena, struct crawl_report),
		.log_path = request->site->config->crawlers.log,
	};
	int days;

	TRY(read_days(request, &days));
	TRY(crawl_report_load(&request->ctx, days, page.report));
	page.has_trouble = !page.log_path[0] || has_trouble(page.report);
	page.csv_path = arena_printf(arena, PAGE ".csv?days=%d", days);
	fill_spans(arena, &page);
	fill_sums(arena, &page);
	fill_rows(arena, &page);
	if (page.report->count > 0)
		fill_days(arena, &page);
	frame_init(request, &page.frame, _("Crawlers"));
	page.frame.section = "admin";
	template_crawlers(&request->response->body, &page);
	return OK;
}

/* The file ------------------------------------------------------------------------------------ */

enum err crawlers_csv(struct request *request)
{
	struct crawl_line_of_file *lines = NULL;
	struct ctx *ctx = &request->ctx;
	size_t count;
	struct buf csv;
	int days;

	TRY(read_days(request, &days));
	TRY(crawl_report_lines(ctx, days, &lines, &count));
	buf_init(&csv, ctx->arena, CSV_MAX_BYTES);
	buf_text(&csv, "day,crawler,verdict,requests,unchanged,kept,refused,gone,errors,bytes\r\n");
	for (size_t i = 0; i < count; i++) {
		const struct crawl_line_of_file *line = &lines[i];

		buf_printf(&csv, "%.10s,", clock_rfc3339(ctx->arena, line->starts_at));
		csv_text(&csv, line->slug);
		buf_char(&csv, ',');
		csv_text(&csv, line->verdict);
		buf_printf(&csv, ",%lld,%lld,%lld,%lld,%lld,%lld,%lld\r\n",
			   (long long)line->requests, (long long)line->same, (long long)line->kept,
			   (long long)line->refused, (long long)line->gone, (long long)line->failed,
			   (long long)line->bytes);
	}
	return respond_csv(request, "crawlers.csv", &csv);
}
