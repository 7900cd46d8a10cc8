/*
 * Places of words in their text, for phrases. They are the dearest part of an index,
 * so the most common words of either language have none: they are a third of all
 * places, and in a phrase the gap that they leave says nearly as much.
 */
#ifndef SEARCH_PLACES_H
#define SEARCH_PLACES_H

#include "search/terms.hh"

namespace search
{

/* The same for what is indexed and what is asked, in whatever languages they are. */
bool has_place(const Word &word);

} // namespace search

#endif
