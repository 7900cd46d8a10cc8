/*
 * What the pages of /admin/categories show, beside pages.h.
 */
#ifndef WEB_PAGES_CATEGORIES_H
#define WEB_PAGES_CATEGORIES_H

#include "forum/category_change.h"
#include "web/pages.h"

struct categories_page {
	struct frame frame;
	struct category_rows categories;
};

/* A choice of a list: an icon, a role. */
struct category_choice {
	const char *word, *label;
	bool is_chosen;
};

struct category_page {
	struct frame frame;
	const char *title;
	struct category_rows categories; /* to choose a parent, or where questions go */
	struct category_row row;         /* what stands in the fields */
	const struct category_row *kept; /* as it is; NULL: a new one */
	struct category_choice *icons, *asks, *answers;
	struct category_choice purposes[2];
	size_t icon_count, role_count;
	int64_t target_id; /* chosen for its questions */
	const char *reason;
	struct category_history history;
	struct field_error error;
};

#endif
