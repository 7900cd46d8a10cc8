/*
 * The encoding fault of export files. A string is taken for faulty when all its
 * characters are bytes (at most U+00FF), at least one is beyond ASCII, and the
 * bytes are UTF-8. Newer files may be right, hence per string.
 */
#include "base/utf8.h"
#include "connect/facebook_export.h"

#define ROUNDS_MAX 4

/* The text's characters as bytes; NULL: one is no byte, or all are ASCII. */
static char *as_bytes(struct arena *arena, const char *text, size_t *out_length)
{
	char *bytes = arena_alloc(arena, strlen(text) + 1);
	bool has_beyond = false;
	size_t length = 0, step;
	uint32_t point;

	for (; (step = utf8_next(text, &point)) > 0; text += step) {
		if (point > 0xFF)
			return NULL;
		has_beyond = has_beyond || point >= 0x80;
		bytes[length++] = (char)(unsigned char)point;
	}
	bytes[length] = '\0';
	*out_length = length;
	return has_beyond ? bytes : NULL;
}

const char *facebook_repair(struct arena *arena, const char *text)
{
	for (int round = 0; round < ROUNDS_MAX; round++) {
		size_t length;
		char *bytes = as_bytes(arena, text, &length);

		if (!bytes || !utf8_is_valid(bytes, length))
			break;
		text = bytes;
	}
	return text;
}
