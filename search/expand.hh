/*
 * Unfinished words: which words of the index begin so.
 */
#ifndef SEARCH_EXPAND_H
#define SEARCH_EXPAND_H

#include <string>
#include <vector>

#include <xapian.h>

namespace search
{

/* More than this, and a question would cost what the index has. */
constexpr size_t EXPANSIONS_MAX = 50;

/* The most frequent terms that begin so, which is never nothing: at worst the beginning. */
std::vector<std::string> expansions(const Xapian::Database &database, const std::string &beginning);

/* Any of these words, however many, weighs like one word. */
Xapian::Query synonym_of(const std::vector<std::string> &terms);

} // namespace search

#endif
