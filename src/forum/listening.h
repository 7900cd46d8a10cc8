/*
 * Listening: what the forum and the mirrored sources say, by theme and week. A theme is a
 * list of words and of categories. The worker counts texts by week, source and theme; the
 * team's own are not counted. What people think is not guessed by a machine: the worker
 * draws a sample, people label it (listening_label.h).
 */
#ifndef FORUM_LISTENING_H
#define FORUM_LISTENING_H

#include "base/ctx.h"
#include "forum/category.h"

#define LISTENING_THEMES_MAX  20
#define LISTENING_SOURCES_MAX 40
#define LISTENING_NAME_MAX    60
#define LISTENING_WORDS_MAX   8000

/* Weeks are numbered from that of Monday, 3 January 2000; by the desk's wall. */
int64_t listening_week(int64_t at);
int64_t listening_week_noon(int64_t week); /* of its Monday, in UTC: for showing its date */
#define LISTENING_WEEK_SQL(wall_date) "((" wall_date ") - date '2000-01-03') / 7"
#define LISTENING_DATE_SQL(week)      "(date '2000-01-03' + 7 * (" week ")::integer)"

/* Themes ---------------------------------------------------------------------------------- */

struct listening_theme {
	int64_t id;
	const char *name, *words;
	const int64_t *category_ids;
	size_t category_count;
	const char *changed_by;
	int64_t changed_at;
};
struct listening_themes {
	struct listening_theme *items; /* the oldest first: that of a text in several */
	size_t count;
};

/* For the team. ERR_FORBIDDEN. */
enum err listening_theme_list(struct ctx *ctx, struct listening_themes *out) MUST_CHECK;
/* With all categories, for the form. id 0: a new one. ERR_NOT_FOUND. */
enum err listening_theme_load(struct ctx *ctx, int64_t id, struct listening_theme *out,
			      struct categories *categories) MUST_CHECK;

struct listening_theme_form {
	int64_t id; /* 0: a new one */
	const char *name, *words;
	const int64_t *category_ids;
	size_t category_count;
	const char *form_key;
};
/* For moderators. ERR_INVALID names the field. Everything is counted anew. */
enum err listening_theme_save(struct ctx *ctx, const struct listening_theme_form *form) MUST_CHECK;
enum err listening_theme_delete(struct ctx *ctx, int64_t id, const char *form_key) MUST_CHECK;

/* Volumes --------------------------------------------------------------------------------- */

#define LISTENING_SPANS     3
#define LISTENING_WEEKS_MAX 53
extern const int listening_weeks[LISTENING_SPANS]; /* 4, 13, 52 */

struct listening_source {
	int64_t id; /* 0: the forum */
	const char *name;
	int64_t total;
	int64_t weeks[LISTENING_WEEKS_MAX]; /* the oldest first; the last is the one that runs */
};
struct listening_theme_count {
	int64_t id; /* 0: all texts */
	const char *name;
	int64_t now, before; /* in these weeks, and in as many before; the running one left out */
};
struct listening_volumes {
	int64_t first_week;
	size_t week_count;                /* one more than were asked for */
	struct listening_source *sources; /* the forum, then by how much they said */
	size_t source_count;
	struct listening_theme_count *themes; /* all texts, then as they are listed */
	size_t theme_count;
	const char *theme_name; /* "" for all texts */
	int64_t counted_at;     /* 0: not yet */
};
/*
 * Of the last so many whole weeks and the one that runs; theme_id 0: of all texts. One
 * round trip. ERR_FORBIDDEN but for the team; ERR_NOT_FOUND: no such theme.
 */
enum err listening_volumes(struct ctx *ctx, int weeks, int64_t theme_id,
			   struct listening_volumes *out) MUST_CHECK;

/* The worker's side ------------------------------------------------------------------------ */

/* The weeks that may still change; all when themes were changed. */
enum err listening_count(struct ctx *ctx) MUST_CHECK;
enum err listening_count_all(struct ctx *ctx) MUST_CHECK;
/* How many rows are not what posts and themes of today give; mends them when asked to. */
enum err listening_check(struct ctx *ctx, bool is_repair, int64_t *differing) MUST_CHECK;

#endif
