/*
 * Names behind "@" in a text.
 */
#ifndef TEXT_MARKDOWN_MENTION_H
#define TEXT_MARKDOWN_MENTION_H

#include <cmark-gfm.h>

#include "text/markdown.h"

/* Makes links of those that options->mention knows. */
void markdown_link_mentions(struct arena *arena, cmark_node *root,
			    const struct markdown_options *options);

#endif
