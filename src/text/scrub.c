/*
 * One pass over the words between blanks. Words of digits alone wait until it is
 * known how many digits follow each other: "06 12 34 56 78" is one number.
 */
#include "text/scrub.h"

#include <string.h>

#include "base/buf.h"
#include "base/slice.h"

#define NUMBER_DIGITS 5 /* from here on it may be somebody's: postcode, contract, telephone */
#define MIXED_DIGITS  8 /* in groups between letters: "tel:06.12.34.56.78" */

struct scrubber {
	struct buf out;
	size_t max_bytes;
	/* Words of digits that wait: from the first to behind the last. */
	const char *numbers, *numbers_end;
	size_t number_digits;
	bool is_in_quoted_name; /* author:"Jean Dupont" */
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The length of the blank that text begins with, no-break spaces too; or 0. */
static size_t blank_length(const char *text)
{
	if ((unsigned char)text[0] <= ' ')
		return text[0] ? 1 : 0;
	if (!strncmp(text, "\xC2\xA0", 2))
		return 2;
	return strncmp(text, "\xE2\x80\xAF", 3) ? 0 : 3;
}

static void keep(struct scrubber *scrubber, struct slice word)
{
	size_t needed = scrubber->out.length + (scrubber->out.length > 0) + word.length;

	/* What comes behind a word that does not fit is left out too. */
	if (needed > scrubber->max_bytes) {
		scrubber->max_bytes = scrubber->out.length;
		return;
	}
	if (scrubber->out.length > 0)
		buf_char(&scrubber->out, ' ');
	buf_bytes(&scrubber->out, word.data, word.length);
}

static struct slice take_word(const char **rest)
{
	const char *start = *rest;

	while (**rest && !blank_length(*rest))
		(*rest)++;
	return slice_make(start, (size_t)(*rest - start));
}

static void skip_blanks(const char **rest)
{
	size_t length;

	while ((length = blank_length(*rest)) > 0)
		*rest += length;
}

static void end_number(struct scrubber *scrubber)
{
	const char *rest = scrubber->numbers;

	while (scrubber->number_digits < NUMBER_DIGITS && rest && rest < scrubber->numbers_end) {
		keep(scrubber, take_word(&rest));
		skip_blanks(&rest);
	}
	scrubber->numbers = NULL;
	scrubber->number_digits = 0;
}

struct digits {
	size_t all, in_a_row;
	bool is_number; /* nothing but digits and what stands between them */
};

static struct digits count_digits(struct slice word)
{
	struct digits digits = { .is_number = true };
	size_t row = 0;

	for (size_t i = 0; i < word.length; i++) {
		row = is_digit(word.data[i]) ? row + 1 : 0;
		digits.all += row > 0;
		if (row > digits.in_a_row)
			digits.in_a_row = row;
		if (!is_digit(word.data[i]) && !strchr(".-/()+", word.data[i]))
			digits.is_number = false;
	}
	digits.is_number = digits.is_number && digits.all > 0;
	return digits;
}

static bool contains(struct slice word, const char *what)
{
	return memmem(word.data, word.length, what, strlen(what)) != NULL;
}

static bool begins(struct slice word, const char *prefix)
{
	return word.length >= strlen(prefix) && !strncasecmp(word.data, prefix, strlen(prefix));
}

/* A name that searches are narrowed by, perhaps with a minus before it. */
static bool is_name(struct slice word)
{
	static const char *const prefixes[] = { "author:", "auteur:", "auteure:", "par:", "by:" };

	while (word.length > 0 && word.data[0] == '-')
		word = slice_make(word.data + 1, word.length - 1);
	for (size_t i = 0; i < ARRAY_COUNT(prefixes); i++)
		if (begins(word, prefixes[i]))
			return true;
	return false;
}

static bool is_closed(struct slice word)
{
	const char *quote = memchr(word.data, '"', word.length);

	return !quote || memchr(quote + 1, '"', word.length - (size_t)(quote + 1 - word.data));
}

static void read_word(struct scrubber *scrubber, struct slice word)
{
	struct digits digits = count_digits(word);

	if (scrubber->is_in_quoted_name) {
		scrubber->is_in_quoted_name = !memchr(word.data, '"', word.length);
		return;
	}
	if (digits.is_number) {
		if (!scrubber->numbers)
			scrubber->numbers = word.data;
		scrubber->numbers_end = word.data + word.length;
		scrubber->number_digits += digits.all;
		return;
	}
	end_number(scrubber);
	if (is_name(word)) {
		scrubber->is_in_quoted_name = !is_closed(word);
		return;
	}
	if (contains(word, "@") || contains(word, "://") || begins(word, "www.") ||
	    digits.in_a_row >= NUMBER_DIGITS || digits.all >= MIXED_DIGITS)
		return;
	keep(scrubber, word);
}

char *text_scrub(struct arena *arena, const char *text, size_t max_bytes)
{
	struct scrubber scrubber = { .max_bytes = max_bytes };

	buf_init(&scrubber.out, arena, max_bytes + 1);
	for (skip_blanks(&text); *text; skip_blanks(&text))
		read_word(&scrubber, take_word(&text));
	end_number(&scrubber);
	return buf_to_arena(&scrubber.out, arena);
}
