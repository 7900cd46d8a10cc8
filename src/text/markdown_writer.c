/*
 * The lines and the escapes. Only what would otherwise be read as markup is
 * escaped, so that people find their text as they would have typed it.
 */
#include "text/markdown_writer.h"

void markdown_writer_init(struct markdown_writer *writer, struct arena *arena, struct buf *out)
{
	*writer = (struct markdown_writer){
		.arena = arena,
		.out = out,
		.is_at_line_start = true,
	};
}

void markdown_want_lines(struct markdown_writer *writer, int lines)
{
	writer->wants_space = writer->wants_line = writer->wants_break = false;
	if (writer->is_one_line) {
		writer->wants_space = true;
		return;
	}
	if (writer->wanted_lines < lines)
		writer->wanted_lines = lines;
}

static char last_char(const struct markdown_writer *writer)
{
	return writer->out->length > 0 ? writer->out->data[writer->out->length - 1] : '\n';
}

/* The line feed, without the spaces of an empty prefix before it. */
static void end_line(struct markdown_writer *writer)
{
	struct buf *out = writer->out;

	while (out->length > 0 && out->data[out->length - 1] == ' ')
		out->data[--out->length] = '\0';
	buf_char(out, '\n');
}

/* is_blank: only the marks of what has already begun. */
static void write_prefixes(struct markdown_writer *writer, bool is_blank)
{
	for (size_t i = 0; i < writer->prefix_count; i++) {
		struct markdown_prefix *prefix = &writer->prefixes[i];

		if (prefix->is_written) {
			buf_text(writer->out, prefix->rest);
		} else if (!is_blank) {
			buf_text(writer->out, prefix->first);
			prefix->is_written = true;
		}
	}
}

static void begin_line(struct markdown_writer *writer)
{
	write_prefixes(writer, false);
	writer->is_at_line_start = true;
	writer->line_start = writer->out->length;
}

static void next_line(struct markdown_writer *writer)
{
	end_line(writer);
	begin_line(writer);
}

static void begin_block(struct markdown_writer *writer)
{
	if (writer->out->length == 0) {
		begin_line(writer);
	} else {
		if (writer->wanted_lines > 1) {
			end_line(writer);
			write_prefixes(writer, true);
		}
		next_line(writer);
	}
	writer->wanted_lines = 0;
}

static void write_spans(struct markdown_writer *writer)
{
	for (size_t i = 0; i < writer->span_count; i++) {
		struct markdown_span *span = &writer->spans[i];

		if (span->is_written)
			continue;
		/* "**" right behind "*" would be read together with it. */
		if (*span->open == '*' && last_char(writer) == '*')
			span->open = span->open[1] ? "__" : "_";
		span->start = writer->out->length;
		buf_text(writer->out, span->open);
		span->is_written = true;
		writer->is_at_line_start = false;
	}
}

/* Everything that was asked for, before words or a sign are written. */
static void begin(struct markdown_writer *writer)
{
	if (!writer->is_cell && (writer->out->length == 0 || writer->wanted_lines > 0)) {
		begin_block(writer);
	} else if (writer->wants_break) {
		buf_char(writer->out, '\\');
		next_line(writer);
	} else if (writer->wants_line) {
		next_line(writer);
	} else if (writer->wants_space && !writer->is_at_line_start) {
		buf_char(writer->out, ' ');
	}
	writer->wants_break = writer->wants_line = writer->wants_space = false;
	write_spans(writer);
}

bool markdown_push_prefix(struct markdown_writer *writer, const char *first, const char *rest)
{
	if (writer->prefix_count == MARKDOWN_PREFIXES_MAX || writer->is_one_line)
		return false;
	writer->prefixes[writer->prefix_count++] = (struct markdown_prefix){
		.first = first,
		.rest = rest,
	};
	return true;
}

void markdown_pop_prefix(struct markdown_writer *writer)
{
	if (!writer->prefixes[writer->prefix_count - 1].is_written)
		begin(writer);
	writer->prefix_count--;
}

