/*
 * An incident: what one person of the team opens when something is going on. It has a
 * banner on all pages (or those of a category) in both languages, an official thread that
 * stands on top of the lists, updates that go to whoever follows the thread, and the
 * questions that are duplicates of it. Closing it takes the banner and the pin away and
 * leaves a report. Everything is in the audit log, and closing can be undone.
 */
#ifndef FORUM_INCIDENT_H
#define FORUM_INCIDENT_H

#include "forum/crisis.h"
#include "forum/crisis_now.h"

#define INCIDENT_BANNER_MAX  300
#define INCIDENT_LINK_MAX    500
#define INCIDENT_SUMMARY_MAX 4000
#define INCIDENTS_SHOWN      30
#define INCIDENT_GATHER_MAX  50 /* questions at once */

/* Acts ------------------------------------------------------------------------------------ */

struct incident_banner_form {
	bool is_on;
	enum incident_severity severity;
	const char *fr, *en;
	const char *link; /* "/page", "https://…" or "" */
};

struct incident_new {
	const char *title, *body_md; /* of the official thread */
	int64_t category_id;         /* where it stands */
	bool is_category_alone;      /* the banner: on that category's pages only */
	struct incident_banner_form banner;
	int64_t alert_id; /* 0: opened by hand */
	const char *form_key;
};
/*
 * Asks the official question, pins it and puts the banner up. A repeat gives the same.
 * ERR_INVALID names the field; ERR_CONFLICT: another incident has its banner there.
 */
enum err incident_open(struct ctx *ctx, const struct incident_new *form, int64_t *id) MUST_CHECK;

/* An answer in the thread, told to its followers, that stands first there from now on. */
enum err incident_update(struct ctx *ctx, int64_t id, const char *body_md,
			 const char *form_key) MUST_CHECK;

enum err incident_set_banner(struct ctx *ctx, int64_t id,
			     const struct incident_banner_form *form) MUST_CHECK;

/*
 * These questions are duplicates of the official thread, or stand for themselves again.
 * *done: how many; those that were so already are none. Each can be undone alone, as
 * every act on a question.
 */
enum err incident_gather(struct ctx *ctx, int64_t id, const int64_t *topic_ids, size_t count,
			 int64_t *done) MUST_CHECK;
enum err incident_release(struct ctx *ctx, int64_t id, int64_t topic_id) MUST_CHECK;

/* body_md: a last update, or "". summary: for the report, inside the team. */
enum err incident_close(struct ctx *ctx, int64_t id, const char *body_md, const char *summary,
			const char *form_key) MUST_CHECK;
/* Without its banner, which may be somebody else's now; pinned again. */
enum err incident_reopen(struct ctx *ctx, int64_t id) MUST_CHECK;

/* Reading ----------------------------------------------------------------------------------- */

struct incident {
	int64_t id, topic_id, alert_id, category_id; /* category_id: of the banner; 0: all */
	const char *title, *slug, *category;         /* slug, of the thread; category "" for all */
	enum incident_severity severity;
	bool is_open, is_banner_on;
	const char *banner_fr, *banner_en, *link, *summary;
	int64_t began_at, opened_at, closed_at;
	const char *opened_by, *closed_by;
	int64_t me_too_count, follower_count, duplicate_count;
};

struct incident_list {
	struct incident *items; /* those that are open, then the newest of the others */
	size_t count;
};
enum err incident_list(struct ctx *ctx, struct incident_list *out) MUST_CHECK;

enum incident_step {
	INCIDENT_OPENED,
	INCIDENT_UPDATE,
	INCIDENT_GATHERED,
	INCIDENT_RELEASED,
	INCIDENT_BANNER,
	INCIDENT_CLOSED,
	INCIDENT_REOPENED,
	INCIDENT_STEPS,
};
const char *incident_step_label(enum incident_step step); /* in English: show through _() */

struct incident_event {
	enum incident_step step;
	int64_t at, post_id, topic_id;
	const char *who, *excerpt, *topic_title, *topic_slug;
};

/* An hour of the report: by the official category, or of all where the banner is. */
struct incident_hour {
	int64_t at, questions;
};
#define INCIDENT_EVENTS_SHOWN 200
/* From a day before it began to a day after it ended; a week of them at most. */
#define INCIDENT_HOURS_MAX    168

struct incident_view {
	struct incident incident;
	struct crisis_topic *topics; /* of its alerts: to be gathered, or gathered */
	size_t topic_count;
	struct crisis_topic *duplicates;
	size_t duplicate_count;
	struct incident_event *events; /* oldest first */
	size_t event_count;
	struct incident_hour *hours;
	size_t hour_count;
	int64_t questions;      /* asked from its beginning to its end, or until now */
	int64_t first_reaction; /* seconds from the beginning to the first word of the team */
};
/* ERR_NOT_FOUND. One round trip. */
enum err incident_load(struct ctx *ctx, int64_t id, struct incident_view *out) MUST_CHECK;

#endif
