/*
 * /desk/reports: what the desk learns, with the tables as files. Which figures of a line
 * (forum/desk_report.h) are shown how stands in one table of panels.
 */
#include "base/buf.h"
#include "base/clock.h"
#include "forum/activity.h"
#include "forum/desk_breach.h"
#include "i18n/i18n.h"
#include "templates/templates.h"
#include "web/csv.h"
#include "web/desk_house.h"
#include "web/handlers.h"
#include "web/pages_desk_reports.h"
#include "web/respond.h"

#define PAGE          "/desk/reports"
#define CSV_MAX_BYTES ((size_t)64 * 1024)
#define HOURS_A_WEEK  168
#define CELL_SIZE     20
/* Where the grid begins: beside the days' names, under the hours. */
#define GRID_LEFT     44
#define GRID_TOP      20

/* What is shown -------------------------------------------------------------------- */

/* part: a figure of the line; whole: what it is a share of, or counted for it. */
struct column {
	const char *slug, *name;
	enum chart_scale scale;
	size_t part, whole;
};

/* clang-format off */
#define COUNT(slug, name, part)          { slug, name, CHART_COUNT, part, 0 }
#define PERCENT(slug, name, part, whole) { slug, name, CHART_PERCENT, part, whole }
#define TIME(slug, name, part, count)    { slug, name, CHART_SECONDS, part, count }

#define TARGET_COLUMNS { \
	PERCENT("first_percent", N_("First answer in time"), 1, 0), \
	PERCENT("solution_percent", N_("Solved in time"), 3, 2), \
	COUNT("first_due", N_("First answers due"), 0), \
	COUNT("first_in_time", N_("of them in time"), 1), \
	COUNT("solutions_due", N_("Solutions due"), 2), \
	COUNT("solutions_in_time", N_("of them in time"), 3), \
}
#define TARGET_DEFINITION N_("Of the questions asked in this time that a target was set for, those whose clock has come out: answered or solved, or the time ran out. In time is what came before the clock ran out; it counts working hours, stands still while the asker is asked for more, and stays missed once it was missed.")

