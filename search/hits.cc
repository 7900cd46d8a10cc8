/*
 * Collecting hits.
 */
#include "search/hits.hh"

#include <algorithm>
#include <string>

#include "search/facets.hh"
#include "search/filter.hh"
#include "search/ranking.hh"
#include "search/snippet.hh"

namespace search
{

namespace
{

/* How many hits are looked at for the estimate of their number, at most. */
constexpr Xapian::doccount CHECK_AT_LEAST = 500;

void set_sort(Xapian::Enquire *enquire, enum search_sort sort)
{
	if (sort == SEARCH_NEWEST)
		enquire->set_sort_by_value(VALUE_CREATED_AT, true);
	else if (sort == SEARCH_MOST_USEFUL)
		enquire->set_sort_by_value_then_relevance(VALUE_USEFUL, true);
}

/* A document of another version of the index has no key: it is passed over. */
bool read_hit(const std::string &data, search_hit *out)
{
	return unpack_key(data, &out->kind, &out->id);
}

bool read_described_hit(const std::string &data, const Marker &marker, const Languages &languages,
			const Page &page, search_hit *out)
{
	Stored stored;

	if (!unpack_stored(data, &stored))
		return false;
	out->kind = stored.kind;
	out->id = stored.id;
	describe_hit(stored, marker, languages, page.prefers_solution, out);
	return true;
}

bool are_all_counted(const Xapian::MSet &found)
{
	return found.get_matches_lower_bound() == found.get_matches_upper_bound();
}

void collect(const Xapian::MSet &found, const Marker *marker, const Languages *languages,
	     const Page &page, search_hits *out)
{
	out->estimate = found.get_matches_estimated();
	out->is_exact = are_all_counted(found);
	for (Xapian::MSetIterator hit = found.begin();
	     hit != found.end() && out->count < SEARCH_HITS_MAX; ++hit) {
		search_hit *item = &out->items[out->count];
		std::string data = hit.get_document().get_data();

		if (!(marker ? read_described_hit(data, *marker, *languages, page, item)
			     : read_hit(data, item)))
			continue;
		item->weight = hit.get_weight();
		out->count++;
	}
}

/* Too many to count: a sample of them tells which values there are. */
void count_sample(const Xapian::Database &database, const Xapian::Query &query, double share,
		  search_facets *facets)
{
	Xapian::Enquire enquire(database);
	FacetSpy spy;

	enquire.set_query(sample_of(database, query, share));
	enquire.set_weighting_scheme(Xapian::BoolWeight());
	enquire.add_matchspy(&spy);
	(void)enquire.get_mset(0, 0, database.get_doccount());
	spy.tell(facets);
}

Xapian::MSet find(const Xapian::Database &database, const Xapian::Query &query, const Page &page,
		  search_facets *facets)
{
	Xapian::Enquire enquire(database);
	auto first = static_cast<Xapian::doccount>(
		std::min<size_t>(page.offset, SEARCH_OFFSET_MAX));
	auto count = static_cast<Xapian::doccount>(std::min<size_t>(page.limit, SEARCH_HITS_MAX));
	FacetSpy spy;
	Xapian::MSet found;

	enquire.set_query(query);
	set_weights(&enquire);
	set_sort(&enquire, page.sort);
	if (!page.wants_facets)
		return enquire.get_mset(first, count, CHECK_AT_LEAST);
	enquire.add_matchspy(&spy);
	found = enquire.get_mset(first, count, SEARCH_FACETS_LOOK);
	if (are_all_counted(found))
		spy.tell(facets);
	else
		count_sample(database, query,
			     SEARCH_FACETS_LOOK /
				     static_cast<double>(found.get_matches_estimated()),
			     facets);
	return found;
}

} // namespace

void run_page(const Xapian::Database &database, const Languages &languages,
	      const Xapian::Query &query, const Page &page, search_hits *out)
{
	*out = search_hits{};
	out->is_exact = true;
	if (query.empty() || page.limit == 0 || page.offset > SEARCH_OFFSET_MAX)
		return;
	Xapian::MSet found = find(database, query, page, &out->facets);
	if (page.wants_snippets) {
		Marker marker(database, page.marks.empty() ? query : page.marks, languages);
		collect(found, &marker, &languages, page, out);
	} else {
		collect(found, nullptr, nullptr, page, out);
	}
}

void run_query(const Xapian::Database &database, const Xapian::Query &query, size_t offset,
	       size_t limit, search_hits *out)
{
	Page page;

	page.offset = offset;
	page.limit = limit;
	*out = search_hits{};
	out->is_exact = true;
	if (!query.empty() && limit > 0 && offset <= SEARCH_OFFSET_MAX)
		collect(find(database, query, page, nullptr), nullptr, nullptr, page, out);
}

} // namespace search
