/*
 * /admin/dashboard: what goes on in the community, by day, week or month; as charts with
 * their tables, and each table as a file. What is shown stands in one table of panels.
 */
#include "base/buf.h"
#include "base/clock.h"
#include "forum/category.h"
#include "i18n/i18n.h"
#include "templates/templates.h"
#include "web/csv.h"
#include "web/handlers.h"
#include "web/pages_dashboard.h"
#include "web/respond.h"

#include <stddef.h>

#define PAGE          "/admin/dashboard"
#define CSV_MAX_BYTES ((size_t)64 * 1024)

/* What is shown -------------------------------------------------------------------- */

/*
 * A number of a period: part, or part in percent of whole. A delay's part is its seconds,
 * and there is none when whole, how many were measured, is nought.
 */
struct column {
	const char *slug, *name;
	enum chart_scale scale;
	size_t part, whole;
};

#define AT(field) offsetof(struct activity_period, field)
/* clang-format off */
#define COUNT(slug, name, field)         { slug, name, CHART_COUNT, AT(field), 0 }
#define PERCENT(slug, name, part, whole) { slug, name, CHART_PERCENT, AT(part), AT(whole) }
#define DELAY(slug, name, of, field)     { slug, name, CHART_SECONDS, AT(of.field), AT(of.count) }

/* The first drawn columns are the chart's series; the table has them all. */
static const struct panel {
	const char *slug, *title, *explanation;
	enum chart_kind kind;
	bool is_of_community; /* not to be had by category */
	size_t drawn;
	struct column columns[DASHBOARD_COLUMNS_MAX];
} panels[] = {
	{ "questions", N_("Questions and answers"),
	  N_("What was asked, and what was answered, whenever it had been asked."),
	  CHART_BARS, false, 2, {
		COUNT("questions", N_("Questions"), questions),
		COUNT("answers", N_("Answers"), answers),
		COUNT("solved", N_("Solved by now"), solved),
		PERCENT("solved_percent", N_("Share solved"), solved, questions),
	} },
	{ "in-time", N_("Answered in time"),
	  N_("Of the questions asked then, how many somebody else had answered within an hour, a day, three days."),
	  CHART_LINES, false, 3, {
		PERCENT("within_1h_percent", N_("Within 1 hour"), in_time[0], due[0]),
		PERCENT("within_24h_percent", N_("Within 24 hours"), in_time[1], due[1]),
		PERCENT("within_72h_percent", N_("Within 72 hours"), in_time[2], due[2]),
		COUNT("due_1h", N_("Older than 1 hour"), due[0]),
		COUNT("due_24h", N_("Older than 24 hours"), due[1]),
		COUNT("due_72h", N_("Older than 72 hours"), due[2]),
	} },
	{ "first-answer", N_("Time to first answer"),
	  N_("Half of the questions were answered faster than the median, nine in ten faster than the 90th percentile."),
	  CHART_LINES, false, 3, {
		DELAY("staff_median_seconds", N_("The team, median"), staff, median),
		DELAY("expert_median_seconds", N_("Experts, median"), expert, median),
		DELAY("customer_median_seconds", N_("Customers, median"), customer, median),
		DELAY("median_seconds", N_("Everybody, median"), first, median),
		DELAY("staff_p90_seconds", N_("The team, 90th percentile"), staff, p90),
		DELAY("expert_p90_seconds", N_("Experts, 90th percentile"), expert, p90),
		DELAY("customer_p90_seconds", N_("Customers, 90th percentile"), customer, p90),
		DELAY("p90_seconds", N_("Everybody, 90th percentile"), first, p90),
	} },
	{ "answered-by", N_("Who answers first"),
	  N_("Of the questions asked then that have an answer, whose came first."),
	  CHART_SHARE, false, 3, {
		COUNT("first_by_staff", N_("The team"), staff.count),
		COUNT("first_by_experts", N_("Experts"), expert.count),
		COUNT("first_by_customers", N_("Customers"), customer.count),
		PERCENT("staff_percent", N_("Share of the team"), staff.count, first.count),
		PERCENT("experts_percent", N_("Share of experts"), expert.count, first.count),
		PERCENT("customers_percent", N_("Share of customers"), customer.count, first.count),
	} },
	{ "people", N_("Active people"),
	  N_("Different people who were here signed in, and who wrote something."),
	  CHART_BARS, true, 2, {
		COUNT("active", N_("Were here"), active),
		COUNT("writers", N_("Wrote something"), writers),
		COUNT("members", N_("Members"), members),
	} },
	{ "engagement", N_("Engagement rate"),
	  N_("Active members in percent of all members."),
	  CHART_LINES, true, 1, {
		PERCENT("engagement_percent", N_("Engagement rate"), active, members),
		COUNT("active", N_("Were here"), active),
		COUNT("members", N_("Members"), members),
	} },
	{ "moderation", N_("Work for moderators"),
	  N_("What came into the queue, and what was decided."),
	  CHART_BARS, true, 2, {
		COUNT("opened", N_("Came in"), opened),
		COUNT("decided", N_("Were decided"), decided),
	} },
	{ "decision", N_("Time to decision"),
	  N_("From the first report, or from being held, to the decision."),
	  CHART_LINES, true, 2, {
		DELAY("median_seconds", N_("Median"), decision, median),
		DELAY("p90_seconds", N_("90th percentile"), decision, p90),
		COUNT("decided", N_("Were decided"), decided),
	} },
	{ "views", N_("Views of questions"),
	  N_("How often a question’s page was sent, to whomever, less robots that say so."),
	  CHART_BARS, false, 1, {
		COUNT("views", N_("Views"), views),
	} },
};

