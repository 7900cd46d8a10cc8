/* What a person was typing: one draft a place, so a closed tab loses nothing. */
#ifndef FORUM_DRAFT_H
#define FORUM_DRAFT_H

#include "base/ctx.h"

#define DRAFTS_PER_PERSON_MAX 50 /* the oldest goes */
#define DRAFT_MAX_BYTES       64000

struct draft {
	const char *place; /* "ask", "answer:12", "comment:34", "edit:34" */
	const char *title, *body_md, *tags;
	int64_t category_id, updated_at;
	const char *topic_title; /* what an answer or comment is about; only in lists */
};
/* An empty draft when there is none. ERR_INVALID: no such place. */
enum err draft_load(struct ctx *ctx, const char *place, struct draft *out) MUST_CHECK;
/* An empty title and body removes it. */
enum err draft_save(struct ctx *ctx, const struct draft *draft) MUST_CHECK;
/* Queued, for the transaction that posts what was drafted. */
void draft_drop(struct ctx *ctx, const char *place);
enum err draft_list(struct ctx *ctx, struct draft **out, size_t *count) MUST_CHECK;

#endif
