/*
 * A table of one line per row. Cells are copied as they grow in number, in an
 * arena, which is fine for what people put into tables.
 */
#include "text/markdown_table.h"

#include "base/buf.h"

#define FIRST_CAPACITY ((size_t)64)

void markdown_table_begin(struct markdown_table *table)
{
	*table = (struct markdown_table){ 0 };
}

void markdown_table_row(struct markdown_table *table)
{
	table->is_row_begun = false;
	table->width = 0;
}

static const char *rule_of(const char *class)
{
	if (class && strcmp(class, "align-left") == 0)
		return ":--";
	if (class && strcmp(class, "align-center") == 0)
		return ":-:";
	if (class && strcmp(class, "align-right") == 0)
		return "--:";
	return "---";
}

static void make_room(struct markdown_table *table, struct arena *arena)
{
	size_t capacity = table->capacity ? 2 * table->capacity : FIRST_CAPACITY;
	struct markdown_cell *cells;

	if (table->count < table->capacity)
		return;
	cells = arena_array_of(arena, capacity, struct markdown_cell);
	if (table->count > 0)
		memcpy(cells, table->cells, table->count * sizeof(*cells));
	table->cells = cells;
	table->capacity = capacity;
}

void markdown_table_cell(struct markdown_table *table, struct arena *arena, const char *text,
			 const char *class)
{
	make_room(table, arena);
	table->cells[table->count++] = (struct markdown_cell){
		.text = text,
		.rule = rule_of(class),
		.begins_row = !table->is_row_begun,
	};
	table->is_row_begun = true;
	if (++table->width > table->columns)
		table->columns = table->width;
}

/* The cells of the row that begins at *place; moves it to the next row. */
static void row_text(const struct markdown_table *table, size_t *place, struct buf *out,
		     bool is_rule)
{
	size_t first = *place;

	buf_clear(out);
	buf_char(out, '|');
	for (size_t column = 0; table->cells && column < table->columns; column++) {
		bool has_cell = *place < table->count &&
				(*place == first || !table->cells[*place].begins_row);
		const struct markdown_cell *cell = has_cell ? &table->cells[(*place)++] : NULL;

		buf_char(out, ' ');
		if (is_rule)
			buf_text(out, cell ? cell->rule : "---");
		else if (cell)
			buf_text(out, cell->text);
		buf_text(out, " |");
	}
}

void markdown_table_write(const struct markdown_table *table, struct markdown_writer *writer)
{
	size_t place = 0, first_row = 0;
	struct buf row;

	if (table->count == 0)
		return;
	buf_init(&row, writer->arena, writer->out->max);
	row_text(table, &place, &row, false);
	markdown_raw(writer, row.data);
	row_text(table, &first_row, &row, true);
	markdown_next_line(writer, row.data, row.length);
	while (place < table->count) {
		row_text(table, &place, &row, false);
		markdown_next_line(writer, row.data, row.length);
	}
}
