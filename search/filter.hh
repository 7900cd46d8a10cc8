/*
 * What a document is, besides its words: boolean terms and values, the same for
 * putting it in and for asking. None of them changes a weight.
 *
 *   Qt12 Qa7  key        XV3   audience      XKt XKa  kind
 *   XC5       category, and the one above it          K…  tag, folded
 *   XA9       author     Lfr   language      XSforum  source
 *   XTs XTu XTn  solved, unsolved, unanswered
 */
#ifndef SEARCH_FILTER_H
#define SEARCH_FILTER_H

#include <string>

#include <xapian.h>

#include "search/search.h"

namespace search
{

/* Slots of values, besides VALUE_CREATED_AT and VALUE_IS_SOLVED. */
constexpr Xapian::valueno VALUE_USEFUL = 2; /* a number made to be sorted by */
constexpr Xapian::valueno VALUE_FACETS = 3; /* see facets.hh */

void add_filters(Xapian::Document *document, const search_document &source, const char *language);

/* Matches what the filter asks for; empty if that is every document of the index. */
Xapian::Query filter_query(const Xapian::Database &database, const search_filter &filter);

/* What documents in that language have. */
std::string language_term(const char *code);

/* The query held to the filter, weights as before. Either may be empty. */
Xapian::Query filtered(const Xapian::Query &query, const Xapian::Query &filter);

/* In UTC. */
int year_of(int64_t microseconds);

} // namespace search

#endif
