/*
 * Documents like another one, or like a whole question that nobody has posted yet.
 */
#include "search/filter.hh"
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
		Page page;
		Xapian::Query words = make_query(text->title, reader->languages.of(text->language));

		page.limit = text->limit;
		page.wants_snippets = page.prefers_solution = true;
		run_page(database, reader->languages,
			 words.empty() ? words
				       : filtered(words, filter_query(database, text->filter)),
			 page, out);
	});
}
