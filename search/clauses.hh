/*
 * What the words of a question say besides themselves: "phrases", -not, either OR other,
 * begin*. The rest goes to the ranking as it stands.
 */
#ifndef SEARCH_CLAUSES_H
#define SEARCH_CLAUSES_H

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "search/terms.hh"

namespace search
{

enum class ClauseKind { WORD, PHRASE, BEGINNING };

/* One piece of what was typed; the text points into it, without the signs around. */
struct Clause {
	ClauseKind kind;
	std::string_view text;
	bool is_excluded;
	bool has_alternative; /* OR, and the next one */
};

std::vector<Clause> read_clauses(std::string_view words, const Language &language);

/* What the ranking makes of plain words; empty if there are none. */
using Rank = std::function<Xapian::Query(const std::string &words)>;

struct ClausesQuery {
	Xapian::Query wanted;	/* empty: nothing is asked for by words */
	Xapian::Query unwanted; /* for OP_AND_NOT; may be empty */
};
ClausesQuery make_clauses_query(const Xapian::Database &database,
				const std::vector<Clause> &clauses, const Language &language,
				const Rank &rank);

} // namespace search

#endif
