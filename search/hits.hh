/*
 * From a query of Xapian's to the hits that go out.
 */
#ifndef SEARCH_HITS_H
#define SEARCH_HITS_H

#include <xapian.h>

#include "search/search.h"

namespace search
{

void run_query(const Xapian::Database &database, const Xapian::Query &query, size_t offset,
	       size_t limit, search_hits *out);

} // namespace search

#endif
