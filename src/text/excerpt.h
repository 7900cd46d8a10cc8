/*
 * The first words of a text, for one line: in the head of a page, on a card.
 */
#ifndef TEXT_EXCERPT_H
#define TEXT_EXCERPT_H

#include "base/arena.h"
#include "text/html.h"

/* What search engines show of a description (about two lines); the rest is cut there. */
#define EXCERPT_OF_HEAD 160

/*
 * White space folded, at most max_points code points, cut between words where one ends
 * in its second half, and then with "…". Text that fits comes as it is.
 */
const char *excerpt_of_text(struct arena *arena, const char *text, size_t max_points);

/* The same of the sanitiser's markup: its words. */
const char *excerpt_of_html(struct arena *arena, struct html_fragment fragment, size_t max_points);

#endif
