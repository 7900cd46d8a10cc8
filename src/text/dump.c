/*
 * A streaming reader of dumps: libxml2's text reader over a file whose known
 * faults are mended piece by piece.
 */
#include "text/dump.h"

#include <libxml/xmlreader.h>
#include <sys/stat.h>

#define PIECE_BYTES 16384

struct dump {
	FILE *file;
	xmlTextReaderPtr reader;
	struct dump_mend mend;
	char piece[PIECE_BYTES];
	char mended[DUMP_MENDED_MAX(PIECE_BYTES)];
	size_t mended_length, mended_used;
	bool is_at_end;
	int64_t bytes_read, bytes;
	char problem[300];
	xmlChar *values[DUMP_ATTRIBUTES_MAX];
	size_t value_count;
};

/* XML 1.0, production 2. */
static bool is_xml_character(unsigned long point)
{
	return point == 0x9 || point == 0xA || point == 0xD || (point >= 0x20 && point <= 0xD7FF) ||
	       (point >= 0xE000 && point <= 0xFFFD) || (point >= 0x10000 && point <= 0x10FFFF);
}

/* held is "&…;": is it a reference to a character that may not be? */
static bool is_bad_reference(const char *held, size_t length)
{
	char digits[12];
	char *end;
	unsigned long point;
	bool is_hexadecimal;
	size_t prefix;

	if (length < 4 || held[1] != '#')
		return false;
	is_hexadecimal = held[2] == 'x';
	prefix = is_hexadecimal ? 3 : 2;
	if (length <= prefix + 1)
		return false;
	memcpy(digits, held + prefix, length - prefix - 1);
	digits[length - prefix - 1] = '\0';
	point = strtoul(digits, &end, is_hexadecimal ? 16 : 10);
	return !*end && !is_xml_character(point);
}

static size_t put(char *out, size_t used, const char *bytes, size_t length)
{
	memcpy(out + used, bytes, length);
	return used + length;
}

/* A reference is complete, or turned out to be none. */
static size_t release_held(struct dump_mend *state, char *out, size_t used)
{
	static const char replacement[] = "&#xFFFD;";

	if (state->held_count && state->held[state->held_count - 1] == ';' &&
	    is_bad_reference(state->held, state->held_count))
		used = put(out, used, replacement, sizeof(replacement) - 1);
	else
		used = put(out, used, state->held, state->held_count);
	state->held_count = 0;
	return used;
}

static size_t mend_byte(struct dump_mend *state, char byte, char *out, size_t used)
{
	if (byte == '&' && state->held_count)
		used = release_held(state, out, used);
	if (byte == '&' || state->held_count) {
		state->held[state->held_count++] = byte;
		if (byte == ';' || state->held_count == sizeof(state->held))
			used = release_held(state, out, used);
		return used;
	}
	/* A raw control character, NUL among them, is as wrong as a reference to it. */
	if (!is_xml_character((unsigned char)byte) && (unsigned char)byte < 0x20)
		byte = ' ';
	out[used] = byte;
	return used + 1;
}

size_t dump_mend(struct dump_mend *state, const char *bytes, size_t length, char *out)
{
	size_t used = 0, from = 0;

	if (!state->has_begun && length >= 3) {
		state->has_begun = true;
		if (memcmp(bytes, "\xEF\xBB\xBF", 3) == 0)
			from = 3;
	}
	for (size_t i = from; i < length; i++)
		used = mend_byte(state, bytes[i], out, used);
	if (length == 0)
		used = release_held(state, out, used);
	return used;
}

static void fill(struct dump *dump)
{
	size_t length = fread(dump->piece, 1, sizeof(dump->piece), dump->file);

	dump->bytes_read += (int64_t)length;
	dump->is_at_end = length == 0;
	dump->mended_length = dump_mend(&dump->mend, dump->piece, length, dump->mended);
	dump->mended_used = 0;
}

static int read_more(void *context, char *buffer, int room)
{
	struct dump *dump = context;
	size_t length;

	while (dump->mended_used == dump->mended_length && !dump->is_at_end)
		fill(dump);
	length = dump->mended_length - dump->mended_used;
	if (length > (size_t)room)
		length = (size_t)room;
	memcpy(buffer, dump->mended + dump->mended_used, length);
	dump->mended_used += length;
	return (int)length;
}

