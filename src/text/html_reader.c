/*
 * libxml2 2.9.14 reads HTML 4: no svg or math namespaces, no template, other ends
 * of comments. That is why its own output is never used; what counts here is that
 * it is linear (once the two limits hold), tolerant, and gives balanced events.
 */
#include "text/html_reader.h"

#include <libxml/HTMLparser.h>
#include <libxml/parserInternals.h>

#include "base/buf.h"
#include "i18n/i18n.h"

/* How far attributes_are_few may look in all, in bytes a byte of the source. */
#define SCAN_FACTOR 32

struct reader {
	const struct html_handler *handler;
	htmlParserCtxtPtr parser;
	size_t depth;
	size_t silent_depth; /* depth of the element that is left out; 0 = none */
	struct buf text;     /* libxml2 gives it in pieces, one for each entity */
	bool is_too_deep;
	bool is_after_pre;      /* the line feed right behind <pre> does not count */
	bool ended_with_return; /* a "\n" that follows belongs to it */
};

/*
 * Left out with their content. None of them is empty in HTML 5: what comes after
 * an <embed> would be taken for its content.
 */
static const char *const silent_elements[] = {
	"applet",  "audio",    "canvas",   "datalist", "frameset",  "iframe", "math",
	"noembed", "noframes", "noscript", "object",   "plaintext", "script", "select",
	"style",   "svg",      "template", "textarea", "title",     "video",  "xmp",
};

static int compare_names(const void *name, const void *entry)
{
	return strcmp(name, *(const char *const *)entry);
}

static bool is_silent(const char *name)
{
	return bsearch(name, silent_elements, ARRAY_COUNT(silent_elements),
		       sizeof(silent_elements[0]), compare_names) != NULL;
}

const char *html_attribute(const char **attributes, const char *name)
{
	for (; attributes && attributes[0]; attributes += 2) {
		if (strcmp(attributes[0], name) == 0)
			return attributes[1] ? attributes[1] : "";
	}
	return NULL;
}

static void give_text(struct reader *reader)
{
	const char *text = reader->text.data;
	size_t length = reader->text.length;

	if (reader->is_after_pre && length > 0 && *text == '\n') {
		text++;
		length--;
	}
	if (length > 0)
		reader->handler->text(reader->handler->data, text, length);
	buf_clear(&reader->text);
	reader->is_after_pre = false;
	reader->ended_with_return = false;
}

static void on_start(void *data, const xmlChar *name, const xmlChar **attributes)
{
	struct reader *reader = data;

	give_text(reader);
	if (++reader->depth > HTML_DEPTH_MAX) {
		reader->is_too_deep = true;
		xmlStopParser(reader->parser);
		return;
	}
	if (reader->silent_depth > 0)
		return;
	if (!reader->handler->is_complete && is_silent((const char *)name)) {
		reader->silent_depth = reader->depth;
		return;
	}
	reader->is_after_pre = strcmp((const char *)name, "pre") == 0;
	reader->handler->start(reader->handler->data, (const char *)name,
			       (const char **)attributes);
}

static void on_end(void *data, const xmlChar *name)
{
	struct reader *reader = data;
	bool was_silent = reader->silent_depth > 0;

	give_text(reader);
	if (reader->depth == 0 || reader->is_too_deep)
		return;
	if (reader->silent_depth == reader->depth)
		reader->silent_depth = 0;
	reader->depth--;
	if (!was_silent)
		reader->handler->end(reader->handler->data, (const char *)name);
}

/* U+FDD0 to U+FDEF, and the last two of each plane: "not characters". */
static size_t noncharacter_length(const unsigned char *text, size_t length)
{
	bool is_last_of_plane = text[0] >= 0xF0 && length > 3 && (text[1] & 0x0F) == 0x0F &&
				text[2] == 0xBF && text[3] >= 0xBE;

	if (text[0] == 0xEF && length > 2 &&
	    ((text[1] == 0xBF && text[2] >= 0xBE) ||
	     (text[1] == 0xB7 && text[2] >= 0x90 && text[2] <= 0xAF)))
		return 3;
	return is_last_of_plane ? 4 : 0;
}

size_t html_dropped_length(const char *text, size_t length)
{
	unsigned char c = (unsigned char)*text;

	if ((c < 0x20 && c != '\t' && c != '\n') || c == 0x7F)
		return 1;
	if (c == 0xC2 && length > 1 && (unsigned char)text[1] < 0xA0)
		return 2;
	return noncharacter_length((const unsigned char *)text, length);
}