/* The first drawn columns are drawn as bars; the table has them all. */
static const struct panel {
	enum desk_report report;
	const char *slug, *title, *explanation, *definition, *row_heading;
	size_t drawn;
	struct column columns[DASHBOARD_COLUMNS_MAX];
} panels[] = {
	{ DESK_REPORT_TARGETS, "targets", N_("Answered within the target, by category"),
	  N_("What was promised, and how often it was kept."), TARGET_DEFINITION,
	  N_("Category"), 2, TARGET_COLUMNS },
	{ DESK_REPORT_TEAMS, "teams", N_("Answered within the target, by team"),
	  N_("By the team that has the question, or had it last."), TARGET_DEFINITION,
	  N_("Team"), 2, TARGET_COLUMNS },
	{ DESK_REPORT_CAUSES, "causes", N_("Why targets were missed"),
	  N_("What to mend first: more hands, clearer teams, or other hours."),
	  N_("First answers and solutions whose time ran out in these days, by the cause that stands on the question. The program sees a cause from outside; whoever worked on the question can correct it there."),
	  N_("Cause"), 1, {
		COUNT("missed", N_("Targets missed"), 0),
		COUNT("first_answers", N_("of them first answers"), 1),
		COUNT("solutions", N_("of them solutions"), 2),
		COUNT("corrected", N_("Cause corrected by a person"), 3),
	} },
	{ DESK_REPORT_TIMES, "times", N_("Time to answer and to solution"),
	  N_("Half of the questions were faster than the median, nine in ten faster than the 90th percentile."),
	  N_("Of the questions asked in this time: from the question to the first answer by somebody else, and to the moment when an answer was accepted for the first time. By the calendar, nights and holidays included. Questions without an answer, or without a solution, are in the number of questions only."),
	  N_("Category"), 2, {
		TIME("first_median_seconds", N_("First answer, median"), 2, 1),
		TIME("solved_median_seconds", N_("Solution, median"), 5, 4),
		TIME("first_p90_seconds", N_("First answer, 90th percentile"), 3, 1),
		TIME("solved_p90_seconds", N_("Solution, 90th percentile"), 6, 4),
		COUNT("questions", N_("Questions"), 0),
		COUNT("answered", N_("Answered"), 1),
		COUNT("solved", N_("Solved"), 4),
	} },
	{ DESK_REPORT_SIDES, "sides", N_("Who answered, who solved"),
	  N_("Whose answer came first, and whose was accepted."),
	  N_("Of the questions asked in this time. The team is who has a role in it today; experts are those who were in office in a field of the question when they answered; askers count where they accepted an answer of their own. A question with several accepted answers counts for the one that was accepted first."),
	  N_("Who"), 2, {
		PERCENT("first_percent", N_("Share of first answers"), 0, 6),
		PERCENT("solved_percent", N_("Share of solutions"), 3, 7),
		COUNT("first", N_("First answers"), 0),
		TIME("first_median_seconds", N_("Median"), 1, 0),
		TIME("first_p90_seconds", N_("90th percentile"), 2, 0),
		COUNT("solved", N_("Solutions"), 3),
		TIME("solved_median_seconds", N_("Solution, median"), 4, 3),
		TIME("solved_p90_seconds", N_("Solution, 90th percentile"), 5, 3),
	} },
	{ DESK_REPORT_BACKLOG, "backlog", N_("Open questions by age"),
	  N_("What waits now, and for how long."),
	  N_("All public questions that are neither solved nor closed, whenever they were asked; by the time since then. “Waiting for the asker” are those that need information; they are in one of the other two as well."),
	  N_("Asked"), 2, {
		COUNT("unanswered", N_("Without an answer"), 0),
		COUNT("unsolved", N_("Answered, not solved"), 1),
		COUNT("waiting", N_("Waiting for the asker"), 2),
	} },
	{ DESK_REPORT_LOAD, "load", N_("When the work comes"),
	  N_("Questions by the hour and day of the week, beside the answers of the team."),
	  N_("Questions asked and answers written by the team in this time, by the hour that the clock on the desk’s wall showed then. The surface of a square is the number."),
	  N_("Hour"), 2, {
		COUNT("questions", N_("Questions"), 0),
		COUNT("team_answers", N_("Answers of the team"), 1),
	} },
	{ DESK_REPORT_ARTICLES, "articles", N_("Answered by an article before it was asked"),
	  N_("What articles spared the desk: who began a question, was offered an article, and had the answer."),
	  N_("Pages on which a question was begun in this time and an article offered; once each in the first line, and once for each article that it offered below. Opened: unfolded or read from there. Answered: “This answered my question” was pressed. Asked anyway: the question was published from that page. Who did none of these went away, with or without an answer. The 20 articles that answered most; days begin at midnight, universal time."),
	  N_("Article"), 2, {
		PERCENT("answered_percent", N_("Answered by it"), 2, 0),
		PERCENT("asked_percent", N_("Asked anyway"), 3, 0),
		COUNT("offered", N_("Times offered"), 0),
		COUNT("opened", N_("Times opened"), 1),
		COUNT("answered", N_("Times it answered"), 2),
		COUNT("asked", N_("Questions asked anyway"), 3),
	} },
};

static const char *const sides[] = {
	N_("Customers"), N_("Experts"), N_("The team"), N_("Askers themselves"),
};
static const char *const ages[DESK_BACKLOG_AGES] = {
	N_("less than 4 hours ago"), N_("4 to 24 hours ago"), N_("1 to 3 days ago"), N_("3 to 7 days ago"),
	N_("7 to 30 days ago"), N_("1 to 12 months ago"), N_("more than a year ago"),
};
static const char *const weekdays[] = {
	N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"), N_("Saturday"), N_("Sunday"),
};
/* TRANSLATORS: Monday to Sunday in three letters or less. */
static const char *const short_weekdays[] = {
	N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"),
};
/* clang-format on */

static size_t column_count(const struct panel *panel)
{
	size_t count = 0;

	while (count < DASHBOARD_COLUMNS_MAX && panel->columns[count].slug)
		count++;
	return count;
}

static int64_t percent(int64_t part, int64_t whole)
{
	return whole > 0 ? (100 * part + whole / 2) / whole : CHART_GAP;
}

static int64_t value_of(const struct column *column, const struct desk_report_line *line)
{
	int64_t part = line->figures[column->part], whole = line->figures[column->whole];

	switch (column->scale) {
	case CHART_PERCENT:
		return percent(part, whole);
	case CHART_SECONDS:
		return whole > 0 ? part : CHART_GAP;
	default:
		return part;
	}
}

