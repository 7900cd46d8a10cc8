/*
 * Ideas: topics in a category for them (categories.purpose). "Me too" is the vote, what is
 * written under an idea is an opinion and solves nothing, and the brand answers with a
 * stage and its reason. Each change of stage is an act on the topic (topic_act.h), so it
 * can be undone there; what stands undone no more is the history that everybody reads.
 *
 * topics.stage follows the category by a trigger: moved away, an idea is a question;
 * moved back, it has its stage again.
 */
#ifndef FORUM_IDEA_H
#define FORUM_IDEA_H

#include "forum/category.h"
#include "forum/topic_act.h"

/* "", "proposed", "study"…; what is not one of them is none. */
enum idea_stage idea_stage_from_text(const char *text);
const char *idea_stage_text(enum idea_stage stage);
/* For people, translated: "Under study". */
const char *idea_stage_label(enum idea_stage stage);

/*
 * Sets the stage, with the reason that everybody reads. Who voted, follows or proposed is
 * told; the stage that it has, with another reason, is news too.
 * ERR_NOT_FOUND: not an idea; ERR_FORBIDDEN; ERR_INVALID at "stage-reason" or "stage".
 */
enum err idea_set_stage(struct ctx *ctx, const struct topic_act_form *form,
			enum idea_stage stage) MUST_CHECK;

#define IDEA_CHANGES_SHOWN 20

struct idea_change {
	int64_t id, at;
	enum idea_stage stage;
	const char *reason;
};
struct idea_changes {
	struct idea_change *items; /* newest first */
	size_t count;
};
/* Queues one statement; _read after db_run. */
void idea_changes_add(struct ctx *ctx, int64_t topic_id, struct rows *rows);
void idea_changes_read(struct ctx *ctx, struct rows *rows, struct idea_changes *out);

#define IDEAS_PER_PAGE 20

struct idea_query {
	enum idea_stage stage; /* IDEA_NONE: all */
	bool is_by_date;       /* newest first; else most votes first */
	struct list_key after; /* "at": votes or the time */
};
struct idea_list {
	struct topic_list ideas;
	int64_t counts[IDEA_STAGE_COUNT]; /* of all; [IDEA_NONE]: together */
	struct categories categories;     /* all of the site */
};
/* Visible ones only; one round trip. */
enum err idea_list(struct ctx *ctx, const struct idea_query *query,
		   struct idea_list *out) MUST_CHECK;

#endif
