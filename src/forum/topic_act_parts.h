/*
 * What the files of acts share. Inside src/forum only.
 */
#ifndef FORUM_TOPIC_ACT_PARTS_H
#define FORUM_TOPIC_ACT_PARTS_H

#include "db/db.h"
#include "forum/topic_act.h"

/*
 * Queues the locks of an act on two topics (or on one: 0): the mirrors whose items are
 * in them, then both topics in one order. Mirrors first, as their own writers do it.
 */
void topic_act_add_locks(struct ctx *ctx, int64_t topic_id, int64_t other_id);

/* Queues the row of an act on fields; before and after: JSON objects of the same keys. */
struct act_change {
	enum topic_act_kind kind;
	int64_t topic_id, post_id;
	const char *reason, *before, *after;
	const char *details; /* for the audit log, instead of after; NULL */
};
void topic_act_add(struct ctx *ctx, const struct act_change *change);
/* And the change itself, of topics' fields; and the audit log's line. */
void topic_act_add_change(struct ctx *ctx, const struct act_change *change);

/* Queues the row of a merge or split; rows: its number. */
void topic_act_add_joint(struct ctx *ctx, enum topic_act_kind kind, int64_t topic_id,
			 int64_t other_id, const char *reason, struct rows *rows);

/* The audit log's line of an act. */
void topic_act_add_audit(struct ctx *ctx, enum topic_act_kind kind, int64_t topic_id,
			 int64_t other_id, const char *reason, bool is_undo);

/* ERR_INVALID at "reason". */
enum err topic_act_clean_reason(struct ctx *ctx, const char *typed, const char **out) MUST_CHECK;

/* JSON of a status with its original and reason. */
const char *topic_status_json(struct ctx *ctx, enum topic_status status, int64_t duplicate_of,
			      const char *reason);

const char *topic_act_kind_text(enum topic_act_kind kind);
enum topic_act_kind topic_act_kind_from_text(const char *text);
enum action topic_act_right(enum topic_act_kind kind);

/* The question's row as undoing needs it. */
struct act_undo {
	int64_t id, topic_id, other_id, post_id;
	enum topic_act_kind kind;
	bool is_undone;
};
/* topic_join.c: queue what takes a merge or a split back, under the locks. */
enum err topic_merge_add_undo(struct ctx *ctx, const struct act_undo *act) MUST_CHECK;
enum err topic_split_add_undo(struct ctx *ctx, const struct act_undo *act) MUST_CHECK;
/* post_origin.c, post_state.c */
enum err post_origin_add_undo(struct ctx *ctx, const struct act_undo *act) MUST_CHECK;
enum err topic_visibility_add_undo(struct ctx *ctx, const struct act_undo *act) MUST_CHECK;

/* "123", "#123", "https://…/t/123-slug?page=2", "/t/123": 0 if it is none of them. */
int64_t topic_number_from(const char *address);

#endif