/* The first complaint is the cause; what follows are its consequences. */
static void note_problem(void *context, xmlErrorPtr error)
{
	struct dump *dump = context;
	char *newline;

	if (dump->problem[0] || !error || error->level < XML_ERR_ERROR)
		return;
	snprintf(dump->problem, sizeof(dump->problem), "line %d: %s", error->line,
		 error->message ? error->message : "not well-formed");
	newline = strchr(dump->problem, '\n');
	if (newline)
		*newline = '\0';
}

struct dump *dump_open(const char *path)
{
	struct dump *dump = calloc(1, sizeof(*dump));
	struct stat status;

	if (!dump)
		abort();
	dump->file = fopen(path, "re");
	if (!dump->file || fstat(fileno(dump->file), &status) != 0 || !S_ISREG(status.st_mode)) {
		dump_close(dump);
		return NULL;
	}
	dump->bytes = status.st_size;
	dump->reader = xmlReaderForIO(read_more, NULL, dump, NULL, NULL,
				      XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
	if (!dump->reader) {
		dump_close(dump);
		return NULL;
	}
	xmlTextReaderSetStructuredErrorHandler(
		dump->reader, (xmlStructuredErrorFunc)(void (*)(void))note_problem, dump);
	return dump;
}

static void free_values(struct dump *dump)
{
	for (size_t i = 0; i < dump->value_count; i++)
		xmlFree(dump->values[i]);
	dump->value_count = 0;
}

void dump_close(struct dump *dump)
{
	if (!dump)
		return;
	free_values(dump);
	if (dump->reader)
		xmlFreeTextReader(dump->reader);
	if (dump->file)
		(void)fclose(dump->file);
	free(dump);
}

static enum dump_result broken(struct dump *dump, const char *why)
{
	if (!dump->problem[0])
		snprintf(dump->problem, sizeof(dump->problem), "line %d: %s",
			 xmlTextReaderGetParserLineNumber(dump->reader), why);
	return DUMP_BROKEN;
}

/* Names come from the parser's dictionary and stay; values are copies. */
static enum dump_result read_attributes(struct dump *dump, struct dump_row *row)
{
	while (xmlTextReaderMoveToNextAttribute(dump->reader) == 1) {
		xmlChar *value;

		if (row->count == DUMP_ATTRIBUTES_MAX)
			return broken(dump, "a row has too many attributes");
		value = xmlTextReaderValue(dump->reader);
		if (!value)
			return broken(dump, "an attribute could not be read");
		dump->values[dump->value_count++] = value;
		if (xmlStrlen(value) > DUMP_VALUE_MAX_BYTES)
			return broken(dump, "an attribute is too long");
		row->names[row->count] = (const char *)xmlTextReaderConstName(dump->reader);
		row->values[row->count++] = (const char *)value;
	}
	return DUMP_ROW;
}

static bool is_row(xmlTextReaderPtr reader)
{
	return xmlTextReaderNodeType(reader) == XML_READER_TYPE_ELEMENT &&
	       xmlTextReaderDepth(reader) == 1 &&
	       strcmp((const char *)xmlTextReaderConstName(reader), "row") == 0;
}

enum dump_result dump_next(struct dump *dump, struct dump_row *row)
{
	int more;

	free_values(dump);
	row->count = 0;
	while ((more = xmlTextReaderRead(dump->reader)) == 1) {
		if (dump->problem[0])
			return DUMP_BROKEN;
		if (xmlTextReaderNodeType(dump->reader) == XML_READER_TYPE_ENTITY_REFERENCE)
			return broken(dump, "an entity: a dump has none");
		if (!is_row(dump->reader))
			continue;
		return read_attributes(dump, row);
	}
	if (more < 0 || dump->problem[0])
		return broken(dump, "not well-formed");
	return DUMP_END;
}

const char *dump_problem(const struct dump *dump)
{
	return dump->problem;
}

int64_t dump_bytes_read(const struct dump *dump)
{
	return dump->bytes_read;
}

int64_t dump_bytes(const struct dump *dump)
{
	return dump->bytes;
}

const char *dump_get(const struct dump_row *row, const char *name)
{
	for (size_t i = 0; i < row->count; i++)
		if (strcmp(row->names[i], name) == 0)
			return row->values[i];
	return NULL;
}
