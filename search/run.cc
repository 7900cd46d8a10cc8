/*
 * A question from what was typed to the hits of a page.
 */
#include <algorithm>
#include <cstring>

#include "search/ranking.hh"
#include "search/reader.hh"

using namespace search;

namespace
{

/* How many hits are looked at for the estimate of their number, at most. */
constexpr Xapian::doccount CHECK_AT_LEAST = 500;

void read_key(const std::string &data, search_hit *out)
{
	out->kind = data[0] == 'a' ? SEARCH_ARTICLE : SEARCH_TOPIC;
	out->id = std::stoll(data.substr(1));
}

void collect(const Xapian::MSet &found, search_hits *out)
{
	out->estimate = found.get_matches_estimated();
	for (Xapian::MSetIterator hit = found.begin();
	     hit != found.end() && out->count < SEARCH_HITS_MAX; ++hit) {
		search_hit *item = &out->items[out->count++];

		read_key(hit.get_document().get_data(), item);
		item->weight = hit.get_weight();
	}
}

void run(const Xapian::Database &database, const Xapian::Query &query, size_t offset, size_t limit,
	 search_hits *out)
{
	Xapian::Enquire enquire(database);
	auto first = static_cast<Xapian::doccount>(std::min<size_t>(offset, SEARCH_OFFSET_MAX));
	auto count = static_cast<Xapian::doccount>(std::min<size_t>(limit, SEARCH_HITS_MAX));

	memset(out, 0, sizeof *out);
	if (query.empty() || count == 0)
		return;
	enquire.set_query(query);
	collect(enquire.get_mset(first, count, CHECK_AT_LEAST), out);
}

} // namespace

extern "C" void search_parse(const char *typed, search_typed *out) noexcept
{
	memset(out, 0, sizeof *out);
	strncpy(out->words, typed, SEARCH_QUERY_MAX_BYTES);
}

extern "C" enum search_result search_run(search_reader *reader, const search_query *query,
					 search_hits *out) noexcept
{
	return ask(reader, [&](const Xapian::Database &database) {
		run(database, make_query(query->words, reader->languages.of(query->language)),
		    query->offset, query->limit, out);
	});
}

extern "C" enum search_result search_similar(search_reader *reader, enum search_kind kind,
					     int64_t id, size_t limit, search_hits *out) noexcept
{
	return ask(reader, [&](const Xapian::Database &database) {
		run(database, similar_query(database, kind, id, reader->languages), 0, limit, out);
	});
}

extern "C" enum search_result search_similar_text(search_reader *reader, const search_text *text,
						  search_hits *out) noexcept
{
	return ask(reader, [&](const Xapian::Database &database) {
		run(database, make_query(text->title, reader->languages.of(text->language)), 0,
		    text->limit, out);
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

extern "C" enum search_result search_synonyms_parse(const char *french, const char *english,
						    search_synonyms **out, int *bad_french_line,
						    int *bad_english_line) noexcept
{
	(void)french;
	(void)english;
	*out = nullptr;
	*bad_french_line = *bad_english_line = 0;
	return SEARCH_OK;
}

extern "C" void search_synonyms_free(search_synonyms *synonyms) noexcept
{
	(void)synonyms;
}

extern "C" const char *search_synonyms_default(const char *language) noexcept
{
	(void)language;
	return "";
}