static const struct {
	const char *slug, *name, *column;
} units[ACTIVITY_UNITS] = {
	[ACTIVITY_DAY] = { "days", N_("30 days"), "day" },
	[ACTIVITY_WEEK] = { "weeks", N_("12 weeks"), "week" },
	[ACTIVITY_MONTH] = { "months", N_("12 months"), "month" },
};
/* clang-format on */

static int64_t number_at(const struct activity_period *period, size_t offset)
{
	int64_t number;

	memcpy(&number, (const char *)period + offset, sizeof number);
	return number;
}

static int64_t percent(int64_t part, int64_t whole)
{
	return whole > 0 ? (100 * part + whole / 2) / whole : CHART_GAP;
}

static int64_t value_of(const struct column *column, const struct activity_period *period)
{
	int64_t part = number_at(period, column->part);

	switch (column->scale) {
	case CHART_PERCENT:
		return percent(part, number_at(period, column->whole));
	case CHART_SECONDS:
		return number_at(period, column->whole) > 0 ? part : CHART_GAP;
	default:
		return part;
	}
}

static size_t column_count(const struct panel *panel)
{
	size_t count = 0;

	while (count < DASHBOARD_COLUMNS_MAX && panel->columns[count].slug)
		count++;
	return count;
}

/* What was asked for --------------------------------------------------------------- */

struct asked {
	enum activity_unit unit;
	struct category category; /* id 0: all */
	struct activity activity;
};

static enum err read_asked(struct request *request, struct asked *asked)
{
	const char *unit = http_parameter(request->http, "period");
	const char *category = http_parameter(request->http, "category");
	struct ctx *ctx = &request->ctx;

	*asked = (struct asked){ .category = { .slug = "" } };
	while (unit[0] && strcmp(units[asked->unit].slug, unit) != 0)
		if (++asked->unit == ACTIVITY_UNITS)
			return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	if (category[0])
		TRY(category_by_slug(ctx, category, &asked->category));
	if (asked->category.parent_id)
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	return activity_load(ctx, asked->unit, asked->category.id, &asked->activity);
}

/* Noon: the same date wherever the reader is. */
static const char *period_name(struct arena *arena, enum activity_unit unit, int64_t starts_at)
{
	int64_t noon = starts_at + 12 * CLOCK_HOUR;

	if (unit == ACTIVITY_MONTH)
		return i18n_month(arena, noon);
	if (unit == ACTIVITY_WEEK)
		return arena_printf(arena, _("Week of %s"), i18n_date(arena, noon));
	return i18n_date(arena, noon);
}

/* The page ------------------------------------------------------------------------- */

static void fill_chart(struct arena *arena, const struct panel *panel, const struct asked *asked,
		       struct chart *chart)
{
	const struct activity *activity = &asked->activity;

	*chart = (struct chart){
		.kind = panel->kind,
		.scale = panel->columns[0].scale,
		.slug = panel->slug,
		.title = _(panel->title),
		.series_count = panel->drawn,
		.point_count = activity->count,
	};
	for (size_t i = 0; i < activity->count; i++)
		chart->point_names[i] = period_name(arena, asked->unit,
						    activity->periods[i].starts_at);
	for (size_t s = 0; s < panel->drawn; s++) {
		chart->series[s].name = _(panel->columns[s].name);
		for (size_t i = 0; i < activity->count; i++)
			chart->series[s].values[i] = value_of(&panel->columns[s],
							      &activity->periods[i]);
	}
	chart_draw(arena, chart);
}

static void fill_rows(struct arena *arena, const struct panel *panel, const struct asked *asked,
		      struct dashboard_panel *out)
{
	const struct activity *activity = &asked->activity;

	out->rows = arena_array_of(arena, activity->count, struct dashboard_row);
	out->row_count = activity->count;
	for (size_t i = 0; i < activity->count; i++) {
		const struct activity_period *period = &activity->periods[activity->count - 1 - i];
		struct dashboard_row *row = &out->rows[i];

		row->name = period_name(arena, asked->unit, period->starts_at);
		for (size_t c = 0; c < out->column_count; c++)
			row->cells[c] = chart_value(arena, panel->columns[c].scale,
						    value_of(&panel->columns[c], period));
	}
}

