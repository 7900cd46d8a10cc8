/*
 * /admin/crawlers: who crawls what.
 */
#ifndef WEB_PAGES_CRAWLERS_H
#define WEB_PAGES_CRAWLERS_H

#include "forum/crawl_report.h"
#include "web/pages_dashboard.h"

struct crawler_row {
	const struct crawl_row *row;
	const char *name; /* "Googlebot", "Claims to be Googlebot" */
	const char *identity;
	const char *same, *kept; /* shares: "12%" */
	const char *bytes;       /* "1.2 MB" */
	const char *kinds;       /* "questions, lists" */
};
struct crawlers_page {
	struct frame frame;
	struct dashboard_choice spans[CRAWL_SPANS];
	const char *log_path; /* as configured; "": none is to be read */
	bool has_trouble;     /* a log that is not read, or none is */
	struct crawl_report *report;
	struct dashboard_sum sums[5];
	struct crawler_row *rows;
	const char **false_names; /* of each of the report's false_networks */
	struct dashboard_panel days;
	const char *csv_path;
};

#endif
