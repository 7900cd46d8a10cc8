/*
 * Two sources of candidates. Every word one letter away is looked up: a few hundred
 * look-ups of some microseconds, wherever in the word the slip is. If none is there,
 * the vocabulary that begins like the word is walked for what sounds the same or is
 * two letters away. The most frequent wins, the nearer ones being favoured.
 */
#include "search/spelling.hh"

#include <algorithm>
#include <cmath>
#include <unordered_map>
#include <vector>

#include "search/filter.hh"
#include "search/sound.hh"
#include "search/stored.hh"
#include "search/text.hh"

namespace search
{

namespace
{

/* What a question may cost. */
constexpr size_t WORDS_LOOKED_AT_MAX = 12, CORRECTED_MAX = 3;
constexpr size_t LETTERS_MIN = 4, LETTERS_MAX = 20;
constexpr size_t TERMS_LOOKED_AT_MAX = 4000;
constexpr size_t CANDIDATES_TRIED_MAX = 3;
constexpr Xapian::doccount DOCUMENTS_READ = 5;

/* Two slips are believed only in longer words. */
constexpr size_t LETTERS_FOR_TWO = 7;

/* A word of so few documents may be a slip itself, if the other has so many times more. */
constexpr double RARE_SHARE = 1.0 / 20000, CLEARLY_MORE = 30;

/* What a candidate loses, in doublings of its frequency. */
constexpr double SOUNDS_SAME = 0, ONE_LETTER = 1, FIRST_LETTER = 2, TWO_LETTERS = 4,
		 IN_TWO_WORDS = 6;

struct Candidate {
	std::string term; /* two words with a blank between them, if it is split */
	double worth;
};

bool is_better(const Candidate &a, const Candidate &b)
{
	return a.worth != b.worth ? a.worth > b.worth : a.term < b.term;
}

bool is_plain_letters(const std::string &plain)
{
	return std::all_of(plain.begin(), plain.end(),
			   [](char byte) { return byte >= 'a' && byte <= 'z'; });
}

class Speller
{
      public:
	Speller(const Asking &asking, const Xapian::Query &lets_through)
	    : database(asking.database), languages(asking.languages),
	      synonyms(asking.synonyms ? *asking.synonyms : default_synonyms()),
	      visible(lets_through)
	{
	}

	/* "" if the word is known, or nothing is like it. */
	std::string correct(const Word &word) const
	{
		std::string plain = without_accents(word.joined());

		if (word.is_compound() || plain.size() < LETTERS_MIN ||
		    plain.size() > LETTERS_MAX || !is_plain_letters(plain))
			return "";
		if (!is_rare(word))
			return "";
		return first_visible(candidates_of(plain, wanted_frequency(word)));
	}

	/* live box, where nobody writes so. */
	std::string join(const Word &first, const Word &second) const
	{
		std::string plain = without_accents(first.joined() + second.joined());

		if (plain.size() < LETTERS_MIN || plain.size() > LETTERS_MAX ||
		    (!is_rare(first) && !is_rare(second)))
			return "";
		if (database.get_termfreq(plain) <
		    std::max(wanted_frequency(first), wanted_frequency(second)))
			return "";
		return first_visible({ { plain, 0 } });
	}

	bool is_rare(const Word &word) const
	{
		return !is_common(word) && !is_listed(word) &&
		       frequency_of(word) <= RARE_SHARE * database.get_doccount();
	}

      private:
	const Xapian::Database &database;
	const Languages &languages;
	const search_synonyms &synonyms;
	const Xapian::Query &visible;

	bool is_common(const Word &word) const
	{
		return languages.of("fr").is_stop_word(word) ||
		       languages.of("en").is_stop_word(word);
	}

	bool is_listed(const Word &word) const
	{
		return synonyms.french.find(&word, 1) || synonyms.english.find(&word, 1);
	}

	/* In any of its forms, in either language. */
	double frequency_of(const Word &word) const
	{
		Xapian::doccount most = 0;

		for (const char *code : { "fr", "en" })
			for (const std::string &term : languages.of(code).terms(word.joined()))
				most = std::max(most, database.get_termfreq(term));
		return most;
	}