static void fill_panel(struct arena *arena, const struct panel *panel, const struct asked *asked,
		       struct dashboard_panel *out)
{
	*out = (struct dashboard_panel){
		.slug = panel->slug,
		.title = _(panel->title),
		.explanation = _(panel->explanation),
		.row_heading = _("Period"),
		.column_count = column_count(panel),
		.csv_path = arena_printf(arena, PAGE ".csv?period=%s&category=%s&table=%s",
					 units[asked->unit].slug, asked->category.slug,
					 panel->slug),
	};
	for (size_t c = 0; c < out->column_count; c++)
		out->columns[c] = _(panel->columns[c].name);
	fill_chart(arena, panel, asked, &out->chart);
	fill_rows(arena, panel, asked, out);
}

static void fill_units(struct arena *arena, const struct asked *asked, struct dashboard_page *page)
{
	page->unit = units[asked->unit].slug;
	for (size_t i = 0; i < ACTIVITY_UNITS; i++)
		page->units[i] = (struct dashboard_choice){
			.name = _(units[i].name),
			.path = arena_printf(arena, PAGE "?period=%s&category=%s", units[i].slug,
					     asked->category.slug),
			.is_current = i == asked->unit,
		};
}

/* What may be added up over the periods; people and medians may not. */
static void fill_sums(struct arena *arena, const struct asked *asked, struct dashboard_page *page)
{
	struct activity_period sum = { 0 };

	for (size_t i = 0; i < asked->activity.count; i++) {
		const struct activity_period *period = &asked->activity.periods[i];

		sum.questions += period->questions;
		sum.answers += period->answers;
		sum.solved += period->solved;
		sum.due[1] += period->due[1];
		sum.in_time[1] += period->in_time[1];
		sum.views += period->views;
	}
	const struct dashboard_sum sums[] = {
		{ _("Questions"), i18n_number(arena, sum.questions) },
		{ _("Answers"), i18n_number(arena, sum.answers) },
		{ _("Within 24 hours"),
		  chart_value(arena, CHART_PERCENT, percent(sum.in_time[1], sum.due[1])) },
		{ _("Share solved"),
		  chart_value(arena, CHART_PERCENT, percent(sum.solved, sum.questions)) },
		{ _("Views"), i18n_number(arena, sum.views) },
	};

	_Static_assert(sizeof sums == sizeof page->sums, "one for each place");
	memcpy(page->sums, sums, sizeof sums);
}

enum err dashboard_show(struct request *request)
{
	struct dashboard_page page = { 0 };
	struct arena *arena = request->ctx.arena;
	struct asked *asked = arena_new_of(arena, struct asked);

	TRY(read_asked(request, asked));
	TRY(category_list(&request->ctx, &page.categories));
	page.category_slug = asked->category.slug;
	fill_units(arena, asked, &page);
	fill_sums(arena, asked, &page);
	page.panels = arena_array_of(arena, ARRAY_COUNT(panels), struct dashboard_panel);
	for (size_t i = 0; i < ARRAY_COUNT(panels); i++)
		if (!asked->category.id || !panels[i].is_of_community)
			fill_panel(arena, &panels[i], asked, &page.panels[page.count++]);
	frame_init(request, &page.frame, _("Dashboards"));
	page.frame.section = "admin";
	template_dashboard(&request->response->body, &page);
	return OK;
}

/* Files ---------------------------------------------------------------------------- */

/* For programs: a point before decimals whatever the language, nothing for no value. */
static void csv_number(struct buf *csv, const struct column *column,
		       const struct activity_period *period)
{
	int64_t part = number_at(period, column->part), whole = number_at(period, column->whole);

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

enum err dashboard_csv(struct request *request)
{
	struct arena *arena = request->ctx.arena;
	struct asked *asked = arena_new_of(arena, struct asked);
	const struct panel *panel = NULL;
	struct buf csv;

	TRY(read_asked(request, asked));
	TRY(panel_by_slug(request, http_parameter(request->http, "table"), &panel));
	buf_init(&csv, arena, CSV_MAX_BYTES);
	csv_text(&csv, units[asked->unit].column);
	for (size_t c = 0; c < column_count(panel); c++) {
		buf_char(&csv, ',');
		csv_text(&csv, panel->columns[c].slug);
	}
	buf_text(&csv, "\r\n");
	for (size_t i = asked->activity.count; i > 0; i--) {
		const struct activity_period *period = &asked->activity.periods[i - 1];

		buf_printf(&csv, "%.10s", clock_rfc3339(arena, period->starts_at));
		for (size_t c = 0; c < column_count(panel); c++)
			csv_number(&csv, &panel->columns[c], period);
		buf_text(&csv, "\r\n");
	}
	return respond_csv(request, arena_printf(arena, "%s.csv", panel->slug), &csv);
}
