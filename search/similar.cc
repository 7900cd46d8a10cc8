/*
 * Documents like another one, or like a whole question that nobody has posted yet.
 */
#include "search/hits.hh"
#include "search/ranking.hh"
#include "search/reader.hh"

using namespace search;

extern "C" enum search_result search_similar(search_reader *reader, enum search_kind kind,
					     int64_t id, size_t limit, search_hits *out) noexcept
{
	return ask(reader, [&](const Xapian::Database &database) {
		run_query(database, similar_query(database, kind, id, reader->languages), 0, limit,
			  out);
	});
}

extern "C" enum search_result search_similar_text(search_reader *reader, const search_text *text,
						  search_hits *out) noexcept
{
	return ask(reader, [&](const Xapian::Database &database) {
		run_query(database, make_query(text->title, reader->languages.of(text->language)),
			  0, text->limit, out);
	});
}