	double wanted_frequency(const Word &word) const
	{
		return std::max(1.0, CLEARLY_MORE * frequency_of(word));
	}

	std::vector<Candidate> candidates_of(const std::string &plain, double wanted) const
	{
		std::vector<Candidate> found;

		add_one_letter_away(plain, wanted, &found);
		if (found.empty())
			add_alike(plain, wanted, &found);
		if (found.empty())
			add_in_two_words(plain, wanted, &found);
		std::sort(found.begin(), found.end(), is_better);
		return found;
	}

	void add(const std::string &term, double documents, double wanted, double loss,
		 std::vector<Candidate> *found) const
	{
		if (documents >= wanted)
			found->push_back({ term, std::log2(1 + documents) - loss });
	}

	/* Nearly all of these are no words at all. */
	void look_up(const std::string &plain, const std::string &term, double wanted,
		     std::vector<Candidate> *found) const
	{
		double documents = database.get_termfreq(term);
		double loss = term[0] == plain[0] ? ONE_LETTER : FIRST_LETTER;

		if (documents < wanted)
			return;
		if (sound_of(plain) == sound_of(term))
			loss = SOUNDS_SAME;
		add(term, documents, wanted, loss, found);
	}

	void add_one_letter_away(const std::string &plain, double wanted,
				 std::vector<Candidate> *found) const
	{
		for (size_t i = 0; i <= plain.size(); i++) {
			std::string before = plain.substr(0, i), after = plain.substr(i);

			if (!after.empty())
				look_up(plain, before + after.substr(1), wanted, found);
			if (after.size() > 1 && after[0] != after[1])
				look_up(plain, before + after[1] + after[0] + after.substr(2),
					wanted, found);
			for (char letter = 'a'; letter <= 'z'; letter++) {
				look_up(plain, before + letter + after, wanted, found);
				if (!after.empty() && after[0] != letter)
					look_up(plain, before + letter + after.substr(1), wanted,
						found);
			}
		}
	}

	/* Of those that begin with the same two letters, or sound as if they did. */
	void add_alike(const std::string &plain, double wanted, std::vector<Candidate> *found) const
	{
		static const struct {
			const char *spelt, *also;
		} beginnings[] = {
			{ "ph", "f" }, { "f", "ph" }, { "k", "c" },  { "k", "qu" }, { "qu", "k" },
			{ "c", "k" },  { "s", "c" },  { "au", "o" }, { "o", "au" }, { "h", "" },
			{ "i", "hi" }, { "e", "he" }, { "o", "ho" }, { "z", "s" },
		};

		walk(plain, plain.substr(0, 2), wanted, found);
		for (const auto &known : beginnings) {
			std::string spelt = known.spelt;

			if (plain.compare(0, spelt.size(), spelt) == 0)
				walk(plain, known.also + plain.substr(spelt.size(), 2), wanted,
				     found);
		}
	}

	void walk(const std::string &plain, const std::string &beginning, double wanted,
		  std::vector<Candidate> *found) const
	{
		std::string sound = sound_of(plain);
		size_t most = plain.size() >= LETTERS_FOR_TWO ? 2 : 1, looked_at = 0;

		for (Xapian::TermIterator next = database.allterms_begin(beginning);
		     next != database.allterms_end(beginning) && looked_at < TERMS_LOOKED_AT_MAX;
		     ++next, looked_at++) {
			std::string term = *next;

			if (term.size() + 3 < plain.size() || plain.size() + 3 < term.size() ||
			    term == plain)
				continue;
			if (sound_of(term) == sound)
				add(term, next.get_termfreq(), wanted, SOUNDS_SAME, found);
			else if (distance(term, plain, most) <= most)
				add(term, next.get_termfreq(), wanted, TWO_LETTERS, found);
		}
	}

	void add_in_two_words(const std::string &plain, double wanted,
			      std::vector<Candidate> *found) const
	{
		for (size_t i = 2; i + 3 <= plain.size(); i++) {
			Word first, second;
			double rarer;

			first.parts = { plain.substr(0, i) };
			second.parts = { plain.substr(i) };
			rarer = database.get_termfreq(second.joined());
			if (!is_common(first))
				rarer = i < 3 ? 0
					      : std::min<double>(rarer, database.get_termfreq(
										first.joined()));
			add(first.joined() + " " + second.joined(), rarer, wanted, IN_TWO_WORDS,
			    found);
		}
	}

