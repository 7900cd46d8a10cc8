/*
 * A topic's page: what its files share. Inside src/forum only.
 */
#ifndef FORUM_POST_VIEW_PARTS_H
#define FORUM_POST_VIEW_PARTS_H

#include "db/db.h"
#include "forum/post.h"

/* Calls visit for the question and for each answer, both where it stands twice. */
void view_each_post(struct topic_view *view, void (*visit)(struct post *, void *), void *data);

/* Other questions and the article: queue; then _read, after the topic and its comments. */
struct view_links {
	struct rows topics, article;
};
void view_links_add(struct ctx *ctx, int64_t topic_id, struct view_links *links);
void view_links_read(struct ctx *ctx, struct view_links *links, struct topic_view *view);

#endif
