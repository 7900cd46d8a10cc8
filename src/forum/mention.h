/*
 * "@name" in what people write: who is meant is asked in the same round trip as
 * everything else that a post needs, before the text is rendered.
 */
#ifndef FORUM_MENTION_H
#define FORUM_MENTION_H

#include "base/ctx.h"
#include "db/db.h"
#include "text/markdown.h"

struct mentions {
	struct ctx *ctx;
	const char *handles[MARKDOWN_MENTIONS_MAX];
	size_t count;
	struct rows people; /* handle, id, name */
};

/* Finds the names and queues the statement; none when there is no name. */
void mentions_add(struct ctx *ctx, const char *body_md, struct mentions *mentions);

/* After db_run: the body as it is stored. ERR_INVALID at the field. */
enum err mentions_render(struct mentions *mentions, const char *field, const char *body_md,
			 bool are_links_followed, struct html_fragment *out) MUST_CHECK;

#endif
