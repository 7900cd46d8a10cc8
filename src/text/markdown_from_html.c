/*
 * Markdown for markup, so that what was imported can be edited. Follows the events
 * of the HTML; markdown_writer.c knows how to write. What Markdown has no sign for
 * keeps its words.
 */
#include "base/slice.h"
#include "text/html_reader.h"
#include "text/markdown.h"
#include "text/markdown_literal.h"
#include "text/markdown_table.h"
#include "text/markdown_writer.h"
#include "text/sanitize.h"

#define OUTPUT_MAX_BYTES (4 * (size_t)SANITIZE_MAX_BYTES)

enum open_kind {
	OPEN_NOTHING,
	OPEN_BLOCK,
	OPEN_HEADING,
	OPEN_QUOTE,
	OPEN_LIST,
	OPEN_ITEM,
	OPEN_SPAN,
	OPEN_LINK,
	OPEN_CODE,
	OPEN_PRE,
	OPEN_TASK,
	OPEN_SUMMARY,
	OPEN_DETAILS,
	OPEN_TABLE,
	OPEN_ROW,
	OPEN_CELL,
};

/* An element that has begun. */
struct open_element {
	enum open_kind kind;
	bool has_prefix;
	bool is_ordered; /* lists */
	char marker;     /* lists: what follows the number, or the bullet */
	int64_t next_number;
	const char *url, *title; /* links */
};

struct converter {
	struct arena *arena;
	struct markdown_writer writer;
	struct markdown_table table;
	struct open_element open[HTML_DEPTH_MAX];
	size_t open_count;
	struct buf out, code;
	const char *language; /* of the code block */
	char last_marker;     /* of the list that just ended */
	bool is_in_pre;
	bool is_captured; /* words go to code */
	bool is_in_task;  /* words are the box of a task */
	struct buf cell, *outside_cell;
};

/* What begins where. The rest is only words. */
static const struct {
	const char *name;
	enum open_kind kind;
	const char *sign;
} signs[] = {
	{ "a", OPEN_LINK, "[" },           { "blockquote", OPEN_QUOTE, NULL },
	{ "caption", OPEN_BLOCK, NULL },   { "code", OPEN_CODE, NULL },
	{ "dd", OPEN_BLOCK, NULL },        { "del", OPEN_SPAN, "~~" },
	{ "details", OPEN_DETAILS, NULL }, { "div", OPEN_BLOCK, NULL },
	{ "dl", OPEN_BLOCK, NULL },        { "dt", OPEN_BLOCK, NULL },
	{ "em", OPEN_SPAN, "*" },          { "h3", OPEN_HEADING, "#" },
	{ "h4", OPEN_HEADING, "##" },      { "h5", OPEN_HEADING, "###" },
	{ "h6", OPEN_HEADING, "####" },    { "li", OPEN_ITEM, NULL },
	{ "ol", OPEN_LIST, NULL },         { "p", OPEN_BLOCK, NULL },
	{ "pre", OPEN_PRE, NULL },         { "s", OPEN_SPAN, "~~" },
	{ "span", OPEN_TASK, NULL },       { "strong", OPEN_SPAN, "**" },
	{ "summary", OPEN_SUMMARY, NULL }, { "table", OPEN_TABLE, NULL },
	{ "td", OPEN_CELL, NULL },         { "th", OPEN_CELL, NULL },
	{ "tr", OPEN_ROW, NULL },          { "ul", OPEN_LIST, NULL },
};

/* The innermost element of a kind; NULL if there is none. */
static struct open_element *innermost(struct converter *converter, enum open_kind kind)
{
	for (size_t i = converter->open_count; i > 0; i--) {
		if (converter->open[i - 1].kind == kind)
			return &converter->open[i - 1];
	}
	return NULL;
}

