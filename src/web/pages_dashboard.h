/*
 * /admin/dashboard: charts, with the tables behind them.
 */
#ifndef WEB_PAGES_DASHBOARD_H
#define WEB_PAGES_DASHBOARD_H

#include "forum/activity.h"
#include "web/chart.h"
#include "web/pages.h"

#define DASHBOARD_COLUMNS_MAX 8

struct dashboard_row {
	const char *name; /* of the period */
	const char *cells[DASHBOARD_COLUMNS_MAX];
};
struct dashboard_panel {
	const char *slug, *title, *explanation;
	const char *row_heading; /* what a row is: "Period" */
	struct chart chart;
	const char *columns[DASHBOARD_COLUMNS_MAX];
	size_t column_count;
	struct dashboard_row *rows; /* newest first */
	size_t row_count;
	const char *csv_path;
};
struct dashboard_page {
	struct frame frame;
	struct dashboard_choice {
		const char *name, *path;
		bool is_current;
	} units[ACTIVITY_UNITS];
	const char *unit; /* as in the address: "days" */
	const char *category_slug;
	struct categories categories;
	/* Of all the periods that are shown. */
	struct dashboard_sum {
		const char *name, *value;
	} sums[5];
	struct dashboard_panel *panels;
	size_t count;
};

#endif
