/*
 * The brand's own pages: what administrators published (forum/page_text.h), else Markdown
 * files under the theme's folder, one a language (pages/charter.fr.md), read when asked
 * for. What is missing is a 404.
 */
#ifndef WEB_TEXTS_H
#define WEB_TEXTS_H

#include "web/request.h"

#define TEXT_FILE_MAX_BYTES (64 * 1024)

struct text_shown {
	const char *heading; /* "" when the text has none of its own */
	struct html_fragment body;
	const char *language;   /* of the words */
	int64_t publication_id; /* 0: the theme's */
};

/* name: of ours or of a free page; only ours are looked for in the theme. One statement. */
enum err text_load(struct request *request, const char *name, struct text_shown *out) MUST_CHECK;

/*
 * The theme's, as Markdown: a first line "# Our charter" goes to *heading. "" when
 * there is none.
 */
const char *theme_text(struct ctx *ctx, const char *name, const char *language,
		       const char **heading);

/* A file, whole; "" when there is none or it is longer. */
const char *file_read(struct arena *arena, const char *path, size_t max_bytes);

/* A file of the theme ("footer.fr.html"), whole; "" when there is none. */
const char *theme_file(struct arena *arena, const struct config *config, const char *name);

#endif
