/*
 * Is something going on? Hour by hour the worker counts questions (all, and by first-level
 * category; mirrored ones too) and posts with a watched word; every five minutes
 * crisis_detect.h looks at the hour that runs. What is out of the ordinary is an alert, with
 * the threads that make it. Alerts join each other, and end by themselves when it has been
 * quiet for some time. What people then do is incident.h.
 */
#ifndef FORUM_CRISIS_H
#define FORUM_CRISIS_H

#include "base/ctx.h"

#define CRISIS_ALERTS_SHOWN  20
#define CRISIS_TOPICS_SHOWN  50
#define CRISIS_SIGNALS_SHOWN 10 /* of an alert, the most unlikely ones */
#define CRISIS_EVERY_MINUTES 5

/* CRISIS_NEGATIVE: of a labelled sample; the others of hourly counts. */
enum crisis_signal { CRISIS_QUESTIONS, CRISIS_WORDS, CRISIS_NEGATIVE, CRISIS_SIGNALS };
const char *crisis_signal_text(enum crisis_signal signal); /* "questions" */
/* Of a column: its check constraint allows no other word. */
enum crisis_signal crisis_signal_from_text(const char *text);

/* The worker's side --------------------------------------------------------------------- */

/*
 * Counts the hours that may still change; all that the baseline looks at when words were
 * changed or nothing was counted before.
 */
enum err crisis_count(struct ctx *ctx) MUST_CHECK;
/* All of them anew: at night. *written: rows that were wrong. Also throws away old ones. */
enum err crisis_count_all(struct ctx *ctx, int64_t *written) MUST_CHECK;
/* How many rows are not what the questions and posts of today give, the running hours
 * aside; mends them when asked to. */
enum err crisis_check(struct ctx *ctx, bool is_repair, int64_t *differing) MUST_CHECK;

/* Looks at the running hour; opens, feeds and ends alerts. *opened: how many are new. */
enum err crisis_look(struct ctx *ctx, int64_t *opened) MUST_CHECK;

/* The same for the share of negative texts in the sample of the week that ended last. */
enum err crisis_look_negative(struct ctx *ctx, int64_t *opened) MUST_CHECK;

/* Queues the mails of a new alert. Inside src/forum only. */
void crisis_add_mails(struct ctx *ctx, int64_t alert_id);

/* Of the last two hours, in whose thread a watched word stands; some of them twice. Inside
 * src/forum only. */
enum err crisis_word_topics(struct ctx *ctx, int64_t since, int64_t *ids, size_t max,
			    size_t *count) MUST_CHECK;

/* Alerts ---------------------------------------------------------------------------------- */

struct crisis_signal_seen {
	enum crisis_signal signal;
	const char *category; /* "" for all */
	int64_t at, observed;
	int hours;
	double expected;
};
struct crisis_topic {
	int64_t id, created_at;
	const char *title, *slug, *category;
	int64_t me_too_count;
	bool is_duplicate;
	bool is_mirrored;
};
struct crisis_alert {
	int64_t id, began_at, last_at, ended_at, incident_id, category_id;
	const char *category; /* "" for none */
	int64_t topic_count;
	bool is_negative; /* of labels; it stands by itself */
	struct crisis_signal_seen *signals;
	size_t signal_count;
};

/* For the team: those that are open, then the newest of the others. Two statements. */
struct crisis_alerts {
	struct crisis_alert *items;
	size_t count;
};
enum err crisis_alert_list(struct ctx *ctx, struct crisis_alerts *out) MUST_CHECK;
/* ERR_NOT_FOUND. topics: its threads, newest first, at most CRISIS_TOPICS_SHOWN. */
enum err crisis_alert_load(struct ctx *ctx, int64_t id, struct crisis_alert *out,
			   struct crisis_topic **topics, size_t *topic_count) MUST_CHECK;

/* Inside src/forum only: rows of the statements that name threads. */
struct rows;
struct crisis_topic *crisis_topics_read(struct ctx *ctx, struct rows *rows, size_t *count);

#endif
