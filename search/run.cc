/*
 * A question from what was typed to the hits of a page.
 */
#include "search/filter.hh"
#include "search/hits.hh"
#include "search/ranking.hh"
#include "search/reader.hh"

using namespace search;

namespace
{

Page page_of(const search_query &query)
{
	Page page;

	page.sort = query.sort;
	page.offset = query.offset;
	page.limit = query.limit;
	page.wants_snippets = query.wants_snippets;
	page.wants_facets = query.wants_facets;
	return page;
}

} // namespace

extern "C" enum search_result search_run(search_reader *reader, const search_query *query,
					 search_hits *out) noexcept
{
	return ask(reader, [&](const Xapian::Database &database) {
		Xapian::Query words = make_query(query->words,
						 reader->languages.of(query->language));

		run_page(database, reader->languages,
			 words.empty() ? words
				       : filtered(words, filter_query(database, query->filter)),
			 page_of(*query), out);
	});
}

extern "C" enum search_result search_suggest(search_reader *reader, const char *typed,
					     const char *language, const search_filter *filter,
					     size_t limit, search_suggestions *out) noexcept
{
	(void)reader;
	(void)typed;
	(void)language;
	(void)filter;
	(void)limit;
	out->count = 0;
	return SEARCH_OK;
}
