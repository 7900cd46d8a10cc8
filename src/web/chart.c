/*
 * Where the parts of a chart stand. Whole numbers only: a picture of 600 by 160 units,
 * stretched by the browser, does not need finer ones.
 */
#include "web/chart.h"

#include "base/buf.h"
#include "i18n/i18n.h"

#define MINUTE 60
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)

#define PATH_MAX_BYTES ((size_t)4096)

/* What is not nothing is seen. */
#define LEAST_HEIGHT 2

const char *chart_value(struct arena *arena, enum chart_scale scale, int64_t value)
{
	if (value == CHART_GAP)
		return "–";
	switch (scale) {
	case CHART_PERCENT:
		return arena_printf(arena, pgettext("percent", "%d%%"), (int)value);
	case CHART_SECONDS:
		return i18n_duration(arena, value);
	default:
		return i18n_number(arena, value);
	}
}

/* To 2, 4, 6, 8, 10, 20, 40…: half of it is a whole number too. */
static int64_t round_up(int64_t number)
{
	int64_t step = 1;

	while (10 * step < number)
		step *= 10;
	for (int64_t times = 2; times < 10; times += 2)
		if (number <= times * step)
			return times * step;
	return 10 * step;
}

/* Where a scale of time may end, so that its half is round too. */
static const int64_t time_tops[] = {
	2 * MINUTE, 4 * MINUTE, 10 * MINUTE, 20 * MINUTE, HOUR,    2 * HOUR,
	4 * HOUR,   8 * HOUR,   12 * HOUR,   DAY,         2 * DAY, 4 * DAY,
};

static int64_t time_top(int64_t most)
{
	for (size_t i = 0; i < ARRAY_COUNT(time_tops); i++)
		if (most <= time_tops[i])
			return time_tops[i];
	return DAY * round_up((most + DAY - 1) / DAY);
}

static int64_t top_of(enum chart_scale scale, int64_t most)
{
	if (scale == CHART_PERCENT)
		return 100;
	return scale == CHART_SECONDS ? time_top(most) : round_up(most);
}

static int64_t most_of(const struct chart *chart)
{
	int64_t most = 0;

	for (size_t s = 0; s < chart->series_count; s++)
		for (size_t i = 0; i < chart->point_count; i++)
			if (chart->series[s].values[i] > most)
				most = chart->series[s].values[i];
	return most;
}

static int height_of(int64_t value, int64_t top)
{
	int height = (int)(value * CHART_HEIGHT / top);

	return value > 0 && height < LEAST_HEIGHT ? LEAST_HEIGHT : height;
}

static int slot_begin(const struct chart *chart, size_t point)
{
	return (int)(point * CHART_WIDTH / chart->point_count);
}

static const char *bar_label(struct arena *arena, const struct chart *chart, size_t series,
			     size_t point)
{
	/* TRANSLATORS: a bar of a chart: a date, what is counted, how many. */
	return arena_printf(arena, _("%s, %s: %s"), chart->point_names[point],
			    chart->series[series].name,
			    chart_value(arena, chart->scale, chart->series[series].values[point]));
}

/* Bars of a point fill three quarters of its place. */
static void draw_bars(struct arena *arena, struct chart *chart)
{
	int series_count = (int)chart->series_count;

	for (size_t point = 0; point < chart->point_count; point++) {
		int begin = slot_begin(chart, point), end = slot_begin(chart, point + 1);
		int width = (end - begin) * 3 / (4 * series_count);

		for (size_t s = 0; s < chart->series_count; s++) {
			int64_t value = chart->series[s].values[point];
			int height = height_of(value, chart->top);

			if (value <= 0)
				continue;
			chart->bars[chart->bar_count++] = (struct chart_bar){
				.x = begin + (end - begin) / 8 + (int)s * width,
				.y = CHART_HEIGHT - height,
				.width = width > 1 ? width - 1 : 1,
				.height = height,
				.series = s,
				.label = bar_label(arena, chart, s, point),
			};
		}
	}
}

