/*
 * Headings and boxes of an article. Our own writer made the markup, so "<h3>" stands for
 * a heading and nothing else: "<" in words is "&lt;".
 */
#include "text/outline.h"

#include <stdio.h>

#include "text/slug.h"

#define ADDED_MAX_BYTES   (64 * 1024)
#define FIRST_LEVEL       3
#define HEADING_TAG_BYTES 4 /* "<h3>" */

static const struct {
	const char *word, *class;
} callouts[] = {
	{ "Warning", "warning" }, { "Attention", "warning" }, { "Avertissement", "warning" },
	{ "Note", "note" },       { "Remarque", "note" },     { "À savoir", "note" },
	{ "Tip", "tip" },         { "Astuce", "tip" },        { "Conseil", "tip" },
};

static const struct {
	const char *entity;
	char character;
} entities[] = {
	{ "&amp;", '&' }, { "&lt;", '<' }, { "&gt;", '>' }, { "&quot;", '"' }, { "&#39;", '\'' },
};

static bool begins(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

/* The character of an entity that our writer uses; *length of what stands for it. */
static char entity_at(const char *text, size_t *length)
{
	for (size_t i = 0; i < ARRAY_COUNT(entities); i++)
		if (begins(text, entities[i].entity)) {
			*length = strlen(entities[i].entity);
			return entities[i].character;
		}
	*length = 1;
	return *text;
}

/* Words without tags and escapes. */
static char *plain_text(struct arena *arena, const char *html, size_t length)
{
	char *text = arena_alloc(arena, length + 1), *end = text;
	const char *stop = html + length;

	while (html < stop) {
		size_t step = strcspn(html, ">") + 1;

		if (*html != '<')
			*end++ = entity_at(html, &step);
		html += step;
	}
	*end = '\0';
	return text;
}

static bool is_taken(const struct outline *outline, const char *id)
{
	for (size_t i = 0; i < outline->count; i++)
		if (strcmp(outline->entries[i].id, id) == 0)
			return true;
	return false;
}

static const char *free_id(struct arena *arena, const struct outline *outline, const char *text)
{
	const char *base = arena_printf(arena, "s-%s", slug_from(arena, text)), *id = base;

	for (size_t number = 2; is_taken(outline, id); number++)
		id = arena_printf(arena, "%s-%zu", base, number);
	return id;
}

/* At "<h3>": writes it with an id. False: no heading, or one too many. */
static bool heading(struct arena *arena, const char *at, struct buf *html, struct outline *out)
{
	struct outline_entry *entry = &out->entries[out->count];
	const char *end;
	char close[8];

	if (at[1] != 'h' || at[2] < '3' || at[2] > '6' || at[3] != '>' ||
	    out->count == OUTLINE_ENTRIES_MAX)
		return false;
	snprintf(close, sizeof(close), "</h%c>", at[2]);
	end = strstr(at, close);
	if (!end)
		return false;
	at += HEADING_TAG_BYTES;
	entry->text = plain_text(arena, at, (size_t)(end - at));
	entry->depth = close[3] - '0' - FIRST_LEVEL;
	entry->id = free_id(arena, out, entry->text);
	out->count++;
	buf_printf(html, "<h%c id=\"", close[3]);
	html_text(html, entry->id);
	buf_text(html, "\">");
	return true;
}

/* At "<blockquote>": does it begin with such a word? */
static bool callout(const char *at, struct buf *html)
{
	const char *after = at + strlen("<blockquote>");

	if (!begins(at, "<blockquote>"))
		return false;
	after += strspn(after, " \n");
	if (!begins(after, "<p><strong>"))
		return false;
	after += strlen("<p><strong>");
	for (size_t i = 0; i < ARRAY_COUNT(callouts); i++) {
		size_t length = strlen(callouts[i].word);

		if (begins(after, callouts[i].word) && strchr("<:!", after[length]) &&
		    after[length] != '\0') {
			buf_printf(html, "<blockquote class=\"callout callout-%s\">",
				   callouts[i].class);
			return true;
		}
	}
	return false;
}

void outline_make(struct arena *arena, struct html_fragment html, struct outline *out)
{
	const char *at = html.html;
	struct buf buf;
	size_t tag;

	*out = (struct outline){ .entries = arena_array_of(arena, OUTLINE_ENTRIES_MAX,
							   struct outline_entry) };
	buf_init(&buf, arena, strlen(at) + ADDED_MAX_BYTES);
	while (*at) {
		size_t words = strcspn(at, "<");

		buf_bytes(&buf, at, words);
		at += words;
		if (!*at)
			break;
		tag = strcspn(at, ">");
		/* A tag that is cut off ends with the text. */
		tag += at[tag] == '>';
		if (!heading(arena, at, &buf, out) && !callout(at, &buf))
			buf_bytes(&buf, at, tag);
		at += tag;
	}
	out->html.html = buf.is_overflown ? html.html : buf_to_arena(&buf, arena);
}
