/*
 * Writes Markdown: lines with the marks of the quotes and lists they are in, words
 * with what would be read as markup escaped.
 *
 * Nothing is written before the next words come: line feeds, spaces and the signs
 * that open emphasis are only asked for. So nothing has to be taken back, and
 * "<em> a </em>" becomes " *a* ".
 */
#ifndef TEXT_MARKDOWN_WRITER_H
#define TEXT_MARKDOWN_WRITER_H

#include "base/buf.h"

#define MARKDOWN_PREFIXES_MAX 64
#define MARKDOWN_SPANS_MAX    64

struct markdown_prefix {
	const char *first; /* on the first line: "- ", "> ", "3. " */
	const char *rest;  /* on the others: "  ", "> ", "   " */
	bool is_written;
};

struct markdown_span {
	const char *open; /* "**"; decided when it is written */
	bool is_written;
	size_t start; /* where in the output, once it is written */
};

struct markdown_writer {
	struct arena *arena;
	struct buf *out;
	struct markdown_prefix prefixes[MARKDOWN_PREFIXES_MAX];
	size_t prefix_count;
	struct markdown_span spans[MARKDOWN_SPANS_MAX];
	size_t span_count;
	int wanted_lines; /* 1: next line, 2: after a blank one */
	bool wants_space, wants_line, wants_break;
	bool is_at_line_start;
	size_t line_start; /* where the line begins, behind its marks */
	bool is_one_line;  /* heading or cell: a line feed is a space */
	bool is_cell;      /* "|" is escaped */
};

void markdown_writer_init(struct markdown_writer *writer, struct arena *arena, struct buf *out);

/* Asks for the next words to stand on a new line (1) or after a blank one (2). */
void markdown_want_lines(struct markdown_writer *writer, int lines);

/* False when there are too many; then it is not to be popped. */
bool markdown_push_prefix(struct markdown_writer *writer, const char *first, const char *rest);
/* Writes the mark of an item that had no words, too. */
void markdown_pop_prefix(struct markdown_writer *writer);

/* sign: "*", "**", "~~", "[". It is not to be closed when the result is false. */
bool markdown_open_span(struct markdown_writer *writer, const char *sign);
/* The span, off the stack. Its sign is written again if it had words, but not "]". */
struct markdown_span markdown_close_span(struct markdown_writer *writer);

/* Text of an element, white space and all. */
void markdown_words(struct markdown_writer *writer, const char *text, size_t length);
void markdown_line_break(struct markdown_writer *writer);
/* As it is, after what is wanted before it. */
void markdown_raw(struct markdown_writer *writer, const char *text);
/* The next line of a code block or table, as it is. */
void markdown_next_line(struct markdown_writer *writer, const char *text, size_t length);

/* Words go to cell until markdown_end_cell gets back what this returns. */
struct buf *markdown_begin_cell(struct markdown_writer *writer, struct buf *cell);
void markdown_end_cell(struct markdown_writer *writer, struct buf *out);

#endif
