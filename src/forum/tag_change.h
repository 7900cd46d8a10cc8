/*
 * Renaming a tag and merging it into another. What is named changes at once: the tag's
 * name, which words lead to it, who follows it, who is an expert in it. The questions
 * follow in the background, in batches (job "tag_change"); what each had is kept, and
 * undone for TAG_UNDO_DAYS. Old names lead on, as addresses and when they are typed.
 *
 * No tag is ever merged into a merged one: what had been merged into it goes along.
 */
#ifndef FORUM_TAG_CHANGE_H
#define FORUM_TAG_CHANGE_H

#include "base/ctx.h"

struct rows;

#define TAG_UNDO_DAYS     30
#define TAG_REASON_MAX    200
#define TAG_CHANGES_SHOWN 20

enum tag_change_kind { TAG_RENAME, TAG_MERGE };
enum tag_change_state { TAG_RUNNING, TAG_DONE, TAG_UNDOING, TAG_UNDONE };

struct tag_change {
	int64_t id, tag_id, asked_at, undone_at, total, done;
	enum tag_change_kind kind;
	enum tag_change_state state;
	const char *from_name, *to_name, *reason, *asked_by;
	bool can_undo; /* in time; what happened since may still refuse it */
};

struct tag_history {
	struct tag_change items[TAG_CHANGES_SHOWN]; /* newest first */
	size_t count;
};

/* Of a tag, and of those merged into it. Queued, then taken after db_run. */
void tag_history_add(struct ctx *ctx, int64_t tag_id, struct rows *rows);
void tag_history_read(struct rows *rows, struct tag_history *out);

/*
 * name is typed. ERR_FORBIDDEN; ERR_NOT_FOUND; ERR_INVALID at "name" or "reason":
 * another tag has it, leads there, or it is forbidden; ERR_CONFLICT: something is under
 * way with the tag, or it was merged.
 */
enum err tag_rename(struct ctx *ctx, int64_t tag_id, const char *name, const char *reason,
		    const char *form_key) MUST_CHECK;

/* into is typed: a tag, or a word that leads to one. Errors as of tag_rename, at "into". */
enum err tag_merge(struct ctx *ctx, int64_t tag_id, const char *into, const char *reason,
		   const char *form_key) MUST_CHECK;

/*
 * tag_id: of either. What people changed about a question since stays as it is, and no
 * question gets more than TAGS_PER_TOPIC_MAX. ERR_CONFLICT: too late, under way, or
 * something happened to a tag since that must be undone first.
 */
enum err tag_change_undo(struct ctx *ctx, int64_t change_id, const char *form_key) MUST_CHECK;

/* The worker's part: one batch. Run again later, it takes what came in between. */
struct tag_progress {
	bool has_more, is_finished; /* just now */
};
enum err tag_change_run(struct ctx *ctx, int64_t change_id, struct tag_progress *out) MUST_CHECK;

/* For everything that changes tags: they are rare, and take one lock. Inside src/forum only. */
struct tag_locked {
	int64_t id, merged_into;
	const char *name;
	bool is_busy; /* a change of it, or into it, is under way */
};
/*
 * Opens the transaction and claims the key; *earlier as of once_claim.
 * ERR_NOT_FOUND; ERR_CONFLICT: merged or busy.
 */
enum err tag_lock(struct ctx *ctx, int64_t tag_id, const char *form_key, struct tag_locked *out,
		  const char **earlier) MUST_CHECK;
/* ERR_INVALID at that field: a tag other than own_id is called so, or a word of it. */
enum err tag_check_word_free(struct ctx *ctx, const char *field, const char *word,
			     int64_t own_id) MUST_CHECK;
/* Audit, the form's key, the commit. details: an object, or NULL. */
enum err tag_finish(struct ctx *ctx, const char *action, int64_t tag_id, const char *reason,
		    const char *details, const char *form_key) MUST_CHECK;
/* {"from":"a","to":"b"} */
const char *tag_names_json(struct ctx *ctx, const char *from, const char *to);

#endif
