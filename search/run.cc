/*
 * A question from what was typed to the hits of a page.
 */
#include <cstring>

#include "search/hits.hh"
#include "search/ranking.hh"
#include "search/reader.hh"

using namespace search;

extern "C" void search_parse(const char *typed, search_typed *out) noexcept
{
	memset(out, 0, sizeof *out);
	strncpy(out->words, typed, SEARCH_QUERY_MAX_BYTES);
}

extern "C" enum search_result search_run(search_reader *reader, const search_query *query,
					 search_hits *out) noexcept
{
	return ask(reader, [&](const Xapian::Database &database) {
		run_query(database, make_query(query->words, reader->languages.of(query->language)),
			  query->offset, query->limit, out);
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
