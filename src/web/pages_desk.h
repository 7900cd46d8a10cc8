/*
 * What the pages of the desk share, and its queue: as web/pages.h, apart from it, so that
 * a change here is not one of every page.
 */
#ifndef WEB_PAGES_DESK_H
#define WEB_PAGES_DESK_H

#include "forum/desk_queue.h"
#include "web/pages_admin.h"

/* The desk's own pages that the actor may open, for {% wrap desk_house(frame, house) %}. */
struct desk_house {
	struct admin_link *links;
	size_t count;
};

/* A kind of thing to show, with how many there are. */
struct desk_tab {
	enum desk_show show;
	const char *name, *label, *path; /* name: "all", for the script */
	int64_t count;
	bool is_current, is_bounded; /* "1000+" */
};

struct desk_kept {
	int64_t id;
	const char *name, *path;
	bool is_current;
};

struct desk_page {
	struct frame frame;
	const struct desk_house *house;
	struct desk_list list;
	struct desk_query query;
	const char *query_text; /* of the filters, to be kept */
	const char *show;       /* "mine"; "" for all */
	struct desk_tab tabs[DESK_SHOW_COUNT];
	struct desk_kept *kept;
	size_t kept_count;
	bool is_narrowed; /* by category, team or free */
	const char *first_path, *next_path;
	const char *filter_name; /* of a filter that was refused */
	struct field_error error;
};

#endif
