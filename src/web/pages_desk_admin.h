/* /admin/desk: targets, teams, and who works in them. */
#ifndef WEB_PAGES_DESK_ADMIN_H
#define WEB_PAGES_DESK_ADMIN_H

#include "forum/desk_admin.h"
#include "web/pages_admin.h"

struct desk_admin_page {
	struct frame frame;
	struct desk_admin desk;
	bool can_set; /* the settings of the desk, too */
	/* What stands in the fields: of the row that was chosen, or as it was typed. */
	int64_t category_id;
	const char *kind, *first, *solution;
	int64_t team_id; /* whose name is being changed; 0: a new one */
	const char *name;
	int64_t level;
	struct field_error error;
	const char *pressed; /* which form the error is of: "target", "team", "member" … */
};

/* The error's message at that field of that form; "". */
static inline const char *desk_admin_problem(const struct desk_admin_page *page, const char *form,
					     const char *field)
{
	return strcmp(page->pressed, form) == 0 ? field_message(&page->error, field) : "";
}

#endif
