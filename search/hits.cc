/*
 * Collecting hits.
 */
#include "search/hits.hh"

#include <algorithm>
#include <cstring>
#include <string>

namespace search
{

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

} // namespace

void run_query(const Xapian::Database &database, const Xapian::Query &query, size_t offset,
	       size_t limit, search_hits *out)
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

} // namespace search
