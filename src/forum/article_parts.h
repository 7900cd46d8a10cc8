/* Between the files that change articles. Inside src/forum only. */
#ifndef FORUM_ARTICLE_PARTS_H
#define FORUM_ARTICLE_PARTS_H

#include "forum/article_work.h"

/* The words of a version that is being written. */
struct article_words {
	int64_t number;
	const char *title, *summary, *body_md, *body_html, *reason;
};

/* Cleans the fields and renders the body. ERR_INVALID. */
enum err article_check_words(struct ctx *ctx, struct article_form *form,
			     struct html_fragment *html) MUST_CHECK;
const char *article_product_slug(struct ctx *ctx, const char *product);

/* Makes the article's row: without a version it must not be committed. */
enum err article_add_row(struct ctx *ctx, const struct article_form *form, int64_t group_id,
			 const char *import_key, int64_t *id) MUST_CHECK;
/* Queue: a version that becomes the newest, in state draft; category and product. */
void article_add_version(struct ctx *ctx, int64_t id, const struct article_words *words);
void article_add_place(struct ctx *ctx, const struct article_form *form);
/* Queues: the newest version becomes what readers see. */
void article_add_publication(struct ctx *ctx, int64_t id);
void article_audit(struct ctx *ctx, const char *action, int64_t id, int64_t number,
		   const char *reason);

enum err article_somebody_was_faster(struct ctx *ctx) MUST_CHECK;
/* "/kb/work/12" is 12. */
int64_t article_id_of_path(const char *path);

#endif
