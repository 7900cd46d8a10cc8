/*
 * /desk/reports: bars and a week's grid, each with the table behind it, and two lists of
 * people with the reason why each is there.
 */
#ifndef WEB_PAGES_DESK_REPORTS_H
#define WEB_PAGES_DESK_REPORTS_H

#include "forum/desk_report.h"
#include "web/pages_dashboard.h"
#include "web/pages_desk.h"

#define REPORT_DRAWN_MAX 2

/* Of a line: a bar for each of what is drawn. */
struct report_bar {
	const char *value; /* as it is read */
	int width;         /* of 100; 0 for none */
};
struct report_bars {
	const char *name;
	struct report_bar bars[REPORT_DRAWN_MAX];
};

/* An hour of the week: squares whose surface is the number. */
struct report_cell {
	int x, y;
	int sides[REPORT_DRAWN_MAX]; /* of a place of 20 by 20; 0: none */
	const char *label;           /* "Monday, 9:00 to 10:00: 12 questions, 4 answers" */
};

struct report_panel {
	struct dashboard_panel table; /* its chart only where has_chart */
	const char *definition;
	bool has_chart;
	const char *series[REPORT_DRAWN_MAX]; /* NULL behind the last */
	struct report_bars *lines;
	size_t line_count;
	struct report_cell *cells; /* NULL but for the load */
	size_t cell_count;
};

#define REPORT_HOURS 4
struct report_hour { /* above the grid */
	int x;
	const char *label;
};

struct desk_reports_page {
	struct frame frame;
	const struct desk_house *house;
	struct dashboard_choice spans[DESK_REPORT_SPANS];
	int64_t days;
	struct desk_reports reports;
	struct report_panel *panels;
	size_t count;
	const char *weekdays[7]; /* short, Monday first */
	struct report_hour hours[REPORT_HOURS];
};

#endif
