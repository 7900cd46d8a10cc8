/*
 * One entry of a feed: what its elements said, gathered, and made an item of. Entries
 * of all dialects come together here; nothing here knows XML.
 */
#ifndef CONNECT_FEED_ENTRY_H
#define CONNECT_FEED_ENTRY_H

#include "connect/connector.h"

#define FEED_TITLE_MAX_POINTS 200
#define FEED_NAME_MAX_POINTS  100

struct feed_text {
	const char *value; /* NULL: there was none */
	bool is_markup;
};

struct feed_entry {
	struct feed_text title, summary, content;
	/* NULL where it was not said. Addresses are absolute. */
	const char *id, *link, *author, *author_uri, *reply_to, *comments_feed;
	int64_t created_at, updated_at; /* 0: unknown */
	int64_t comment_count;          /* -1: unknown */
	struct item_media media[ITEM_MEDIA_MAX];
	size_t media_count;
};

/* A post, or a comment if it answers another entry. Its strings are the entry's. */
void feed_entry_item(struct ctx *ctx, const struct feed_entry *entry, struct item *out);

/* What the feed hangs on an entry; type, a media type, may be NULL. */
void feed_entry_add_enclosure(struct feed_entry *entry, const char *url, const char *type);

/* Either way of writing a time; 0 if it is neither. */
int64_t feed_time(const char *text);

/* "mail@example.org (Name)" and "Name <mail@example.org>": the name alone, never the
 * address. */
const char *feed_name(struct ctx *ctx, const char *text);

#endif
