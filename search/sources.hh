/*
 * Weights that Xapian's own cannot give, carried out; how much, decides ranking.cc.
 * A word with all its forms and synonyms is one list of documents, of which the best
 * counts; a word in a title is weighed by the title's length. (OP_MAX over terms would
 * do half of it, but in 1.4.22 it crashes when one of its lists comes to an end.)
 */
#ifndef SEARCH_SOURCES_H
#define SEARCH_SOURCES_H

#include <cstdint>
#include <string>
#include <vector>

#include <xapian.h>

#include "search/search.h"

namespace search
{

/* Slot of the value that these read. */
constexpr Xapian::valueno VALUE_RANKING = 4;

/* What is known of a document before anything is asked. */
struct Standing {
	size_t title_words = 1;
	double worth = 0; /* 0 to 1, see ranking.cc */
	int64_t active_at = 0;
	/* The sum of its terms' counts, as get_doclength() has it; 0: not known. */
	uint32_t length = 0;
	uint16_t language = 0; /* language_letters() */
};
/* The two letters of a language's code; 0: none. */
uint16_t language_letters(const std::string &code);
std::string pack_standing(const Standing &standing);
Standing unpack_standing(const std::string &packed);

/* A term as it stands in the index. */
struct Form {
	std::string term;
	double rarity;
};

/* Words that have to be there all, each in one of its forms. */
struct Meaning {
	std::vector<std::vector<Form>> words;
	double factor; /* of the mean of its words' weights */
};

/*
 * Both rise with less length, and the text's with the count; times the rarity they are
 * the weight of a form.
 */
struct Formula {
	/* length: of the document, as a share of the mean one's. */
	double (*text)(double count, double length);
	double (*title)(size_t title_words);
};

/*
 * Documents that have any of the words, of each of which the best of its meanings
 * counts: the sum of these.
 */
Xapian::Query question_source(const std::vector<std::vector<Meaning>> &words,
			      const Formula &formula);

/* Documents that have the term weigh the same. */
Xapian::Query flat_source(const std::string &term, double weight);

/* Who asks, and when. */
struct Moment {
	int64_t now;
	uint16_t language; /* of the question */
};

/* All documents; to be joined with AND_MAYBE. */
Xapian::Query standing_source(double most,
			      double (*weight)(const Standing &standing, const Moment &moment),
			      const Moment &moment);

} // namespace search

#endif
