/*
 * From a question's words to a query, and what weighs how much in it.
 *
 *   word     = max(form, form in another language, synonyms × 0.7)
 *   form     = rarity × (BM25(text) + 2 × BM25(title, by the title's length))
 *   question = Σ words + wanted sort of answer + language + what the document is worth
 */
#include "search/ranking.hh"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "search/filter.hh"
#include "search/intents.hh"

namespace search
{

namespace
{

constexpr double MICROSECONDS_OF_A_YEAR = 365.25 * 86400 * 1e6;

/* Shares of STANDING_MOST in Standing::worth; freshness is added when asked. */
constexpr double WORTH_MOST = OPEN_WEIGHT + SOLVED_WEIGHT + OFFICIAL_WEIGHT + USEFUL_WEIGHT;

/* Terms of a topic that say what it is about. */
constexpr size_t SIMILAR_TERMS = 12, SIMILAR_LETTERS_MIN = 3;
constexpr double SIMILAR_TITLE_FACTOR = 1.25; /* of the usual one */

/* Robertson's, never below zero: also a word of most documents tells a little. */
double rarity(double documents, double having)
{
	return std::log(1 + (documents - having + 0.5) / (having + 0.5));
}

double text_share(double count, double length)
{
	double norm = 1 - BM25_B + BM25_B * std::max(length, SHORTEST);

	return count * (BM25_K1 + 1) / (count + BM25_K1 * norm);
}

double title_share(size_t words)
{
	double length = static_cast<double>(words) / TITLE_WORDS;

	return TITLE_FACTOR * (TITLE_K1 + 1) / (1 + TITLE_K1 * (1 - TITLE_B + TITLE_B * length));
}

constexpr Formula formula = { text_share, title_share };

double similar_title_share(size_t words)
{
	return SIMILAR_TITLE_FACTOR * title_share(words);
}

constexpr Formula similar_formula = { text_share, similar_title_share };

double standing_weight(const Standing &standing, const Moment &moment)
{
	double years = static_cast<double>(std::max<int64_t>(0, moment.now - standing.active_at)) /
		       MICROSECONDS_OF_A_YEAR;
	bool is_readable = moment.language && standing.language == moment.language;

	return standing.worth * WORTH_MOST + FRESH_WEIGHT * FRESH_YEARS / (FRESH_YEARS + years) +
	       (is_readable ? LANGUAGE_WEIGHT : 0);
}

bool is_official(const search_document &document)
{
	if (document.kind == SEARCH_ARTICLE)
		return true;
	for (size_t i = 0; i < document.post_count; i++)
		if (document.posts[i].is_official && !document.posts[i].is_question)
			return true;
	return false;
}

/* The question's score, or its best answer's. */
int64_t best_score(const search_document &document)
{
	int64_t best = document.score;

	for (size_t i = 0; i < document.post_count; i++)
		best = std::max(best, document.posts[i].score);
	return std::max<int64_t>(best, 0);
}

} // namespace

Standing standing_of(const search_document &document, size_t title_words)
{
	Standing standing;
	double useful = std::log2(1.0 + static_cast<double>(best_score(document))) /
			std::log2(1.0 + USEFUL_SCORE);
	double weight = USEFUL_WEIGHT * std::min(useful, 1.0);

	if (!document.is_closed)
		weight += OPEN_WEIGHT;
	if (document.is_solved || document.kind == SEARCH_ARTICLE)
		weight += SOLVED_WEIGHT;
	if (is_official(document))
		weight += OFFICIAL_WEIGHT;
	standing.title_words = title_words;
	standing.worth = weight / WORTH_MOST;
	standing.active_at = document.active_at;
	return standing;
}

namespace
{

using Queries = std::vector<Xapian::Query>;
using Meanings = std::vector<Meaning>;

Xapian::Query joined(Xapian::Query::op operation, const Queries &queries)
{
	if (queries.size() == 1)
		return queries[0];
	return Xapian::Query(operation, queries.begin(), queries.end());
}

Word alone(const std::string &part)
{
	Word word;

	word.parts = { part };
	return word;
}

/* A query in the making, and what it may still cost. */
class Maker
{
      public:
	explicit Maker(const Asking &asked)
	    : asking(asked), documents(asked.database.get_doccount()),
	      synonyms(asked.synonyms ? *asked.synonyms : default_synonyms())
	{
	}

