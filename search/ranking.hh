/*
 * The ranking, in one place: which terms a question becomes, and what each of
 * them is worth.
 */
#ifndef SEARCH_RANKING_H
#define SEARCH_RANKING_H

#include "search/terms.hh"

namespace search
{

Xapian::Query make_query(const char *text, const Language &language);

/* Empty when the document is not there, or says nothing. */
Xapian::Query similar_query(const Xapian::Database &database, enum search_kind kind, int64_t id,
			    const Languages &languages);

} // namespace search

#endif
