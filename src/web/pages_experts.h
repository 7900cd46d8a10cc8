/*
 * Pages about experts and leaderboards. As in pages.h: one struct a template, filled
 * wholly by its handler.
 */
#ifndef WEB_PAGES_EXPERTS_H
#define WEB_PAGES_EXPERTS_H

#include "forum/expert.h"
#include "web/pages.h"

struct experts_page { /* what it means, and who it is */
	struct frame frame;
	struct experts experts;
	const char *charter; /* in the language of the page */
	int64_t term_months;
	bool is_expert, can_nominate;
};
struct candidates_page {
	struct frame frame;
	struct categories categories;
	struct experts experts; /* nominated and in office */
	bool has_field;
	struct candidates candidates;
	const char *category_slug, *tag;
	const char *typed_reason;
	bool can_end;
	struct field_error error;
};
struct consent_page {
	struct frame frame;
	struct expert expert;
	const char *charter;
	int64_t term_months;
	struct field_error error;
};
struct expert_queue_page {
	struct frame frame;
	struct topic_list list;
	const char *next_path;
};
struct leaders_page {
	struct frame frame;
	struct leaders leaders;
	struct categories categories;
	const char *category_slug;
	int64_t from;                          /* first moment of the month */
	const char *previous_path, *next_path; /* other months; "" */
	const char *month;                     /* "2026-11" */
};

#endif
