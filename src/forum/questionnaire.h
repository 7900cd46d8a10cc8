/*
 * Questionnaires of panels: written by moderators as lines (questionnaire_text.h), answered
 * once by whoever is in the panel, changeable until they close. The questions stay as they
 * are once somebody has answered. In an anonymous panel nothing here says whose an answer
 * is, and nothing is said of less than QUESTIONNAIRE_LEAST answers.
 */
#ifndef FORUM_QUESTIONNAIRE_H
#define FORUM_QUESTIONNAIRE_H

#include "base/ctx.h"
#include "forum/panel.h"
#include "forum/questionnaire_text.h"

struct rows;

#define QUESTIONNAIRES_SHOWN     50
#define QUESTIONNAIRE_DAYS_MAX   366
#define QUESTIONNAIRE_LEAST      5
#define QUESTIONNAIRE_WORDS_MAX  4000 /* bytes, of one answer */
#define QUESTIONNAIRE_NUMBER_MAX 1000000000
#define QUESTIONNAIRE_WORDS_PAGE 50

struct questionnaire {
	int64_t id, panel_id, version, opens_at, closes_at;
	const char *title, *text, *panel_title;
	bool is_anonymous, is_panel_open;
	bool is_open; /* now, for those in the panel */
	int64_t answers, joined;
	bool has_answered; /* the actor */
	struct questions questions;
};
struct questionnaires {
	struct questionnaire *items; /* without questions; newest first */
	size_t count;
};

/* Of a panel; those that have not opened yet only for the team. Queues; then _read. */
void questionnaires_add(struct ctx *ctx, int64_t panel_id, bool is_team, struct rows *rows);
void questionnaires_read(struct ctx *ctx, struct rows *rows, struct questionnaires *out);

/* For the team -------------------------------------------------------------------------- */

enum err questionnaire_load(struct ctx *ctx, int64_t id, struct questionnaire *out) MUST_CHECK;

struct questionnaire_form {
	int64_t id, panel_id; /* id 0: a new one */
	int64_t version;
	const char *title, *text;
	int64_t opens_at, closes_at;
	const char *form_key;
};
/* ERR_INVALID at "title" or "text", with the line. Cleans the form. */
enum err questionnaire_check(struct ctx *ctx, struct questionnaire_form *form,
			     struct questions *out) MUST_CHECK;
/*
 * ERR_FORBIDDEN; ERR_INVALID also at "opens", "closes"; ERR_CONFLICT: changed by somebody
 * else, or at "text" when it was answered already.
 */
enum err questionnaire_save(struct ctx *ctx, struct questionnaire_form *form,
			    int64_t *id) MUST_CHECK;

/* For those in the panel ------------------------------------------------------------------ */

struct questionnaire_value {
	bool is_chosen[QUESTION_CHOICES_MAX]; /* of a scale too: the grade */
	bool has_number;
	int64_t number;
	const char *words; /* "": none */
};
struct questionnaire_values {
	struct questionnaire_value of[QUESTIONS_MAX]; /* by position - 1 */
};

/* ERR_NOT_FOUND: the actor is not in that panel, or it has not opened. */
enum err questionnaire_own(struct ctx *ctx, int64_t id, struct questionnaire *out,
			   struct questionnaire_values *values) MUST_CHECK;
/* ERR_INVALID at "q-3": required, or no such choice; without a field when it is closed. */
enum err questionnaire_answer(struct ctx *ctx, int64_t id,
			      const struct questionnaire_values *values) MUST_CHECK;
/* The actor's answer goes, as long as it could be changed. */
enum err questionnaire_take_back(struct ctx *ctx, int64_t id) MUST_CHECK;

/* Tells panels of questionnaires that have opened; for the worker. */
enum err questionnaires_tell(struct ctx *ctx) MUST_CHECK;

/* Results ---------------------------------------------------------------------------------- */

struct question_result {
	int64_t answers; /* to this question */
	int64_t choices[QUESTION_CHOICES_MAX];
	int64_t least, most; /* of numbers, and of a scale's grades */
	double mean, median;
};
struct questionnaire_results {
	bool is_shown; /* else too few answers */
	struct question_result of[QUESTIONS_MAX];
};
enum err questionnaire_results(struct ctx *ctx, int64_t id, struct questionnaire *out,
			       struct questionnaire_results *results) MUST_CHECK;

struct questionnaire_words {
	const char *words;
	const char *name; /* "" in an anonymous panel, and of whoever left */
};
struct questionnaire_words_page {
	struct questionnaire_words *items;
	size_t count;
	int64_t next; /* 0: no more */
};
/* What was written to one question, in an order of chance. */
enum err questionnaire_words_of(struct ctx *ctx, const struct questionnaire *questionnaire,
				int64_t question, int64_t after,
				struct questionnaire_words_page *out) MUST_CHECK;

/* All answers, for a file: one after the other, in an order of chance. */
struct questionnaire_sheet {
	struct rows *rows;
	const char *name;
	struct questionnaire_values values;
	int64_t answer_id;
	bool has_row;
};
enum err questionnaire_sheet_open(struct ctx *ctx, const struct questionnaire *questionnaire,
				  struct questionnaire_sheet *out) MUST_CHECK;
bool questionnaire_sheet_next(struct questionnaire_sheet *sheet);

#endif
