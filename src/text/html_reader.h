/*
 * Reads foreign HTML as a flow of balanced events: libxml2's HTML parser with our
 * own handlers and no tree, so that memory stays flat. Elements that hold no
 * words for readers (script, style, svg, …) are left out with all they contain,
 * and so are comments, processing instructions and doctypes.
 */
#ifndef TEXT_HTML_READER_H
#define TEXT_HTML_READER_H

#include "base/ctx.h"

#define HTML_ATTRIBUTES_MAX 256 /* on one tag; libxml2 compares each with each */
#define HTML_DEPTH_MAX      256 /* every unmatched end tag searches the whole stack */

struct html_handler {
	/*
	 * name in lower case. attributes: name, value, name, value, …, NULL; or NULL
	 * when there are none. A value may be NULL. Valid during the call only.
	 */
	void (*start)(void *data, const char *name, const char **attributes);
	void (*end)(void *data, const char *name);
	/* Line ends are "\n"; nothing of html_dropped_length; not NUL-terminated. */
	void (*text)(void *data, const char *text, size_t length);
	void *data;
	bool is_complete; /* also the elements that are otherwise left out */
};

/*
 * html: valid UTF-8, at most max_bytes. ERR_INVALID: over a limit; the sentence
 * in ctx->error says which.
 */
enum err html_read(struct ctx *ctx, const char *html, size_t max_bytes,
		   const struct html_handler *handler) MUST_CHECK;

/*
 * Length of the first character if it has no place in a text (control characters
 * but tab and line feed, what Unicode calls noncharacters), else 0.
 */
size_t html_dropped_length(const char *text, size_t length);

/* The value of the attribute, "" if it has none, NULL if it is not there. */
const char *html_attribute(const char **attributes, const char *name);

#endif
