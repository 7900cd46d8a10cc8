/*
 * Taking articles over from elsewhere, and giving them away: JSON Lines, an object a
 * line.
 *
 *	{"id": "192", "title": "…", "body": "…", "theme": "Internet", "lang": "fr"}
 *
 * id, title and body are needed; theme, product, lang, summary and format ("markdown" or
 * "html"; guessed where it is missing) are not. A theme that is the address or the name of
 * a category becomes the category, any other the product. The id is kept: a second run
 * finds its article by it, and /kb/old/ID leads there.
 */
#ifndef FORUM_ARTICLE_IMPORT_H
#define FORUM_ARTICLE_IMPORT_H

#include "forum/article_work.h"

#define ARTICLE_LINE_MAX_BYTES   (256 * 1024)
#define ARTICLE_IMPORT_MAX       20000 /* lines of a file */
#define ARTICLE_IMPORT_MAX_BYTES ((size_t)128 * 1024 * 1024)
#define ARTICLE_BATCH            200 /* of an export */

/* One line, cleaned and within the bounds of an article; body as Markdown. */
struct article_line {
	const char *id, *title, *summary, *body, *theme, *product, *language;
	bool is_shortened; /* a title that was too long: the whole of it is in the summary */
};

/*
 * Hostile bytes are welcome; no database is asked. default_language: where the line says
 * nothing. ERR_INVALID: the field, and a sentence about it.
 */
enum err article_line_read(struct ctx *ctx, const char *line, size_t length,
			   const char *default_language, struct article_line *out) MUST_CHECK;

/* The line of it, with its line end: article_line_read gives the same back. */
const char *article_line_write(struct arena *arena, const struct article_line *line);

struct article_import_options {
	const char *language; /* of lines without one */
	bool are_drafts;      /* new ones are not published */
	/* For each bad line: what is wrong with it. field may be "". */
	void (*complain)(void *data, int64_t line, const char *field, const char *problem);
	void (*progress)(void *data, const char *step, int64_t done, int64_t total);
	void *data; /* for both; which may be NULL */
};
struct article_import_result {
	int64_t lines, bad, repeated; /* repeated: word for word as a line before */
	int64_t made, renewed, same;
	int64_t kept; /* somebody worked on it here since: left as it is */
	int64_t in_categories, in_products, nowhere;
	int64_t shortened;
};

/*
 * text: a whole file. With a bad line nothing at all is stored: ERR_INVALID, and each bad
 * line was said. Else all is stored, in one transaction. What was imported before is
 * renewed when its words differ and nobody has worked on it here since.
 */
enum err article_import(struct ctx *ctx, const char *text, size_t length,
			const struct article_import_options *options,
			struct article_import_result *out) MUST_CHECK;

/*
 * What readers have, by number: at most ARTICLE_BATCH behind *after, which moves on.
 * Ids are those that they came with, or "kb-12".
 */
enum err article_export(struct ctx *ctx, int64_t *after, struct article_line **out,
			size_t *count) MUST_CHECK;

#endif
