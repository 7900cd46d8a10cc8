/*
 * Reading XML for feeds.
 */
#include "connect/feed_xml.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "connect/feed_parse.h"
#include "connect/foreign.h"
#include "text/dump.h"

#define PIECE_BYTES 4096

static void note_error(void *data, const char *message, xmlParserSeverities severity,
		       xmlTextReaderLocatorPtr locator)
{
	struct feed_xml *xml = data;

	if (xml->problem || severity == XML_PARSER_SEVERITY_VALIDITY_WARNING ||
	    severity == XML_PARSER_SEVERITY_WARNING)
		return;
	xml->problem = arena_printf(xml->ctx->arena, "line %d: %s",
				    xmlTextReaderLocatorLineNumber(locator),
				    foreign_line(xml->ctx->arena, message, 200));
}

/* Characters that XML does not allow are mended; UTF-16 is left as it is. */
static void mend(const char *bytes, size_t length, struct buf *out)
{
	struct dump_mend state = { 0 };
	char piece[DUMP_MENDED_MAX(PIECE_BYTES)];

	if (length >= 2 && (!memcmp(bytes, "\xfe\xff", 2) || !memcmp(bytes, "\xff\xfe", 2))) {
		buf_bytes(out, bytes, length);
		return;
	}
	for (size_t done = 0; done < length; done += PIECE_BYTES) {
		size_t left = length - done;

		buf_bytes(out, piece,
			  dump_mend(&state, bytes + done, left < PIECE_BYTES ? left : PIECE_BYTES,
				    piece));
	}
	buf_bytes(out, piece, dump_mend(&state, NULL, 0, piece));
}

bool feed_xml_open(struct feed_xml *xml, struct ctx *ctx, const char *url, const char *bytes,
		   size_t length)
{
	struct buf mended;

	*xml = (struct feed_xml){ .ctx = ctx };
	if (length > FEED_MAX_BYTES) {
		xml->problem = "it is too large";
		return false;
	}
	buf_init(&mended, ctx->arena, DUMP_MENDED_MAX(FEED_MAX_BYTES));
	mend(bytes, length, &mended);
	xml->reader = xmlReaderForMemory(mended.data, (int)mended.length, url, NULL,
					 XML_PARSE_NONET | XML_PARSE_NOCDATA);
	if (!xml->reader) {
		xml->problem = "it cannot be read";
		return false;
	}
	xmlTextReaderSetErrorHandler(xml->reader, note_error, xml);
	return true;
}

void feed_xml_close(struct feed_xml *xml)
{
	xmlFreeTextReader(xml->reader);
	xmlFreeDoc(xml->document);
}

bool feed_xml_declares_entities(struct feed_xml *xml)
{
	/* Who looks at the document has to free it: the reader does not any more. */
	xml->document = xmlTextReaderCurrentDoc(xml->reader);
	return xml->document && xml->document->intSubset &&
	       (xml->document->intSubset->entities || xml->document->intSubset->pentities);
}

bool feed_xml_is(const struct feed_xml *xml, const char *space, const char *name)
{
	const char *its_space = (const char *)xmlTextReaderConstNamespaceUri(xml->reader);
	const char *its_name = (const char *)xmlTextReaderConstLocalName(xml->reader);

	return !strcmp(its_name, name) && !strcmp(its_space ? its_space : "", space);
}

const char *feed_xml_attribute(const struct feed_xml *xml, const char *name)
{
	xmlChar *value = xmlTextReaderGetAttribute(xml->reader, (const xmlChar *)name);
	char *copy;

	if (!value)
		return NULL;
	copy = arena_strdup(xml->ctx->arena, (char *)value);
	xmlFree(value);
	return copy;
}

const char *feed_xml_text(const struct feed_xml *xml)
{
	int depth = xmlTextReaderDepth(xml->reader);
	struct buf text;

	buf_init(&text, xml->ctx->arena, FEED_TEXT_MAX_BYTES);
	if (xmlTextReaderIsEmptyElement(xml->reader))
		return "";
	while (xmlTextReaderRead(xml->reader) == 1 && xmlTextReaderDepth(xml->reader) > depth) {
		int type = xmlTextReaderNodeType(xml->reader);

		if (type == XML_READER_TYPE_TEXT || type == XML_READER_TYPE_CDATA ||
		    type == XML_READER_TYPE_WHITESPACE ||
		    type == XML_READER_TYPE_SIGNIFICANT_WHITESPACE)
			buf_text(&text, (const char *)xmlTextReaderConstValue(xml->reader));
	}
	/* Cut where it is still whole characters. */
	return arena_strndup(xml->ctx->arena, text.data,
			     utf8_is_valid(text.data, text.length) ? text.length : 0);
}

const char *feed_xml_markup(const struct feed_xml *xml)
{
	xmlChar *markup = xmlTextReaderReadInnerXml(xml->reader);
	char *copy;

	if (!markup || xmlStrlen(markup) > (int)FEED_TEXT_MAX_BYTES) {
		xmlFree(markup);
		return "";
	}
	copy = arena_strdup(xml->ctx->arena, (char *)markup);
	xmlFree(markup);
	return copy;
}

int feed_xml_depth(const struct feed_xml *xml)
{
	return xmlTextReaderDepth(xml->reader);
}