/* The first words of an item stand on its line. */
static void want_block(struct converter *converter)
{
	const struct open_element *parent = converter->open_count > 0
						    ? &converter->open[converter->open_count - 1]
						    : NULL;
	const struct markdown_writer *writer = &converter->writer;

	if (parent && parent->kind == OPEN_ITEM && parent->has_prefix &&
	    !writer->prefixes[writer->prefix_count - 1].is_written)
		return;
	markdown_want_lines(&converter->writer, 2);
}

static const char *language_of(struct converter *converter, const char **attributes)
{
	const char *class = html_attribute(attributes, "class");

	if (!class || strncmp(class, "language-", 9) != 0 || strpbrk(class, "` \n"))
		return NULL;
	return arena_strdup(converter->arena, class + strlen("language-"));
}

/* Another list right behind one of its kind needs another marker. */
static void begin_list(struct converter *converter, struct open_element *list, const char *name,
		       const char **attributes)
{
	const char *start = html_attribute(attributes, "start");

	list->is_ordered = strcmp(name, "ol") == 0;
	list->next_number = 1;
	if (start)
		(void)text_to_i64(start, &list->next_number);
	if (list->is_ordered)
		list->marker = converter->last_marker == '.' ? ')' : '.';
	else
		list->marker = converter->last_marker == '-' ? '*' : '-';
	markdown_want_lines(&converter->writer, innermost(converter, OPEN_ITEM) ? 1 : 2);
}

static void begin_item(struct converter *converter, struct open_element *item)
{
	struct open_element *list = innermost(converter, OPEN_LIST);
	char *first;

	markdown_want_lines(&converter->writer, 1);
	if (!list)
		return;
	first = list->is_ordered ? arena_printf(converter->arena, "%lld%c ",
						(long long)list->next_number++, list->marker)
				 : arena_printf(converter->arena, "%c ", list->marker);
	item->has_prefix = markdown_push_prefix(
		&converter->writer, first,
		arena_printf(converter->arena, "%*s", (int)strlen(first), ""));
}

static void begin_task(struct converter *converter, struct open_element *task,
		       const char **attributes)
{
	const char *class = html_attribute(attributes, "class");

	if (!class || strncmp(class, "task", 4) != 0) {
		task->kind = OPEN_NOTHING;
		return;
	}
	markdown_raw(&converter->writer, strstr(class, "task-done") ? "[x]" : "[ ]");
	converter->is_in_task = true;
}

static void begin_capture(struct converter *converter, struct open_element *element)
{
	if (converter->is_captured) {
		element->kind = OPEN_NOTHING;
		return;
	}
	buf_clear(&converter->code);
	converter->is_captured = true;
}

static void begin_table_part(struct converter *converter, struct open_element *element,
			     const char **attributes)
{
	const char *class = html_attribute(attributes, "class");

	/* A table in a cell is only its words. */
	if (converter->writer.is_cell) {
		element->kind = OPEN_BLOCK;
		markdown_want_lines(&converter->writer, 1);
	} else if (element->kind == OPEN_TABLE) {
		want_block(converter);
		markdown_table_begin(&converter->table);
	} else if (element->kind == OPEN_ROW) {
		markdown_table_row(&converter->table);
	} else {
		element->title = class ? arena_strdup(converter->arena, class) : NULL;
		converter->outside_cell = markdown_begin_cell(&converter->writer, &converter->cell);
	}
}

static void begin_prefixed(struct converter *converter, struct open_element *element)
{
	want_block(converter);
	element->has_prefix = markdown_push_prefix(
		&converter->writer, element->kind == OPEN_DETAILS ? ">! " : "> ", "> ");
}

static void begin_link(struct converter *converter, struct open_element *link,
		       const char **attributes)
{
	const char *url = html_attribute(attributes, "href");
	const char *title = html_attribute(attributes, "title");

	link->url = arena_strdup(converter->arena, url ? url : "");
	link->title = title ? arena_strdup(converter->arena, title) : NULL;
	if (!markdown_open_span(&converter->writer, "["))
		link->kind = OPEN_NOTHING;
}

