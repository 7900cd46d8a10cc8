/*
 * What administers the desk: how soon questions are to be answered and solved, by
 * category and kind, and which team somebody works in. For MAY_MANAGE_DESK.
 *
 * Targets are minutes of working time (desk_calendar.h), typed and shown as hours:
 * "8", "0:45", "45:00"; nought promises nothing. For a question the kind that is named
 * counts before "all", then the nearer category before the further. A change reckons the
 * open questions anew; promises that were broken before stay recorded (desk_work.h).
 * What is sent twice is done once: each of these sets something to a value.
 */
#ifndef FORUM_DESK_ADMIN_H
#define FORUM_DESK_ADMIN_H

#include "forum/desk_queue.h"

#define DESK_TARGETS_SHOWN      500
#define DESK_TEAMS_MAX          100
#define DESK_PEOPLE_MAX         400
#define DESK_TARGET_MAX_MINUTES 525600 /* the check constraint of desk_targets */
#define DESK_TEAM_NAME_MAX      60

enum desk_target_kind {
	DESK_TARGET_ALL,
	DESK_TARGET_MIRRORED,
	DESK_TARGET_WATCHED,
	DESK_TARGET_KINDS
};
const char *desk_target_kind_text(enum desk_target_kind kind);
const char *desk_target_kind_label(enum desk_target_kind kind); /* translated */
bool desk_target_kind_parse(const char *text, enum desk_target_kind *out);

/*
 * "8" and "8:00" are 480; at most two digits of minutes, under 60; white space around it
 * is no matter. False: it is nothing of the kind, or over DESK_TARGET_MAX_MINUTES.
 */
bool desk_hours_parse(const char *text, int64_t *minutes);
const char *desk_hours_text(struct arena *arena, int64_t minutes); /* "8:00" */

struct desk_target {
	int64_t id, category_id;   /* 0: everywhere */
	const char *category_name; /* "" */
	enum desk_target_kind kind;
	int64_t first_minutes, solution_minutes;
};
struct desk_team_row {
	int64_t id, level, member_count;
	const char *name;
};
/* Somebody who can work at the desk; team_id 0: in no team. */
struct desk_person {
	int64_t id, team_id;
	const char *name, *team_name;
	enum role role;
	bool is_expert;
};

struct desk_admin {
	struct desk_target *targets;
	struct desk_team_row *teams;
	struct desk_person *people;
	struct desk_choice *categories;
	size_t target_count, team_count, person_count, category_count;
};
/* One round trip. ERR_FORBIDDEN. */
enum err desk_admin_load(struct ctx *ctx, struct desk_admin *out) MUST_CHECK;

/*
 * Sets what is promised there for that kind. ERR_INVALID: "first", "solution" (not hours),
 * "category" (gone), "kind".
 */
enum err desk_target_set(struct ctx *ctx, int64_t category_id, const char *kind, const char *first,
			 const char *solution) MUST_CHECK;
/* ERR_INVALID at "category": the one for everything stays; set it to nought instead. */
enum err desk_target_drop(struct ctx *ctx, int64_t id) MUST_CHECK;

/*
 * id 0: a new one. ERR_INVALID: "name" (empty, too long, or another team's; or there are
 * DESK_TEAMS_MAX), "level". ERR_NOT_FOUND.
 */
enum err desk_team_save(struct ctx *ctx, int64_t id, const char *name, int64_t level) MUST_CHECK;
/*
 * Its people are in no team then, its open questions and templates everybody's; what was
 * recorded of it loses its name.
 */
enum err desk_team_drop(struct ctx *ctx, int64_t id) MUST_CHECK;

/* team_id 0: out of any. ERR_INVALID at "person" or "team": not (any more) one of those. */
enum err desk_member_set(struct ctx *ctx, int64_t person_id, int64_t team_id) MUST_CHECK;

#endif
