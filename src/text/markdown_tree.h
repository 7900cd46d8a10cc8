/*
 * The tree of a Markdown text, for those who read it (rendering, mentions,
 * excerpts), with what is particular to us already done to it: raw HTML has become
 * text, links that are not allowed their words, quotes that begin with "!"
 * spoilers, and adjacent texts one.
 */
#ifndef TEXT_MARKDOWN_TREE_H
#define TEXT_MARKDOWN_TREE_H

#include <cmark-gfm.h>

#include "base/arena.h"

/*
 * markdown: what markdown_guard let through. NULL: nested too deeply. The tree is
 * freed with the arena.
 */
cmark_node *markdown_parse(struct arena *arena, const char *markdown);

/* HTML of the tree, not sanitised yet. In the arena. */
char *markdown_tree_html(struct arena *arena, cmark_node *root);

bool markdown_is_spoiler(cmark_node *node);

/* The text nodes outside links and pictures, in order; returns how many. */
size_t markdown_texts(struct arena *arena, cmark_node *root, cmark_node ***texts);

#endif