bool markdown_open_span(struct markdown_writer *writer, const char *sign)
{
	if (writer->span_count == MARKDOWN_SPANS_MAX)
		return false;
	writer->spans[writer->span_count++] = (struct markdown_span){ .open = sign };
	return true;
}

struct markdown_span markdown_close_span(struct markdown_writer *writer)
{
	struct markdown_span span = writer->spans[--writer->span_count];

	if (span.is_written && *span.open != '[')
		buf_text(writer->out, span.open);
	return span;
}

static bool is_alphanumeric(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       (unsigned char)c >= 0x80;
}

static bool is_entity(const char *text, size_t length)
{
	size_t i = 1;

	while (i < length && (is_alphanumeric(text[i]) || text[i] == '#'))
		i++;
	return i > 1 && i < length && text[i] == ';';
}

/* Whether the line so far is a number of at most nine digits: "12" of "12." */
static bool is_item_number(const struct markdown_writer *writer)
{
	const struct buf *out = writer->out;
	size_t length = out->length - writer->line_start;

	/* In a cell no line begins. */
	if (writer->is_cell || length == 0 || length > 9)
		return false;
	for (size_t i = writer->line_start; i < out->length; i++) {
		if (out->data[i] < '0' || out->data[i] > '9')
			return false;
	}
	return true;
}

/* text: from the character on to the end of what is known. */
static bool needs_escape(const struct markdown_writer *writer, const char *text, size_t length)
{
	char next = length > 1 ? text[1] : '\0';

	switch (*text) {
	case '\\':
	case '`':
	case '*':
	case '[':
	case ']':
	case '<':
	case '~':
		return true;
	case '_':
		return !(is_alphanumeric(last_char(writer)) && is_alphanumeric(next));
	case '&':
		return is_entity(text, length);
	case '!':
		return next == '\0';
	case '|':
		return writer->is_cell || writer->is_at_line_start;
	case '#':
		/* At the end of a heading it would belong to its sign. */
		return writer->is_at_line_start || (writer->is_one_line && !writer->is_cell);
	case '>':
	case '+':
	case '-':
	case '=':
		return writer->is_at_line_start;
	case ':':
		return writer->is_at_line_start && next == '-';
	case '.':
	case ')':
		return is_item_number(writer);
	default:
		return false;
	}
}

void markdown_words(struct markdown_writer *writer, const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if (text[i] == ' ' || text[i] == '\t' || text[i] == '\n') {
			writer->wants_space = true;
			if (text[i] == '\n' && !writer->is_one_line)
				writer->wants_line = true;
			continue;
		}
		begin(writer);
		if (needs_escape(writer, text + i, length - i))
			buf_char(writer->out, '\\');
		buf_char(writer->out, text[i]);
		writer->is_at_line_start = false;
	}
}

void markdown_line_break(struct markdown_writer *writer)
{
	writer->wants_space = true;
	writer->wants_break = !writer->is_one_line;
}

void markdown_raw(struct markdown_writer *writer, const char *text)
{
	begin(writer);
	buf_text(writer->out, text);
	writer->is_at_line_start = false;
}

void markdown_next_line(struct markdown_writer *writer, const char *text, size_t length)
{
	buf_char(writer->out, '\n');
	begin_line(writer);
	buf_bytes(writer->out, text, length);
}

struct buf *markdown_begin_cell(struct markdown_writer *writer, struct buf *cell)
{
	struct buf *out = writer->out;

	buf_clear(cell);
	writer->out = cell;
	writer->is_cell = writer->is_one_line = writer->is_at_line_start = true;
	writer->wants_space = writer->wants_line = writer->wants_break = false;
	return out;
}

void markdown_end_cell(struct markdown_writer *writer, struct buf *out)
{
	writer->out = out;
	writer->is_cell = writer->is_one_line = writer->is_at_line_start = false;
	writer->wants_space = writer->wants_line = writer->wants_break = false;
}
