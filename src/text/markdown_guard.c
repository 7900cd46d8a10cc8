/*
 * What cmark-gfm 0.29.0.gfm.6 cannot take, measured at 32,000 bytes: a table of
 * 2,600 columns took 56 s, lines that nearly make tables 5 s, nested lists with
 * blank lines 3 s, brackets behind an address 0.3 s, and a dozen others 0.1 s.
 * All are products of two counts, so each limit here keeps one of the two small.
 *
 * The counting is generous: it knows nothing of code blocks, so it sees more
 * tables and signs than there are, never fewer. The limits are far above what
 * people write, inside code or outside.
 */
#include "text/markdown_guard.h"

#include "i18n/i18n.h"
#include "text/markdown.h"

/*
 * Bytes times lines of a paragraph so far, summed over its lines that look like
 * "|--|--|": each has the paragraph searched for a header.
 */
#define DELIMITER_COST_MAX ((size_t)64 * 1024 * 1024)
/* Brackets times signs of emphasis in a paragraph: a link looks at all of them. */
#define EMPHASIS_COST_MAX  ((size_t)8 * 1024 * 1024)
/* Longest reference definition times brackets: what its uses could expand to. */
#define REFERENCE_COST_MAX ((size_t)2 * 1024 * 1024)
#define AT_SIGNS_MAX       1000
#define IMAGE_STARTS_MAX   1000
#define DECLARATIONS_MAX   1000 /* "<?" and "<!" */
#define TILDE_RUNS_MAX     2000
#define ADDRESS_PARENS_MAX 400 /* ")" in one word with an address */
/* Bytes of a word, once for each address that begins in it. */
#define ADDRESS_COST_MAX   ((size_t)4 * 1024 * 1024)
#define LINE_PIPES_MAX     500 /* a row's cells are in a list that is walked to add one */

struct measure {
	size_t paragraph_bytes; /* since the last blank line */
	size_t paragraph_lines, paragraph_brackets, paragraph_signs;
	size_t paragraph_columns; /* of the widest table in it */
	size_t columns, cells;
	size_t delimiter_cost, emphasis_cost;
	size_t nesting;
	size_t at_signs, image_starts, declarations, brackets, tilde_runs;
	size_t address_parens, address_cost;
	size_t line_pipes;
	size_t definition_bytes;
};

static size_t count_char(const char *text, size_t length, char c)
{
	size_t count = 0;

	for (size_t i = 0; i < length; i++)
		count += text[i] == c;
	return count;
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t';
}

/* Length of a quote or list marker with the spaces before it; 0 if none. */
static size_t marker_length(const char *line)
{
	const char *c = line + strspn(line, " \t");
	size_t digits;

	if (*c == '>')
		return (size_t)(c + 1 - line);
	if (*c && strchr("-+*", *c) && (is_space(c[1]) || c[1] == '\n' || !c[1]))
		return (size_t)(c + 1 - line);
	digits = strspn(c, "0123456789");
	c += digits;
	if (digits > 0 && digits <= 9 && (*c == '.' || *c == ')') &&
	    (is_space(c[1]) || c[1] == '\n' || !c[1]))
		return (size_t)(c + 1 - line);
	return 0;
}

/* "- - - -" is a line across the page, however long. */
static bool is_rule(const char *line, size_t length)
{
	char sign = line[strspn(line, " \t")];

	if (sign != '-' && sign != '*')
		return false;
	for (size_t i = 0; i < length; i++) {
		if (line[i] != sign && !is_space(line[i]) && line[i] != '\r')
			return false;
	}
	return true;
}

static void measure_nesting(struct measure *measure, const char *line, size_t length)
{
	const char *end = line + length;
	const char *c = line;
	size_t count = 0, step;

	while (c < end && (step = marker_length(c)) > 0) {
		c += step;
		count++;
	}
	if (count > measure->nesting && !is_rule(line, length))
		measure->nesting = count;
}

/* Columns of the table that this line could begin the body of; 0 if it cannot. */
static size_t delimiter_columns(const char *line, size_t length)
{
	size_t columns = 0;
	bool has_dash = false, has_sign = false;

	while (length > 0 && line[length - 1] && strchr("|:- \t\v\f\r", line[length - 1])) {
		char c = line[--length];

		if (c == '|' && has_dash) {
			columns++;
			has_dash = false;
		}
		has_sign = has_sign || c == '|' || c == ':';
		has_dash = has_dash || c == '-';
	}
	return has_sign ? columns + has_dash : 0;
}

static void measure_table(struct measure *measure, const char *line, size_t length)
{
	size_t columns = delimiter_columns(line, length);
	size_t pipes = count_char(line, length, '|');

	if (pipes > measure->line_pipes)
		measure->line_pipes = pipes;
	measure->cells += measure->paragraph_columns;
	if (columns == 0)
		return;
	measure->delimiter_cost += measure->paragraph_bytes * measure->paragraph_lines;
	if (columns > measure->columns)
		measure->columns = columns;
	if (columns > measure->paragraph_columns) {
		measure->paragraph_columns = columns;
		measure->cells += 2 * columns;
	}
}

static size_t count_text(const char *word, size_t length, const char *text)
{
	const char *end = word + length, *c;
	size_t count = 0;

	while ((c = memmem(word, (size_t)(end - word), text, strlen(text)))) {
		word = c + 1;
		count++;
	}
	return count;
}

