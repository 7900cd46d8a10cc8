/*
 * What a hit shows: which of the document's posts answers best, the passage of it
 * that has most of the question, and the words that match, marked.
 */
#ifndef SEARCH_SNIPPET_H
#define SEARCH_SNIPPET_H

#include <array>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "search/stored.hh"
#include "search/terms.hh"

namespace search
{

/*
 * Knows the words of a question in the form of their terms, so a word of a text is
 * recognised by exactly what made the index find it: stems, accents, synonyms.
 */
class Marker
{
      public:
	Marker(const Xapian::Database &database, const Xapian::Query &query,
	       const Languages &languages);

	/* The number of the question's word that this one is a form of, or NO_MATCH. */
	static constexpr size_t NO_MATCH = SIZE_MAX;
	size_t match(const Word &word, const Language &language) const;

	/* How much that word tells: the rarer the more. */
	double weight(size_t number) const
	{
		return weights[number];
	}
	size_t count() const
	{
		return weights.size();
	}

      private:
	std::unordered_map<std::string, size_t> numbers; /* by term */
	std::vector<double> weights;
	std::array<bool, 256> is_first_byte{};

	void join_forms(const Languages &languages);
	void weigh(const Xapian::Database &database);
	size_t match_part(const std::string &part, const Language &language) const;
};

/*
 * Fills title, snippet and post. prefers_solution: an accepted answer is shown
 * even where it has none of the words.
 */
void describe_hit(const Stored &stored, const Marker &marker, const Languages &languages,
		  bool prefers_solution, search_hit *out);

/* The text with its matches marked, cut if it is too long. */
void copy_marked(std::string_view text, const Marker &marker, const Language &language, char *out,
		 size_t size);

} // namespace search

#endif
