/*
 * /desk/listening: volumes with their tables, themes, and the labelling of samples.
 */
#ifndef WEB_PAGES_LISTENING_H
#define WEB_PAGES_LISTENING_H

#include "forum/listening.h"
#include "forum/listening_label.h"
#include "web/pages_dashboard.h"
#include "web/pages_desk.h"

/* A row: what the first said; its cells: what the second said. */
struct listening_confusion_row {
	const char *name;
	const char *cells[LISTENING_LABELS];
};
struct listening_results_part {
	struct listening_results results;
	struct dashboard_panel shares;
	const char *label_names[LISTENING_LABELS];
	struct listening_confusion_row confusion[LISTENING_LABELS];
	const char *kappa, *error, *low, *high, *agreed; /* as they are read */
	const char *words;                               /* what kappa means */
};

struct listening_page {
	struct frame frame;
	const struct desk_house *house;
	struct dashboard_choice spans[LISTENING_SPANS];
	int weeks;
	struct listening_volumes volumes;
	int64_t theme_id;
	struct dashboard_panel sources, themes;
	bool has_themes, can_change;
	struct listening_results_part part;
};

/* /desk/listening/label */
struct listening_label_page {
	struct frame frame;
	const struct desk_house *house;
	struct listening_task task;
	const char *week; /* its Monday */
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
