/*
 * Facets: how many hits are of which category, year, source, language and state.
 * A document keeps all of these in one value, so counting looks it up once.
 */
#ifndef SEARCH_FACETS_H
#define SEARCH_FACETS_H

#include <string>
#include <unordered_map>

#include <xapian.h>

#include "search/search.h"

namespace search
{

/* The value of a document: see facets.cc. */
std::string pack_facets(const search_document &source, const char *language);

/* Of a query's documents about that share, from all of the index alike; they weigh nothing. */
Xapian::Query sample_of(const Xapian::Database &database, const Xapian::Query &query, double share);

/* Sees every document that the search looks at, and counts the values as they stand. */
class FacetSpy : public Xapian::MatchSpy
{
      public:
	void operator()(const Xapian::Document &document, double weight) override;

	/* The counts by facet, the most frequent first. */
	void tell(search_facets *out) const;

      private:
	std::unordered_map<std::string, size_t> counts;
};

} // namespace search

#endif
