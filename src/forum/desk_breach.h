/*
 * What was promised for a question and not kept: at most one breach a clock, recorded by
 * the worker (desk_work.h) with the cause that can be seen from outside. Whoever worked on
 * it may know better: the cause can be corrected, with a note; that it was late cannot.
 */
#ifndef FORUM_DESK_BREACH_H
#define FORUM_DESK_BREACH_H

#include "base/ctx.h"
#include "db/db.h"

#define DESK_BREACH_NOTE_MAX 400 /* code points */
#define DESK_BREACHES_MAX    2   /* of one question */

struct desk_cause {
	const char *text, *label; /* as in the table; English, for _() */
};
extern const struct desk_cause desk_causes[];
extern const size_t desk_cause_count;
/* Translated; "" of a word that is none. */
const char *desk_cause_label(const char *text);

struct desk_breach {
	bool is_first_answer;   /* else of the solution */
	int64_t due_at, met_at; /* met_at 0: not yet */
	const char *cause, *note;
	const char *corrected_by; /* "": the cause is what the worker saw */
};

/* Part of a page's one round trip. */
void desk_breaches_add(struct ctx *ctx, int64_t topic_id, struct rows *rows);
void desk_breaches_read(struct ctx *ctx, struct rows *rows,
			struct desk_breach out[DESK_BREACHES_MAX], size_t *count);

/*
 * As desk_load, for whom the desk is: ERR_FORBIDDEN, ERR_NOT_FOUND (also: it was not late).
 * ERR_INVALID at "cause" or "cause_note". Setting the same twice is setting it once.
 */
enum err desk_breach_correct(struct ctx *ctx, int64_t topic_id, bool is_first_answer,
			     const char *cause, const char *note) MUST_CHECK;

#endif
