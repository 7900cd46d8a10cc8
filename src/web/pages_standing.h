/*
 * Pages about people's standing: trust, reputation, rings. As in pages.h: one struct a
 * template, filled wholly by its handler.
 */
#ifndef WEB_PAGES_STANDING_H
#define WEB_PAGES_STANDING_H

#include "forum/reputation.h"
#include "forum/standing.h"
#include "web/pages.h"

/* One condition of a level, and how far the person is. */
struct standing_rule {
	const char *label;
	int64_t value, least;
	bool is_met, is_recent;
};
struct standing_page {
	struct frame frame;
	struct standing standing;
	const char *path;
	bool is_own, can_give, is_ranked;
	const char *level_name, *next_name; /* next: "" when there is none to reach */
	int next_level;
	struct standing_rule rules[TRUST_RULES_MAX]; /* of the next level */
	size_t rule_count;
	int64_t window_days;
	struct reputation_list ledger;
	const char *next_path; /* of the ledger */
	int64_t typed_level;   /* -1: the rules decide */
	const char *typed_reason;
	struct field_error error;
};

/* What each level takes and allows, for everybody. */
struct levels_page {
	struct frame frame;
	struct levels_row {
		int level;
		const char *name;
		struct standing_rule rules[TRUST_RULES_MAX];
		size_t rule_count;
	} rows[TRUST_LEVEL_MAX + 1];
	int64_t window_days, links, images, mentions, edit_hours, edit_hours_trusted;
	int64_t rate_2, rate_3, rate_4;
};

struct rings_page {
	struct frame frame;
	const char *state;
	struct ring_list list;
	const char *next_path;
};
struct ring_page {
	struct frame frame;
	struct ring_evidence evidence;
	const char *typed_reason;
	struct field_error error;
};

#endif
