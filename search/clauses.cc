/*
 * Nothing here is ever refused: a sign that makes no sense where it stands is not
 * one. Every kind of clause has its own bound, so no question costs more than a few
 * hundred terms.
 */
#include "search/clauses.hh"

#include <algorithm>

#include "search/expand.hh"
#include "search/places.hh"

namespace search
{

namespace
{

constexpr size_t CLAUSES_MAX = 64;
constexpr size_t PHRASES_MAX = 4, PHRASE_PARTS_MAX = 12;
constexpr size_t BEGINNINGS_MAX = 4;
constexpr size_t ALTERNATIVES_MAX = 8;
constexpr size_t EXCLUDED_MAX = 8;
constexpr size_t BEGINNING_LETTERS_MIN = 3;

constexpr double TITLE_FACTOR = 2.0;

/* Reading --------------------------------------------------------------- */

std::vector<Word> all_words(std::string_view text)
{
	std::vector<Word> words;

	each_word(text, [&](const Word &word) { words.push_back(word); });
	return words;
}

bool is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

/* "box - wifi" and "erreur -5" take nothing away. */
bool is_minus(std::string_view rest)
{
	return rest.size() > 1 && rest[0] == '-' && rest[1] != ' ' && rest[1] != '-' &&
	       !is_digit(rest[1]);
}

/* The sign between two alternatives: capitals, since "ou" and "or" are French words. */
bool is_or(std::string_view piece)
{
	return piece == "OR" || piece == "OU" || piece == "|";
}

/* In a sentence all in capitals OU is a word like the others. */
bool is_shouted(std::string_view words)
{
	bool has_words = false;
	size_t begin = 0;

	while (begin < words.size()) {
		size_t end = std::min(words.find(' ', begin), words.size());
		std::string piece(words.substr(begin, end - begin));

		if (!is_or(piece) && Xapian::Unicode::tolower(piece) != piece)
			has_words = true;
		for (Xapian::Utf8Iterator point(piece); point != Xapian::Utf8Iterator(); ++point)
			if (Xapian::Unicode::get_category(*point) ==
			    Xapian::Unicode::LOWERCASE_LETTER)
				return false;
		begin = end + 1;
	}
	return has_words;
}

/* fact* is, f* and *fact and a*b* are not. */
bool is_beginning(std::string_view piece)
{
	std::vector<Word> words;

	if (piece.size() < 2 || piece.back() != '*')
		return false;
	words = all_words(piece.substr(0, piece.size() - 1));
	return words.size() == 1 && words[0].end == piece.size() - 1 &&
	       without_accents(words[0].joined()).size() >= BEGINNING_LETTERS_MIN;
}

class ClauseReader
{
      public:
	ClauseReader(std::string_view words, const Language &chosen)
	    : rest(words), language(chosen), knows_or(!is_shouted(words))
	{
	}

	std::vector<Clause> read()
	{
		while (!rest.empty() && clauses.size() < CLAUSES_MAX)
			read_one();
		if (!clauses.empty())
			clauses.back().has_alternative = false;
		return std::move(clauses);
	}

      private:
	std::string_view rest;
	const Language &language;
	bool knows_or;
	std::vector<Clause> clauses;

	void read_one()
	{
		bool is_excluded = is_minus(rest);
		std::string_view from = rest.substr(is_excluded ? 1 : 0);
		size_t length;

		if (rest[0] == ' ') {
			rest.remove_prefix(1);
			return;
		}
		if ((length = phrase_length(from)) > 0) {
			add(ClauseKind::PHRASE, from.substr(1, length - 2), is_excluded);
		} else {
			length = std::min(from.find(' '), from.size());
			read_piece(from.substr(0, length), is_excluded);
		}
		rest = from.substr(length);
	}

	static size_t phrase_length(std::string_view from)
	{
		size_t close = from.empty() || from[0] != '"' ? std::string_view::npos
							      : from.find('"', 1);

		return close == std::string_view::npos ? 0 : close + 1;
	}

