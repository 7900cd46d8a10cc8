/*
 * The team's queue: what waits for a decision. Flags, held posts, first posts, edits
 * of trusted answers, appeals and notices all come in by moderation_open, inside the
 * transaction of what they follow from; /mod shows them; whoever looks at one claims
 * it for MODERATION_CLAIM_MINUTES, so that no two decide the same; every decision can
 * be undone, tells the author what it must tell (case.h), and stands in the audit log.
 *
 * Advisors see what is held before publication (held, first_post, similar) and may let
 * it through; everything else, and everything about people, is for moderators.
 */
#ifndef FORUM_MODERATION_H
#define FORUM_MODERATION_H

#include "base/ctx.h"

enum moderation_kind {
	MODERATION_FLAG,             /* visible or hidden by flags (flag.h) */
	MODERATION_HELD,             /* held before publication, by a rule or the spam score */
	MODERATION_FIRST_POST,       /* of a new member; visible or held */
	MODERATION_TRUSTED_EDIT,     /* an accepted or official answer was edited */
	MODERATION_APPEAL,           /* a complaint against a case: reference_id is the case */
	MODERATION_NOTICE,           /* a legal notice: reference_id is the notice (notice.h) */
	MODERATION_NOTICE_COMPLAINT, /* by who sent it: reference_id is the notice */
	MODERATION_SIMILAR,          /* very like something that was removed */
	MODERATION_KIND_COUNT,
};

#define MODERATION_CLAIM_MINUTES 10
#define MODERATION_REASONS_MAX   20

/*
 * post_id, person_id or reference_id is needed. Of a post, topic_id and person_id (its
 * author) are found by themselves. code: a word of [a-z_], shown translated where
 * moderation_reason_text knows it; text: more for the team's eyes (the name of a rule,
 * the word that was found), at most 200 code points. score: how urgent; a flag of a new
 * member is 1, what hides a post about 8.
 */
struct moderation_new {
	enum moderation_kind kind;
	int64_t topic_id, post_id, person_id, reference_id;
	const char *code, *text;
	double score;
};

/*
 * Queues it into the running transaction or batch. There is at most one open item of a
 * kind a target: a second adds its reason to it (a reason once, MODERATION_REASONS_MAX
 * of them) and raises its score to its own, if that is higher.
 */
void moderation_open(struct ctx *ctx, const struct moderation_new *item);

/*
 * Closes the open items of a post without a decision of their own: it was withdrawn or
 * removed by other means (a bulk removal, its author). Queued; they can be undone only
 * by whoever did that. Their flags are taken as right when is_agreed, else ignored.
 */
void moderation_close_of_post(struct ctx *ctx, int64_t post_id, bool is_agreed);

const char *moderation_kind_text(enum moderation_kind kind);  /* "first_post" */
const char *moderation_kind_label(enum moderation_kind kind); /* for people, translated */
bool moderation_kind_parse(const char *text, enum moderation_kind *out);
/* A code of reasons for people, translated; the code itself when it is not known. */
const char *moderation_reason_text(const char *code);

#endif
