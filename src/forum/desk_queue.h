/*
 * The queue of the desk: what needs a person, the clock that runs out first on top, with
 * filters that people keep, and how much there is of each kind. One round trip.
 */
#ifndef FORUM_DESK_QUEUE_H
#define FORUM_DESK_QUEUE_H

#include "forum/desk.h"
#include "forum/topic.h" /* struct list_key */

#define DESK_PER_PAGE    30
#define DESK_COUNT_MAX   1000 /* more is shown as "1000+" */
#define DESK_FILTERS_MAX 20   /* kept by a person */
#define DESK_NAME_MAX    40
#define DESK_CATEGORIES  400

/* One at a time; the category, the team and "free" come on top of it. */
enum desk_show {
	DESK_SHOW_ALL,
	DESK_SHOW_MINE, /* claimed by, assigned or escalated to the actor */
	DESK_SHOW_UNANSWERED,
	DESK_SHOW_ANSWERED,
	DESK_SHOW_REOPENED,
	DESK_SHOW_BREACHED,
	DESK_SHOW_WATCHED,
	DESK_SHOW_MIRRORED,
	DESK_SHOW_ESCALATED,
	DESK_SHOW_WAITING, /* for information */
	DESK_SHOW_PRIVATE, /* a private reply waits for the team; none for experts */
	DESK_SHOW_COUNT,
};
const char *desk_show_text(enum desk_show show);
const char *desk_show_label(enum desk_show show); /* translated */
bool desk_show_parse(const char *text, enum desk_show *out);

struct desk_query {
	enum desk_show show;
	int64_t category_id, team_id; /* 0: all */
	bool is_free;                 /* only what nobody has claimed */
	struct list_key after;        /* order_at and number of the last one; noughts: the top */
};

/* A filter that somebody keeps: "show=mine&free=1". */
struct desk_filter {
	int64_t id;
	const char *name, *query;
};
struct desk_choice {
	int64_t id, parent_id;
	const char *name;
};

struct desk_list {
	struct desk_question *items;
	size_t count;
	bool has_more;
	struct list_key next;
	int64_t counts[DESK_SHOW_COUNT]; /* at most DESK_COUNT_MAX */
	struct desk_filter *filters;
	size_t filter_count;
	struct desk_choice *categories, *teams; /* to choose from */
	size_t category_count, team_count;
};
/* ERR_FORBIDDEN. Experts get the questions of their fields. */
enum err desk_list(struct ctx *ctx, const struct desk_query *query,
		   struct desk_list *out) MUST_CHECK;
/* Only the counts, for the page that is open. */
enum err desk_counts(struct ctx *ctx, int64_t counts[DESK_SHOW_COUNT]) MUST_CHECK;

/* ERR_INVALID at "name": none, too long, or DESK_FILTERS_MAX are kept. The same name again
 * is another filter in its place. query: as desk_query_text makes it. */
enum err desk_filter_keep(struct ctx *ctx, const char *name, const char *query) MUST_CHECK;
enum err desk_filter_drop(struct ctx *ctx, int64_t id) MUST_CHECK;

/* "show=mine&category=3&team=1&free=1", without what is not set; "" for none. */
const char *desk_query_text(struct arena *arena, const struct desk_query *query);

#endif
