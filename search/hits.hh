/*
 * From a query of Xapian's to the hits that go out.
 */
#ifndef SEARCH_HITS_H
#define SEARCH_HITS_H

#include <xapian.h>

#include "search/search.h"
#include "search/terms.hh"

namespace search
{

struct Page {
	enum search_sort sort = SEARCH_BEST;
	size_t offset = 0, limit = 0;
	bool wants_snippets = false, wants_facets = false;
	/* Snippets of the accepted answer, whether or not it has the words. */
	bool prefers_solution = false;
	/* The words to be marked, where these are not simply the query's. */
	Xapian::Query marks;
};

/* Nothing is found by an empty query. *out is emptied first. */
void run_page(const Xapian::Database &database, const Languages &languages,
	      const Xapian::Query &query, const Page &page, search_hits *out);

/* The same for ids and weights only. */
void run_query(const Xapian::Database &database, const Xapian::Query &query, size_t offset,
	       size_t limit, search_hits *out);

} // namespace search

#endif
