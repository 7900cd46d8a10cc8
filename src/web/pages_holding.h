/*
 * The pages of the rules before publication. As in pages.h: one struct a template,
 * filled wholly by its handler.
 */
#ifndef WEB_PAGES_HOLDING_H
#define WEB_PAGES_HOLDING_H

#include "forum/holding_edit.h"
#include "web/pages.h"

struct holding_page {
	struct frame frame;
	struct holding_list rules;
	int64_t deleted_id; /* taken away a moment ago: can be brought back; 0 */
};

struct holding_rule_page {
	struct frame frame;
	struct holding_rule rule; /* id 0: a new one; as typed after a refusal */
	const char *number;       /* as typed */
	struct categories categories;
	struct holding_trial trial;
	struct trial_post *posts;
	size_t post_count;
	struct field_error error;
};

#endif