	/* Of a question, in its own order, with its language found. */
	void read(std::string_view text)
	{
		language = &asking.languages.found_in(text, asking.language);
		each_word(text, [&](const Word &word) {
			if (all.size() < 4 * WORDS_MAX)
				all.push_back(word);
		});
		choose();
	}

	/* Each word in its forms; then, as far as that is affordable, what it also means. */
	void add_telling()
	{
		for (const Word *word : telling)
			groups.push_back(forms_of(*word, 1));
		add_synonyms();
	}

	/* A further word, without synonyms. */
	void add(const Word &word, double factor)
	{
		groups.push_back(forms_of(word, factor));
	}

	Asked make() const
	{
		std::vector<Meanings> words;
		Queries terms;
		Asked asked;

		for (const Meanings &group : groups) {
			if (group.empty())
				continue;
			words.push_back(group);
			for (const Meaning &meaning : group)
				for (const std::vector<Form> &forms : meaning.words)
					for (const Form &form : forms)
						terms.emplace_back(form.term);
		}
		/* There are words, but nobody ever used them: nothing is found. */
		if (words.empty() && !telling.empty()) {
			asked.query = Xapian::Query("Z" + language->stem_of(telling[0]->joined()));
			asked.marks = asked.query;
		}
		if (!words.empty()) {
			asked.query = question_source(words, formula);
			asked.marks = joined(Xapian::Query::OP_OR, terms);
		}
		return asked;
	}

	bool has_telling(const Word &word) const
	{
		return std::any_of(telling.begin(), telling.end(),
				   [&](const Word *known) { return known->parts == word.parts; });
	}

	/* How rare the word is, in its most frequent form. */
	double rarity_of(const Word &word) const
	{
		double least = rarity(documents, 0);

		for (const Form &form : known_forms(word.joined()))
			least = std::min(least, form.rarity);
		return least;
	}

	const Language *language = nullptr;

      private:
	const Asking &asking;
	double documents;
	const search_synonyms &synonyms;
	std::vector<Word> all;
	std::vector<const Word *> telling; /* of all */
	std::vector<Meanings> groups;      /* one a word */
	size_t leaves = 0;
	mutable std::unordered_map<std::string, std::vector<Form>> met; /* by part */

	bool is_telling(const std::string &part) const
	{
		return part.size() > 1 && !language->is_stop_word(alone(part));
	}

	void choose()
	{
		std::vector<const Word *> different;

		for (const Word &word : all)
			if (std::none_of(
				    different.begin(), different.end(),
				    [&](const Word *known) { return known->parts == word.parts; }))
				different.push_back(&word);
		for (const Word *word : different)
			if (!language->is_stop_word(*word))
				telling.push_back(word);
		/* "Où est-ce ?" has nothing else: then they have to do. */
		if (telling.empty())
			telling = different;
		if (telling.size() > WORDS_MAX)
			telling.resize(WORDS_MAX);
	}

	/* In the question's language, and as the other one would stem it. */
	std::vector<std::string> stems(const std::string &part) const
	{
		std::vector<std::string> found;

		for (const char *code : { language->code(), "fr", "en" }) {
			if (!found.empty() && !strcmp(code, language->code()))
				continue;
			for (const std::string &term : asking.languages.of(code).terms(part))
				if (term[0] == 'Z' &&
				    std::find(found.begin(), found.end(), term) == found.end())
					found.push_back(term);
		}
		return found;
	}

	/*
	 * The forms that the index has. All are as rare as the most frequent of them: it
	 * is the same word, which must not weigh more where it is a guest (wifi in a page
	 * of the other language). Looked up once: synonyms come back to the same words.
	 */
	const std::vector<Form> &known_forms(const std::string &part) const
	{
		auto place = met.find(part);
		std::vector<Form> forms;
		Xapian::doccount most = 0;

		if (place != met.end())
			return place->second;
		for (const std::string &term : stems(part)) {
			Xapian::doccount having = asking.database.get_termfreq(term);

			most = std::max(most, having);
			if (having > 0)
				forms.push_back({ term, 0 });
		}
		for (Form &form : forms)
			form.rarity = rarity(documents, most);
		return met.emplace(part, std::move(forms)).first->second;
	}

