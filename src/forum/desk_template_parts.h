/*
 * What the files of reply templates share. Inside src/forum only.
 */
#ifndef FORUM_DESK_TEMPLATE_PARTS_H
#define FORUM_DESK_TEMPLATE_PARTS_H

#include "db/db.h"
#include "forum/desk_template.h"
#include "text/placeholder.h"

/* ERR_INVALID at "body", with the line. */
enum err desk_template_parse(struct ctx *ctx, const char *body_md,
			     struct placeholder_text *out) MUST_CHECK;

/* Queues the question which articles are meant; nothing when there are none. */
void desk_template_articles_add(struct ctx *ctx, const struct placeholder_text *parsed,
				struct rows *rows);
/* ERR_INVALID at "body": there is none that is called so. */
enum err desk_template_articles_check(struct ctx *ctx, const char *body_md,
				      const struct placeholder_text *parsed,
				      struct rows *rows) MUST_CHECK;

#endif
