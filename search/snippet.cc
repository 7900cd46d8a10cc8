/*
 * Texts are read with the reader of words that the index was made with. Of a post
 * only the matches are kept, and a window slides over them.
 */
#include "search/snippet.hh"

#include <algorithm>
#include <cmath>

#include "search/text.hh"

namespace search
{

namespace
{

constexpr size_t SNIPPET_CHARACTERS = 240;
/* With the marks and two ellipses it still fits into search_hit. */
constexpr size_t SNIPPET_MAX_BYTES = 480;
constexpr size_t MARKS_MAX = 60;
static_assert(SNIPPET_MAX_BYTES + 2 * MARKS_MAX + 8 < sizeof search_hit::snippet);

/* A passage may begin so many bytes before its first match to begin with a sentence. */
constexpr size_t SENTENCE_BEFORE = 100;
constexpr size_t WORDS_BEFORE = 50;
/* A cut looks so far for a blank; scripts without blanks are cut where they are. */
constexpr size_t BLANK_WITHIN = 40;

/* A word that comes again tells little more. */
constexpr double REPEATED_WORTH = 0.05;

/* An accepted answer need not have as many of the words as the best text. */
constexpr double ACCEPTED_SHARE = 0.5;

constexpr char ELLIPSIS[] = "\xE2\x80\xA6";

struct Match {
	size_t begin, end, number;
};

std::vector<Match> matches_of(std::string_view text, const Marker &marker, const Language &language)
{
	std::vector<Match> matches;

	each_word(text, [&](const Word &word) {
		size_t number = marker.match(word, language);

		if (number != Marker::NO_MATCH)
			matches.push_back({ word.begin, word.end, number });
	});
	return matches;
}

/* The worth of some matches: different words count, repetitions hardly. */
class Worth
{
      public:
	explicit Worth(const Marker &counted) : marker(counted), seen(counted.count())
	{
	}

	void add(size_t number)
	{
		sum += marker.weight(number) * (seen[number] ? REPEATED_WORTH : 1);
		seen[number] = true;
	}
	double value() const
	{
		return sum;
	}

