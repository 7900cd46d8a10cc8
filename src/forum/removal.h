/*
 * Removing everything that a person wrote, for who floods the forum: a job, in batches,
 * so that nothing waits for it; the posts leave pages and search as they go. It can be
 * undone for REMOVAL_UNDO_DAYS, and puts back what was visible or held before, nothing
 * that was withdrawn otherwise. The person gets one statement of reasons for all of it.
 */
#ifndef FORUM_REMOVAL_H
#define FORUM_REMOVAL_H

#include "base/ctx.h"
#include "forum/author.h"

#define REMOVAL_UNDO_DAYS  30
#define REMOVAL_REASON_MAX 1000
#define REMOVALS_SHOWN     10

enum removal_state { REMOVAL_REMOVING, REMOVAL_REMOVED, REMOVAL_RESTORING, REMOVAL_RESTORED };

struct removal {
	int64_t id, asked_at, ended_at, undone_at, total, done;
	enum removal_state state;
	const char *reason, *asked_by;
	bool can_undo;
};

struct removal_view {
	int64_t person_id, post_count; /* posts that stand, visible or held */
	const char *name, *handle;
	bool is_staff;
	struct removal items[REMOVALS_SHOWN]; /* newest first */
	size_t count;
};

/* MAY_MANAGE_PEOPLE; ERR_NOT_FOUND. */
enum err removal_view_load(struct ctx *ctx, int64_t person_id, struct removal_view *out) MUST_CHECK;

/*
 * Begins one. is_spam: the spam score learns from it. ERR_INVALID at "reason";
 * ERR_FORBIDDEN: somebody of the team; ERR_CONFLICT: one is under way.
 */
enum err removal_begin(struct ctx *ctx, int64_t person_id, const char *reason,
		       bool is_spam) MUST_CHECK;
/* ERR_CONFLICT: too late, or under way. */
enum err removal_undo(struct ctx *ctx, int64_t person_id, int64_t removal_id) MUST_CHECK;

/* The worker's part: one batch; *has_more. */
enum err removal_run(struct ctx *ctx, int64_t removal_id, bool *has_more) MUST_CHECK;

#endif
