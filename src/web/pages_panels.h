/*
 * Panels: /desk/panels for the team, /panels for those who were invited. Beside pages_desk.h.
 */
#ifndef WEB_PAGES_PANELS_H
#define WEB_PAGES_PANELS_H

#include "forum/badge.h"
#include "forum/category.h"
#include "forum/panel.h"
#include "forum/rank.h"
#include "web/pages_desk.h"

/* /desk/panels */
struct desk_panels_page {
	struct frame frame;
	const struct desk_house *house;
	struct panel_list list;
};

/* /desk/panels/new, /desk/panels/3/edit */
struct desk_panel_form_page {
	struct frame frame;
	const struct desk_house *house;
	struct panel_form form; /* as kept, or as typed */
	struct categories categories;
	struct badges badges;
	struct ladder ladder;
	struct field_error error;
};

/* /desk/panels/3 */
struct desk_panel_page {
	struct frame frame;
	const struct desk_house *house;
	struct volunteer_panel panel;
	struct panel_people people;
	bool can_run;
	int64_t next; /* where the list goes on; 0: it ends here */
};

/* /desk/panels/3/people: whom to invite. */
struct desk_panel_people_page {
	struct frame frame;
	const struct desk_house *house;
	struct volunteer_panel panel;
	struct panel_people people;
	struct field_error error;
};

/* /panels */
struct panels_page {
	struct frame frame;
	struct panel_places places;
};

/* /panels/3 */
struct panel_page {
	struct frame frame;
	struct panel_place place;
};

#endif
