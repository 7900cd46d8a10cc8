/*
 * The first words of a text.
 */
#include "text/excerpt.h"

#include <string.h>

#include "base/utf8.h"

#define ELLIPSIS         "…"
/* Of markup no more is looked at: its tags and entities are longer than its words. */
#define MARKUP_PER_POINT 16

static bool is_space(char c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

/* In place; the end is without a space too. */
static void fold(char *text)
{
	char *out = text;

	for (const char *from = text; *from; from++) {
		if (!is_space(*from))
			*out++ = *from;
		else if (out > text && out[-1] != ' ')
			*out++ = ' ';
	}
	if (out > text && out[-1] == ' ')
		out--;
	*out = '\0';
}

/* Where to cut: behind the last word that ends, unless that leaves too little. */
static size_t cut_at(const char *text, size_t length)
{
	size_t end = length;

	if (!is_space(text[length]))
		while (end > 0 && !is_space(text[end - 1]))
			end--;
	if (end < length / 2)
		end = length;
	while (end > 0 && (is_space(text[end - 1]) || strchr(",;:(-", text[end - 1])))
		end--;
	return end;
}

static const char *cut(struct arena *arena, char *text, size_t max_points)
{
	fold(text);
	if (utf8_count(text) <= max_points)
		return text;
	return arena_printf(arena, "%.*s" ELLIPSIS,
			    (int)cut_at(text, utf8_prefix(text, max_points - 1)), text);
}

const char *excerpt_of_text(struct arena *arena, const char *text, size_t max_points)
{
	return cut(arena, arena_strdup(arena, text), max_points);
}

const char *excerpt_of_html(struct arena *arena, struct html_fragment fragment, size_t max_points)
{
	const char *html = fragment.html ? fragment.html : "";
	size_t length = strnlen(html, max_points * MARKUP_PER_POINT);

	while (length > 0 && ((unsigned char)html[length] & 0xC0) == 0x80)
		length--;
	return cut(arena, html_words(arena, html, length), max_points);
}
