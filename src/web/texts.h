/*
 * The brand's own pages: Markdown files under the theme's folder, one a language
 * (pages/charter.fr.md), read when asked for. What is missing is a 404.
 */
#ifndef WEB_TEXTS_H
#define WEB_TEXTS_H

#include "web/request.h"

#define TEXT_FILE_MAX_BYTES (64 * 1024)

/*
 * name: a word of ours, never from the request. A first line "# Our charter" goes
 * to *heading, which else stays as it is.
 */
enum err text_load(struct request *request, const char *name, const char **heading,
		   struct html_fragment *out) MUST_CHECK;

/* A file, whole; "" when there is none or it is longer. */
const char *file_read(struct arena *arena, const char *path, size_t max_bytes);

/* A file of the theme ("footer.fr.html"), whole; "" when there is none. */
const char *theme_file(struct arena *arena, const struct config *config, const char *name);

#endif
