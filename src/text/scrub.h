/*
 * Takes out of a search what could name a person, before it is counted: e-mail
 * addresses, telephone and contract numbers (five digits and more, also in groups),
 * addresses of pages, and names after author:. Product and error numbers stay:
 * "livebox 5 S04-03 06 12 34 56 78 marie@example.org" → "livebox 5 S04-03".
 * One line, single spaces, at most max_bytes, cut between words.
 */
#ifndef TEXT_SCRUB_H
#define TEXT_SCRUB_H

#include "base/arena.h"

char *text_scrub(struct arena *arena, const char *text, size_t max_bytes);

#endif