static const char *line_name(struct arena *arena, enum desk_report report,
			     const struct desk_report_line *line)
{
	size_t place = (size_t)line->place;

	switch (report) {
	case DESK_REPORT_SIDES:
		return _(sides[(place + ARRAY_COUNT(sides) - 1) % ARRAY_COUNT(sides)]);
	case DESK_REPORT_BACKLOG:
		return _(ages[place % DESK_BACKLOG_AGES]);
	case DESK_REPORT_LOAD:
		/* TRANSLATORS: an hour of the week: "Monday, 9:00". */
		return arena_printf(arena, _("%s, %d:00"), _(weekdays[place / 24 % 7]),
				    (int)(place % 24));
	case DESK_REPORT_CAUSES:
		return _(desk_causes[place % desk_cause_count].label);
	case DESK_REPORT_TEAMS:
		return line->subject_id ? line->name : _("No team");
	case DESK_REPORT_ARTICLES:
		return line->subject_id ? line->name : _("All articles");
	default:
		return line->subject_id ? line->name : _("All categories");
	}
}

/* Reports by place have each place, with noughts where nothing happened. */
static void fill_places(struct arena *arena, struct desk_report_lines *lines, size_t count)
{
	struct desk_report_line *items = arena_array_of(arena, count, struct desk_report_line);

	for (size_t i = 0; i < count; i++)
		items[i] = (struct desk_report_line){ .place = (int64_t)i, .name = "" };
	for (size_t i = 0; i < lines->count; i++)
		if ((size_t)lines->items[i].place < count)
			items[lines->items[i].place] = lines->items[i];
	*lines = (struct desk_report_lines){ .items = items, .count = count };
}

/* What was asked for --------------------------------------------------------------- */

static enum err read_asked(struct request *request, size_t *span, struct desk_reports *reports)
{
	const char *days = http_parameter(request->http, "days");
	struct ctx *ctx = &request->ctx;

	*span = 1;
	if (days[0])
		for (*span = 0; *span < DESK_REPORT_SPANS; (*span)++)
			if (strcmp(arena_printf(ctx->arena, "%d", desk_report_days[*span]), days) ==
			    0)
				break;
	if (*span == DESK_REPORT_SPANS)
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	TRY(desk_reports_load(ctx, *span, reports));
	fill_places(ctx->arena, &reports->of[DESK_REPORT_BACKLOG], DESK_BACKLOG_AGES);
	fill_places(ctx->arena, &reports->of[DESK_REPORT_LOAD], HOURS_A_WEEK);
	return OK;
}

/* Bars ----------------------------------------------------------------------------- */

/* What a full bar stands for: 100 percent, or the most of all that is drawn. */
static int64_t full_bar(const struct panel *panel, const struct desk_report_lines *lines)
{
	int64_t most = 1;

	if (panel->columns[0].scale == CHART_PERCENT)
		return 100;
	for (size_t i = 0; i < lines->count; i++)
		for (size_t s = 0; s < panel->drawn; s++)
			if (value_of(&panel->columns[s], &lines->items[i]) > most)
				most = value_of(&panel->columns[s], &lines->items[i]);
	return most;
}

static void fill_bars(struct arena *arena, const struct panel *panel,
		      const struct desk_report_lines *lines, struct report_panel *out)
{
	int64_t full = full_bar(panel, lines);

	out->lines = arena_array_of(arena, lines->count + 1, struct report_bars);
	out->line_count = lines->count;
	for (size_t i = 0; i < lines->count; i++) {
		struct report_bars *bars = &out->lines[i];

		bars->name = line_name(arena, panel->report, &lines->items[i]);
		for (size_t s = 0; s < panel->drawn; s++) {
			int64_t value = value_of(&panel->columns[s], &lines->items[i]);

			bars->bars[s] = (struct report_bar){
				.value = chart_value(arena, panel->columns[s].scale, value),
				.width = value > 0 ? (int)((100 * value + full - 1) / full) : 0,
			};
		}
	}
}

/* The week ------------------------------------------------------------------------- */

/* The side of a square with so much of a full one's surface; rounded up. */
static int side_of(int64_t value, int64_t most)
{
	int side = 0;

	while (side < CELL_SIZE && (int64_t)side * side * most < CELL_SIZE * CELL_SIZE * value)
		side++;
	return side;
}

