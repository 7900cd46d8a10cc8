/*
 * A second opinion on the sanitiser's output: libgumbo, an HTML 5 parser that the
 * program itself does not use, with an allow-list of its own.
 */
#ifndef TESTS_MARKUP_ORACLE_H
#define TESTS_MARKUP_ORACLE_H

#include "base/buf.h"

/*
 * NULL if the markup holds nothing but what posts may hold, and an HTML 5 parser
 * reads it as the tree it was written from; else a sentence that says what is wrong.
 */
const char *markup_fault(struct arena *arena, const char *html);

/*
 * The tree of some HTML as text, for comparing two of them. What we add on purpose
 * (rel, loading, tabindex, our classes, the box around tables) is left out, and
 * headings are only headings: their levels are moved.
 */
char *markup_canonical(struct arena *arena, const char *html);

#endif
