/*
 * The escapes that templates call. Everything goes through buf_html, which knows
 * the five characters; an address is judged before it is written.
 */
#include "text/html.h"

#include <stdarg.h>

#include "text/url.h"

void html_text(struct buf *out, const char *text)
{
	buf_html(out, text, strlen(text));
}

void html_number(struct buf *out, int64_t number)
{
	buf_i64(out, number);
}

void html_json(struct buf *out, const char *json)
{
	size_t plain;

	for (; *json; json += *json ? 1 : 0) {
		plain = strcspn(json, "<>&");
		buf_bytes(out, json, plain);
		json += plain;
		if (*json)
			buf_printf(out, "\\u%04x", (unsigned)*json);
	}
}

static void print_long(struct buf *out, const char *format, va_list arguments)
{
	char *formatted;
	int length = vasprintf(&formatted, format, arguments);

	if (length < 0) {
		out->is_overflown = true;
		return;
	}
	buf_html(out, formatted, (size_t)length);
	free(formatted);
}

/* Nearly all are a few words: formatted where they need no memory of their own. */
void html_printf(struct buf *out, const char *format, ...)
{
	va_list arguments, again;
	char formatted[512];
	int length;

	va_start(arguments, format);
	va_copy(again, arguments);
	length = vsnprintf(formatted, sizeof(formatted), format, arguments);
	if (length >= 0 && (size_t)length < sizeof(formatted))
		buf_html(out, formatted, (size_t)length);
	else
		print_long(out, format, again);
	va_end(again);
	va_end(arguments);
}

/* Stricter than what people may link to: no relative path, no bare query. */
static bool is_allowed(const char *url)
{
	enum url_kind kind = url_kind_of(url);

	return kind == URL_WEB || kind == URL_MAIL ||
	       (kind == URL_LOCAL && (url[0] == '/' || url[0] == '#'));
}

void html_url(struct buf *out, const char *url)
{
	html_text(out, is_allowed(url) ? url : "#");
}

void html_fragment(struct buf *out, struct html_fragment fragment)
{
	buf_text(out, fragment.html);
}

struct html_fragment html_fragment_from_stored_sanitised(const char *html)
{
	return (struct html_fragment){ .html = html };
}

/* What buf_html has escaped, back. */
static char *unescaped(struct arena *arena, const char *text, size_t length)
{
	static const struct {
		const char *entity;
		char character;
	} entities[] = {
		{ "&amp;", '&' }, { "&quot;", '"' }, { "&#39;", '\'' },
		{ "&lt;", '<' },  { "&gt;", '>' },
	};
	char *out = arena_strndup(arena, text, length), *end = out;

	for (const char *from = out; *from; end++) {
		size_t taken = 1;

		*end = *from;
		for (size_t i = 0; i < ARRAY_COUNT(entities); i++)
			if (strncmp(from, entities[i].entity, strlen(entities[i].entity)) == 0) {
				*end = entities[i].character;
				taken = strlen(entities[i].entity);
				break;
			}
		from += taken;
	}
	*end = '\0';
	return out;
}

const char *html_first_picture(struct arena *arena, struct html_fragment fragment)
{
	static const char opening[] = "<img src=\"";
	const char *picture = fragment.html ? strstr(fragment.html, opening) : NULL;

	if (!picture)
		return "";
	picture += strlen(opening);
	return unescaped(arena, picture, strcspn(picture, "\""));
}

char *html_words(struct arena *arena, const char *html, size_t length)
{
	char *words = arena_strndup(arena, html, length), *end = words;

	for (const char *from = words; *from; from++) {
		if (*from == '<') {
			from += strcspn(from, ">");
			*end++ = ' ';
			if (!*from)
				break;
		} else {
			*end++ = *from;
		}
	}
	return unescaped(arena, words, (size_t)(end - words));
}
