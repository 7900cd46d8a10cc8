/*
 * Pictures and files of articles, for those who write them. A file belongs to an article and
 * to its other languages; it is in the text when the text has its address, as
 * ![words](/files/12/box.webp) or [name](/files/12/notice.pdf), and it is public as soon as
 * a published version has it (attachment.h). A picture brings its words with it: who does
 * not see it is told what it shows.
 */
#ifndef FORUM_ARTICLE_FILES_H
#define FORUM_ARTICLE_FILES_H

#include "forum/attachment.h"

/* What is written into the text for it. */
const char *article_file_code(struct arena *arena, const struct attachment *file);

/* Those that a text may name; none is loaded when it names none. article_id 0: none. */
enum err article_files_for(struct ctx *ctx, int64_t article_id, const char *body_md,
			   struct attachment_list *out) MUST_CHECK;

/*
 * Before a version is kept. ERR_INVALID at "body": it names a file that is not the
 * article's, or one that is not ready (yet).
 */
enum err article_files_check(struct ctx *ctx, const char *body_md,
			     const struct attachment_list *files) MUST_CHECK;

/*
 * Files are not in an export: it names their whole addresses here, and an import elsewhere
 * makes links of them; an import here finds its own again.
 */
const char *article_files_absolute(struct ctx *ctx, const char *body_md);
const char *article_files_local(struct ctx *ctx, const char *body_md);

/* For the renderer: markdown_options.picture, with a struct article_pictures. */
struct article_pictures {
	struct ctx *ctx;
	const struct attachment_list *files;
};
struct sanitize_picture;
bool article_picture(const void *data, const char *url, struct sanitize_picture *out);

/*
 * Adds one file. ERR_INVALID at "file" or "alt": a picture needs its words. ERR_CONFLICT:
 * there are too many, or the article is archived; ERR_FORBIDDEN, ERR_THROTTLED.
 */
enum err article_file_add(struct ctx *ctx, int64_t article_id,
			  const struct attachment_uploads *uploads,
			  const char *form_key) MUST_CHECK;

/* ERR_CONFLICT: the newest or the published version has it. ERR_NOT_FOUND. */
enum err article_file_remove(struct ctx *ctx, int64_t article_id, int64_t id,
			     const char *form_key) MUST_CHECK;

#endif
