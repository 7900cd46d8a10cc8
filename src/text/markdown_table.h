/*
 * The cells of a table, kept until its last one: in Markdown the first row must be
 * as wide as the widest.
 */
#ifndef TEXT_MARKDOWN_TABLE_H
#define TEXT_MARKDOWN_TABLE_H

#include "text/markdown_writer.h"

struct markdown_cell {
	const char *text;
	const char *rule; /* "---", ":-:", … of its column */
	bool begins_row;
};

struct markdown_table {
	struct markdown_cell *cells;
	size_t count, capacity;
	bool is_row_begun;
	size_t width, columns; /* of this row; of the widest */
};

void markdown_table_begin(struct markdown_table *table);
void markdown_table_row(struct markdown_table *table);

/* class: "align-right" and so on, or NULL. */
void markdown_table_cell(struct markdown_table *table, struct arena *arena, const char *text,
			 const char *class);
void markdown_table_write(const struct markdown_table *table, struct markdown_writer *writer);

#endif
