/*
 * The XML of a feed, by libxml2's reader without network, entities or huge nodes. It
 * knows elements and attributes, and nothing of what a feed is.
 */
#ifndef CONNECT_FEED_XML_H
#define CONNECT_FEED_XML_H

#include <libxml/xmlreader.h>

#include "base/ctx.h"

struct feed_xml {
	struct ctx *ctx;
	xmlTextReaderPtr reader;
	xmlDocPtr document;  /* once it was looked at; NULL */
	const char *problem; /* the first fault, with its line; NULL */
};

/*
 * bytes must stay as long as the reading lasts; control characters that XML does not
 * allow are mended. False: it cannot be read at all, problem says why.
 */
bool feed_xml_open(struct feed_xml *xml, struct ctx *ctx, const char *url, const char *bytes,
		   size_t length);
void feed_xml_close(struct feed_xml *xml);

/* A document type that declares entities is a bomb or a way to read files. */
bool feed_xml_declares_entities(struct feed_xml *xml);

/* Where the reader stands. space "": without a namespace. */
bool feed_xml_is(const struct feed_xml *xml, const char *space, const char *name);
int feed_xml_depth(const struct feed_xml *xml);
/* NULL where there is none. */
const char *feed_xml_attribute(const struct feed_xml *xml, const char *name);

/* The text inside the element where the reader stands; it moves to its end. "" too when
 * it is longer than FEED_TEXT_MAX_BYTES. */
const char *feed_xml_text(const struct feed_xml *xml);
/* The same with its elements, as they were written. */
const char *feed_xml_markup(const struct feed_xml *xml);

#endif
