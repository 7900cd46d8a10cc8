/*
 * What an article's page makes of sanitised markup: headings get an id, so that a table
 * of contents can lead to them, and quotes that begin with a bold word of warning become
 * boxes. In Markdown:
 *
 *	## Restart the box                 → <h3 id="s-restart-the-box">
 *	> **Warning** Unplug it first.     → <blockquote class="callout callout-warning">
 *
 * The words are "Warning", "Note", "Tip" and their French ones; a colon may follow inside.
 * Everything else is passed on byte by byte, so sanitised markup stays sanitised.
 */
#ifndef TEXT_OUTLINE_H
#define TEXT_OUTLINE_H

#include "base/arena.h"
#include "text/html.h"

#define OUTLINE_ENTRIES_MAX 100 /* further headings get no id */

struct outline_entry {
	int depth;        /* 0: the first level */
	const char *id;   /* "s-restart-the-box"; each once */
	const char *text; /* without markup, unescaped */
};
struct outline {
	struct html_fragment html;
	struct outline_entry *entries;
	size_t count;
};

/* html: what sanitize_html or markdown_render made. */
void outline_make(struct arena *arena, struct html_fragment html, struct outline *out);

#endif
