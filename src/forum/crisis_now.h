/*
 * What goes on now, as every page shows it: banners of open incidents, and for the team how
 * many alerts are open. Each process keeps a copy beside that of the settings and reads it
 * anew together with them (a trigger tells of changes), so it costs a page nothing and is
 * everywhere within two seconds; pages that are kept for visitors a little later.
 */
#ifndef FORUM_CRISIS_NOW_H
#define FORUM_CRISIS_NOW_H

#include "base/ctx.h"

#define CRISIS_BANNERS_MAX 10

enum incident_severity { SEVERITY_INFORMATION, SEVERITY_WARNING, SEVERITY_CRITICAL, SEVERITIES };
const char *incident_severity_text(enum incident_severity severity);  /* "warning" */
const char *incident_severity_label(enum incident_severity severity); /* show through _() */
bool incident_severity_parse(const char *text, enum incident_severity *out);

struct crisis_banner {
	int64_t incident_id;
	const char *category_slug; /* "": on all pages */
	enum incident_severity severity;
	bool is_on;
	const char *fr, *en, *link; /* link: "" or where it leads besides the thread */
	int64_t topic_id;
	const char *topic_slug;
	int64_t pinned_post_id; /* the newest update; 0 */
	const char *pinned_md;  /* its words */
	int64_t pinned_at;
};

struct crisis_now {
	struct crisis_banner banners[CRISIS_BANNERS_MAX]; /* of open incidents, shown or not */
	size_t count;
	int64_t open_alerts;
};

/* Lives until the end of the request or job. Never NULL. */
const struct crisis_now *crisis_now(void);

/* The banner, in this language. */
const char *crisis_banner_words(const struct crisis_banner *banner, const char *language);
/* The open incident whose thread it is; NULL: none. */
const struct crisis_banner *crisis_now_of_topic(int64_t topic_id);

/* For site_setting.c: with its own statement, and after it. Memory: lives till next time. */
struct rows;
void crisis_now_add(struct ctx *ctx, struct rows *rows, struct rows *alerts);
void crisis_now_take(struct arena *memory, struct rows *rows, struct rows *alerts);

#endif
