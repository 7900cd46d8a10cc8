/*
 * Charts, drawn by the server: this works out where everything stands, templates/chart.html
 * writes it as SVG. A chart stretches to the width there is, so its letters stand beside
 * it, as HTML; series differ by shape (filled, outlined, hatched; solid, dashed, dotted)
 * and never by colour alone. The table behind it is the page's business.
 */
#ifndef WEB_CHART_H
#define WEB_CHART_H

#include "base/arena.h"

#define CHART_SERIES_MAX 3
#define CHART_POINTS_MAX 92

/* The picture's own units. */
#define CHART_WIDTH  600
#define CHART_HEIGHT 160

enum chart_kind {
	CHART_BARS,  /* beside each other */
	CHART_SHARE, /* on top of each other, each column to the full height */
	CHART_LINES,
};
enum chart_scale {
	CHART_COUNT,
	CHART_PERCENT, /* 0 to 100 */
	CHART_SECONDS, /* shown as minutes, hours or days */
};

/* No value: a gap. Values are whole, and nothing is below zero. */
#define CHART_GAP (-1)

struct chart_series {
	const char *name;
	int64_t values[CHART_POINTS_MAX];
	/* Of lines: how far a value may be off, drawn as a whisker where there is a value. */
	bool has_range;
	int64_t low[CHART_POINTS_MAX], high[CHART_POINTS_MAX];
};

struct chart_bar {
	int x, y, width, height;
	size_t series;
	const char *label; /* "12 November 2026: 14" */
};
struct chart_line {
	const char *path; /* of the attribute d; "" when there is nothing to draw */
	const char *whiskers;
	const char *dots; /* the points, each a line of no length: a dot with round ends */
};

struct chart {
	/* Filled by whoever wants it drawn. */
	enum chart_kind kind;
	enum chart_scale scale;
	const char *slug, *title; /* slug: for identifiers of the page */
	struct chart_series series[CHART_SERIES_MAX];
	size_t series_count, point_count;
	const char *point_names[CHART_POINTS_MAX];
	/* Worked out. */
	bool is_empty; /* no value above nought */
	struct chart_bar *bars;
	size_t bar_count;
	struct chart_line lines[CHART_SERIES_MAX];
	int64_t top;
	const char *top_label, *middle_label, *bottom_label;
	const char *description; /* in words: from when to when, and the highest of each series */
};

/* Works it out; in the language in use. What is allocated lives as long as the arena. */
void chart_draw(struct arena *arena, struct chart *chart);

/* A value as it is shown: "1,234", "56%", "3 h 20 min"; "–" for CHART_GAP. */
const char *chart_value(struct arena *arena, enum chart_scale scale, int64_t value);

#endif
