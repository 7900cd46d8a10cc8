/*
 * Parsing, and the changes to the tree. Nodes are collected before they are
 * changed, because cmark's iterator does not survive changes ahead of it.
 */
#include "text/markdown_tree.h"

#include <cmark-gfm-core-extensions.h>
#include <strings.h>

#include "text/markdown.h"
#include "text/url.h"

#define OPTIONS           CMARK_OPT_DEFAULT /* not CMARK_OPT_UNSAFE */
#define INLINE_DEPTH_MAX  50
/* A heading of a post stands under the page's own title and the answers'. */
#define HEADING_FIRST     3
#define HEADING_LEVEL_MAX 6

static const char *const extensions[] = { "table", "strikethrough", "autolink", "tasklist" };

/* Which nodes to collect. */
typedef bool (*node_test)(cmark_node *node);

static cmark_parser *parser_new(void)
{
	cmark_parser *parser;

	cmark_gfm_core_extensions_ensure_registered();
	parser = cmark_parser_new(OPTIONS);
	for (size_t i = 0; i < ARRAY_COUNT(extensions); i++)
		cmark_parser_attach_syntax_extension(parser,
						     cmark_find_syntax_extension(extensions[i]));
	return parser;
}

static void free_node(void *node)
{
	cmark_node_free(node);
}

static bool is_nesting_block(cmark_node *node)
{
	cmark_node_type type = cmark_node_get_type(node);

	return type == CMARK_NODE_BLOCK_QUOTE || type == CMARK_NODE_ITEM;
}

static bool is_nesting_inline(cmark_node *node)
{
	unsigned type = (unsigned)cmark_node_get_type(node);

	return (type & CMARK_NODE_TYPE_MASK) == CMARK_NODE_TYPE_INLINE &&
	       cmark_node_first_child(node);
}

static bool is_too_deep(cmark_node *root)
{
	cmark_iter *iter = cmark_iter_new(root);
	size_t blocks = 0, inlines = 0;
	cmark_event_type event;
	bool is_over = false;

	while (!is_over && (event = cmark_iter_next(iter)) != CMARK_EVENT_DONE) {
		cmark_node *node = cmark_iter_get_node(iter);
		size_t *depth = is_nesting_block(node)    ? &blocks
				: is_nesting_inline(node) ? &inlines
							  : NULL;

		if (depth)
			*depth += event == CMARK_EVENT_ENTER ? 1 : (size_t)-1;
		is_over = blocks > MARKDOWN_NESTING_MAX || inlines > INLINE_DEPTH_MAX;
	}
	cmark_iter_free(iter);
	return is_over;
}

/* The nodes that pass the test, in order, in the arena. */
static size_t collect(struct arena *arena, cmark_node *root, node_test test, cmark_node ***nodes)
{
	size_t count = 0;

	*nodes = NULL;
	/* Twice: to count them, then to keep them. */
	for (int pass = 0; pass < 2; pass++) {
		cmark_iter *iter = cmark_iter_new(root);
		cmark_event_type event;
		size_t found = 0;

		while ((event = cmark_iter_next(iter)) != CMARK_EVENT_DONE) {
			cmark_node *node = cmark_iter_get_node(iter);

			if (event != CMARK_EVENT_ENTER || !test(node))
				continue;
			if (pass == 1)
				(*nodes)[found] = node;
			found++;
		}
		cmark_iter_free(iter);
		if (pass == 0)
			*nodes = arena_array_of(arena, found, cmark_node *);
		count = found;
	}
	return count;
}

static cmark_node *text_new(const char *literal, size_t length)
{
	char *copy = strndup(literal, length);
	cmark_node *text = cmark_node_new(CMARK_NODE_TEXT);

	cmark_node_set_literal(text, copy);
	free(copy);
	return text;
}

static bool is_raw_html(cmark_node *node)
{
	cmark_node_type type = cmark_node_get_type(node);

	return type == CMARK_NODE_HTML_INLINE || type == CMARK_NODE_HTML_BLOCK;
}