static void fill_week(struct arena *arena, const struct panel *panel,
		      const struct desk_report_lines *lines, struct report_panel *out)
{
	int64_t most = full_bar(panel, lines);

	out->cells = arena_array_of(arena, lines->count, struct report_cell);
	for (size_t i = 0; i < lines->count; i++) {
		const struct desk_report_line *line = &lines->items[i];
		struct report_cell *cell = &out->cells[out->cell_count];

		if (line->figures[0] + line->figures[1] == 0)
			continue;
		*cell = (struct report_cell){
			.x = GRID_LEFT + (int)(i % 24) * CELL_SIZE,
			.y = GRID_TOP + (int)(i / 24) * CELL_SIZE,
			.sides = { side_of(line->figures[0], most),
				   side_of(line->figures[1], most) },
			/* TRANSLATORS: an hour of the week, questions, answers of the team. */
			.label = arena_printf(arena, _("%s: %s questions, %s answers of the team"),
					      line_name(arena, panel->report, line),
					      i18n_number(arena, line->figures[0]),
					      i18n_number(arena, line->figures[1])),
		};
		out->cell_count++;
	}
}

/* The page ------------------------------------------------------------------------- */

static void fill_table(struct arena *arena, const struct panel *panel, size_t span,
		       const struct desk_report_lines *lines, struct dashboard_panel *out)
{
	*out = (struct dashboard_panel){
		.slug = panel->slug,
		.title = _(panel->title),
		.explanation = _(panel->explanation),
		.row_heading = _(panel->row_heading),
		.column_count = column_count(panel),
		.rows = arena_array_of(arena, lines->count + 1, struct dashboard_row),
		.csv_path = arena_printf(arena, PAGE ".csv?days=%d&table=%s",
					 desk_report_days[span], panel->slug),
	};
	for (size_t c = 0; c < out->column_count; c++)
		out->columns[c] = _(panel->columns[c].name);
	for (size_t i = 0; i < lines->count; i++) {
		const struct desk_report_line *line = &lines->items[i];
		struct dashboard_row *row = &out->rows[out->row_count];

		/* An hour in which nobody is awake says nothing. */
		if (panel->report == DESK_REPORT_LOAD && line->figures[0] + line->figures[1] == 0)
			continue;
		out->row_count++;
		row->name = line_name(arena, panel->report, line);
		for (size_t c = 0; c < out->column_count; c++)
			row->cells[c] = chart_value(arena, panel->columns[c].scale,
						    value_of(&panel->columns[c], line));
	}
}

static void fill_panel(struct arena *arena, const struct panel *panel, size_t span,
		       const struct desk_reports *reports, struct report_panel *out)
{
	const struct desk_report_lines *lines = &reports->of[panel->report];

	*out = (struct report_panel){ .definition = _(panel->definition) };
	for (size_t s = 0; s < panel->drawn; s++)
		out->series[s] = _(panel->columns[s].name);
	fill_table(arena, panel, span, lines, &out->table);
	if (panel->report == DESK_REPORT_LOAD)
		fill_week(arena, panel, lines, out);
	else
		fill_bars(arena, panel, lines, out);
}

/* The one that goes by month, out of what the dashboards have. */
static enum err fill_engagement(struct request *request, struct report_panel *out)
{
	struct arena *arena = request->ctx.arena;
	struct activity *activity = arena_new_of(arena, struct activity);
	struct dashboard_panel *table = &out->table;

	TRY(activity_load(&request->ctx, ACTIVITY_MONTH, 0, activity));
	*out = (struct report_panel){
		.has_chart = true,
		.definition = _(
			"Different people who were signed in on at least one day of the month, in percent of the accounts with a confirmed address at its end."),
	};
	*table = (struct dashboard_panel){
		.slug = "engagement",
		.title = _("Engagement rate"),
		.explanation = _("Active members in percent of all members."),
		.row_heading = _("Month"),
		.columns = { _("Engagement rate"), _("Were here"), _("Members") },
		.column_count = 3,
		.rows = arena_array_of(arena, activity->count, struct dashboard_row),
		.csv_path = "/admin/dashboard.csv?period=months&table=engagement",
		.chart = { .kind = CHART_LINES,
			   .scale = CHART_PERCENT,
			   .slug = "engagement",
			   .title = _("Engagement rate"),
			   .series_count = 1,
			   .point_count = activity->count,
			   .series = { { .name = _("Engagement rate") } } },
	};
	for (size_t i = 0; i < activity->count; i++) {
		const struct activity_period *month = &activity->periods[i];
		struct dashboard_row *row = &table->rows[activity->count - 1 - i];
		int64_t rate = percent(month->active, month->members);

		row->name = i18n_month(arena, month->starts_at + 12 * CLOCK_HOUR);
		row->cells[0] = chart_value(arena, CHART_PERCENT, rate);
		row->cells[1] = i18n_number(arena, month->active);
		row->cells[2] = i18n_number(arena, month->members);
		table->chart.point_names[i] = row->name;
		table->chart.series[0].values[i] = rate;
	}
	table->row_count = activity->count;
	chart_draw(arena, &table->chart);
	return OK;
}