	std::vector<Form> part_forms(const std::string &part)
	{
		const std::vector<Form> &forms = known_forms(part);

		leaves += 2 * forms.size();
		return forms;
	}

	/* A compound in one piece (wifi), in all its pieces (wi fi), or one of them. */
	Meanings forms_of(const Word &word, double factor)
	{
		std::vector<Form> whole = part_forms(word.joined());
		Meaning pieces = { {}, factor };
		Meanings meanings;

		if (!whole.empty())
			meanings.push_back({ { whole }, factor });
		if (!word.is_compound())
			return meanings;
		for (const std::string &part : word.parts) {
			std::vector<Form> forms = is_telling(part) ? part_forms(part)
								   : std::vector<Form>();

			if (forms.empty())
				continue;
			pieces.words.push_back(forms);
			meanings.push_back({ { forms }, factor * PIECE_FACTOR });
		}
		pieces.factor *= static_cast<double>(pieces.words.size());
		if (pieces.words.size() > 1)
			meanings.push_back(pieces);
		return meanings;
	}

	/* Several words that are there all together. None: they cannot be. */
	Meaning phrase(const Phrase &words, double factor)
	{
		Meaning meaning = { {}, factor * (words.size() > 1 ? PHRASE_FACTOR : 1) };

		for (const Word &word : words) {
			meaning.words.push_back(part_forms(word.joined()));
			if (meaning.words.back().empty())
				return Meaning{};
		}
		return meaning;
	}

	double rarity_of(const Phrase &words) const
	{
		double sum = 0;

		for (const Word &word : words)
			sum += rarity_of(word);
		return sum / static_cast<double>(words.size());
	}

	/* most: a rare synonym of a common word is worth no more than the word. */
	void add_meanings(Meanings *group, const std::vector<Phrase> &meant, double most)
	{
		for (const Phrase &words : meant) {
			double share = std::min(1.0, most / rarity_of(words));
			Meaning meaning;

			if (leaves + 2 * words.size() > LEAVES_MAX)
				return;
			meaning = phrase(words, SYNONYM_FACTOR * share);
			if (!meaning.words.empty())
				group->push_back(meaning);
		}
	}

	void add_synonyms(const SynonymTable &table)
	{
		for (size_t i = 0; i < telling.size(); i++) {
			const std::vector<Phrase> *meanings = table.find(telling[i], 1);

			if (meanings)
				add_meanings(&groups[i], *meanings, rarity_of(*telling[i]));
		}
		for (size_t count = SYNONYM_WORDS_MAX; count > 1; count--)
			for (size_t i = 0; i + count <= all.size(); i++) {
				const std::vector<Phrase> *meanings = table.find(&all[i], count);

				if (!meanings)
					continue;
				groups.emplace_back();
				add_meanings(&groups.back(), *meanings, HUGE_VAL);
			}
	}

