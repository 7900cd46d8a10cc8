/*
 * /desk/incidents and /desk/alerts: beside pages_desk.h.
 */
#ifndef WEB_PAGES_INCIDENTS_H
#define WEB_PAGES_INCIDENTS_H

#include "forum/category.h"
#include "forum/incident.h"
#include "web/chart.h"
#include "web/pages_desk.h"

/* /desk/incidents */
struct incidents_page {
	struct frame frame;
	const struct desk_house *house;
	struct crisis_alerts alerts;
	struct incident_list incidents;
};

/* /desk/alerts/12 */
struct alert_page {
	struct frame frame;
	const struct desk_house *house;
	struct crisis_alert alert;
	struct crisis_topic *topics;
	size_t topic_count;
};

/* /desk/incidents/new */
struct incident_new_page {
	struct frame frame;
	const struct desk_house *house;
	struct categories categories;
	struct incident_new form; /* as typed */
	struct field_error error;
};

struct incident_bar {
	const char *name, *value; /* hours from … to …: so many */
};

/* /desk/incidents/3 */
struct incident_page {
	struct frame frame;
	const struct desk_house *house;
	struct incident_view view;
	struct chart chart;
	struct incident_bar bars[CHART_POINTS_MAX];
	const char *first_reaction; /* "12 min" */
	const char *lasted;
	const char *body, *summary; /* as typed */
	struct incident_banner_form banner;
	struct field_error error;
	const char *refused; /* the form that was: "update" */
};

#endif
