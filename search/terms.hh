/*
 * From words to the terms that stand in the index. A word gives up to three:
 * itself without accents, its stem, and the stem of the form without accents,
 * since who types "activee" means "activée". Xapian's usual prefixes: Z before a
 * stem, S for the title, K for a tag, Q for the topic's number, XC the category,
 * L the language.
 */
#ifndef SEARCH_TERMS_H
#define SEARCH_TERMS_H

#include <string>
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

/* A stemmer and the words too common to tell one topic from another. */
class Language
{
      public:
	/* "fr", "en", or anything else for no stemming at all. */
	explicit Language(const char *code);

	/* Terms of one part of a word, all different, without a prefix or with Z. */
	std::vector<std::string> terms(const std::string &part) const;

	bool is_stop_word(const Word &word) const;
	bool is_stop_stem(const std::string &term) const
	{
		return stop_stems.count(term) > 0;
	}

      private:
	Xapian::Stem stem;
	std::unordered_set<std::string> stop_words;
	std::unordered_set<std::string> stop_stems;
};

/* All languages, and the one that a code names. */
class Languages
{
      public:
	const Language &of(const char *code) const;
	bool is_stop_stem(const std::string &term) const;

      private:
	Language french{ "fr" }, english{ "en" }, other{ "" };
};

/* "Zbox" in the title is "ZSbox", "box" is "Sbox". */
std::string in_title(const std::string &term);

/* "Qt12", "Qa7": what a document is found again by. */
std::string key_term(enum search_kind kind, int64_t id);

/* To be called in a catch block: what the exception in flight means. */
enum search_result result_of_exception(const char *directory) noexcept;

} // namespace search

#endif
