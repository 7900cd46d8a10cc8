/*
 * What a document of the index is made of: its terms, values and data. What is
 * written here is read by ranking, filters, facets and snippets.
 */
#ifndef SEARCH_DOCUMENT_H
#define SEARCH_DOCUMENT_H

#include "search/terms.hh"

namespace search
{

Xapian::Document make_document(const search_document &source, const Language &language);

} // namespace search

#endif