/*
 * The autolinker looks through the rest of the word for each "www." and "://", and
 * through the whole word again for each ")" at its end.
 */
static void measure_word(struct measure *measure, const char *word, size_t length)
{
	size_t addresses, parens;

	if (length <= ADDRESS_PARENS_MAX)
		return;
	addresses = count_text(word, length, "://") + count_text(word, length, "www.");
	if (addresses == 0)
		return;
	measure->address_cost += addresses * length;
	parens = count_char(word, length, ')');
	if (parens > measure->address_parens)
		measure->address_parens = parens;
}

/* What a reference "[x]: address 'title'" puts wherever "[x]" stands. */
static size_t definition_length(const char *after_colon)
{
	const char *start = after_colon + strspn(after_colon, " \t\r\n");
	const char *c = start + strcspn(start, " \t\r\n");
	const char *title = c + strspn(c, " \t\r\n");

	if (*title == '"' || *title == '\'' || *title == '(') {
		const char *close = strchr(title + 1, *title == '(' ? ')' : *title);

		c = close ? close : title + strlen(title);
	}
	return (size_t)(c - start);
}

static void measure_signs(struct measure *measure, const char *line, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		char next = line[i + 1];

		measure->at_signs += line[i] == '@';
		measure->brackets += line[i] == '[';
		measure->paragraph_brackets += line[i] == ']';
		measure->paragraph_signs += line[i] == '*' || line[i] == '_' || line[i] == '~';
		measure->image_starts += line[i] == '!' && next == '[';
		measure->tilde_runs += line[i] == '~' && next != '~';
		measure->declarations += line[i] == '<' && (next == '?' || next == '!');
		if (line[i] == ']' && next == ':') {
			size_t bytes = definition_length(line + i + 2);

			if (bytes > measure->definition_bytes)
				measure->definition_bytes = bytes;
		}
	}
}

/* At a blank line and at the end. */
static void end_paragraph(struct measure *measure)
{
	size_t cost = measure->paragraph_brackets * measure->paragraph_signs;

	if (cost > measure->emphasis_cost)
		measure->emphasis_cost = cost;
	measure->paragraph_bytes = measure->paragraph_lines = measure->paragraph_columns = 0;
	measure->paragraph_brackets = measure->paragraph_signs = 0;
}

static void measure_line(struct measure *measure, const char *line, size_t length)
{
	if (strspn(line, " \t\r\v\f") >= length) {
		end_paragraph(measure);
		return;
	}
	measure->paragraph_bytes += length + 1;
	measure->paragraph_lines++;
	measure_nesting(measure, line, length);
	measure_table(measure, line, length);
	measure_signs(measure, line, length);
}

static const char *too_many(struct arena *arena, const char *signs)
{
	return arena_printf(arena,
			    _("This text has too many “%s”: take some out, or post it in parts."),
			    signs);
}

static const char *verdict(struct arena *arena, const struct measure *measure)
{
	if (measure->nesting > MARKDOWN_NESTING_MAX)
		return arena_printf(arena, _("Quotes and lists may be at most %d deep."),
				    MARKDOWN_NESTING_MAX);
	if (measure->columns > MARKDOWN_COLUMNS_MAX)
		return arena_printf(arena, _("A table may have at most %d columns."),
				    MARKDOWN_COLUMNS_MAX);
	if (measure->cells > MARKDOWN_CELLS_MAX)
		return arena_printf(arena, _("All tables together may have at most %s cells."),
				    i18n_number(arena, MARKDOWN_CELLS_MAX));
	if (measure->delimiter_cost > DELIMITER_COST_MAX)
		return too_many(arena, "|--|");
	if (measure->emphasis_cost > EMPHASIS_COST_MAX)
		return too_many(arena, "[ ] * _ ~");
	if (measure->at_signs > AT_SIGNS_MAX)
		return too_many(arena, "@");
	if (measure->image_starts > IMAGE_STARTS_MAX)
		return too_many(arena, "![");
	if (measure->declarations > DECLARATIONS_MAX)
		return too_many(arena, "<!");
	if (measure->tilde_runs > TILDE_RUNS_MAX)
		return too_many(arena, "~");
	if (measure->line_pipes > LINE_PIPES_MAX)
		return too_many(arena, "|");
	if (measure->address_cost > ADDRESS_COST_MAX)
		return too_many(arena, "www.");
	if (measure->address_parens > ADDRESS_PARENS_MAX)
		return too_many(arena, ")");
	if (measure->definition_bytes * measure->brackets > REFERENCE_COST_MAX)
		return too_many(arena, "[");
	return NULL;
}

const char *markdown_guard(struct arena *arena, const char *markdown)
{
	struct measure measure = { 0 };
	size_t length = strlen(markdown);

	if (length > MARKDOWN_MAX_BYTES)
		return arena_printf(arena,
				    _("This text is too long: shorten it by about %s characters."),
				    i18n_number(arena, (int64_t)(length - MARKDOWN_MAX_BYTES)));
	for (const char *line = markdown; *line;) {
		size_t line_length = strcspn(line, "\n");

		measure_line(&measure, line, line_length);
		line += line_length + (line[line_length] == '\n');
	}
	end_paragraph(&measure);
	for (const char *word = markdown; *word;) {
		size_t word_length = strcspn(word, " \t\r\n");

		measure_word(&measure, word, word_length);
		word += word_length + strspn(word + word_length, " \t\r\n");
	}
	return verdict(arena, &measure);
}
