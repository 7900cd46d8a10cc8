/*
 * The vocabulary is walked in its order, up to a bound, and the most frequent are kept.
 */
#include "search/expand.hh"

#include <algorithm>

namespace search
{

namespace
{

/* Two letters begin some thousand words of a large index; each costs a microsecond. */
constexpr size_t TERMS_LOOKED_AT_MAX = 20000;

struct Expansion {
	Xapian::doccount documents;
	std::string term;
};

bool is_more_frequent(const Expansion &a, const Expansion &b)
{
	return a.documents != b.documents ? a.documents > b.documents : a.term < b.term;
}

} // namespace

std::vector<std::string> expansions(const Xapian::Database &database, const std::string &beginning)
{
	std::vector<Expansion> found;
	std::vector<std::string> terms;
	size_t looked_at = 0;

	for (Xapian::TermIterator term = database.allterms_begin(beginning);
	     term != database.allterms_end(beginning) && looked_at < TERMS_LOOKED_AT_MAX;
	     ++term, looked_at++) {
		found.push_back({ term.get_termfreq(), *term });
		/* A heap whose top is the rarest of those kept. */
		std::push_heap(found.begin(), found.end(), is_more_frequent);
		if (found.size() > EXPANSIONS_MAX) {
			std::pop_heap(found.begin(), found.end(), is_more_frequent);
			found.pop_back();
		}
	}
	std::sort(found.begin(), found.end(), is_more_frequent);
	for (const Expansion &expansion : found)
		terms.push_back(expansion.term);
	if (terms.empty())
		terms.push_back(beginning);
	return terms;
}

Xapian::Query synonym_of(const std::vector<std::string> &terms)
{
	return Xapian::Query(Xapian::Query::OP_SYNONYM, terms.begin(), terms.end());
}

} // namespace search
