/*
 * Flags: members say that a post has no place here, and why. Each weighs something
 * (below); what a post's flags weigh together is how urgent it is in the queue, and from
 * flags.hide_score on it is hidden until the team has looked: visibility 'held', a case
 * (case.h) that tells the author so, and the item waits in /mod.
 *
 * One flag weighs 1 + the flagger's trust level (staff: 1 + 5) + an accuracy bonus, never
 * below 0. The bonus is nothing until more than five flags were decided; then, with 70 %
 * right as the pivot, the relative distance to it × 5 × log4 of how many were decided:
 * who was wrong often weighs nothing (Discourse's arithmetic). Ignored flags are no
 * judgement.
 *
 * So that a clique cannot silence anyone without the team:
 * - flags from one network (an IPv4 address, an IPv6 /64) count once, the heaviest;
 * - so do those of people who always flag together: at least flags.clique_posts other
 *   posts in 180 days, which are at least flags.clique_percent of what one of the two
 *   flagged, unless the team found them right (70 % of at least that many);
 * - a post is hidden by no fewer than flags.hide_people counted flaggers, but for the
 *   team's own, and for spam by a new member that somebody of trust 3 flagged;
 * - nobody of trust 3 or more, no expert and no member of the team is hidden by flags at
 *   all, and neither is a question with answers, as it would take these along;
 * - of one person at most flags.hidden_per_day posts in 24 hours; what would be hidden
 *   beyond that waits, visible, on top of the queue;
 * - a post that the team let stand needs new flags: those decided no longer count, and
 *   the same person may flag it again only after flags.again_hours;
 * - flags never silence or suspend a person, and never close a question.
 */
#ifndef FORUM_FLAG_H
#define FORUM_FLAG_H

#include "forum/case.h"

#define FLAG_DETAIL_MAX 500 /* code points */

struct flag_new {
	int64_t post_id;
	enum rule reason;
	const char *detail; /* for the team; needed for RULE_OTHER */
	const char *form_key;
};

/*
 * *path: where to go on reading. A second flag by the same person while the first is open
 * changes nothing.
 * ERR_NOT_FOUND, ERR_GONE, ERR_FORBIDDEN; ERR_THROTTLED; ERR_INVALID at "detail";
 * ERR_CONFLICT: flagged and decided not long ago.
 */
enum err flag_create(struct ctx *ctx, const struct flag_new *form, const char **path) MUST_CHECK;

/* The arithmetic, pure: flag_score.c. */
struct flag_record {
	int64_t agreed, disagreed;
};
double flag_accuracy_bonus(struct flag_record record);
double flag_weight(const struct actor *actor, struct flag_record record);

/* What a post's open flags come to, and what they are about. */
struct flag_sum {
	double score;             /* of those that count */
	int64_t people;           /* that count */
	bool has_staff;           /* somebody of the team is among them */
	bool has_spam_by_regular; /* somebody of trust 3 says it is spam */
};
struct flag_target {
	int author_trust;
	bool is_by_staff /* or an expert */, has_answers, is_new_member;
	int64_t hidden_lately; /* posts of the author hidden by flags in 24 hours */
};
enum flag_effect { FLAG_WAITS, FLAG_CAPPED, FLAG_HIDES };
enum flag_effect flag_decide(const struct flag_sum *sum, const struct flag_target *target);

#endif
