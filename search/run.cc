/*
 * A question from what was typed to the hits of a page.
 */
#include <chrono>
#include <cstring>

#include "search/clauses.hh"
#include "search/filter.hh"
#include "search/hits.hh"
#include "search/ranking.hh"
#include "search/reader.hh"
#include "search/spelling.hh"
#include "search/text.hh"

using namespace search;

namespace
{

/* Without words there is no best: then the newest are meant. */
Page page_of(const search_query &query, const Xapian::Query &words)
{
	Page page;

	page.marks = words;
	page.sort = words.empty() && query.sort == SEARCH_BEST ? SEARCH_NEWEST : query.sort;
	page.offset = query.offset;
	page.limit = query.limit;
	page.wants_snippets = query.wants_snippets;
	page.wants_facets = query.wants_facets;
	return page;
}

int64_t now()
{
	return std::chrono::duration_cast<std::chrono::microseconds>(
		       std::chrono::system_clock::now().time_since_epoch())
		.count();
}

/* Who asks may not see everything, but that alone is no question. */
bool asks_anything(const search_filter &filter)
{
	return filter.has_kind || filter.category_id || filter.tag_count > 0 || filter.author_id ||
	       filter.state != SEARCH_ANY_STATE || (filter.language && *filter.language) ||
	       (filter.source && *filter.source) || filter.after || filter.before;
}

void run(const Xapian::Database &database, const Languages &languages, const search_query &query,
	 std::string_view words, search_hits *out)
{
	Asking asking = { database, languages, query.language, query.synonyms };
	const Language &language = languages.found_in(words, query.language);
	std::vector<Xapian::Query> marks;
	auto rank = [&](const std::string &plain) {
		Asked made = words_query(asking, plain);

		marks.push_back(made.marks);
		return made.query;
	};
	ClausesQuery asked = make_clauses_query(database, read_clauses(words, language), language,
						rank);
	Xapian::Query whole;
	Page page;

	if (!asked.wanted.empty() || asks_anything(query.filter))
		whole = filtered(asked.wanted, filter_query(database, query.filter));
	/* The filter lets everything through: everything is what was asked for. */
	if (whole.empty() && asks_anything(query.filter))
		whole = Xapian::Query::MatchAll;
	if (!whole.empty() && !asked.unwanted.empty())
		whole = Xapian::Query(Xapian::Query::OP_AND_NOT, whole, asked.unwanted);
	marks.push_back(asked.wanted);
	page = page_of(query, Xapian::Query(Xapian::Query::OP_OR, marks.begin(), marks.end()));
	if (page.sort == SEARCH_BEST)
		whole = ranked(whole, asking, words, now());
	run_page(database, languages, whole, page, out);
}

/* Where nothing is found, what was probably meant is asked for at once. */
void run_corrected(const Xapian::Database &database, const Languages &languages,
		   const search_query &query, std::string_view words, search_hits *out)
{
	search_filter audiences = {};
	std::string better;

	memcpy(audiences.audiences, query.filter.audiences, sizeof audiences.audiences);
	audiences.audience_count = query.filter.audience_count;
	better = corrected({ database, languages, query.language, query.synonyms }, words,
			   filter_query(database, audiences));
	if (better.empty())
		return;
	if (out->count == 0) {
		run(database, languages, query, better, out);
		out->is_corrected = out->count > 0;
		if (!out->is_corrected)
			return;
	}
	copy_text(out->correction, sizeof out->correction, better);
}

} // namespace

extern "C" enum search_result search_run(search_reader *reader, const search_query *query,
					 search_hits *out) noexcept
{
	const char *typed = query->words ? query->words : "";
	std::string_view words = cut_text({ typed, strnlen(typed, SEARCH_QUERY_MAX_BYTES + 4) },
					  SEARCH_QUERY_MAX_BYTES);

	*out = search_hits{};
	return ask(reader, [&](const Xapian::Database &database) {
		std::string clean;

		/* A correction gives them back, so they must be as clean as it has to be. */
		append_clean(&clean, words, SEARCH_QUERY_MAX_BYTES);
		run(database, reader->languages, *query, clean, out);
		if (query->offset == 0 && query->limit > 0)
			run_corrected(database, reader->languages, *query, clean, out);
	});
}