static void begin_heading(struct converter *converter, struct open_element *element,
			  const char *sign)
{
	want_block(converter);
	if (converter->writer.is_one_line) {
		element->kind = OPEN_BLOCK;
		return;
	}
	markdown_raw(&converter->writer, sign);
	converter->writer.wants_space = converter->writer.is_one_line = true;
}

static void begin_element(struct converter *converter, struct open_element *element,
			  const char *name, const char *sign, const char **attributes)
{
	switch (element->kind) {
	case OPEN_BLOCK:
		want_block(converter);
		break;
	case OPEN_HEADING:
		begin_heading(converter, element, sign);
		break;
	case OPEN_QUOTE:
	case OPEN_DETAILS:
		begin_prefixed(converter, element);
		break;
	case OPEN_LIST:
		begin_list(converter, element, name, attributes);
		break;
	case OPEN_ITEM:
		begin_item(converter, element);
		break;
	case OPEN_SPAN:
		if (!markdown_open_span(&converter->writer, sign))
			element->kind = OPEN_NOTHING;
		break;
	case OPEN_LINK:
		begin_link(converter, element, attributes);
		break;
	case OPEN_PRE:
		want_block(converter);
		converter->language = NULL;
		converter->is_in_pre = true;
		begin_capture(converter, element);
		break;
	case OPEN_CODE:
		if (converter->is_in_pre)
			converter->language = language_of(converter, attributes);
		begin_capture(converter, element);
		break;
	case OPEN_SUMMARY:
		begin_capture(converter, element);
		break;
	case OPEN_TASK:
		begin_task(converter, element, attributes);
		break;
	case OPEN_TABLE:
	case OPEN_ROW:
	case OPEN_CELL:
		begin_table_part(converter, element, attributes);
		break;
	case OPEN_NOTHING:
		break;
	}
}

static void write_picture(struct converter *converter, const char **attributes)
{
	const char *source = html_attribute(attributes, "src");
	const char *alt = html_attribute(attributes, "alt");

	markdown_write_picture(&converter->writer, source ? source : "", alt ? alt : "",
			       html_attribute(attributes, "title"));
}

static void begin_void(struct converter *converter, const char *name, const char **attributes)
{
	if (converter->is_captured) {
		if (strcmp(name, "br") == 0)
			buf_char(&converter->code, '\n');
	} else if (strcmp(name, "br") == 0) {
		markdown_line_break(&converter->writer);
	} else if (strcmp(name, "img") == 0) {
		write_picture(converter, attributes);
	} else if (strcmp(name, "hr") == 0) {
		markdown_want_lines(&converter->writer, 2);
		/* Of the three signs the one that begins no list. */
		markdown_raw(&converter->writer, "___");
		markdown_want_lines(&converter->writer, 2);
	}
}

static void on_start(void *data, const char *name, const char **attributes)
{
	struct converter *converter = data;
	struct open_element element = { .kind = OPEN_NOTHING };
	const char *sign = NULL;

	begin_void(converter, name, attributes);
	for (size_t i = 0; i < ARRAY_COUNT(signs); i++) {
		if (strcmp(signs[i].name, name) != 0)
			continue;
		element.kind = signs[i].kind;
		sign = signs[i].sign;
	}
	/* In code everything is words; only <pre> asks its <code> for the language. */
	if (converter->is_captured && element.kind != OPEN_CODE)
		element.kind = OPEN_NOTHING;
	begin_element(converter, &element, name, sign, attributes);
	if (element.kind != OPEN_NOTHING && element.kind != OPEN_LIST)
		converter->last_marker = '\0';
	converter->open[converter->open_count++] = element;
}

