/*
 * Cutting a text at its marks.
 */
#include "web/marked.h"

#include "search/search.h"

static bool is_mark(char c)
{
	return c == SEARCH_MARK_BEGIN || c == SEARCH_MARK_END;
}

static size_t count_marks(const char *text)
{
	size_t count = 0;

	for (; *text; text++)
		count += is_mark(*text);
	return count;
}

struct marked marked_read(struct arena *arena, const char *text)
{
	struct marked marked = {
		.pieces = arena_array_of(arena, count_marks(text) + 1, struct marked_piece),
	};
	const char *from = text;
	bool is_match = false;

	for (const char *c = text;; c++) {
		if (*c && !is_mark(*c))
			continue;
		if (c > from)
			marked.pieces[marked.count++] = (struct marked_piece){
				.text = arena_strndup(arena, from, (size_t)(c - from)),
				.is_match = is_match,
			};
		if (!*c)
			return marked;
		is_match = *c == SEARCH_MARK_BEGIN;
		from = c + 1;
	}
}

const char *marked_plain(struct arena *arena, const char *text)
{
	char *plain = arena_alloc(arena, strlen(text) + 1);
	size_t length = 0;

	for (; *text; text++)
		if (!is_mark(*text))
			plain[length++] = *text;
	plain[length] = '\0';
	return plain;
}
