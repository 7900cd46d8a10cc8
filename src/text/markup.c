/*
 * The writer. Blocks and inline elements are two stacks: blocks as they stand in
 * the output, inline elements as the source has them open. The latter are written
 * only when words come, and ended before any block begins or ends, so the two can
 * never cross.
 */
#include "text/markup.h"

#define BIT(kind) (1u << (kind))

static const struct markup_element root = { "", "", MARKUP_CONTAINER, 0 };

/* In the order of strcmp: it is searched by halves. */
static const struct markup_element elements[] = {
	{ "a", "a", MARKUP_INLINE, 0 },
	{ "abbr", "abbr", MARKUP_INLINE, 0 },
	{ "acronym", "abbr", MARKUP_INLINE, 0 },
	{ "address", "div", MARKUP_CONTAINER, 0 },
	{ "article", "div", MARKUP_CONTAINER, 0 },
	{ "aside", "div", MARKUP_CONTAINER, 0 },
	{ "b", "strong", MARKUP_INLINE, 0 },
	{ "blockquote", "blockquote", MARKUP_CONTAINER, 0 },
	{ "br", "br", MARKUP_VOID, 0 },
	{ "caption", "caption", MARKUP_HOLDER, BIT(MARKUP_TABLE) },
	{ "center", "div", MARKUP_CONTAINER, 0 },
	{ "cite", "cite", MARKUP_INLINE, 0 },
	{ "code", "code", MARKUP_INLINE, 0 },
	{ "dd", "dd", MARKUP_CONTAINER, BIT(MARKUP_TERMS) },
	{ "del", "del", MARKUP_INLINE, 0 },
	{ "details", "details", MARKUP_DETAILS, 0 },
	{ "dfn", "dfn", MARKUP_INLINE, 0 },
	{ "dir", "ul", MARKUP_LIST, 0 },
	{ "div", "div", MARKUP_CONTAINER, 0 },
	{ "dl", "dl", MARKUP_TERMS, 0 },
	{ "dt", "dt", MARKUP_HOLDER, BIT(MARKUP_TERMS) },
	{ "em", "em", MARKUP_INLINE, 0 },
	{ "fieldset", "div", MARKUP_CONTAINER, 0 },
	{ "figcaption", "div", MARKUP_CONTAINER, 0 },
	{ "figure", "div", MARKUP_CONTAINER, 0 },
	{ "footer", "div", MARKUP_CONTAINER, 0 },
	{ "form", "div", MARKUP_CONTAINER, 0 },
	{ "h1", "h3", MARKUP_HOLDER, 0 },
	{ "h2", "h3", MARKUP_HOLDER, 0 },
	{ "h3", "h3", MARKUP_HOLDER, 0 },
	{ "h4", "h4", MARKUP_HOLDER, 0 },
	{ "h5", "h5", MARKUP_HOLDER, 0 },
	{ "h6", "h6", MARKUP_HOLDER, 0 },
	{ "header", "div", MARKUP_CONTAINER, 0 },
	{ "hr", "hr", MARKUP_RULE, 0 },
	{ "i", "em", MARKUP_INLINE, 0 },
	{ "img", "img", MARKUP_VOID, 0 },
	{ "ins", "ins", MARKUP_INLINE, 0 },
	{ "kbd", "kbd", MARKUP_INLINE, 0 },
	{ "legend", "div", MARKUP_CONTAINER, 0 },
	{ "li", "li", MARKUP_CONTAINER, BIT(MARKUP_LIST) },
	{ "listing", "pre", MARKUP_HOLDER, 0 },
	{ "main", "div", MARKUP_CONTAINER, 0 },
	{ "mark", "mark", MARKUP_INLINE, 0 },
	{ "menu", "ul", MARKUP_LIST, 0 },
	{ "nav", "div", MARKUP_CONTAINER, 0 },
	{ "ol", "ol", MARKUP_LIST, 0 },
	{ "p", "p", MARKUP_PARAGRAPH, 0 },
	{ "pre", "pre", MARKUP_HOLDER, 0 },
	{ "q", "q", MARKUP_INLINE, 0 },
	{ "s", "s", MARKUP_INLINE, 0 },
	{ "samp", "samp", MARKUP_INLINE, 0 },
	{ "section", "div", MARKUP_CONTAINER, 0 },
	{ "small", "small", MARKUP_INLINE, 0 },
	{ "span", "span", MARKUP_INLINE, 0 },
	{ "strike", "del", MARKUP_INLINE, 0 },
	{ "strong", "strong", MARKUP_INLINE, 0 },
	{ "sub", "sub", MARKUP_INLINE, 0 },
	{ "summary", "summary", MARKUP_HOLDER, BIT(MARKUP_DETAILS) },
	{ "sup", "sup", MARKUP_INLINE, 0 },
	{ "table", "table", MARKUP_TABLE, 0 },
	{ "tbody", "tbody", MARKUP_SECTION, BIT(MARKUP_TABLE) },
	{ "td", "td", MARKUP_CONTAINER, BIT(MARKUP_ROW) | BIT(MARKUP_SECTION) | BIT(MARKUP_TABLE) },
	{ "tfoot", "tfoot", MARKUP_SECTION, BIT(MARKUP_TABLE) },
	{ "th", "th", MARKUP_CONTAINER, BIT(MARKUP_ROW) | BIT(MARKUP_SECTION) | BIT(MARKUP_TABLE) },
	{ "thead", "thead", MARKUP_SECTION, BIT(MARKUP_TABLE) },
	{ "tr", "tr", MARKUP_ROW, BIT(MARKUP_SECTION) | BIT(MARKUP_TABLE) },
	{ "tt", "code", MARKUP_INLINE, 0 },
	{ "u", "u", MARKUP_INLINE, 0 },
	{ "ul", "ul", MARKUP_LIST, 0 },
	{ "var", "var", MARKUP_INLINE, 0 },
};