enum err desk_reports_show(struct request *request)
{
	struct arena *arena = request->ctx.arena;
	struct desk_reports_page page = { 0 };
	size_t span;

	TRY(read_asked(request, &span, &page.reports));
	page.days = desk_report_days[span];
	for (size_t i = 0; i < DESK_REPORT_SPANS; i++)
		page.spans[i] = (struct dashboard_choice){
			.name = arena_printf(arena, _("%d days"), desk_report_days[i]),
			.path = arena_printf(arena, PAGE "?days=%d", desk_report_days[i]),
			.is_current = i == span,
		};
	for (size_t i = 0; i < ARRAY_COUNT(short_weekdays); i++)
		page.weekdays[i] = _(short_weekdays[i]);
	for (int i = 0; i < REPORT_HOURS; i++)
		page.hours[i] = (struct report_hour){
			.x = GRID_LEFT + 24 / REPORT_HOURS * i * CELL_SIZE,
			/* TRANSLATORS: an hour of the day, without minutes. */
			.label = arena_printf(arena, pgettext("hour", "%d:00"),
					      24 / REPORT_HOURS * i),
		};
	page.panels = arena_array_of(arena, ARRAY_COUNT(panels) + 1, struct report_panel);
	for (size_t i = 0; i < ARRAY_COUNT(panels); i++)
		fill_panel(arena, &panels[i], span, &page.reports, &page.panels[page.count++]);
	TRY(fill_engagement(request, &page.panels[page.count++]));
	frame_init(request, &page.frame, _("Reports of the desk"));
	page.frame.section = "desk";
	page.house = desk_house_of(request);
	template_desk_reports(&request->response->body, &page);
	return OK;
}

/* Files ---------------------------------------------------------------------------- */

/* For programs: a point before decimals whatever the language, nothing for no value. */
static void csv_number(struct buf *csv, const struct column *column,
		       const struct desk_report_line *line)
{
	int64_t part = line->figures[column->part], whole = line->figures[column->whole];

	if (column->scale == CHART_PERCENT && whole > 0)
		buf_printf(csv, ",%.1f", 100.0 * (double)part / (double)whole);
	else if (column->scale == CHART_COUNT || whole > 0)
		buf_printf(csv, ",%lld", (long long)part);
	else
		buf_char(csv, ',');
}

static enum err panel_by_slug(struct request *request, const char *slug, const struct panel **out)
{
	for (size_t i = 0; i < ARRAY_COUNT(panels); i++) {
		*out = &panels[i];
		if (strcmp(panels[i].slug, slug) == 0)
			return OK;
	}
	return fail(&request->ctx, ERR_NOT_FOUND, NULL, NULL);
}

enum err desk_reports_csv(struct request *request)
{
	struct arena *arena = request->ctx.arena;
	const struct panel *panel = NULL;
	const struct desk_report_lines *lines;
	struct desk_reports reports;
	struct buf csv;
	size_t span;

	TRY(read_asked(request, &span, &reports));
	TRY(panel_by_slug(request, http_parameter(request->http, "table"), &panel));
	lines = &reports.of[panel->report];
	buf_init(&csv, arena, CSV_MAX_BYTES);
	csv_text(&csv, "line");
	for (size_t c = 0; c < column_count(panel); c++) {
		buf_char(&csv, ',');
		csv_text(&csv, panel->columns[c].slug);
	}
	buf_text(&csv, "\r\n");
	for (size_t i = 0; i < lines->count; i++) {
		csv_text(&csv, line_name(arena, panel->report, &lines->items[i]));
		for (size_t c = 0; c < column_count(panel); c++)
			csv_number(&csv, &panel->columns[c], &lines->items[i]);
		buf_text(&csv, "\r\n");
	}
	return respond_csv(request, arena_printf(arena, "%s.csv", panel->slug), &csv);
}
