/*
 * Reading the Page: its feed, the comments of a post, single items.
 */
#ifndef CONNECT_FACEBOOK_READ_H
#define CONNECT_FACEBOOK_READ_H

#include "connect/connector.h"

enum err facebook_read_posts(struct ctx *ctx, struct source *source, struct posts_reading *reading,
			     const struct event_sink *sink, struct connect_error *error) MUST_CHECK;
enum err facebook_read_comments(struct ctx *ctx, struct source *source,
				const struct item_address *post, struct comments_reading *reading,
				const struct event_sink *sink,
				struct connect_error *error) MUST_CHECK;
enum err facebook_read_items(struct ctx *ctx, struct source *source,
			     const struct item_address *items, size_t count,
			     const struct event_sink *sink, struct connect_error *error) MUST_CHECK;

#endif
