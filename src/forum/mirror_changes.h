/*
 * What storing a batch changes, as rows for the statements that write it. Inside
 * src/forum only.
 */
#ifndef FORUM_MIRROR_CHANGES_H
#define FORUM_MIRROR_CHANGES_H

#include "forum/mirror_parts.h"

/* Each is for one statement of mirror_changes.c, which names the fields. */
struct mirror_changes {
	struct json_rows topics, posts, texts, titles, visibility, topic_visibility, authors;
	struct json_rows items, touched, media, hidden_media, shown_media, refreshes;
};

void mirror_changes_init(struct ctx *ctx, struct mirror_changes *changes);
/* Queues the statements that have rows, with the running batch. */
void mirror_changes_add(struct ctx *ctx, const struct mirror_batch *batch,
			struct mirror_changes *changes);

#endif
