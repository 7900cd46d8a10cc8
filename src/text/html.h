/*
 * Writing HTML: the escapes that compiled templates call. The safe form has the
 * short name; raw markup is a type of its own, struct html_fragment, that only
 * text/sanitize.c and text/markdown.c make.
 */
#ifndef TEXT_HTML_H
#define TEXT_HTML_H

#include "base/buf.h"

/* Markup that came out of the sanitiser. Never built by hand elsewhere. */
struct html_fragment {
	const char *html;
};

/* In element text or a quoted attribute. */
void html_text(struct buf *out, const char *text);
void html_number(struct buf *out, int64_t number);
void html_printf(struct buf *out, const char *format, ...) PRINTF_LIKE(2, 3);

/*
 * JSON in a script element that is data (application/ld+json). What could end the element
 * is written as JSON's own escapes; in JSON it stands in strings only.
 */
void html_json(struct buf *out, const char *json);

/*
 * In href, src, action: the address if it begins with https://, http://,
 * mailto:, / or # (and not //), else "#". Escaped.
 */
void html_url(struct buf *out, const char *url);

/* The sanitiser's output, as it is. */
void html_fragment(struct buf *out, struct html_fragment fragment);

/*
 * Trusts markup read back from the database, where only sanitised markup is ever
 * stored (column posts.body_html). The long name is on purpose.
 */
struct html_fragment html_fragment_from_stored_sanitised(const char *html);

/*
 * The address of the first picture that such markup shows, as it was before it was
 * escaped; "" for none. It reads what text/sanitize.c writes, and nothing else.
 */
const char *html_first_picture(struct arena *arena, struct html_fragment fragment);

/* The words of the first length bytes of such markup, a space for each tag. */
char *html_words(struct arena *arena, const char *html, size_t length);

#endif
