/*
 * The card of who asked, for the one who answers: since when they are here, what they asked
 * and solved, which products and subjects they name, their latest questions. Nothing that
 * is not theirs to be seen in public, but for the measures in force, which the team sees.
 *
 * Whoever opted out of rankings (people.is_ranked) opted out of being looked up as well:
 * of them the card says no more than the question itself does. Experts, who are members,
 * get no measures.
 */
#ifndef FORUM_DESK_CARD_H
#define FORUM_DESK_CARD_H

#include "forum/measure.h"
#include "forum/topic.h"

#define DESK_CARD_TOPICS   6
#define DESK_CARD_SUBJECTS 10
#define DESK_CARD_MEASURES 5

struct desk_subject {
	const char *name, *path; /* "/tag/box-t3", "/c/wifi" */
	int64_t count;
};

struct desk_card {
	bool has_account, is_private; /* private: opted out */
	struct author author;
	int trust_level;
	int64_t question_count, solved_question_count, answer_count, accepted_count, thanks_count;
	struct desk_subject subjects[DESK_CARD_SUBJECTS];
	size_t subject_count;
	struct topic_row topics[DESK_CARD_TOPICS]; /* others of theirs, newest first */
	size_t topic_count;
	struct measure measures[DESK_CARD_MEASURES]; /* only kind and end */
	size_t measure_count;
};

struct desk_card_rows {
	struct rows *person, *subjects, *topics, *measures;
};

/* Queued: the asker of that question. Read after db_run. */
struct desk_card_rows desk_card_add(struct ctx *ctx, int64_t topic_id);
void desk_card_read(struct ctx *ctx, struct desk_card_rows *rows, struct desk_card *out);

#endif
