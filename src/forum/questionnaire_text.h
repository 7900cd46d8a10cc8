/*
 * A questionnaire as people write it, one question a line:
 *
 *	# a comment
 *	one *: How do you find the box? | Good | Middling | Bad
 *	several: Where do you use it? | Living room | Kitchen | Bedroom
 *	scale *: Would you recommend it? | Not at all | Certainly
 *	number: How many devices are connected?
 *	text: Anything else?
 *
 * The star: it must be answered. The words in French: choix, plusieurs, note, nombre, texte.
 * A scale goes from 1 to 5, and may say what its two ends mean. Pure: no database.
 */
#ifndef FORUM_QUESTIONNAIRE_TEXT_H
#define FORUM_QUESTIONNAIRE_TEXT_H

#include "base/arena.h"

#include <stdint.h>

#define QUESTIONS_MAX            30
#define QUESTION_CHOICES_MAX     12
#define QUESTION_TEXT_MAX        300 /* characters */
#define QUESTION_CHOICE_MAX      100
#define QUESTION_SCALE           5
#define QUESTIONNAIRE_TEXT_MAX   8000 /* bytes */
#define QUESTIONNAIRE_FIELDS_MAX 56   /* of its form, each box one: a form has 64 at most */

enum question_kind {
	QUESTION_ONE,
	QUESTION_SEVERAL,
	QUESTION_GRADE, /* on a scale */
	QUESTION_NUMBER,
	QUESTION_WORDS,
	QUESTION_KIND_COUNT,
};

struct question {
	int64_t position; /* from 1 */
	enum question_kind kind;
	bool is_required;
	const char *text;
	/* Of a scale: what its ends mean, two or none. */
	const char *choices[QUESTION_CHOICES_MAX];
	size_t choice_count;
};
struct questions {
	struct question items[QUESTIONS_MAX];
	size_t count;
};

/*
 * False: *line (from 1; 0: the whole) and *problem, a sentence, translated, say what is
 * wrong. Texts live in the arena.
 */
bool questionnaire_parse(struct arena *arena, const char *text, struct questions *out, int *line,
			 const char **problem);

#endif
