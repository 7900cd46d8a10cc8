/*
 * From words to the terms that stand in the index. A word gives up to three:
 * itself without accents, its stem, and the stem of the form without accents,
 * since who types "activee" means "activée". French stems are folded further, into
 * the verb's (roots.hh). Xapian's usual prefixes: Z before a
 * stem, S for the title, K for a tag, Q for the topic's number, XC the category,
 * L the language.
 */
#ifndef SEARCH_TERMS_H
#define SEARCH_TERMS_H

#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include <xapian.h>

#include "search/search.h"
#include "search/words.hh"

namespace search
{

/* Slots of values, for sorting and filters. */
constexpr Xapian::valueno VALUE_CREATED_AT = 0;
constexpr Xapian::valueno VALUE_IS_SOLVED = 1;

/* Stemmers, and the words too common to tell one topic from another. */
class Language
{
      public:
	/* "fr", "en", or "" for texts that may be either: they get the stems of both. */
	explicit Language(const char *code);

	const char *code() const
	{
		return name.c_str();
	}

	/*
	 * What there is to know about one part of a word. Words come back, and a stem
	 * costs a microsecond: the first KNOWN_MAX different ones are remembered, which
	 * are all but the rare ones (measured: a document in half the time).
	 */
	struct Known {
		std::string plain; /* without accents */
		/* All different, without a prefix or with Z. */
		std::vector<std::string> terms;
		/* Without Z: what forms of one word have in common. */
		std::string stem;
		bool is_stop_word = false;
		bool has_place = false; /* by itself, as places.hh has it */
	};
	static constexpr size_t KNOWN_MAX = 20000;

	/* Good until the next call for this language. */
	const Known &known(const std::string &part) const;

	std::vector<std::string> terms(const std::string &part) const
	{
		return known(part).terms;
	}
	std::string stem_of(const std::string &part) const
	{
		return known(part).stem;
	}

	bool is_stop_word(const Word &word) const;
	bool is_stop_stem(const std::string &term) const
	{
		return stop_stems.count(term) > 0;
	}

      private:
	struct Stemmer {
		Xapian::Stem stem;
		bool is_french;

		std::string of(const std::string &part, const std::string &plain) const;
	};

	std::string name;
	std::vector<Stemmer> stemmers;
	const std::unordered_set<std::string> &stop_words;
	std::unordered_set<std::string> stop_stems;
	mutable std::unordered_map<std::string, Known> memory;
	mutable Known rare{}; /* the last one that is not remembered */

	void add_stop_stems(const char *stop_word);
	Known find_out(const std::string &part) const;
};

/* All languages, and the one that a code names or a text is written in. */
class Languages
{
      public:
	const Language &of(const char *code) const;

	/*
	 * By its common words; where these do not tell, the fallback, a code or nullptr.
	 * Only the beginning of the text is looked at.
	 */
	const Language &found_in(std::string_view text, const char *fallback) const;

	/* The given one, or the one of its title and posts. */
	const Language &of_document(const search_document &document) const;

	bool is_stop_stem(const std::string &term) const;

      private:
	Language french{ "fr" }, english{ "en" }, other{ "" };

	/* Positive: French; negative: English. */
	int balance_of(std::string_view text) const;
};

/* "Zbox" in the title is "ZSbox", "box" is "Sbox". */
std::string in_title(const std::string &term);

/* "Qt12", "Qa7": what a document is found again by. */
std::string key_term(enum search_kind kind, int64_t id);

/* To be called in a catch block: what the exception in flight means. */
enum search_result result_of_exception(const char *directory) noexcept;

} // namespace search

#endif