static void end_capture(struct converter *converter, enum open_kind kind)
{
	converter->is_captured = false;
	if (kind == OPEN_CODE || converter->writer.is_one_line) {
		markdown_write_code(&converter->writer, converter->code.data);
	} else if (kind == OPEN_PRE) {
		markdown_write_code_block(&converter->writer, converter->code.data,
					  converter->language);
	} else if (strcmp(converter->code.data, "Spoiler") != 0) {
		markdown_want_lines(&converter->writer, 2);
		if (markdown_open_span(&converter->writer, "**")) {
			markdown_words(&converter->writer, converter->code.data,
				       converter->code.length);
			(void)markdown_close_span(&converter->writer);
		}
	}
	if (kind != OPEN_CODE)
		markdown_want_lines(&converter->writer, 2);
	if (kind == OPEN_PRE)
		converter->is_in_pre = false;
}

static void end_cell(struct converter *converter, const char *class)
{
	const char *text = arena_strdup(converter->arena, converter->cell.data);

	markdown_end_cell(&converter->writer, converter->outside_cell);
	markdown_table_cell(&converter->table, converter->arena, text, class);
}

static void end_link(struct converter *converter, const struct open_element *link)
{
	struct markdown_span span = markdown_close_span(&converter->writer);

	if (span.is_written)
		markdown_write_link(&converter->writer, span.start, link->url, link->title);
}

static void on_end(void *data, const char *name)
{
	struct converter *converter = data;
	struct open_element element = converter->open[--converter->open_count];

	(void)name;
	if (element.has_prefix)
		markdown_pop_prefix(&converter->writer);
	switch (element.kind) {
	case OPEN_HEADING:
		converter->writer.is_one_line = false;
		markdown_want_lines(&converter->writer, 2);
		break;
	case OPEN_BLOCK:
	case OPEN_QUOTE:
	case OPEN_DETAILS:
		markdown_want_lines(&converter->writer, 2);
		break;
	case OPEN_LIST:
		converter->last_marker = element.marker;
		markdown_want_lines(&converter->writer, innermost(converter, OPEN_ITEM) ? 1 : 2);
		break;
	case OPEN_ITEM:
		markdown_want_lines(&converter->writer, 1);
		break;
	case OPEN_SPAN:
		(void)markdown_close_span(&converter->writer);
		break;
	case OPEN_LINK:
		end_link(converter, &element);
		break;
	case OPEN_CODE:
	case OPEN_PRE:
	case OPEN_SUMMARY:
		end_capture(converter, element.kind);
		break;
	case OPEN_TASK:
		converter->is_in_task = false;
		break;
	case OPEN_TABLE:
		markdown_table_write(&converter->table, &converter->writer);
		markdown_want_lines(&converter->writer, 2);
		break;
	case OPEN_CELL:
		end_cell(converter, element.title);
		break;
	case OPEN_ROW:
	case OPEN_NOTHING:
		break;
	}
}

static bool is_blank(const char *text, size_t length)
{
	return slice_trim(slice_make(text, length)).length == 0;
}

static void on_text(void *data, const char *text, size_t length)
{
	struct converter *converter = data;

	if (converter->is_in_task)
		return;
	if (converter->is_captured) {
		buf_bytes(&converter->code, text, length);
		return;
	}
	if (!is_blank(text, length))
		converter->last_marker = '\0';
	markdown_words(&converter->writer, text, length);
}

char *markdown_from_html(struct arena *arena, const char *html)
{
	struct converter *converter = arena_new_of(arena, struct converter);
	struct html_handler handler = {
		.start = on_start,
		.end = on_end,
		.text = on_text,
		.data = converter,
	};
	struct ctx ctx = { .arena = arena };

	converter->arena = arena;
	buf_init(&converter->out, arena, OUTPUT_MAX_BYTES);
	buf_init(&converter->code, arena, OUTPUT_MAX_BYTES);
	buf_init(&converter->cell, arena, OUTPUT_MAX_BYTES);
	markdown_writer_init(&converter->writer, arena, &converter->out);
	/* Over a limit of html_read, so not from the sanitiser: then it is only words. */
	if (html_read(&ctx, html, OUTPUT_MAX_BYTES, &handler) != OK)
		return arena_strdup(arena, html);
	return converter->out.data;
}