/* Nothing but one: a block may begin with a comment and go on. */
static bool is_comment(const char *html)
{
	const char *start = html + strspn(html, " ");
	const char *end = strstr(start, "-->");

	return strncmp(start, "<!--", 4) == 0 && end && end[3 + strspn(end + 3, " \n")] == '\0';
}

static bool is_line_break(const char *html)
{
	return strncasecmp(html, "<br", 3) == 0 && strspn(html + 3, " /") == strlen(html + 3) - 1;
}

/* A paragraph with the lines as they were typed. */
static cmark_node *replacement_of_block(const char *html)
{
	cmark_node *paragraph = cmark_node_new(CMARK_NODE_PARAGRAPH);

	while (*html) {
		size_t length = strcspn(html, "\n");

		if (cmark_node_first_child(paragraph))
			cmark_node_append_child(paragraph, cmark_node_new(CMARK_NODE_SOFTBREAK));
		cmark_node_append_child(paragraph, text_new(html, length));
		html += length + (html[length] == '\n');
	}
	return paragraph;
}

/*
 * A node that its new parent cannot hold (a line break in a cell) is freed, so that
 * moving the children of a node always comes to an end.
 */
static bool insert_or_free(cmark_node *before, cmark_node *node)
{
	cmark_node_unlink(node);
	if (cmark_node_insert_before(before, node))
		return true;
	cmark_node_free(node);
	return false;
}

static void append_or_free(cmark_node *parent, cmark_node *node)
{
	cmark_node_unlink(node);
	if (!cmark_node_append_child(parent, node))
		cmark_node_free(node);
}

static void show_inline(cmark_node *node, const char *html)
{
	/* In a cell of a table, which cannot hold a line break, it stays text. */
	if (is_line_break(html) && insert_or_free(node, cmark_node_new(CMARK_NODE_LINEBREAK)))
		return;
	insert_or_free(node, text_new(html, strlen(html)));
}

/* Raw HTML is shown, not obeyed; but comments and <br> mean what they mean. */
static void show_raw_html(struct arena *arena, cmark_node *root)
{
	cmark_node **nodes;
	size_t count = collect(arena, root, is_raw_html, &nodes);

	for (size_t i = 0; i < count; i++) {
		const char *html = cmark_node_get_literal(nodes[i]);

		if (!is_comment(html)) {
			if (cmark_node_get_type(nodes[i]) == CMARK_NODE_HTML_BLOCK)
				insert_or_free(nodes[i], replacement_of_block(html));
			else
				show_inline(nodes[i], html);
		}
		cmark_node_unlink(nodes[i]);
		cmark_node_free(nodes[i]);
	}
}

static bool is_link(cmark_node *node)
{
	cmark_node_type type = cmark_node_get_type(node);

	return type == CMARK_NODE_LINK || type == CMARK_NODE_IMAGE;
}

/* cmark would keep a refused link with an empty address: a link to this page. */
static void unwrap_refused_links(struct arena *arena, cmark_node *root)
{
	cmark_node **nodes;
	size_t count = collect(arena, root, is_link, &nodes);

	for (size_t i = 0; i < count; i++) {
		const char *url = url_clean(arena, cmark_node_get_url(nodes[i]));
		cmark_node *child;

		if (url_kind_of(url) != URL_REFUSED)
			continue;
		while ((child = cmark_node_first_child(nodes[i])))
			insert_or_free(nodes[i], child);
		cmark_node_unlink(nodes[i]);
		cmark_node_free(nodes[i]);
	}
}

static bool is_heading(cmark_node *node)
{
	return cmark_node_get_type(node) == CMARK_NODE_HEADING;
}

/*
 * Counted anew, so that no level is passed over for screen readers, whatever was
 * written: each heading is one level below the last one that outranks it, and
 * those that none outranks have the first level that a page has left.
 */
static void shift_headings(struct arena *arena, cmark_node *root)
{
	cmark_node **nodes;
	size_t count = collect(arena, root, is_heading, &nodes);
	int above[HEADING_LEVEL_MAX], depth = 0;

	for (size_t i = 0; i < count; i++) {
		int rank = cmark_node_get_heading_level(nodes[i]), level;

		while (depth > 0 && above[depth - 1] >= rank)
			depth--;
		level = HEADING_FIRST + depth;
		above[depth++] = rank;
		cmark_node_set_heading_level(nodes[i],
					     level < HEADING_LEVEL_MAX ? level : HEADING_LEVEL_MAX);
	}
}

