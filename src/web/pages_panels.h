/*
 * Panels: /desk/panels for the team, /panels for those who were invited. Beside pages_desk.h.
 */
#ifndef WEB_PAGES_PANELS_H
#define WEB_PAGES_PANELS_H

#include "forum/badge.h"
#include "forum/category.h"
#include "forum/panel.h"
#include "forum/questionnaire.h"
#include "forum/rank.h"
#include "web/chart.h"
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
	struct questionnaires questionnaires;
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
	struct questionnaires questionnaires;
};

/* /desk/panels/3/questions, /desk/panels/questions/7/edit */
struct desk_questionnaire_form_page {
	struct frame frame;
	const struct desk_house *house;
	struct questionnaire_form form;
	const char *opens, *closes; /* days, as typed */
	bool has_preview;
	struct questions preview;
	struct questionnaire_values nothing;
	struct field_error error;
};

/* A choice with how many took it, in words. */
struct questionnaire_bar {
	const char *name, *count, *percent;
};
struct questionnaire_result {
	const struct question *question;
	const char *answers, *mean, *median, *least, *most;
	bool has_chart;
	struct chart chart;
	struct questionnaire_bar bars[QUESTION_CHOICES_MAX];
	size_t bar_count;
};

/* /desk/panels/questions/7: what came of it. */
struct desk_questionnaire_page {
	struct frame frame;
	const struct desk_house *house;
	struct questionnaire questionnaire;
	bool can_run, is_shown;
	struct questionnaire_result *results;
	size_t result_count;
	int64_t read_question; /* whose words are shown; 0: none */
	struct questionnaire_words_page words;
};

/* /panels/questions/7 */
struct questionnaire_page {
	struct frame frame;
	struct questionnaire questionnaire;
	struct questionnaire_values values;
	struct field_error error;
};

#endif
