/*
 * Markdown as people write it in posts: CommonMark with tables, task lists,
 * strikethrough and autolinks (cmark-gfm), raw HTML off, then sanitised. Quotes,
 * @mentions and spoilers are ours.
 *
 * Everything typed by people is hostile. Debian's cmark-gfm 0.29.0.gfm.6 can be
 * stopped by one 16 kB table, so the source is measured before it is parsed
 * (docs/security.md has the numbers): length, table columns and cells, nesting,
 * runs of brackets. What is over a limit is refused with a sentence, not cut.
 */
#ifndef TEXT_MARKDOWN_H
#define TEXT_MARKDOWN_H

#include "base/ctx.h"
#include "text/html.h"
#include "text/sanitize.h"

#define MARKDOWN_MAX_BYTES        32000 /* Discourse's limit of a post */
#define MARKDOWN_COLUMNS_MAX      32
#define MARKDOWN_CELLS_MAX        2000
#define MARKDOWN_NESTING_MAX      50
#define MARKDOWN_OUTPUT_MAX_BYTES (1024 * 1024)

struct markdown_options {
	bool are_links_followed; /* author is trusted: rel="ugc" without nofollow */
	bool has_images;         /* else a picture becomes a link to it */
	/* Which ones: sanitize.h. */
	bool (*picture)(const void *data, const char *url, struct sanitize_picture *out);
	const void *picture_data;
	/*
	 * Turns "@name" into a link: returns a path such as "/u/12-name", or NULL
	 * when there is no such person. NULL: mentions stay text. Called at most
	 * MARKDOWN_MENTIONS_MAX times.
	 */
	const char *(*mention)(void *data, const char *name);
	void *mention_data;
};
#define MARKDOWN_MENTIONS_MAX 10

/*
 * What can be mentioned: 2 to 40 letters, digits, '-', '_' and '.', of any
 * script, with a letter or digit first and last, so that a full stop behind a
 * name does not belong to it.
 */
bool markdown_name_is_valid(const char *name);

/*
 * ERR_INVALID: over a limit; the sentence in ctx->error says which, and how to
 * mend it. field becomes ctx->error.field.
 */
enum err markdown_render(struct ctx *ctx, const char *field, const char *markdown,
			 const struct markdown_options *options,
			 struct html_fragment *out) MUST_CHECK;

/*
 * The names after '@' (without it), each once, in order, at most
 * MARKDOWN_MENTIONS_MAX, outside code. A name is what markdown_name_is_valid says.
 */
size_t markdown_mentions(struct arena *arena, const char *markdown, const char **names);

/*
 * The words without markup, one line, at most max_points code points before the
 * "…" that shows a cut. What a spoiler hides is left out.
 */
char *markdown_excerpt(struct arena *arena, const char *markdown, size_t max_points);

/*
 * Puts "> " before every line, and a blank line behind: what the quote button
 * fills in.
 */
char *markdown_quote(struct arena *arena, const char *markdown);

/*
 * Markdown for sanitised HTML, so that imported and mirrored posts can be edited
 * like all others: paragraphs, lists, links, emphasis, code, quotes, headings,
 * tables; what has no Markdown keeps its words.
 */
char *markdown_from_html(struct arena *arena, const char *html);

#endif