	void read_piece(std::string_view piece, bool is_excluded)
	{
		if (knows_or && is_or(piece) && !is_excluded) {
			if (!clauses.empty() && !clauses.back().is_excluded)
				clauses.back().has_alternative = true;
			return;
		}
		if (is_beginning(piece))
			add(ClauseKind::BEGINNING, piece.substr(0, piece.size() - 1), is_excluded);
		else
			add(ClauseKind::WORD, piece, is_excluded);
	}

	void add(ClauseKind kind, std::string_view text, bool is_excluded)
	{
		std::vector<Word> words = all_words(text);

		if (words.empty())
			return;
		/* "Le wifi -depuis hier- est lent": nearly every text has that word. */
		if (is_excluded && kind == ClauseKind::WORD && words.size() == 1 &&
		    language.is_stop_word(words[0]))
			return;
		if (is_excluded && !clauses.empty())
			clauses.back().has_alternative = false;
		clauses.push_back({ kind, text, is_excluded, false });
	}
};

/* Queries --------------------------------------------------------------- */

Xapian::Query any_of(const std::vector<Xapian::Query> &queries)
{
	return Xapian::Query(Xapian::Query::OP_OR, queries.begin(), queries.end());
}

Xapian::Query all_of(const std::vector<Xapian::Query> &queries)
{
	return Xapian::Query(Xapian::Query::OP_AND, queries.begin(), queries.end());
}

/* The parts of a phrase, and how many places it takes with those that have none. */
struct Row {
	std::vector<std::string> terms;
	Xapian::termcount first = 0, last = 0;

	void add(const std::string &term, Xapian::termcount place)
	{
		if (terms.size() == PHRASE_PARTS_MAX)
			return;
		if (terms.empty())
			first = place;
		last = place;
		terms.push_back(term);
	}

	/* Of one part nothing else is asked than that it is there. */
	Xapian::Query query() const
	{
		if (terms.size() == 1)
			return Xapian::Query(terms[0]);
		return Xapian::Query(Xapian::Query::OP_PHRASE, terms.begin(), terms.end(),
				     last - first + 1);
	}
};

/* Where no word has a place, all have to be there somewhere. */
Xapian::Query common_words_query(const std::vector<Word> &words, const Language &language)
{
	std::vector<Xapian::Query> queries;

	for (const Word &word : words)
		if (queries.size() < PHRASE_PARTS_MAX)
			queries.push_back(synonym_of(language.terms(word.joined())));
	return all_of(queries);
}

/* As it was written, but for accents; wi-fi also as wifi. */
Xapian::Query phrase_query(std::string_view text, const Language &language)
{
	std::vector<Word> words = all_words(text);
	Xapian::termcount place = 0, whole_place = 0;
	Row parts, whole;

	for (const Word &word : words) {
		if (has_place(word)) {
			whole.add(without_accents(word.joined()), whole_place);
			for (const std::string &part : word.parts)
				parts.add(without_accents(part), place++);
		} else {
			place += static_cast<Xapian::termcount>(word.parts.size());
		}
		whole_place++;
	}
	if (parts.terms.empty())
		return common_words_query(words, language);
	if (parts.terms == whole.terms)
		return parts.query();
	return Xapian::Query(Xapian::Query::OP_OR, parts.query(), whole.query());
}

Xapian::Query beginning_query(const Xapian::Database &database, std::string_view text)
{
	std::string beginning = without_accents(all_words(text)[0].joined());

	return Xapian::Query(Xapian::Query::OP_OR, synonym_of(expansions(database, beginning)),
			     Xapian::Query(Xapian::Query::OP_SCALE_WEIGHT,
					   synonym_of(expansions(database, in_title(beginning))),
					   TITLE_FACTOR));
}

/* What is not wanted is meant in all its forms. */
Xapian::Query unwanted_word(std::string_view text, const Language &language)
{
	std::vector<Xapian::Query> words;

	for (const Word &word : all_words(text)) {
		std::vector<Xapian::Query> parts;

		for (const std::string &part : word.parts)
			parts.push_back(synonym_of(language.terms(part)));
		words.push_back(Xapian::Query(Xapian::Query::OP_OR, all_of(parts),
					      synonym_of(language.terms(word.joined()))));
	}
	return all_of(words);
}

class Composer
{
      public:
	Composer(const Xapian::Database &asked, const Language &chosen, const Rank &ranking)
	    : database(asked), language(chosen), rank(ranking)
	{
	}

