/*
 * Reading a feed: RSS 2.0 (and older), RSS 1.0 (RDF) and Atom, by libxml2's reader
 * without network, entities or huge nodes. Nothing is rendered here: markup is
 * handed on as it came, for the core to sanitise.
 */
#ifndef CONNECT_FEED_PARSE_H
#define CONNECT_FEED_PARSE_H

#include "connect/connector.h"

#define FEED_MAX_BYTES      ((size_t)8 * 1024 * 1024)
#define FEED_ENTRIES_MAX    2000
#define FEED_TEXT_MAX_BYTES ((size_t)512 * 1024) /* of one element */

struct feed {
	const char *title;
	const char *next; /* RFC 5005: address of the older entries; "" */
	struct item *items;
	size_t item_count;
	const char *problem; /* NULL: read to its end; else what is wrong, for the operator */
};

/*
 * Entries as items, in the order of the feed; a broken feed gives those well before
 * the fault. url: where it came from, for relative addresses. Strings live as long as
 * ctx->arena. False: this is no feed at all, or one that we do not read (entity
 * declarations); problem says why.
 */
bool feed_parse(struct ctx *ctx, const char *url, const char *bytes, size_t length,
		struct feed *out);

#endif
