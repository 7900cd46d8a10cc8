/*
 * The words of a text without its markup, and a text as a quote.
 */
#include "base/utf8.h"
#include "text/markdown.h"
#include "text/markdown_guard.h"
#include "text/markdown_tree.h"

#define QUOTE_MARK "> "
#define ELLIPSIS   "…"

/* Writes text with each run of white space as one space, none at the start. */
static void add_words(struct buf *out, const char *text)
{
	for (; *text; text++) {
		bool is_space = *text == ' ' || *text == '\n' || *text == '\t' || *text == '\r';

		if (!is_space)
			buf_char(out, *text);
		else if (out->length > 0 && out->data[out->length - 1] != ' ')
			buf_char(out, ' ');
	}
}

static void add_node(struct buf *out, cmark_node *node, cmark_event_type event)
{
	cmark_node_type type = cmark_node_get_type(node);
	bool is_block = ((unsigned)type & CMARK_NODE_TYPE_MASK) == CMARK_NODE_TYPE_BLOCK;

	if (event == CMARK_EVENT_ENTER &&
	    (type == CMARK_NODE_TEXT || type == CMARK_NODE_CODE || type == CMARK_NODE_CODE_BLOCK))
		add_words(out, cmark_node_get_literal(node));
	if (is_block || type == CMARK_NODE_SOFTBREAK || type == CMARK_NODE_LINEBREAK)
		add_words(out, " ");
}

static void add_tree(struct buf *out, cmark_node *root)
{
	cmark_iter *iter = cmark_iter_new(root);
	cmark_event_type event;

	while ((event = cmark_iter_next(iter)) != CMARK_EVENT_DONE) {
		cmark_node *node = cmark_iter_get_node(iter);

		if (markdown_is_spoiler(node) && event == CMARK_EVENT_ENTER)
			cmark_iter_reset(iter, node, CMARK_EVENT_EXIT);
		else
			add_node(out, node, event);
	}
	cmark_iter_free(iter);
}

char *markdown_excerpt(struct arena *arena, const char *markdown, size_t max_points)
{
	cmark_node *root = markdown_guard(arena, markdown) ? NULL : markdown_parse(arena, markdown);
	struct buf words;
	size_t length;

	buf_init(&words, arena, strlen(markdown) + 4 * MARKDOWN_MAX_BYTES);
	if (root)
		add_tree(&words, root);
	else
		add_words(&words, markdown);
	length = words.length;
	while (length > 0 && words.data[length - 1] == ' ')
		length--;
	words.data[length] = '\0';
	if (utf8_count(words.data) <= max_points)
		return words.data;
	length = utf8_prefix(words.data, max_points);
	while (length > 0 && words.data[length - 1] == ' ')
		length--;
	return arena_printf(arena, "%.*s" ELLIPSIS, (int)length, words.data);
}

char *markdown_quote(struct arena *arena, const char *markdown)
{
	size_t length = strlen(markdown);
	struct buf quote;

	while (length > 0 && (markdown[length - 1] == '\n' || markdown[length - 1] == '\r'))
		length--;
	buf_init(&quote, arena, 3 * length + 16);
	for (const char *line = markdown; line < markdown + length;) {
		size_t line_length = strcspn(line, "\n");

		if (line + line_length > markdown + length)
			line_length = (size_t)(markdown + length - line);
		buf_text(&quote, line_length > 0 ? QUOTE_MARK : ">");
		buf_bytes(&quote, line, line_length);
		buf_text(&quote, "\n");
		line += line_length + 1;
	}
	buf_text(&quote, "\n");
	return quote.data;
}
