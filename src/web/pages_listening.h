/*
 * /desk/listening: volumes with their tables, themes, and the labelling of samples.
 */
#ifndef WEB_PAGES_LISTENING_H
#define WEB_PAGES_LISTENING_H

#include "forum/listening.h"
#include "web/pages_dashboard.h"
#include "web/pages_desk.h"

struct listening_page {
	struct frame frame;
	const struct desk_house *house;
	struct dashboard_choice spans[LISTENING_SPANS];
	int weeks;
	struct listening_volumes volumes;
	int64_t theme_id;
	struct dashboard_panel sources, themes;
	bool has_themes, can_change;
};

struct listening_themes_page {
	struct frame frame;
	const struct desk_house *house;
	struct listening_themes themes;
	bool can_change;
};

struct listening_theme_category {
	int64_t id;
	const char *name;
	bool is_below, is_ticked;
};
struct listening_theme_page {
	struct frame frame;
	const struct desk_house *house;
	struct listening_theme theme; /* as typed */
	struct listening_theme_category *categories;
	size_t category_count;
	struct field_error error;
};

#endif
