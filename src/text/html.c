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

void html_printf(struct buf *out, const char *format, ...)
{
	va_list arguments;
	char *formatted;
	int length;

	va_start(arguments, format);
	length = vasprintf(&formatted, format, arguments);
	va_end(arguments);
	if (length < 0) {
		out->is_overflown = true;
		return;
	}
	buf_html(out, formatted, (size_t)length);
	free(formatted);
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
