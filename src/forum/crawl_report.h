/*
 * What was counted of crawlers (crawl.h), for administrators: by crawler, by day, and the
 * networks of those that are not who they say. MAY_RUN_SYSTEM. Those that were found out
 * stand in rows of their own. Days are those of UTC, today included.
 */
#ifndef FORUM_CRAWL_REPORT_H
#define FORUM_CRAWL_REPORT_H

#include "forum/crawl.h"

#define CRAWL_SPANS       3
#define CRAWL_ROWS_MAX    100 /* two for each crawler of the table, and some */
#define CRAWL_KINDS_SHOWN 3
#define CRAWL_FALSE_SHOWN 50
#define CRAWL_LOGS_SHOWN  20
#define CRAWL_DRAWN       2 /* crawlers that are drawn by themselves; the rest together */
extern const int crawl_span_days[CRAWL_SPANS]; /* 7, 30, 90 */

struct crawl_row {
	const char *slug;              /* "googlebot", "other" */
	const struct crawler *crawler; /* NULL: "other", or one that is no longer known */
	bool is_false;                 /* says so, and is not */
	int64_t requests, same, kept, refused, gone, failed, bytes;
	int64_t verified; /* requests of those that were found to be who they say */
	enum crawl_kind kinds[CRAWL_KINDS_SHOWN]; /* the most crawled first */
	size_t kind_count;
};
struct crawl_day {
	int64_t starts_at;
	int64_t drawn[CRAWL_DRAWN], rest; /* requests of rows[0], rows[1]; of all others */
};
struct crawl_false_network {
	const char *slug, *network, *host;
	int64_t requests, seen_at;
};
struct crawl_log_state {
	const char *node, *trouble; /* trouble: "", "missing", "refused" */
	int64_t looked_at, last_line_at;
	int64_t lines, skipped;
};

struct crawl_report {
	int days;
	struct crawl_row rows[CRAWL_ROWS_MAX]; /* most requests first */
	size_t count;
	struct crawl_day by_day[CRAWL_DAYS_KEPT]; /* oldest first, days of them */
	struct crawl_false_network false_networks[CRAWL_FALSE_SHOWN]; /* busiest first */
	size_t false_count;
	struct crawl_log_state logs[CRAWL_LOGS_SHOWN];
	size_t log_count;
};

/* days: one of crawl_span_days. One round trip. *out is large: in the arena. */
enum err crawl_report_load(struct ctx *ctx, int days, struct crawl_report *out) MUST_CHECK;

/* By day and crawler, newest first; for a file. */
struct crawl_line_of_file {
	int64_t starts_at;
	const char *slug, *verdict;
	int64_t requests, same, kept, refused, gone, failed, bytes;
};
#define CRAWL_FILE_LINES_MAX 15000
enum err crawl_report_lines(struct ctx *ctx, int days, struct crawl_line_of_file **out,
			    size_t *count) MUST_CHECK;

/* Seconds since the log that is furthest behind was looked at; -1: none is followed. */
enum err crawl_log_age(struct ctx *ctx, int64_t *seconds) MUST_CHECK;

#endif
