/*
 * /desk/listening: how much is said by week, source and theme, as charts with their tables,
 * and each table as a file.
 */
#include "forum/listening.h"

#include "base/buf.h"
#include "base/clock.h"
#include "forum/policy.h"
#include "i18n/i18n.h"
#include "templates/templates.h"
#include "web/csv.h"
#include "web/desk_house.h"
#include "web/handlers.h"
#include "web/helpers.h"
#include "web/listening_results.h"
#include "web/pages_listening.h"
#include "web/respond.h"

#define PAGE          "/desk/listening"
#define CSV_MAX_BYTES ((size_t)64 * 1024)
/* Bars of more weeks would be lines anyway. */
#define BARS_MAX      20

/* What was asked for ------------------------------------------------------------------------ */

static enum err read_asked(struct request *request, struct listening_page *page)
{
	int64_t weeks;
	size_t span = 0;

	TRY(query_number(request, "weeks", listening_weeks[1], &weeks));
	TRY(query_number(request, "theme", 0, &page->theme_id));
	while (span < LISTENING_SPANS && listening_weeks[span] != weeks)
		span++;
	if (span == LISTENING_SPANS)
		return fail(&request->ctx, ERR_NOT_FOUND, NULL, NULL);
	page->weeks = listening_weeks[span];
	return listening_volumes(&request->ctx, page->weeks, page->theme_id, &page->volumes);
}

static const char *path_of(struct arena *arena, const char *file, int weeks, int64_t theme_id)
{
	if (!theme_id)
		return arena_printf(arena, "%s?weeks=%d", file, weeks);
	return arena_printf(arena, "%s?weeks=%d&theme=%lld", file, weeks, (long long)theme_id);
}

const char *listening_csv_path(struct arena *arena, const struct listening_page *page,
			       const char *table)
{
	return arena_printf(arena, "%s&table=%s",
			    path_of(arena, PAGE ".csv", page->weeks, page->theme_id), table);
}

/* Panels ------------------------------------------------------------------------------------ */

const char *listening_week_name(struct arena *arena, const struct listening_volumes *volumes,
				size_t week)
{
	const char *day = i18n_date(arena,
				    listening_week_noon(volumes->first_week + (int64_t)week));

	if (week + 1 == volumes->week_count)
		return arena_printf(arena, _("Week of %s, so far"), day);
	return arena_printf(arena, _("Week of %s"), day);
}

/* A chart has three series: what is beyond the second source is one. */
static void fill_series(const struct listening_volumes *volumes, struct chart *chart)
{
	chart->series_count = volumes->source_count < CHART_SERIES_MAX ? volumes->source_count
								       : CHART_SERIES_MAX;
	for (size_t s = 0; s < volumes->source_count; s++) {
		size_t place = s < CHART_SERIES_MAX ? s : CHART_SERIES_MAX - 1;
		struct chart_series *series = &chart->series[place];

		series->name = s < CHART_SERIES_MAX ? volumes->sources[s].name
						    : _("Other networks");
		for (size_t week = 0; week < volumes->week_count; week++)
			series->values[week] += volumes->sources[s].weeks[week];
	}
}

/* What does not fit into a table's columns is in the last. */
static size_t column_of(size_t source)
{
	return source < DASHBOARD_COLUMNS_MAX - 2 ? source + 1 : DASHBOARD_COLUMNS_MAX - 1;
}

static void fill_week(struct arena *arena, const struct listening_volumes *volumes, size_t week,
		      struct dashboard_panel *panel)
{
	struct dashboard_row *row = &panel->rows[volumes->week_count - 1 - week];
	int64_t counts[DASHBOARD_COLUMNS_MAX] = { 0 };

	for (size_t s = 0; s < volumes->source_count; s++) {
		counts[0] += volumes->sources[s].weeks[week];
		counts[column_of(s)] += volumes->sources[s].weeks[week];
	}
	row->name = listening_week_name(arena, volumes, week);
	for (size_t c = 0; c < panel->column_count; c++)
		row->cells[c] = i18n_number(arena, counts[c]);
	panel->chart.point_names[week] = row->name;
}

static void fill_sources(struct arena *arena, struct listening_page *page)
{
	const struct listening_volumes *volumes = &page->volumes;
	struct dashboard_panel *panel = &page->sources;

	*panel = (struct dashboard_panel){
		.slug = "sources",
		.title = page->theme_id ? arena_printf(arena, _("Texts about “%s”, by week"),
						       volumes->theme_name)
					: _("Texts by week"),
		.explanation = _(
			"Questions, answers and comments of people who are not of the team, "
			"here and on the networks that are mirrored."),
		.row_heading = _("Week"),
		.columns = { _("All together") },
		.rows = arena_array_of(arena, volumes->week_count, struct dashboard_row),
		.row_count = volumes->week_count,
		.csv_path = listening_csv_path(arena, page, "sources"),
		.chart = { .kind = volumes->week_count > BARS_MAX ? CHART_LINES : CHART_BARS,
			   .scale = CHART_COUNT,
			   .slug = "sources",
			   .title = _("Texts by week"),
			   .point_count = volumes->week_count },
	};
	for (size_t s = 0; s < volumes->source_count; s++) {
		size_t column = column_of(s);

		panel->columns[column] = column + 1 > panel->column_count ? volumes->sources[s].name
									  : _("Other networks");
		panel->column_count = column + 1;
	}
	for (size_t week = 0; week < volumes->week_count; week++)
		fill_week(arena, volumes, week, panel);
	fill_series(volumes, &panel->chart);
	chart_draw(arena, &panel->chart);
}