	void add(const std::vector<Clause> &clauses)
	{
		for (size_t i = 0; i < clauses.size(); i++) {
			if (clauses[i].is_excluded)
				add_excluded(clauses[i]);
			else if (clauses[i].has_alternative)
				i = add_alternatives(clauses, i);
			else
				add_wanted(clauses[i]);
		}
	}

	ClausesQuery query() const
	{
		std::vector<Xapian::Query> some = beginnings;
		Xapian::Query ranked = plain.empty() ? Xapian::Query() : rank(plain);
		ClausesQuery out;

		if (!ranked.empty())
			some.push_back(ranked);
		if (required.empty())
			out.wanted = any_of(some);
		else if (some.empty())
			out.wanted = all_of(required);
		else
			out.wanted = Xapian::Query(Xapian::Query::OP_AND_MAYBE, all_of(required),
						   any_of(some));
		out.unwanted = any_of(excluded);
		return out;
	}

      private:
	const Xapian::Database &database;
	const Language &language;
	const Rank &rank;
	std::string plain;
	std::vector<Xapian::Query> required, beginnings, excluded;
	size_t phrases = 0, expanded = 0;

	/* Beyond the bound of its kind a clause is plain words. */
	bool is_plain(const Clause &clause)
	{
		return clause.kind == ClauseKind::WORD ||
		       (clause.kind == ClauseKind::PHRASE && ++phrases > PHRASES_MAX) ||
		       (clause.kind == ClauseKind::BEGINNING && ++expanded > BEGINNINGS_MAX);
	}

	Xapian::Query special(const Clause &clause) const
	{
		return clause.kind == ClauseKind::PHRASE ? phrase_query(clause.text, language)
							 : beginning_query(database, clause.text);
	}

	void add_wanted(const Clause &clause)
	{
		if (is_plain(clause))
			plain += (plain.empty() ? "" : " ") + std::string(clause.text);
		else if (clause.kind == ClauseKind::PHRASE)
			required.push_back(special(clause));
		else
			beginnings.push_back(special(clause));
	}

	void add_excluded(const Clause &clause)
	{
		if (excluded.size() == EXCLUDED_MAX)
			return;
		excluded.push_back(is_plain(clause) ? unwanted_word(clause.text, language)
						    : special(clause));
	}

	/* One of them has to be there. Returns the last of the row. */
	size_t add_alternatives(const std::vector<Clause> &clauses, size_t first)
	{
		std::vector<Xapian::Query> row;
		size_t i = first;

		for (;; i++) {
			Xapian::Query one = is_plain(clauses[i])
						    ? rank(std::string(clauses[i].text))
						    : special(clauses[i]);

			if (!one.empty() && row.size() < ALTERNATIVES_MAX)
				row.push_back(one);
			if (!clauses[i].has_alternative)
				break;
		}
		if (!row.empty())
			required.push_back(any_of(row));
		return i;
	}
};

} // namespace

std::vector<Clause> read_clauses(std::string_view words, const Language &language)
{
	return ClauseReader(words, language).read();
}

ClausesQuery make_clauses_query(const Xapian::Database &database,
				const std::vector<Clause> &clauses, const Language &language,
				const Rank &rank)
{
	Composer composer(database, language, rank);

	composer.add(clauses);
	return composer.query();
}

} // namespace search
