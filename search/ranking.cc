/*
 * Ranking: BM25 over all words (any of them may be missing), a title's words
 * counting more, and a further share for documents that have all of the words.
 */
#include "search/ranking.hh"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "search/words.hh"

namespace search
{

namespace
{

/* A question is cut after so many different words; each costs a few terms. */
constexpr size_t WORDS_MAX = 16;

/* With more words than this nobody expects a topic to have them all. */
constexpr size_t WORDS_ALL_MAX = 8;

constexpr double TITLE_FACTOR = 2.0;
constexpr double ALL_FACTOR = 1.0;

/* Terms of a topic that say what it is about. */
constexpr size_t SIMILAR_TERMS = 12;
constexpr double SIMILAR_TITLE_FACTOR = 2.5;
constexpr size_t SIMILAR_LETTERS_MIN = 3;

/* The question ---------------------------------------------------------- */

std::vector<Word> words_of(const char *text, const Language &language)
{
	std::string_view cut(text, strnlen(text, SEARCH_QUERY_MAX_BYTES));
	std::vector<Word> all, telling;

	each_word(cut, [&](const Word &word) {
		for (const Word &known : all)
			if (known.parts == word.parts)
				return;
		all.push_back(word);
	});
	for (const Word &word : all)
		if (!language.is_stop_word(word))
			telling.push_back(word);
	/* "Où est-ce ?" has nothing else: then they have to do. */
	std::vector<Word> &kept = telling.empty() ? all : telling;
	if (kept.size() > WORDS_MAX)
		kept.resize(WORDS_MAX);
	return kept;
}

Xapian::Query any_of(const std::vector<Xapian::Query> &queries)
{
	return Xapian::Query(Xapian::Query::OP_OR, queries.begin(), queries.end());
}

Xapian::Query all_of(const std::vector<Xapian::Query> &queries)
{
	return Xapian::Query(Xapian::Query::OP_AND, queries.begin(), queries.end());
}

/* One part of a word, in the text or in the title. */
Xapian::Query part_query(const std::string &part, const Language &language)
{
	std::vector<Xapian::Query> text, title;

	for (const std::string &term : language.terms(part)) {
		text.emplace_back(term);
		title.emplace_back(in_title(term));
	}
	return Xapian::Query(
		Xapian::Query::OP_OR, any_of(text),
		Xapian::Query(Xapian::Query::OP_SCALE_WEIGHT, any_of(title), TITLE_FACTOR));
}

/* wi-fi is found as wifi, or as both wi and fi. */
Xapian::Query word_query(const Word &word, const Language &language)
{
	Xapian::Query whole = part_query(word.joined(), language);
	std::vector<Xapian::Query> parts;

	if (!word.is_compound())
		return whole;
	for (const std::string &part : word.parts)
		parts.push_back(part_query(part, language));
	return Xapian::Query(Xapian::Query::OP_OR, whole, all_of(parts));
}

} // namespace

Xapian::Query make_query(const char *text, const Language &language)
{
	std::vector<Xapian::Query> queries;

	for (const Word &word : words_of(text, language))
		queries.push_back(word_query(word, language));
	if (queries.size() < 2 || queries.size() > WORDS_ALL_MAX)
		return any_of(queries);
	return Xapian::Query(
		Xapian::Query::OP_OR, any_of(queries),
		Xapian::Query(Xapian::Query::OP_SCALE_WEIGHT, all_of(queries), ALL_FACTOR));
}

namespace
{

struct Telling {
	double weight;
	std::string term;
};

bool is_stem(const std::string &term)
{
	return term.size() > SIMILAR_LETTERS_MIN && term[0] == 'Z' && term[1] != 'S';
}

/* Rare, but not so rare that no other topic has it; often here. */
double weight_of(const Xapian::Database &database, const Xapian::TermIterator &term)
{
	double documents = database.get_doccount();
	double having = database.get_termfreq(*term);

	if (having < 2 || (documents > 50 && having > documents / 5))
		return 0;
	return (1 + std::log(term.get_wdf())) * std::log(documents / having + 1);
}

std::vector<Telling> telling_terms(const Xapian::Database &database, Xapian::docid document,
				   const Languages &languages)
{
	std::vector<Telling> all;
	auto is_heavier = [](const Telling &a, const Telling &b) { return a.weight > b.weight; };
	Xapian::TermIterator term = database.termlist_begin(document);

	for (term.skip_to("Z"); term != database.termlist_end(document); ++term) {
		double weight;

		if ((*term)[0] != 'Z')
			break;
		if (!is_stem(*term) || languages.is_stop_stem(*term))
			continue;
		weight = weight_of(database, term);
		if (weight > 0)
			all.push_back({ weight, *term });
	}
	std::sort(all.begin(), all.end(), is_heavier);
	if (all.size() > SIMILAR_TERMS)
		all.resize(SIMILAR_TERMS);
	return all;
}

} // namespace

Xapian::Query similar_query(const Xapian::Database &database, enum search_kind kind, int64_t id,
			    const Languages &languages)
{
	std::string key = key_term(kind, id);
	Xapian::PostingIterator self = database.postlist_begin(key);
	std::vector<Xapian::Query> queries;

	if (self == database.postlist_end(key))
		return Xapian::Query();
	for (const Telling &telling : telling_terms(database, *self, languages)) {
		queries.emplace_back(telling.term);
		queries.emplace_back(Xapian::Query::OP_SCALE_WEIGHT,
				     Xapian::Query(in_title(telling.term)), SIMILAR_TITLE_FACTOR);
	}
	return Xapian::Query(Xapian::Query::OP_AND_NOT, any_of(queries), Xapian::Query(key));
}

} // namespace search
