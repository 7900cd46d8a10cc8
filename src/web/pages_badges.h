/*
 * Pages about ranks and badges. As in pages.h: one struct a template, filled wholly by
 * its handler.
 */
#ifndef WEB_PAGES_BADGES_H
#define WEB_PAGES_BADGES_H

#include "forum/badge.h"
#include "forum/rank.h"
#include "web/pages.h"

struct badges_page {
	struct frame frame;
	struct badges badges;
};

struct badge_page {
	struct frame frame;
	struct badge_holders holders;
	const char *path, *next_path;
	const char *rule; /* "Accepted answers: 10"; "" when it is given by hand */
	bool can_give, can_change;
	const char *form; /* which of the forms was refused: "hand", "rule"; "" */
	const char *typed_handle, *typed_reason;
	struct field_error error;
};

struct ranks_page {
	struct frame frame;
	const char *text; /* what stands in the field */
	int64_t follows_id;
	bool is_old; /* an earlier version is shown, not the one in force */
	struct rank_word {
		const char *word, *label;
	} figures[FIGURE_COUNT];
	struct ladder_version *versions;
	size_t version_count;
	const char *typed_reason;
	struct field_error error;
};

#endif
