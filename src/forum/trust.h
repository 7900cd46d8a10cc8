/*
 * Trust: the levels 0 to 4 that rights grow with. What is needed for each stands in
 * the settings (section "trust"); the rules below are pure. standing.h asks them
 * whenever somebody's figures change, and every night.
 *
 * Levels 1 and 2 are kept once reached; 3 is about the last weeks, and is kept while
 * most of each figure is met, after a time of grace. Who had posts removed as abuse
 * falls. Level 4, and any other that a moderator gives by hand, stays as given.
 */
#ifndef FORUM_TRUST_H
#define FORUM_TRUST_H

#include "forum/actor.h"
#include "forum/figure.h"

struct trust_rule {
	enum trust_level level;
	enum figure figure;
	int64_t least;
	bool is_recent; /* within the window of level 3 */
};
#define TRUST_RULES_MAX 16
/* The rules in force, in the order of the levels; returns how many. */
size_t trust_rules(struct trust_rule rules[TRUST_RULES_MAX]);

/* What the rules know of one person. */
struct trust_person {
	enum trust_level level; /* as it is */
	int given;              /* by hand; -1: no */
	enum role role;
	bool is_confirmed, is_suspended;
	int64_t changed_at; /* when the level was last changed; 0: never */
	int64_t now;
	struct figures ever, recent; /* recent: within trust_window() */
};
enum trust_level trust_reached(const struct trust_person *person);

int64_t trust_window(void);                           /* how far back level 3 looks */
const char *trust_level_name(enum trust_level level); /* "New", through _() */

/* What a level allows in one post, and how much more often than others. */
struct trust_limits {
	int64_t links, images, mentions; /* a post; -1: no limit */
	int64_t rate_percent;            /* of the usual number in a day */
};
struct trust_limits trust_limits(const struct actor *actor);

/* ERR_INVALID with a sentence: more links or pictures than this actor may post. */
enum err trust_check_body(struct ctx *ctx, const char *field, const char *body_html,
			  size_t mention_count) MUST_CHECK;

/*
 * By hand, for moderators: level -1 gives the decision back to the rules.
 * ERR_FORBIDDEN, ERR_NOT_FOUND, ERR_INVALID (no reason, no such level).
 */
enum err trust_give(struct ctx *ctx, int64_t person_id, int64_t level,
		    const char *reason) MUST_CHECK;

#endif