/* Keeps the text without control characters, with "\r" and "\r\n" as "\n". */
static void on_text(void *data, const xmlChar *xml_text, int xml_length)
{
	struct reader *reader = data;
	const char *text = (const char *)xml_text;
	size_t length = (size_t)xml_length;

	if (reader->silent_depth > 0)
		return;
	for (size_t i = 0; i < length;) {
		size_t dropped = html_dropped_length(text + i, length - i);

		if (text[i] == '\r')
			buf_char(&reader->text, '\n');
		else if (dropped == 0 && !(text[i] == '\n' && reader->ended_with_return))
			buf_char(&reader->text, text[i]);
		reader->ended_with_return = text[i] == '\r';
		i += dropped ? dropped : 1;
	}
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static const char *skip_blanks(const char *c)
{
	while (is_blank(*c))
		c++;
	return c;
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* libxml2 cuts a name after 100 bytes and takes the rest for another one. */
static const char *skip_name(const char *c)
{
	const char *start = c;

	if (!is_letter(*c) && *c != '_' && *c != ':' && *c != '.')
		return c;
	while (c - start < 100 && *c &&
	       (is_letter(*c) || (*c >= '0' && *c <= '9') || strchr(":-_.", *c) ||
		(unsigned char)*c >= 0x80))
		c++;
	return c;
}

static const char *skip_value(const char *c)
{
	if (*c == '"' || *c == '\'') {
		const char *close = strchr(c + 1, *c);

		return close ? close + 1 : c + strlen(c);
	}
	while (*c && *c != '>' && !is_blank(*c))
		c++;
	return c;
}

static bool is_tag_end(const char *c)
{
	return *c == '\0' || *c == '>' || (*c == '/' && c[1] == '>');
}

/*
 * Counts the attributes as htmlParseStartTag does, from the name of the tag on.
 * *end is where it stopped looking: behind the tag, or at one too many.
 */
static size_t count_attributes(const char *tag, const char **end)
{
	const char *c = skip_blanks(skip_name(tag));
	size_t count = 0;

	while (!is_tag_end(c) && count <= HTML_ATTRIBUTES_MAX) {
		const char *name = c;

		c = skip_name(c);
		if (c > name) {
			count++;
			c = skip_blanks(c);
			if (*c == '=')
				c = skip_value(skip_blanks(c + 1));
		} else {
			while (!is_tag_end(c) && !is_blank(*c))
				c++;
		}
		c = skip_blanks(c);
	}
	*end = c;
	return count;
}

/*
 * Whatever the parser takes for a tag starts at some "<x"; each is counted from
 * there, because nobody but the parser knows which of them are in comments or in
 * quotes. Looking too far in all counts as too many.
 */
static bool attributes_are_few(const char *html, size_t length)
{
	size_t budget = SCAN_FACTOR * (length + 1024);

	for (const char *c = strchr(html, '<'); c; c = strchr(c + 1, '<')) {
		const char *end;

		if (skip_name(c + 1) == c + 1)
			continue;
		if (count_attributes(c + 1, &end) > HTML_ATTRIBUTES_MAX)
			return false;
		if ((size_t)(end - c) > budget)
			return false;
		budget -= (size_t)(end - c);
	}
	return true;
}

static bool parse(struct reader *reader, const char *html, size_t length)
{
	htmlParserCtxtPtr parser = htmlCreateMemoryParserCtxt(html, (int)length);

	if (!parser)
		return false;
	reader->parser = parser;
	/* Only these handlers: no tree is built and nothing is printed. */
	*parser->sax = (htmlSAXHandler){
		.startElement = on_start,
		.endElement = on_end,
		.characters = on_text,
		.ignorableWhitespace = on_text,
	};
	parser->userData = reader;
	htmlCtxtUseOptions(parser, HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
					   HTML_PARSE_NONET | HTML_PARSE_IGNORE_ENC);
	xmlSwitchEncoding(parser, XML_CHAR_ENCODING_UTF8);
	htmlParseDocument(parser);
	give_text(reader);
	htmlFreeParserCtxt(parser);
	return true;
}

enum err html_read(struct ctx *ctx, const char *html, size_t max_bytes,
		   const struct html_handler *handler)
{
	/* Inside a body, text needs no paragraph that libxml2 would invent. */
	static const char prologue[] = "<html><body>";
	struct reader reader = { .handler = handler };
	size_t length = strlen(html);
	char *document;

	if (length > max_bytes)
		return fail(ctx, ERR_INVALID, NULL, _("This text is too long."));
	if (!attributes_are_few(html, length))
		return fail(ctx, ERR_INVALID, NULL,
			    _("This HTML has a tag with too many attributes."));
	if (length == 0)
		return OK;
	document = arena_alloc(ctx->arena, sizeof(prologue) + length);
	buf_init(&reader.text, ctx->arena, max_bytes);
	memcpy(document, prologue, sizeof(prologue) - 1);
	memcpy(document + sizeof(prologue) - 1, html, length);
	if (!parse(&reader, document, sizeof(prologue) - 1 + length))
		return fail_log(ctx, ERR_INTERNAL, "libxml2 gave no parser");
	if (reader.is_too_deep)
		return fail(ctx, ERR_INVALID, NULL, _("This HTML is nested too deeply."));
	return OK;
}