      private:
	const Marker &marker;
	std::vector<bool> seen;
	double sum = 0;
};

double coverage(const std::vector<Match> &matches, const Marker &marker)
{
	std::vector<bool> seen(marker.count());
	double sum = 0;

	for (const Match &match : matches) {
		if (!seen[match.number])
			sum += marker.weight(match.number);
		seen[match.number] = true;
	}
	return sum;
}

/* Windows ----------------------------------------------------------------- */

bool is_inside_character(std::string_view text, size_t at)
{
	return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80;
}

size_t forward(std::string_view text, size_t from, size_t characters)
{
	size_t at = from;

	while (at < text.size() && characters-- > 0)
		do
			at++;
		while (is_inside_character(text, at));
	return std::min(at, cut_text(text.substr(from), SNIPPET_MAX_BYTES).size() + from);
}

bool is_blank(char byte)
{
	return byte == ' ' || byte == '\n';
}

bool ends_sentence(std::string_view text, size_t at)
{
	char byte = text[at];

	return byte == '\n' ||
	       (is_blank(byte) && at > 0 &&
		(text[at - 1] == '.' || text[at - 1] == '!' || text[at - 1] == '?'));
}

/* The first match of the window that has most of the question. */
size_t best_window(std::string_view text, const std::vector<Match> &matches, const Marker &marker)
{
	double best = 0;
	size_t first = 0;

	for (size_t i = 0; i < matches.size(); i++) {
		size_t end = forward(text, matches[i].begin, SNIPPET_CHARACTERS - WORDS_BEFORE);
		Worth worth(marker);

		for (size_t j = i; j < matches.size() && matches[j].end <= end; j++)
			worth.add(matches[j].number);
		if (worth.value() > best) {
			best = worth.value();
			first = i;
		}
	}
	return first;
}

/* Where a passage begins that must have what stands at that place. */
size_t passage_begin(std::string_view text, size_t wanted)
{
	size_t lowest = wanted > SENTENCE_BEFORE ? wanted - SENTENCE_BEFORE : 0;

	if (lowest == 0)
		return 0;
	for (size_t at = wanted - 1; at > lowest; at--)
		if (ends_sentence(text, at))
			return at + 1;
	for (size_t at = wanted - WORDS_BEFORE; at < wanted; at++)
		if (is_blank(text[at]))
			return at + 1;
	return wanted;
}

size_t passage_end(std::string_view text, size_t begin)
{
	size_t end = forward(text, begin, SNIPPET_CHARACTERS);

	if (end == text.size())
		return end;
	for (size_t at = end; at > begin + 1 && at + BLANK_WITHIN > end; at--)
		if (is_blank(text[at]))
			return at;
	return end;
}

/* Putting it together ------------------------------------------------------ */

void append_plain(std::string *out, std::string_view text)
{
	for (char byte : text)
		*out += byte == '\n' ? ' ' : byte;
}

std::string marked(std::string_view text, size_t begin, size_t end,
		   const std::vector<Match> &matches)
{
	std::string out;
	size_t at = begin, marks = 0;

	for (const Match &match : matches) {
		if (match.begin < at || match.end > end)
			continue;
		if (++marks > MARKS_MAX)
			break;
		append_plain(&out, text.substr(at, match.begin - at));
		out += SEARCH_MARK_BEGIN;
		append_plain(&out, text.substr(match.begin, match.end - match.begin));
		out += SEARCH_MARK_END;
		at = match.end;
	}
	append_plain(&out, text.substr(at, end - at));
	return out;
}

std::string snippet_of(std::string_view text, const std::vector<Match> &matches,
		       const Marker &marker)
{
	size_t begin = 0, end;
	std::string out;

	if (!matches.empty() && forward(text, 0, SNIPPET_CHARACTERS) < text.size())
		begin = passage_begin(text, matches[best_window(text, matches, marker)].begin);
	end = passage_end(text, begin);
	out = marked(text, begin, end, matches);
	if (begin > 0)
		out = std::string(ELLIPSIS) + out;
	if (end < text.size())
		out += ELLIPSIS;
	return out;
}

struct Candidate {
	const StoredPost *post;
	std::vector<Match> matches;
	double worth;
};

const Candidate *best_of(const std::vector<Candidate> &candidates, double title_worth,
			 bool prefers_solution)
{
	const Candidate *best = nullptr;

	for (const Candidate &candidate : candidates)
		if (!best || candidate.worth > best->worth)
			best = &candidate;
	/* Where the title says that it is this question, its answer is what is wanted. */
	for (const Candidate &candidate : candidates)
		if (candidate.post->is_accepted &&
		    (prefers_solution || candidate.worth >= ACCEPTED_SHARE * best->worth ||
		     title_worth >= ACCEPTED_SHARE * best->worth))
			return &candidate;
	return best;
}

std::vector<Candidate> candidates_of(const Stored &stored, const Marker &marker,
				     const Language &language)
{
	std::vector<Candidate> candidates;

	for (const StoredPost &post : stored.posts) {
		std::vector<Match> matches = matches_of(post.text, marker, language);
		double worth = coverage(matches, marker);

		candidates.push_back({ &post, std::move(matches), worth });
	}
	return candidates;
}

/* "ZSbox" and "Zbox" are the same for us, as are "Sbox" and "box"; filters are nothing. */
std::string text_term(const std::string &term)
{
	if (term.compare(0, 2, "ZS") == 0)
		return "Z" + term.substr(2);
	if (term[0] == 'S')
		return term.substr(1);
	if (term[0] >= 'A' && term[0] <= 'Y')
		return "";
	return term;
}

} // namespace

/* The question's words ---------------------------------------------------- */

Marker::Marker(const Xapian::Database &database, const Xapian::Query &query,
	       const Languages &languages)
{
	for (auto next = query.get_terms_begin(); next != query.get_terms_end(); ++next) {
		std::string term = text_term(*next);

		if (term.empty() || numbers.count(term) > 0)
			continue;
		is_first_byte[static_cast<unsigned char>(term[term[0] == 'Z' && term.size() > 1])] =
			true;
		numbers.emplace(std::move(term), numbers.size());
	}
	join_forms(languages);
	weigh(database);
}

/* A word and its stem are the same word: both get the number of the stem. */
void Marker::join_forms(const Languages &languages)
{
	for (auto &entry : numbers) {
		if (entry.first[0] == 'Z')
			continue;
		for (const char *code : { "fr", "en" })
			for (const std::string &form : languages.of(code).terms(entry.first)) {
				auto stem = form[0] == 'Z' ? numbers.find(form) : numbers.end();

				if (stem != numbers.end())
					entry.second = stem->second;
			}
	}
}

void Marker::weigh(const Xapian::Database &database)
{
	double documents = database.get_doccount();

	weights.assign(numbers.size(), 0);
	for (const auto &entry : numbers) {
		double having = std::max<double>(database.get_termfreq(entry.first), 1);
		double weight = std::log(1 + documents / having);
		double &known = weights[entry.second];

		known = known > 0 ? std::min(known, weight) : weight;
	}
}

size_t Marker::match_part(const std::string &part, const Language &language) const
{
	std::string plain = without_accents(part);

	if (plain.empty() || !is_first_byte[static_cast<unsigned char>(plain[0])])
		return NO_MATCH;
	for (const std::string &term : language.terms(part)) {
		auto found = numbers.find(term);

		if (found != numbers.end())
			return found->second;
	}
	return NO_MATCH;
}

size_t Marker::match(const Word &word, const Language &language) const
{
	size_t number = word.is_compound() ? match_part(word.joined(), language) : NO_MATCH;

	for (const std::string &part : word.parts)
		if (number == NO_MATCH)
			number = match_part(part, language);
	return number;
}

void copy_marked(std::string_view text, const Marker &marker, const Language &language, char *out,
		 size_t size)
{
	std::string_view kept = cut_text(text, size - 2 * MARKS_MAX - 1);

	copy_text(out, size, marked(kept, 0, kept.size(), matches_of(kept, marker, language)));
}

void describe_hit(const Stored &stored, const Marker &marker, const Languages &languages,
		  bool prefers_solution, search_hit *out)
{
	std::string code(stored.language);
	const Language &language = languages.of(code.c_str());
	std::vector<Candidate> candidates = candidates_of(stored, marker, language);
	double title_worth = coverage(matches_of(stored.title, marker, language), marker);
	const Candidate *best = best_of(candidates, title_worth, prefers_solution);

	copy_marked(stored.title, marker, language, out->title, sizeof out->title);
	if (!best)
		return;
	out->post_id = best->post->id;
	out->post_revision = best->post->revision;
	out->is_post_question = best->post->is_question;
	out->is_post_accepted = best->post->is_accepted;
	out->is_post_official = best->post->is_official;
	copy_text(out->snippet, sizeof out->snippet,
		  snippet_of(best->post->text, best->matches, marker));
}

} // namespace search