	void add_synonyms()
	{
		std::string code = language->code();

		if (code != "en")
			add_synonyms(synonyms.french);
		if (code != "fr")
			add_synonyms(synonyms.english);
	}
};

} // namespace

Asked words_query(const Asking &asking, std::string_view text)
{
	Maker maker(asking);

	maker.read(text.substr(0, SEARCH_QUERY_MAX_BYTES));
	maker.add_telling();
	return maker.make();
}

namespace
{

/* Words of a body and how much they tell. */
struct BodyWord {
	Word word;
	double count, weight;
};

std::vector<BodyWord> count_words(std::string_view body, const Maker &title)
{
	std::vector<BodyWord> words;
	std::unordered_map<std::string, size_t> places;
	size_t looked_at = 0;

	each_word(body.substr(0, SEARCH_TEXT_MAX_BYTES), [&](const Word &word) {
		if (++looked_at > BODY_LOOKS_AT_WORDS || title.language->is_stop_word(word) ||
		    word.joined().size() <= 1 || title.has_telling(word))
			return;
		auto place = places.emplace(word.joined(), words.size());

		if (place.second)
			words.push_back({ word, 0, 0 });
		words[place.first->second].count++;
	});
	return words;
}

/* What is said often and is rare elsewhere; nothing that no document has. */
std::vector<BodyWord> telling_words(std::string_view body, const Maker &title, const Asking &asking)
{
	std::vector<BodyWord> words = count_words(body, title);
	double rarest = rarity(asking.database.get_doccount(), 0);

	for (BodyWord &word : words) {
		double rare = title.rarity_of(word.word);

		word.weight = rare >= rarest ? 0 : (1 + std::log(word.count)) * rare;
	}
	std::sort(words.begin(), words.end(),
		  [](const BodyWord &a, const BodyWord &b) { return a.weight > b.weight; });
	while (!words.empty() && (words.size() > BODY_WORDS_MAX || words.back().weight <= 0))
		words.pop_back();
	return words;
}

} // namespace

Asked text_query(const Asking &asking, std::string_view title, std::string_view body)
{
	Maker maker(asking);

	/* A body alone says in its beginning what it is about. */
	if (title.find_first_not_of(" \t\r\n") == std::string_view::npos)
		title = body.substr(0, body.find('\n')).substr(0, SEARCH_QUERY_MAX_BYTES / 2);
	maker.read(title.substr(0, SEARCH_QUERY_MAX_BYTES));
	maker.add_telling();
	for (const BodyWord &word : telling_words(body, maker, asking))
		maker.add(word.word, BODY_FACTOR);
	return maker.make();
}

Xapian::Query ranked(const Xapian::Query &query, const Asking &asking, std::string_view text,
		     int64_t now)
{
	std::string language = asking.languages.found_in(text, asking.language).code();
	std::vector<std::string> intents = intent_terms(text);
	Moment moment = { now, language_letters(language) };
	double most = WORTH_MOST + FRESH_WEIGHT + (moment.language ? LANGUAGE_WEIGHT : 0);
	Queries more = { standing_source(most, standing_weight, moment) };

	if (query.empty())
		return query;
	for (const std::string &term : intents)
		more.push_back(
			flat_source(term, INTENT_WEIGHT / static_cast<double>(intents.size())));
	return Xapian::Query(Xapian::Query::OP_AND_MAYBE, query,
			     joined(Xapian::Query::OP_OR, more));
}

void set_weights(Xapian::Enquire *enquire)
{
	enquire->set_weighting_scheme(Xapian::BM25Weight(BM25_K1, 0, 1, BM25_B, 0.5));
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

std::vector<Telling> telling_terms(const Asking &asking, Xapian::docid document)
{
	std::vector<Telling> all;
	Xapian::TermIterator term = asking.database.termlist_begin(document);

	for (term.skip_to("Z"); term != asking.database.termlist_end(document); ++term) {
		double weight;

		if ((*term)[0] != 'Z')
			break;
		if (!is_stem(*term) || asking.languages.is_stop_stem(*term))
			continue;
		weight = weight_of(asking.database, term);
		if (weight > 0)
			all.push_back({ weight, *term });
	}
	std::sort(all.begin(), all.end(),
		  [](const Telling &a, const Telling &b) { return a.weight > b.weight; });
	if (all.size() > SIMILAR_TERMS)
		all.resize(SIMILAR_TERMS);
	return all;
}

} // namespace

Xapian::Query similar_query(const Asking &asking, enum search_kind kind, int64_t id)
{
	std::string key = key_term(kind, id);
	Xapian::PostingIterator self = asking.database.postlist_begin(key);
	double documents = asking.database.get_doccount();
	std::vector<Meanings> words;

	if (self == asking.database.postlist_end(key))
		return Xapian::Query();
	for (const Telling &telling : telling_terms(asking, *self)) {
		double rare = rarity(documents, asking.database.get_termfreq(telling.term));

		words.push_back({ { { { { telling.term, rare } } }, 1 } });
	}
	if (words.empty())
		return Xapian::Query();
	return Xapian::Query(Xapian::Query::OP_AND_NOT, question_source(words, similar_formula),
			     Xapian::Query(key));
}

} // namespace search
