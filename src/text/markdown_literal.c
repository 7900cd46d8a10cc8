/*
 * What is written as it is, between signs: addresses, titles, code. Each has its
 * own rule for what would end it.
 */
#include "text/markdown_literal.h"

#include "base/slice.h"

static size_t longest_run(const char *text, char c)
{
	size_t longest = 0, run = 0;

	for (; *text; text++) {
		run = *text == c ? run + 1 : 0;
		if (run > longest)
			longest = run;
	}
	return longest;
}

static void add_times(struct buf *out, char c, size_t times)
{
	while (times-- > 0)
		buf_char(out, c);
}

static bool is_entity_start(const char *text)
{
	size_t length = strspn(text + 1,
			       "#abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");

	return length > 0 && text[1 + length] == ';';
}

/* An address or a title, where only "&" of an entity and the end sign count. */
static void add_literal(struct buf *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '&' && is_entity_start(text))
			buf_text(out, "&amp;");
		else if (*text == '\n')
			buf_char(out, ' ');
		else if (strchr("<>|", *text))
			buf_printf(out, "%%%02X", (unsigned)*text);
		else
			buf_char(out, *text);
	}
}

static void add_title(struct buf *out, const char *title)
{
	if (!title)
		return;
	buf_text(out, " \"");
	for (; *title; title++) {
		if (strchr("\"\\<|", *title) || (*title == '&' && is_entity_start(title)))
			buf_char(out, '\\');
		buf_char(out, *title == '\n' ? ' ' : *title);
	}
	buf_char(out, '"');
}

static void add_destination(struct buf *out, const char *url, const char *title)
{
	bool needs_brackets = !*url || strpbrk(url, "()");

	buf_text(out, needs_brackets ? "(<" : "(");
	add_literal(out, url);
	if (needs_brackets)
		buf_char(out, '>');
	add_title(out, title);
	buf_char(out, ')');
}

/* Whether the words, without their escapes, are the text. */
static bool reads_as(const char *words, const char *text)
{
	for (; *words; words++) {
		if (*words == '\\')
			words++;
		if (*words != *text++)
			return false;
	}
	return *text == '\0';
}

static bool starts_with(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

/* Takes back what was written from start on. */
static void take_back(struct buf *out, size_t start)
{
	out->data[start] = '\0';
	out->length = start;
}

/* "[words" stands at the end of the output. */
void markdown_write_link(struct markdown_writer *writer, size_t start, const char *url,
			 const char *title)
{
	struct buf *out = writer->out;
	const char *words = arena_strdup(writer->arena, out->data + start + 1);
	bool is_address = starts_with(url, "http") && reads_as(words, url);
	bool is_mail = starts_with(url, "mailto:") && reads_as(words, url + 7);

	if (is_address || is_mail) {
		take_back(out, start);
		buf_printf(out, "<%s>", url + (is_mail ? 7 : 0));
	} else if (starts_with(words, "www.") && starts_with(url, "http://") &&
		   reads_as(words, url + 7)) {
		take_back(out, start);
		buf_text(out, url + 7);
	} else if (words[0] == '@' && url[0] == '/') {
		take_back(out, start);
		buf_text(out, words);
	} else {
		buf_char(out, ']');
		add_destination(out, url, title);
	}
}

void markdown_write_picture(struct markdown_writer *writer, const char *source, const char *alt,
			    const char *title)
{
	markdown_raw(writer, "![");
	for (; *alt; alt++) {
		if (strchr("\\[]`*_<|&", *alt))
			buf_char(writer->out, '\\');
		buf_char(writer->out, *alt == '\n' ? ' ' : *alt);
	}
	buf_char(writer->out, ']');
	add_destination(writer->out, source, title);
}

void markdown_write_code(struct markdown_writer *writer, const char *code)
{
	size_t length = strlen(code), fence = longest_run(code, '`') + 1;
	bool is_padded;

	if (length == 0)
		return;
	is_padded = code[0] == '`' || code[length - 1] == '`' ||
		    (code[0] == ' ' && code[length - 1] == ' ' && strspn(code, " ") < length);
	markdown_raw(writer, "");
	add_times(writer->out, '`', fence);
	add_times(writer->out, ' ', is_padded);
	for (const char *c = code; *c; c++) {
		if (*c == '|' && writer->is_cell)
			buf_char(writer->out, '\\');
		buf_char(writer->out, *c == '\n' ? ' ' : *c);
	}
	add_times(writer->out, ' ', is_padded);
	add_times(writer->out, '`', fence);
}

void markdown_write_code_block(struct markdown_writer *writer, const char *code,
			       const char *language)
{
	size_t length = strlen(code), longest = longest_run(code, '`');
	struct slice rest = slice_make(length > 0 ? code : NULL, length);
	struct buf fence;

	if (length > 0 && code[length - 1] == '\n')
		rest.length--;
	buf_init(&fence, writer->arena, length + 3);
	add_times(&fence, '`', longest < 3 ? 3 : longest + 1);
	markdown_raw(writer, fence.data);
	buf_text(writer->out, language ? language : "");
	while (rest.data) {
		struct slice line = slice_cut(&rest, '\n');

		markdown_next_line(writer, line.data, line.length);
	}
	markdown_next_line(writer, fence.data, fence.length);
}
