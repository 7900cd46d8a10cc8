/*
 * The few things compiled templates need at run time.
 */
#include "text/template.h"

#include <string.h>

void template_unsigned(struct buf *out, uint64_t number)
{
	char digits[20]; /* as many as 2^64 - 1 has */
	size_t start = sizeof(digits);

	do {
		digits[--start] = (char)('0' + number % 10);
		number /= 10;
	} while (number > 0);
	buf_bytes(out, digits + start, sizeof(digits) - start);
}

/* brace: at "{". Its name's index; count if it is none of them. */
static size_t find_slot(const char *brace, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		size_t length = strlen(names[i]);

		if (strncmp(brace + 1, names[i], length) == 0 && brace[1 + length] == '}')
			return i;
	}
	return count;
}

size_t template_sentence_next(struct buf *out, const char **rest, const char *const *names,
			      size_t count)
{
	const char *text = *rest;

	for (const char *brace = text; (brace = strchr(brace, '{')) != NULL; brace++) {
		size_t slot = find_slot(brace, names, count);

		if (slot == count)
			continue;
		buf_html(out, text, (size_t)(brace - text));
		*rest = brace + strlen(names[slot]) + 2;
		return slot;
	}
	buf_html(out, text, strlen(text));
	*rest = text + strlen(text);
	return count;
}