/* ">! text": a quote whose first words are "! ". */
static bool is_spoiler_quote(cmark_node *node)
{
	cmark_node *paragraph = cmark_node_first_child(node);
	cmark_node *text;

	if (cmark_node_get_type(node) != CMARK_NODE_BLOCK_QUOTE || !paragraph ||
	    cmark_node_get_type(paragraph) != CMARK_NODE_PARAGRAPH)
		return false;
	text = cmark_node_first_child(paragraph);
	return text && cmark_node_get_type(text) == CMARK_NODE_TEXT &&
	       strncmp(cmark_node_get_literal(text), "! ", 2) == 0;
}

/* The "!" that begins every line of it. */
static void strip_spoiler_marks(cmark_node *paragraph)
{
	bool is_line_start = true;

	for (cmark_node *node = cmark_node_first_child(paragraph); node;
	     node = cmark_node_next(node)) {
		cmark_node_type type = cmark_node_get_type(node);

		if (is_line_start && type == CMARK_NODE_TEXT) {
			char *text = strdup(cmark_node_get_literal(node));

			if (*text == '!')
				cmark_node_set_literal(node, text + (text[1] == ' ' ? 2 : 1));
			free(text);
		}
		is_line_start = type == CMARK_NODE_SOFTBREAK || type == CMARK_NODE_LINEBREAK;
	}
}

static void make_spoilers(struct arena *arena, cmark_node *root)
{
	cmark_node **nodes;
	size_t count = collect(arena, root, is_spoiler_quote, &nodes);

	for (size_t i = 0; i < count; i++) {
		cmark_node *spoiler = cmark_node_new(CMARK_NODE_CUSTOM_BLOCK);
		cmark_node *child;

		/* The sanitiser adds the summary. */
		cmark_node_set_on_enter(spoiler, "<details class=\"spoiler\">");
		cmark_node_set_on_exit(spoiler, "</details>");
		while ((child = cmark_node_first_child(nodes[i]))) {
			if (cmark_node_get_type(child) == CMARK_NODE_PARAGRAPH)
				strip_spoiler_marks(child);
			append_or_free(spoiler, child);
		}
		cmark_node_replace(nodes[i], spoiler);
		cmark_node_free(nodes[i]);
	}
}

bool markdown_is_spoiler(cmark_node *node)
{
	return cmark_node_get_type(node) == CMARK_NODE_CUSTOM_BLOCK;
}

cmark_node *markdown_parse(struct arena *arena, const char *markdown)
{
	cmark_parser *parser = parser_new();
	cmark_node *root;

	cmark_parser_feed(parser, markdown, strlen(markdown));
	root = cmark_parser_finish(parser);
	cmark_parser_free(parser);
	arena_defer(arena, free_node, root);
	if (is_too_deep(root))
		return NULL;
	show_raw_html(arena, root);
	unwrap_refused_links(arena, root);
	cmark_consolidate_text_nodes(root);
	shift_headings(arena, root);
	make_spoilers(arena, root);
	return root;
}

char *markdown_tree_html(struct arena *arena, cmark_node *root)
{
	char *html = cmark_render_html(root, OPTIONS, NULL);
	char *copy = arena_strdup(arena, html);

	free(html);
	return copy;
}

static bool is_free_text(cmark_node *node)
{
	if (cmark_node_get_type(node) != CMARK_NODE_TEXT)
		return false;
	/* At most INLINE_DEPTH_MAX steps to the block. */
	for (node = cmark_node_parent(node); node && is_nesting_inline(node);
	     node = cmark_node_parent(node)) {
		if (is_link(node))
			return false;
	}
	return true;
}

size_t markdown_texts(struct arena *arena, cmark_node *root, cmark_node ***texts)
{
	return collect(arena, root, is_free_text, texts);
}