static int compare_source(const void *name, const void *element)
{
	return strcmp(name, ((const struct markup_element *)element)->source);
}

const struct markup_element *markup_find(const char *source_name)
{
	return bsearch(source_name, elements, ARRAY_COUNT(elements), sizeof(elements[0]),
		       compare_source);
}

static struct markup_block *top_block(struct markup_writer *writer)
{
	return &writer->blocks[writer->block_count - 1];
}

static enum markup_kind top_kind(struct markup_writer *writer)
{
	return top_block(writer)->element->kind;
}

static void write_start(struct markup_writer *writer, const char *name, const char *attributes)
{
	buf_char(writer->out, '<');
	buf_text(writer->out, name);
	buf_text(writer->out, attributes);
	buf_char(writer->out, '>');
	writer->is_at_pre_start = false;
}

static void write_end(struct markup_writer *writer, const char *name)
{
	buf_text(writer->out, "</");
	buf_text(writer->out, name);
	buf_char(writer->out, '>');
	writer->is_at_pre_start = false;
}

static void end_inlines(struct markup_writer *writer)
{
	while (writer->open_count > 0)
		write_end(writer, writer->inlines[--writer->open_count].element->name);
}

static void begin_inlines(struct markup_writer *writer)
{
	while (writer->open_count < writer->inline_count) {
		struct markup_inline *next = &writer->inlines[writer->open_count++];

		write_start(writer, next->element->name, next->attributes);
		next->is_written = true;
	}
}

/* The word is the same in our languages; pages may style it by its class. */
static void write_summary(struct markup_writer *writer)
{
	buf_text(writer->out, "<summary>Spoiler</summary>");
	top_block(writer)->is_begun = true;
}

static void push_block(struct markup_writer *writer, const struct markup_element *element,
		       const char *attributes, bool is_implied)
{
	bool is_table = element->kind == MARKUP_TABLE;

	if (writer->block_count == MARKUP_BLOCKS_MAX) {
		writer->is_too_deep = true;
		return;
	}
	top_block(writer)->is_begun = true;
	/* A wide table scrolls in a box of its own, which the keyboard can reach. */
	if (is_table)
		buf_text(writer->out, "<div class=\"table-wrap\" tabindex=\"0\">");
	write_start(writer, element->name, attributes);
	writer->is_at_pre_start = strcmp(element->name, "pre") == 0;
	writer->blocks[writer->block_count++] = (struct markup_block){
		.element = element,
		.serial = ++writer->last_serial,
		.is_implied = is_implied,
	};
}

