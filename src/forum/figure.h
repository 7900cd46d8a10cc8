/*
 * What is known of a person's part in the community, as numbers: what trust, ranks
 * and badges are decided by. Only signed-in acts; nothing is kept of what anybody
 * reads. "Accepted" and "thanks" are those that earned reputation, so that a ring of
 * friends or a second account raises nobody (the SQL function person_figures).
 */
#ifndef FORUM_FIGURE_H
#define FORUM_FIGURE_H

#include "base/ctx.h"

struct rows;

/* In the order of person_figures' columns. */
enum figure {
	FIGURE_AGE_DAYS,
	FIGURE_DAYS_VISITED,
	FIGURE_QUESTIONS,
	FIGURE_ANSWERS,
	FIGURE_REPLIES, /* answers and comments */
	FIGURE_POSTS,
	FIGURE_TOPICS_ANSWERED, /* other people's questions */
	FIGURE_ACCEPTED,
	FIGURE_ACCEPTED_SHARE, /* percent of the answers; 0 below five */
	FIGURE_THANKS,
	FIGURE_THANKED_BY, /* so many people */
	FIGURE_THANKED_DAYS,
	FIGURE_THANKS_GIVEN,
	FIGURE_SOLVED_QUESTIONS,
	FIGURE_QUICK_ANSWERS, /* within an hour of the question */
	FIGURE_NIGHT_ANSWERS, /* between midnight and six */
	FIGURE_EDITS,         /* of other people's posts */
	FIGURE_CATEGORIES_ANSWERED,
	FIGURE_BEST_ANSWER_THANKS,
	FIGURE_ARTICLES,
	FIGURE_CONFIRMED_FLAGS, /* against the person */
	FIGURE_RIGHT_FLAGS,     /* the person's own, that were upheld */
	FIGURE_REPUTATION,
	FIGURE_COUNT,
};

struct figures {
	int64_t person_id;
	int64_t of[FIGURE_COUNT];
};

/*
 * Queues one statement: the figures of these people since that time (0: ever), as
 * they stand at ctx->now, in the order of their ids.
 */
void figures_add(struct ctx *ctx, const int64_t *ids, size_t count, int64_t since,
		 struct rows *rows);
/* After db_run; false when there are no more. */
bool figures_next(struct rows *rows, struct figures *out);

const char *figure_text(enum figure figure); /* "accepted", as in the database */
bool figure_from_text(const char *text, enum figure *out);
/* "Accepted answers", in English: show it through _(). */
const char *figure_label(enum figure figure);

#endif
