/*
 * The ranking, in one place: what a word weighs in each part of a document, which
 * terms a question becomes, and what each of them is worth. docs/search.md says why,
 * and what each means was measured to bring.
 */
#ifndef SEARCH_RANKING_H
#define SEARCH_RANKING_H

#include "search/sources.hh"
#include "search/synonyms.hh"

namespace search
{

/* The index: how often a word counts where it stands. ------------------------ */

constexpr Xapian::termcount COUNT_TITLE = 2, COUNT_QUESTION = 2, COUNT_SOLUTION = 2,
			    COUNT_ANSWER = 1, COUNT_TAG = 2, COUNT_CATEGORY = 1;

/* What is known of a document before anything is asked. */
Standing standing_of(const search_document &document, size_t title_words);

/* The question: how much its words weigh. -------------------------------------- */

/*
 * BM25 over the whole text. The usual k1 of 1.2 thinks of counts of 1; ours begin at
 * 2, and answers that come back to a word are meant to gain by it.
 */
constexpr double BM25_K1 = 4, BM25_B = 0.75;

/*
 * A word of the title once more, by the title's own length: BM25 again, with k1 of
 * TITLE_K1, and a title of TITLE_WORDS words taken for the usual one.
 */
constexpr double TITLE_FACTOR = 2.0, TITLE_K1 = 1.2, TITLE_B = 0.75, TITLE_WORDS = 10;

/* A text is not thought shorter than this share of the mean one. */
constexpr double SHORTEST = 0.25;

/* A synonym counts so much of the word it stands for, and never more than that. */
constexpr double SYNONYM_FACTOR = 0.75;
/* wi or fi alone, of wi-fi. */
constexpr double PIECE_FACTOR = 0.8;
/* Of several words that have to be there all, each counts a share of this. */
constexpr double PHRASE_FACTOR = 1.5;

/* The sort of answer that is wanted, when the title speaks of it. */
constexpr double INTENT_WEIGHT = 3;

/*
 * What a document is worth whatever was asked; a good word weighs 5 to 15. Closed
 * ones and duplicates lack OPEN_WEIGHT, which puts them under the one that they
 * are a duplicate of.
 */
constexpr double OPEN_WEIGHT = 3.0, SOLVED_WEIGHT = 0.5, OFFICIAL_WEIGHT = 0.3,
		 USEFUL_WEIGHT = 0.4, FRESH_WEIGHT = 0.3;
/* In the language of the question; where that does not tell, the reader's. */
constexpr double LANGUAGE_WEIGHT = 1.5;
constexpr double USEFUL_SCORE = 32; /* thanks and votes that earn all of USEFUL_WEIGHT */
constexpr double FRESH_YEARS = 2;   /* after these a half of FRESH_WEIGHT is left */

/* Bounds: what a question costs, whatever is typed. --------------------------- */

constexpr size_t WORDS_MAX = 16;  /* different telling words of a question */
constexpr size_t LEAVES_MAX = 60; /* lists of documents that are read for it */
constexpr size_t BODY_WORDS_MAX = 12, BODY_LOOKS_AT_WORDS = 1500;

/* Words of a body count so much of a title's. */
constexpr double BODY_FACTOR = 0.5;

/* Whom is asked, and how. */
struct Asking {
	const Xapian::Database &database;
	const Languages &languages;
	const char *language;		 /* the reader's, for words of no language */
	const search_synonyms *synonyms; /* or nullptr: the lists of the program */
};

struct Asked {
	Xapian::Query query; /* empty: nothing can be found */
	Xapian::Query marks; /* its terms, to be marked where they stand */
};

/* Plain words, or a natural question: any of them may be missing. */
Asked words_query(const Asking &asking, std::string_view text);

/* A whole question with its body. */
Asked text_query(const Asking &asking, std::string_view title, std::string_view body);

/* Empty when the document is not there, or says nothing. */
Xapian::Query similar_query(const Asking &asking, enum search_kind kind, int64_t id);

/*
 * To be put around what words_query and its like gave, last of all and only for the
 * order by best match: the sort of answer, the language, and what a document is worth.
 */
Xapian::Query ranked(const Xapian::Query &query, const Asking &asking, std::string_view text,
		     int64_t now);

/* Sets the weights of Xapian's own terms: phrases and unfinished words. */
void set_weights(Xapian::Enquire *enquire);

} // namespace search

#endif