static void pop_block(struct markup_writer *writer)
{
	struct markup_block *block = top_block(writer);

	end_inlines(writer);
	if (block->element->kind == MARKUP_DETAILS && !block->is_begun)
		write_summary(writer);
	write_end(writer, block->element->name);
	if (block->element->kind == MARKUP_TABLE)
		buf_text(writer->out, "</div>");
	writer->block_count--;
}

static void push_implied(struct markup_writer *writer, const char *name)
{
	push_block(writer, markup_find(name), "", true);
}

/* Opens what must be around words and blocks where the writer stands. */
static void make_room(struct markup_writer *writer)
{
	while (!writer->is_too_deep) {
		switch (top_kind(writer)) {
		case MARKUP_LIST:
			push_implied(writer, "li");
			break;
		case MARKUP_TERMS:
			push_implied(writer, "dd");
			break;
		case MARKUP_TABLE:
			push_implied(writer, "tbody");
			break;
		case MARKUP_SECTION:
			push_implied(writer, "tr");
			break;
		case MARKUP_ROW:
			push_implied(writer, "td");
			break;
		case MARKUP_DETAILS:
			if (!top_block(writer)->is_begun)
				write_summary(writer);
			return;
		default:
			return;
		}
	}
}

/* The same for an element that has its place in a table. */
static void make_room_in_table(struct markup_writer *writer, enum markup_kind wanted)
{
	if (wanted != MARKUP_TABLE && top_kind(writer) == MARKUP_TABLE)
		push_implied(writer, "tbody");
	if (wanted == MARKUP_ROW && top_kind(writer) == MARKUP_SECTION)
		push_implied(writer, "tr");
}

/*
 * Goes up to a block that may be the element's parent, over what ends by itself:
 * paragraphs and implied blocks. False if there is none.
 */
static bool go_to_parent(struct markup_writer *writer, const struct markup_element *element)
{
	size_t count = writer->block_count;

	while (!(BIT(writer->blocks[count - 1].element->kind) & element->parents)) {
		const struct markup_block *block = &writer->blocks[count - 1];

		if (!block->is_implied && block->element->kind != MARKUP_PARAGRAPH)
			return false;
		count--;
	}
	while (writer->block_count > count)
		pop_block(writer);
	return true;
}

/* A second summary, or a caption that is not the first thing, is no such thing. */
static bool comes_too_late(struct markup_writer *writer, const struct markup_element *element)
{
	bool must_be_first = element->parents == BIT(MARKUP_DETAILS) ||
			     (element->kind == MARKUP_HOLDER &&
			      element->parents == BIT(MARKUP_TABLE));

	return must_be_first && top_block(writer)->is_begun;
}

static struct markup_token block_token(struct markup_writer *writer)
{
	return (struct markup_token){
		TOKEN_BLOCK,
		writer->block_count - 1,
		top_block(writer)->serial,
	};
}

static struct markup_token open_anywhere(struct markup_writer *writer,
					 const struct markup_element *element,
					 const char *attributes)
{
	markup_break(writer);
	make_room(writer);
	push_block(writer, element, attributes, false);
	return block_token(writer);
}

static struct markup_token open_block(struct markup_writer *writer,
				      const struct markup_element *element, const char *attributes)
{
	end_inlines(writer);
	/* "<h3><p>one</p><p>two</p></h3>": the words stay apart. */
	if (top_kind(writer) == MARKUP_HOLDER) {
		markup_text(writer, " ", 1);
		return (struct markup_token){ 0 };
	}
	if (element->parents == 0)
		return open_anywhere(writer, element, attributes);
	if (go_to_parent(writer, element) && !comes_too_late(writer, element)) {
		make_room_in_table(writer, element->kind == MARKUP_CONTAINER ? MARKUP_ROW
					   : element->kind == MARKUP_ROW     ? MARKUP_SECTION
									     : MARKUP_TABLE);
		push_block(writer, element, attributes, false);
		return block_token(writer);
	}
	if (element->kind == MARKUP_ROW || element->kind == MARKUP_SECTION)
		return (struct markup_token){ 0 };
	return open_anywhere(writer, markup_find("div"), "");
}

static struct markup_token open_inline(struct markup_writer *writer,
				       const struct markup_element *element, const char *attributes)
{
	if (strcmp(element->name, "a") == 0 && markup_is_in_link(writer))
		return (struct markup_token){ 0 };
	if (writer->inline_count == MARKUP_INLINES_MAX) {
		writer->is_too_deep = true;
		return (struct markup_token){ 0 };
	}
	writer->inlines[writer->inline_count++] = (struct markup_inline){
		.element = element,
		.attributes = attributes,
	};
	return (struct markup_token){ .kind = TOKEN_INLINE };
}

