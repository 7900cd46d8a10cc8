/*
 * Synonyms, ready to be looked up: keys are stems, so a group holds for all forms of
 * its words.
 */
#ifndef SEARCH_SYNONYMS_H
#define SEARCH_SYNONYMS_H

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "search/terms.hh"

namespace search
{

/* What another word means, as words to be found together. */
using Phrase = std::vector<Word>;

constexpr size_t SYNONYM_WORDS_MAX = 8;

class SynonymTable
{
      public:
	explicit SynonymTable(const Language &spoken) : language(spoken)
	{
	}

	/* The number of the first line that cannot be read, from 1; 0: all can. */
	int read(std::string_view list);

	/* For words that follow each other; nullptr: none. Stop words count. */
	const std::vector<Phrase> *find(const Word *words, size_t count) const;

	size_t size() const
	{
		return table.size();
	}

      private:
	struct Entry {
		std::string key;
		Phrase told;       /* without stop words */
		bool is_told;      /* else only what is typed means the others */
	};

	const Language &language;
	std::unordered_map<std::string, std::vector<Phrase>> table;
	size_t entry_count = 0;

	bool read_line(std::string_view line);
	bool read_entries(std::string_view part, std::vector<Entry> *out) const;
	bool read_entry(std::string_view text, Entry *out) const;
	bool connect(const std::vector<Entry> &from, const std::vector<Entry> &to);
	std::string key_of(const Word *words, size_t count) const;
};

} // namespace search

struct search_synonyms {
	search::Languages languages;
	search::SynonymTable french{ languages.of("fr") }, english{ languages.of("en") };

	/* A table points into its own languages. */
	search_synonyms() = default;
	search_synonyms(const search_synonyms &) = delete;
	search_synonyms &operator=(const search_synonyms &) = delete;
};

namespace search
{

/* The lists that come with the program, read once. */
const search_synonyms &default_synonyms();

} // namespace search

#endif
