/*
 * Numbers in a text: runs of digits with single separators, and what a run can be.
 * Between the files of personal_data.h.
 */
#ifndef TEXT_PERSONAL_NUMBER_H
#define TEXT_PERSONAL_NUMBER_H

#include "base/base.h"

#define NUMBER_DIGITS_MAX 40
#define NUMBER_GROUPS_MAX 24

/* "+33 (0)6 12 34": digits without separators, and the groups as they stand. */
struct number_run {
	char digits[NUMBER_DIGITS_MAX + 1];
	size_t count;
	struct number_group {
		size_t start, end; /* in the text */
		size_t first;      /* index of its first digit */
		char before;       /* separator before it: ' ', '-', '.', '/', or 0 */
	} groups[NUMBER_GROUPS_MAX];
	size_t group_count;
	size_t start, end; /* in the text, with the "+" */
	bool has_plus;
};

/* Reads the run that begins at text + at (a digit or "+"); false: none, or too long. */
bool number_run_read(const char *text, size_t at, struct number_run *run);

/*
 * Is this a telephone number from group first on? *last: the group behind it. French
 * in their usual groups, international with "+" or "00". Not the numbers with 08,
 * which belong to nobody.
 */
bool number_is_phone(const struct number_run *run, size_t first, size_t *last);

/* 13 to 19 digits of a known card scheme with Luhn's check, the whole run. */
bool number_is_card(const struct number_run *run);

/* text + at: an IBAN with its country's length and the check of ISO 13616. *end: behind. */
bool number_is_iban(const char *text, size_t at, size_t *end);

#endif
