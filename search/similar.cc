/*
 * Documents like another one, or like a whole question that nobody has posted yet.
 */
#include <chrono>

#include "search/filter.hh"
#include "search/hits.hh"
#include "search/ranking.hh"
#include "search/reader.hh"

using namespace search;

namespace
{

int64_t now()
{
	return std::chrono::duration_cast<std::chrono::microseconds>(
		       std::chrono::system_clock::now().time_since_epoch())
		.count();
}

} // namespace

extern "C" enum search_result search_similar(search_reader *reader, enum search_kind kind,
					     int64_t id, size_t limit, search_hits *out) noexcept
{
	return ask(reader, [&](const Xapian::Database &database) {
		Asking asking = { database, reader->languages, nullptr, nullptr };
		Xapian::Query query = similar_query(asking, kind, id);
		Xapian::Query everybodys = filter_query(database, search_filter());

		run_query(database, query.empty() ? query : filtered(query, everybodys), 0, limit,
			  out);
	});
}

extern "C" enum search_result search_similar_text(search_reader *reader, const search_text *text,
						  search_hits *out) noexcept
{
	return ask(reader, [&](const Xapian::Database &database) {
		Asking asking = { database, reader->languages, text->language, text->synonyms };
		const char *title = text->title ? text->title : "";
		Asked asked = text_query(asking, title, text->body ? text->body : "");
		Xapian::Query words = ranked(asked.query, asking, title, now());
		Page page;

		page.limit = text->limit;
		page.wants_snippets = page.prefers_solution = true;
		page.marks = asked.marks;
		run_page(database, reader->languages,
			 words.empty() ? words
				       : filtered(words, filter_query(database, text->filter)),
			 page, out);
	});
}
