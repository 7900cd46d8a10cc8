/*
 * The rules before publication as administrators see and change them, and dry runs of a
 * rule over the posts of the last thirty days. Every change stands in the audit log.
 */
#ifndef FORUM_HOLDING_EDIT_H
#define FORUM_HOLDING_EDIT_H

#include "forum/holding.h"

struct holding_list {
	struct holding_rule *items; /* in their order */
	size_t count;
};
/* MAY_EDIT_HOLDING, as for all of this file. */
enum err holding_list_load(struct ctx *ctx, struct holding_list *out) MUST_CHECK;

/* ERR_NOT_FOUND: no such rule, or taken away. */
enum err holding_rule_load(struct ctx *ctx, int64_t id, struct holding_rule *out) MUST_CHECK;

/*
 * rule->id 0: a new one, at the end and switched off; *id is its number. ERR_INVALID with
 * the field: name, number, words (with the first line that is none), exceptions.
 */
enum err holding_rule_save(struct ctx *ctx, const struct holding_rule *rule, const char *form_key,
			   int64_t *id) MUST_CHECK;

enum holding_change { RULE_UP, RULE_DOWN, RULE_ON, RULE_OFF, RULE_DELETE, RULE_RESTORE };
bool holding_change_parse(const char *text, enum holding_change *out);
enum err holding_rule_change(struct ctx *ctx, int64_t id, enum holding_change change) MUST_CHECK;

/* Dry runs ------------------------------------------------------------------------------ */

#define TRIAL_DAYS        30
#define TRIAL_POSTS_SHOWN 50

struct holding_trial {
	int64_t id, rule_id, asked_at, ended_at, total, seen, matched;
	bool is_running; /* or waiting */
	bool has_failed;
	bool is_outdated; /* the rule was changed since */
};
struct trial_post {
	int64_t id, created_at;
	const char *author, *title, *excerpt;
};

/* Asks the worker for one; while one of this rule runs, nothing more. */
enum err holding_trial_ask(struct ctx *ctx, int64_t rule_id) MUST_CHECK;
/* The newest of a rule; id 0 when there is none. *posts: what it would have caught. */
enum err holding_trial_load(struct ctx *ctx, int64_t rule_id, struct holding_trial *out,
			    struct trial_post **posts, size_t *count) MUST_CHECK;
/* The worker's part: goes on with a run, some thousand posts; *has_more. */
enum err holding_trial_run(struct ctx *ctx, int64_t trial_id, bool *has_more) MUST_CHECK;

#endif