static bool holds_words(enum markup_kind kind)
{
	return kind == MARKUP_CONTAINER || kind == MARKUP_PARAGRAPH || kind == MARKUP_HOLDER ||
	       kind == MARKUP_DETAILS;
}

/* Emphasis of nothing is nothing; an empty link or code block is somebody's. */
static bool is_kept_empty(const struct markup_element *element)
{
	return strcmp(element->name, "a") == 0 || strcmp(element->name, "code") == 0;
}

static void close_inline(struct markup_writer *writer)
{
	struct markup_inline *last = &writer->inlines[writer->inline_count - 1];

	if (!last->is_written && is_kept_empty(last->element) && holds_words(top_kind(writer))) {
		make_room(writer);
		begin_inlines(writer);
	}
	if (writer->open_count == writer->inline_count) {
		write_end(writer, last->element->name);
		writer->open_count--;
	}
	writer->inline_count--;
}

void markup_init(struct markup_writer *writer, struct buf *out)
{
	*writer = (struct markup_writer){ .out = out, .block_count = 1 };
	writer->blocks[0].element = &root;
}

struct markup_token markup_open(struct markup_writer *writer, const struct markup_element *element,
				const char *attributes)
{
	if (writer->is_too_deep)
		return (struct markup_token){ 0 };
	if (element->kind == MARKUP_INLINE)
		return open_inline(writer, element, attributes);
	return open_block(writer, element, attributes);
}

void markup_close(struct markup_writer *writer, struct markup_token token)
{
	if (writer->is_too_deep || token.kind == TOKEN_NOTHING)
		return;
	if (token.kind == TOKEN_INLINE) {
		close_inline(writer);
		return;
	}
	/* A paragraph may have ended before. */
	if (token.index >= writer->block_count ||
	    writer->blocks[token.index].serial != token.serial)
		return;
	while (writer->block_count > token.index)
		pop_block(writer);
}

void markup_void(struct markup_writer *writer, const struct markup_element *element,
		 const char *attributes)
{
	if (writer->is_too_deep)
		return;
	if (element->kind == MARKUP_RULE) {
		end_inlines(writer);
		if (top_kind(writer) == MARKUP_HOLDER)
			return;
		markup_break(writer);
		make_room(writer);
	} else {
		make_room(writer);
		begin_inlines(writer);
	}
	write_start(writer, element->name, attributes);
	top_block(writer)->is_begun = true;
}

static bool is_blank(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if (text[i] != ' ' && text[i] != '\t' && text[i] != '\n')
			return false;
	}
	return true;
}

/* White space between blocks stays between them and opens nothing. */
static bool stands_between_blocks(struct markup_writer *writer)
{
	if (!holds_words(top_kind(writer)))
		return true;
	if (top_kind(writer) == MARKUP_DETAILS && !top_block(writer)->is_begun)
		return true;
	return writer->open_count < writer->inline_count &&
	       writer->inlines[writer->inline_count - 1].is_written;
}

void markup_text(struct markup_writer *writer, const char *text, size_t length)
{
	if (writer->is_too_deep || length == 0)
		return;
	if (!(is_blank(text, length) && stands_between_blocks(writer))) {
		make_room(writer);
		begin_inlines(writer);
	}
	/* The line feed right behind <pre> does not count, so write one more. */
	if (writer->is_at_pre_start && *text == '\n')
		buf_char(writer->out, '\n');
	writer->is_at_pre_start = false;
	buf_html(writer->out, text, length);
}

void markup_break(struct markup_writer *writer)
{
	end_inlines(writer);
	if (top_kind(writer) == MARKUP_PARAGRAPH)
		pop_block(writer);
}

bool markup_is_in_link(const struct markup_writer *writer)
{
	for (size_t i = 0; i < writer->inline_count; i++) {
		if (strcmp(writer->inlines[i].element->name, "a") == 0)
			return true;
	}
	return false;
}

void markup_finish(struct markup_writer *writer)
{
	end_inlines(writer);
	while (writer->block_count > 1)
		pop_block(writer);
}
