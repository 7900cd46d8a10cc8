/*
 * Complaints (Digital Services Act, article 20): against a case, within six months, free
 * of charge, by whom the case limits; decided by a person, and somebody else than who
 * decided the case. Upheld, the act is put back: the post is shown, the measure ended.
 *
 * Whoever often complains manifestly without ground is warned with the decision, then, for
 * some time, not heard (article 23.2; the numbers are those for notices, settings "law").
 */
#ifndef FORUM_COMPLAINT_H
#define FORUM_COMPLAINT_H

#include "forum/case.h"

#define COMPLAINT_MIN 10
#define COMPLAINT_MAX 2000 /* code points */

/* A case as its person, or the team, reads it. */
struct case_file {
	struct case_row row;
	int64_t person_id, topic_id, measure_id, item_id, decided_by, complaint_until;
	const char *person_name, *statement, *language, *title;
	bool is_own, is_for_team; /* the reader is the person; may see it as staff */
	bool can_complain, can_decide;
	int64_t suspended_until; /* the person's complaints are not taken until then; 0 */
	struct {
		int64_t id, created_at, decided_at, item_id; /* id 0: none */
		const char *text, *answer;
		const char *unfounded; /* "", "counted", "warning", "suspension" */
		bool is_upheld;
	} complaint;
};
enum complaint_outcome { COMPLAINT_UPHELD, COMPLAINT_REJECTED, COMPLAINT_UNFOUNDED };

/* ERR_NOT_FOUND: none, or neither one's own nor for a moderator. */
enum err case_file_load(struct ctx *ctx, int64_t id, struct case_file *out) MUST_CHECK;

/*
 * Opens an item of the queue too. ERR_NOT_FOUND; ERR_CONFLICT: there is one already, the
 * act was put back, or the six months are over; ERR_FORBIDDEN: not heard for some time;
 * ERR_INVALID at "text".
 */
enum err complaint_create(struct ctx *ctx, int64_t case_id, const char *text,
			  const char *form_key) MUST_CHECK;

/*
 * In the caller's transaction (moderation_decide), which asked the policy. ERR_FORBIDDEN:
 * the actor decided the case.
 */
enum err complaint_decide(struct ctx *ctx, int64_t case_id, enum complaint_outcome outcome,
			  const char *answer) MUST_CHECK;

#endif