	std::string first_visible(const std::vector<Candidate> &candidates) const
	{
		for (size_t i = 0; i < std::min(candidates.size(), CANDIDATES_TRIED_MAX); i++) {
			std::string written = written_forms(candidates[i].term);

			if (!written.empty())
				return written;
		}
		return "";
	}

	std::string written_forms(const std::string &terms) const
	{
		size_t blank = terms.find(' ');
		std::string first, second;

		if (blank == std::string::npos)
			return written_form(terms);
		first = written_form(terms.substr(0, blank));
		second = written_form(terms.substr(blank + 1));
		if (first.empty())
			first = terms.substr(0, blank);
		return second.empty() ? "" : first + " " + second;
	}

	/* As most people write it, who let it be read; "" if nobody does. */
	std::string written_form(const std::string &term) const
	{
		Xapian::Enquire enquire(database);
		std::unordered_map<std::string, size_t> forms;
		std::string best;

		enquire.set_query(filtered(Xapian::Query(term), visible));
		enquire.set_weighting_scheme(Xapian::BoolWeight());
		Xapian::MSet found = enquire.get_mset(0, DOCUMENTS_READ);
		for (Xapian::MSetIterator hit = found.begin(); hit != found.end(); ++hit)
			count_forms(hit.get_document().get_data(), term, &forms);
		for (const auto &form : forms)
			if (best.empty() || form.second > forms[best] ||
			    (form.second == forms[best] && form.first > best))
				best = form.first;
		return found.empty() || !best.empty() ? best : term;
	}

	static void count_forms(const std::string &data, const std::string &term,
				std::unordered_map<std::string, size_t> *forms)
	{
		Stored stored;
		auto count = [&](std::string_view text) {
			each_word(text, [&](const Word &word) {
				if (without_accents(word.joined()) == term)
					++(*forms)[Xapian::Unicode::tolower(std::string(
						text.substr(word.begin, word.end - word.begin)))];
			});
		};

		if (!unpack_stored(data, &stored))
			return;
		count(stored.title);
		for (const StoredPost &post : stored.posts)
			count(post.text);
	}
};

/* Signs around a word say that it is not to be touched: -box, box*, OR. */
bool is_touchable(std::string_view words, const Word &word)
{
	std::string_view text = words.substr(word.begin, word.end - word.begin);
	char before = word.begin > 0 ? words[word.begin - 1] : ' ';
	char after = word.end < words.size() ? words[word.end] : ' ';

	return before != '-' && after != '*' && text != "OR" && text != "OU";
}

bool are_neighbours(std::string_view words, const Word &first, const Word &second)
{
	return second.begin == first.end + 1 && words[first.end] == ' ';
}

} // namespace

std::string corrected(const Asking &asking, std::string_view words, const Xapian::Query &visible)
{
	std::string language = asking.languages.found_in(words, asking.language).code();
	Xapian::Query readable = visible;

	/* "lent" is no slip of "left". */
	if (!language.empty())
		readable = filtered(Xapian::Query(language_term(language.c_str())), visible);
	Speller speller(asking, readable);
	std::vector<Word> all;
	std::string out;
	size_t at = 0, count = 0;

	each_word(words, [&](const Word &word) {
		if (all.size() < WORDS_LOOKED_AT_MAX && is_touchable(words, word))
			all.push_back(word);
	});
	for (size_t i = 0; i < all.size() && count < CORRECTED_MAX; i++) {
		size_t end = all[i].end, begin = all[i].begin;
		std::string better;

		if (i + 1 < all.size() && are_neighbours(words, all[i], all[i + 1]))
			better = speller.join(all[i], all[i + 1]);
		if (!better.empty())
			end = all[++i].end;
		else
			better = speller.correct(all[i]);
		if (better.empty())
			continue;
		out += std::string(words.substr(at, begin - at)) + better;
		at = end;
		count++;
	}
	if (count == 0)
		return "";
	out += words.substr(at);
	return out.size() <= SEARCH_QUERY_MAX_BYTES ? out : "";
}

} // namespace search
