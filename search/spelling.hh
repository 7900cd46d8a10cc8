/*
 * "Did you mean": words that the index does not know, or hardly, exchanged for much
 * more frequent ones that look or sound like them. All of it comes from the index as
 * it stands, when it is asked: nothing more is stored, and nothing can get out of step.
 */
#ifndef SEARCH_SPELLING_H
#define SEARCH_SPELLING_H

#include <string>
#include <string_view>

#include "search/ranking.hh"

namespace search
{

/*
 * The words with what is misspelt put right, with accents; everything else as it was
 * typed. "" if there is nothing better. Only words of documents that the query
 * "visible" lets through are suggested (empty: all), and only of the language asked
 * in. What the lists of synonyms know is a word, even if no document has it.
 */
std::string corrected(const Asking &asking, std::string_view words, const Xapian::Query &visible);

} // namespace search

#endif
