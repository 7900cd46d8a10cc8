/*
 * Panels: closed groups of volunteers who try things out and say what they think. The team
 * says whom it looks for; whoever fulfils all of it may be invited, and is told why. Nobody
 * is in a panel who has not said yes. Nobody but the team and those who were invited learns
 * that a panel is there.
 *
 * Left out: the team, people under 18 and those who keep out of rankings.
 */
#ifndef FORUM_PANEL_H
#define FORUM_PANEL_H

#include "forum/person.h"
#include "text/html.h"

#define PANEL_TITLE_MAX      120
#define PANEL_PURPOSE_MAX    4000 /* bytes */
#define PANEL_MONTHS_MAX     36
#define PANELS_SHOWN         100
#define PANEL_CANDIDATES_MAX 50   /* shown, and invited at once */
#define PANEL_MEMBERS_MAX    2000 /* of one panel, whatever they said */
#define PANEL_MEMBERS_PAGE   50
#define PANEL_KEPT_DAYS      365 /* its members, once it is closed */

/* Whoever fulfils all of it. */
struct panel_criteria {
	int64_t least_trust, least_rank; /* least_rank: from 1; 0: any */
	int64_t category_id, badge_id;   /* 0: any */
	bool is_for_experts;             /* in office; in the category, if there is one */
	int64_t months;                  /* wrote something (there) within so many; 0: whenever */
};

struct volunteer_panel {
	int64_t id, version, made_at, closed_at;
	const char *title, *purpose_md;
	struct html_fragment purpose;
	bool is_anonymous, is_open;
	struct panel_criteria criteria;
	int64_t invited, joined, declined, left; /* how many are there now */
};

enum panel_state { PANEL_INVITED, PANEL_JOINED, PANEL_DECLINED, PANEL_LEFT, PANEL_STATE_COUNT };

/* Why somebody was chosen: of each criterion that there was, what they had. */
struct panel_why {
	int64_t trust;              /* level; 0: it did not matter */
	const char *rank;           /* "": it did not matter, as below */
	int64_t posts, months;      /* wrote so many within so many months (0: ever) */
	const char *category;       /* there */
	const char *badge, *expert; /* expert: the field */
};

struct panel_person {
	int64_t id; /* of the place in the panel; 0: a candidate */
	struct author author;
	struct panel_why why;
	enum panel_state state;
	int64_t invited_at, answered_at;
};
struct panel_people {
	struct panel_person *items;
	size_t count;
	bool has_more;
};

/* For the team -------------------------------------------------------------------------- */

struct panel_list {
	struct volunteer_panel *items; /* open ones first, newest first */
	size_t count;
	bool can_run; /* the actor may change something */
};
enum err panel_list(struct ctx *ctx, struct panel_list *out) MUST_CHECK;

struct questionnaires;

/*
 * With those who were invited, behind that place (0: from the start), and its questionnaires
 * (questionnaire.h). ERR_NOT_FOUND.
 */
enum err panel_load(struct ctx *ctx, int64_t id, int64_t after, struct volunteer_panel *out,
		    struct panel_people *people, struct questionnaires *questionnaires) MUST_CHECK;
/* Who might be invited, in an order of chance that stays the same. ERR_NOT_FOUND. */
enum err panel_candidates(struct ctx *ctx, int64_t id, struct volunteer_panel *out,
			  struct panel_people *people) MUST_CHECK;

struct panel_form {
	int64_t id;      /* 0: a new one */
	int64_t version; /* that the form shows */
	const char *title, *purpose_md;
	bool is_anonymous;
	struct panel_criteria criteria;
	const char *form_key;
};
/*
 * ERR_FORBIDDEN; ERR_INVALID at "title", "body", "months", "category", "badge"; ERR_CONFLICT
 * when somebody else changed it, or at "anonymous" when people were promised something else.
 */
enum err panel_save(struct ctx *ctx, const struct panel_form *form, int64_t *id) MUST_CHECK;

/* Closed, nobody joins or answers any more. It can be opened again. */
enum err panel_set_open(struct ctx *ctx, int64_t id, bool is_open) MUST_CHECK;

/*
 * Invites those of the people who are candidates now; tells them on the site and by mail.
 * *invited: how many. ERR_INVALID at "people": nobody chosen, or the panel is full.
 */
enum err panel_invite(struct ctx *ctx, int64_t id, const int64_t *people, size_t count,
		      const char *form_key, int64_t *invited) MUST_CHECK;

/* For those who were invited ------------------------------------------------------------- */

struct panel_place {
	struct volunteer_panel panel; /* without figures and criteria */
	enum panel_state state;
	struct panel_why why;
	int64_t invited_at, answered_at;
	bool can_join;
};
struct panel_places {
	struct panel_place *items;
	size_t count;
};
/* Those that the actor was invited to. */
enum err panel_places(struct ctx *ctx, struct panel_places *out) MUST_CHECK;
/* With its questionnaires, for whoever joined. ERR_NOT_FOUND: was not invited, or there is none. */
enum err panel_place_load(struct ctx *ctx, int64_t id, struct panel_place *out,
			  struct questionnaires *questionnaires) MUST_CHECK;
/* Yes: joins, now or later. No: declines, or leaves. Leaving is always possible. */
enum err panel_answer(struct ctx *ctx, int64_t id, bool is_yes) MUST_CHECK;

#endif
