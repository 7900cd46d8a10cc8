/*
 * Letters that look like others, as far as spam in French and English uses them:
 * Cyrillic, Greek, Armenian, small capitals, letters in circles and squares, and
 * the mathematical alphabets; after Unicode's confusables (UTS #39), cut down to
 * what a reader takes for a Latin letter. Full width is folded by text_fold.
 */
#ifndef TEXT_LOOKALIKE_H
#define TEXT_LOOKALIKE_H

#include "base/base.h"

/* The small Latin letter or digit that this code point is taken for; 0: none. */
char lookalike_letter(uint32_t point);

/*
 * The letter that stands behind a digit or sign in "v1agr@": one of a, b, e, i, o,
 * s, t; 0: none. 1, ! and | are i, which is also what l must be compared as.
 */
char lookalike_leet(uint32_t point);

/* Seen by nobody: zero width, direction, soft hyphen, variation selectors, marks. */
bool lookalike_is_invisible(uint32_t point);

#endif