static const char *change_of(struct arena *arena, const struct listening_theme_count *theme)
{
	int64_t change;

	if (theme->before == 0)
		return "–";
	change = (100 * (theme->now - theme->before)) / theme->before;
	/* TRANSLATORS: a change in percent, with its sign. */
	return arena_printf(arena, pgettext("percent", "%+d%%"), (int)change);
}

static void fill_themes(struct arena *arena, struct listening_page *page)
{
	const struct listening_volumes *volumes = &page->volumes;
	int64_t all = volumes->themes[0].now;

	page->themes = (struct dashboard_panel){
		.slug = "themes",
		.title = _("By theme"),
		.explanation = arena_printf(
			arena,
			_("The last %d whole weeks, beside as many before. A text may have several "
			  "themes, or none."),
			page->weeks),
		.row_heading = _("Theme"),
		.columns = { _("Texts"), _("Share of all"), _("Before"), _("Change") },
		.column_count = 4,
		.rows = arena_array_of(arena, volumes->theme_count, struct dashboard_row),
		.row_count = volumes->theme_count,
		.csv_path = listening_csv_path(arena, page, "themes"),
	};
	for (size_t i = 0; i < volumes->theme_count; i++) {
		const struct listening_theme_count *theme = &volumes->themes[i];

		page->themes.rows[i] = (struct dashboard_row){
			.name = theme->name,
			.cells = { i18n_number(arena, theme->now),
				   chart_value(arena, CHART_PERCENT,
					       all > 0 ? (100 * theme->now + all / 2) / all
						       : CHART_GAP),
				   i18n_number(arena, theme->before), change_of(arena, theme) },
		};
	}
}

enum err listening_show(struct request *request)
{
	struct listening_page *page = arena_new_of(request->ctx.arena, struct listening_page);
	struct arena *arena = request->ctx.arena;

	TRY(read_asked(request, page));
	for (size_t i = 0; i < LISTENING_SPANS; i++)
		page->spans[i] = (struct dashboard_choice){
			.name = arena_printf(arena, _("%d weeks"), listening_weeks[i]),
			.path = path_of(arena, PAGE, listening_weeks[i], page->theme_id),
			.is_current = listening_weeks[i] == page->weeks,
		};
	fill_sources(arena, page);
	fill_themes(arena, page);
	TRY(listening_results_fill(request, page));
	page->has_themes = page->volumes.theme_count > 1;
	page->can_change = policy_can(&request->actor, MAY_MANAGE_DESK,
				      &(struct subject){ .now = request->ctx.now });
	frame_init(request, &page->frame, _("Listening"));
	page->frame.section = "desk";
	page->house = desk_house_of(request);
	template_listening(&request->response->body, page);
	return OK;
}

/* Files ------------------------------------------------------------------------------------- */

void listening_csv_date(struct buf *csv, int64_t week)
{
	struct clock_date date = clock_split(listening_week_noon(week), 0);

	buf_printf(csv, "%04d-%02d-%02d", date.year, date.month, date.day);
}

static void write_sources(const struct listening_volumes *volumes, struct buf *csv)
{
	csv_text(csv, "week");
	for (size_t s = 0; s < volumes->source_count; s++) {
		buf_char(csv, ',');
		csv_text(csv, volumes->sources[s].name);
	}
	buf_text(csv, "\r\n");
	for (size_t week = 0; week < volumes->week_count; week++) {
		listening_csv_date(csv, volumes->first_week + (int64_t)week);
		for (size_t s = 0; s < volumes->source_count; s++)
			buf_printf(csv, ",%lld", (long long)volumes->sources[s].weeks[week]);
		buf_text(csv, "\r\n");
	}
}

static void write_themes(const struct listening_volumes *volumes, struct buf *csv)
{
	buf_text(csv, "\"theme\",\"texts\",\"texts_before\"\r\n");
	for (size_t i = 0; i < volumes->theme_count; i++) {
		csv_text(csv, volumes->themes[i].name);
		buf_printf(csv, ",%lld,%lld\r\n", (long long)volumes->themes[i].now,
			   (long long)volumes->themes[i].before);
	}
}

enum err listening_csv(struct request *request)
{
	struct listening_page *page = arena_new_of(request->ctx.arena, struct listening_page);
	const char *table = http_parameter(request->http, "table");
	struct buf csv;

	TRY(read_asked(request, page));
	buf_init(&csv, request->ctx.arena, CSV_MAX_BYTES);
	if (strcmp(table, "sources") == 0)
		write_sources(&page->volumes, &csv);
	else if (strcmp(table, "themes") == 0)
		write_themes(&page->volumes, &csv);
	else if (strcmp(table, "sentiment") == 0)
		TRY(listening_results_csv(request, page, &csv));
	else
		return fail(&request->ctx, ERR_NOT_FOUND, NULL, NULL);
	return respond_csv(request, arena_printf(request->ctx.arena, "listening-%s.csv", table),
			   &csv);
}
