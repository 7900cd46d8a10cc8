/*
 * What administrators do with categories: make, rename, describe, order, say who may ask
 * and answer, archive. Every change keeps the row before and after it, and can be undone.
 * Old addresses lead on. The questions of an archived category move in the background
 * (job "category_move"), in batches; undo brings the same ones back.
 *
 * Who may write where is policy.c's, by actor.category_rights; what is below a category
 * is at least as strict as it.
 */
#ifndef FORUM_CATEGORY_CHANGE_H
#define FORUM_CATEGORY_CHANGE_H

#include "base/ctx.h"
#include "forum/actor.h"

#define CATEGORY_NAME_MAX        80
#define CATEGORY_DESCRIPTION_MAX 300
#define CATEGORY_SLUG_MAX        60
#define CATEGORY_REASON_MAX      200
#define CATEGORY_POSITION_MAX    9999
#define CATEGORY_CHANGES_SHOWN   30

struct category_row {
	int64_t id, parent_id; /* 0 in a form: a new one; on the first level */
	const char *slug, *icon, *name_fr, *name_en, *description_fr, *description_en;
	int64_t position;
	enum role ask_role, answer_role;
	bool is_for_ideas; /* topics there are ideas (idea.h) */
	/* Not in a form: */
	int64_t archived_at, moved_to, topic_count;
	int64_t moving; /* questions that still have to move */
};

struct category_rows {
	struct category_row *items; /* parents in order, each followed by its children */
	size_t count;
};

struct category_change {
	int64_t id, at, undoes_id;
	const char *what; /* the columns that differ: "name_fr, slug"; "" when it was made */
	const char *person, *reason;
	bool is_newest; /* can be undone */
};

struct category_history {
	struct category_change items[CATEGORY_CHANGES_SHOWN]; /* newest first */
	size_t count;
	int64_t newest_id;
};

/* All, archived ones too. ERR_FORBIDDEN. */
enum err category_rows_load(struct ctx *ctx, struct category_rows *out) MUST_CHECK;
/* ERR_FORBIDDEN. Nothing for a category that is not there. */
enum err category_history_load(struct ctx *ctx, int64_t id,
			       struct category_history *out) MUST_CHECK;

struct category_form {
	struct category_row row;
	const char *reason;
	int64_t follows_id; /* newest_id when the form was made */
	const char *form_key;
};

/*
 * Makes it (id 0) or changes it; *id.
 * ERR_INVALID: a field; ERR_CONFLICT: somebody changed it meanwhile.
 */
enum err category_save(struct ctx *ctx, struct category_form *form, int64_t *id) MUST_CHECK;

/*
 * target_id: where its questions go; 0: they stay and can be read. Of the form only
 * row.id, reason, follows_id and form_key count.
 * ERR_INVALID at "target": no open category, itself; or it has subcategories, or a mirror
 * fills it.
 */
enum err category_archive(struct ctx *ctx, struct category_form *form,
			  int64_t target_id) MUST_CHECK;

/* Back to what the newest change found. */
enum err category_undo(struct ctx *ctx, const struct category_form *form) MUST_CHECK;

/* The worker's part: one batch of the questions that are where they should not be. */
enum err category_move_run(struct ctx *ctx, int64_t id, bool *has_more) MUST_CHECK;

#endif
