/*
 * What the pages of the law show: as web/pages.h, apart from it, so that a change here
 * is not one of every page.
 */
#ifndef WEB_PAGES_LEGAL_H
#define WEB_PAGES_LEGAL_H

#include "forum/complaint.h"
#include "forum/notice.h"
#include "forum/transparency.h"
#include "web/pages.h"

struct notice_choice {
	const char *name, *label;
	bool is_chosen;
};

/* The form of a legal notice, as it was typed. */
struct notice_form_page {
	struct frame frame;
	struct notice_choice categories[NOTICE_CATEGORY_COUNT];
	const char *addresses, *explanation, *name, *email;
	bool is_in_good_faith;
	struct field_error error;
};

/* The receipt, and how it goes on. */
struct notice_page {
	struct frame frame;
	struct notice notice;
	const char *text; /* of a complaint that was refused */
	struct field_error error;
};

/* The team's list. */
struct notices_page {
	struct frame frame;
	struct notice_list list;
	const char *next_path;
};

/* One table of the transparency report. */
struct report_line {
	const char *subject, *detail;
	int64_t count, automated;
	const char *median; /* in hours; "" for none */
};
struct report_section {
	const char *name, *title, *subject, *detail; /* detail "": there is no such column */
	bool has_automated, has_median;
	struct report_line *lines;
	size_t count;
};
struct transparency_page {
	struct frame frame;
	struct transparency report;
	struct report_section sections[TRANSPARENCY_SECTION_COUNT];
	bool is_admin;
};

#endif
