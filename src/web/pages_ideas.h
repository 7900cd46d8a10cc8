/*
 * What the page of ideas shows, beside pages.h.
 */
#ifndef WEB_PAGES_IDEAS_H
#define WEB_PAGES_IDEAS_H

#include "web/chart.h"
#include "web/pages.h"

struct idea_tab {
	const char *label, *path;
	int64_t count;
	bool is_current;
};

struct ideas_page {
	struct frame frame;
	struct topic_list ideas;
	struct idea_tab stages[IDEA_STAGE_COUNT]; /* the first: all */
	struct idea_tab sorts[2];
	struct chart chart;
	const char *ask_path;               /* "" where there is no category for ideas */
	const char *first_path, *next_path; /* "" on the first and the last page */
};

#endif