/* From the bottom up; the last takes what rounding left, so that columns are level. */
static void draw_column(struct arena *arena, struct chart *chart, size_t point)
{
	int begin = slot_begin(chart, point), width = slot_begin(chart, point + 1) - begin;
	int64_t whole = 0, below = 0;

	for (size_t s = 0; s < chart->series_count; s++)
		if (chart->series[s].values[point] > 0)
			whole += chart->series[s].values[point];
	for (size_t s = 0; s < chart->series_count; s++) {
		int64_t value = chart->series[s].values[point];
		int bottom, top;

		if (value <= 0)
			continue;
		bottom = (int)(below * CHART_HEIGHT / whole);
		below += value;
		top = (int)(below * CHART_HEIGHT / whole);
		chart->bars[chart->bar_count++] = (struct chart_bar){
			.x = begin + width / 8,
			.y = CHART_HEIGHT - top,
			.width = width * 3 / 4,
			.height = top - bottom,
			.series = s,
			.label = bar_label(arena, chart, s, point),
		};
	}
}

static int middle_of(const struct chart *chart, size_t point)
{
	return (slot_begin(chart, point) + slot_begin(chart, point + 1)) / 2;
}

static const char *whiskers_of(struct arena *arena, const struct chart *chart, size_t number)
{
	const struct chart_series *series = &chart->series[number];
	struct buf path;

	buf_init(&path, arena, PATH_MAX_BYTES);
	for (size_t point = 0; series->has_range && point < chart->point_count; point++)
		if (series->values[point] != CHART_GAP)
			buf_printf(&path, "M%d %dV%d", middle_of(chart, point),
				   CHART_HEIGHT - height_of(series->low[point], chart->top) + 1,
				   CHART_HEIGHT - height_of(series->high[point], chart->top) + 1);
	return buf_to_arena(&path, arena);
}

static void draw_line(struct arena *arena, const struct chart *chart, size_t series,
		      struct chart_line *line)
{
	bool is_open = false;
	struct buf path, dots;

	buf_init(&path, arena, PATH_MAX_BYTES);
	buf_init(&dots, arena, PATH_MAX_BYTES);
	for (size_t point = 0; point < chart->point_count; point++) {
		int64_t value = chart->series[series].values[point];
		int x = middle_of(chart, point);
		int y = value == CHART_GAP ? 0 : CHART_HEIGHT - height_of(value, chart->top) + 1;

		if (value != CHART_GAP) {
			buf_printf(&path, "%c%d %d", is_open ? 'L' : 'M', x, y);
			buf_printf(&dots, "M%d %dh0", x, y);
		}
		is_open = value != CHART_GAP;
	}
	line->path = buf_to_arena(&path, arena);
	line->whiskers = whiskers_of(arena, chart, series);
	line->dots = buf_to_arena(&dots, arena);
}

static const char *describe(struct arena *arena, const struct chart *chart)
{
	struct buf out;

	buf_init(&out, arena, PATH_MAX_BYTES);
	buf_printf(&out, _("First period: %s; last: %s."), chart->point_names[0],
		   chart->point_names[chart->point_count - 1]);
	for (size_t s = 0; s < chart->series_count; s++) {
		const struct chart_series *series = &chart->series[s];
		int64_t most = CHART_GAP;

		for (size_t i = 0; i < chart->point_count; i++)
			if (series->values[i] > most)
				most = series->values[i];
		buf_char(&out, ' ');
		/* TRANSLATORS: of a chart: what is counted, and its highest value. */
		buf_printf(&out, _("%s: at most %s."), series->name,
			   chart_value(arena, chart->scale, most));
	}
	buf_char(&out, ' ');
	buf_text(&out, _("The table below has every number."));
	return buf_to_arena(&out, arena);
}

static void label_scale(struct arena *arena, struct chart *chart)
{
	enum chart_scale scale = chart->kind == CHART_SHARE ? CHART_PERCENT : chart->scale;
	int64_t top = chart->kind == CHART_SHARE ? 100 : chart->top;

	chart->top_label = chart_value(arena, scale, top);
	chart->middle_label = chart_value(arena, scale, top / 2);
	chart->bottom_label = i18n_number(arena, 0);
}

void chart_draw(struct arena *arena, struct chart *chart)
{
	int64_t most = most_of(chart);

	chart->is_empty = most == 0;
	chart->top = top_of(chart->scale, most);
	chart->bars = arena_array_of(arena, chart->series_count * chart->point_count,
				     struct chart_bar);
	chart->bar_count = 0;
	label_scale(arena, chart);
	chart->description = describe(arena, chart);
	if (chart->kind == CHART_BARS)
		draw_bars(arena, chart);
	for (size_t i = 0; chart->kind == CHART_SHARE && i < chart->point_count; i++)
		draw_column(arena, chart, i);
	for (size_t s = 0; chart->kind == CHART_LINES && s < chart->series_count; s++)
		draw_line(arena, chart, s, &chart->lines[s]);
}
