#include "search_topics.hh"

#include <algorithm>
#include <cmath>
#include <unordered_set>

namespace
{

constexpr size_t VOCABULARY = 60000;
/*
 * As counted in the first hundred words of real French help pages: half of the words
 * are common ones, and some 38 of the others differ, since a text keeps to its subject.
 */
constexpr double COMMON_SHARE = 0.5, REPEATED_SHARE = 0.2;

constexpr size_t TITLE_WORDS = 8, QUESTION_WORDS = 50, ANSWER_WORDS = 21, ANSWERS = 2;
constexpr int64_t DAY = INT64_C(86400) * 1000000;
constexpr int64_t FIRST_DAY = 18262, DAYS = 1800; /* from 2020 on */

const char *const common[] = {
	"le",   "la",  "les",  "de",   "des",  "du",   "un",   "une",   "et",   "à",    "je",
	"ne",   "pas", "que",  "qui",  "est",  "mon",  "ma",   "en",    "pour", "dans", "sur",
	"avec", "ce",  "cela", "plus", "mais", "vous", "j'ai", "c'est", "il",   "au",   "comment",
};

const char *const syllables[] = {
	"ba", "bou", "cha", "con", "co",  "dé",  "di", "en", "fa",  "fi", "for", "ga",  "gra",
	"in", "jou", "la",  "li",  "lo",  "ma",  "mé", "mi", "mo",  "mu", "na",  "né",  "ni",
	"no", "nu",  "pa",  "pé",  "pla", "pro", "ra", "ré", "ri",  "ro", "ru",  "sa",  "sé",
	"si", "so",  "ta",  "te",  "ti",  "tra", "tu", "va", "ver", "vi", "vo",  "qua", "gue",
};

const char *const endings[] = {
	"tion", "ment", "er", "eur", "ique", "age", "té", "es", "s", "ée", "al", "if", "",
};

template <size_t size> const char *one_of(const char *const (&list)[size], Random &random)
{
	return list[random.below(size)];
}

std::string made_word(Random &random)
{
	std::string word;

	for (size_t count = 2 + random.below(2); count > 0; count--)
		word += one_of(syllables, random);
	return word + one_of(endings, random);
}

template <typename Next> std::string sentence(size_t words, Random &random, Next next)
{
	std::string text;

	for (size_t i = 0; i < words; i++) {
		text += text.empty() ? "" : " ";
		text += next();
		if (i + 1 == words || random.below(12) == 0)
			text += ".";
	}
	return text;
}

} // namespace

uint64_t Random::next()
{
	uint64_t mixed = (state += UINT64_C(0x9E3779B97F4A7C15));

	mixed = (mixed ^ (mixed >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
	mixed = (mixed ^ (mixed >> 27)) * UINT64_C(0x94D049BB133111EB);
	return mixed ^ (mixed >> 31);
}

Vocabulary::Vocabulary()
{
	std::unordered_set<std::string> known;
	Random random(1);
	double sum = 0;

	while (words.size() < VOCABULARY) {
		std::string word = made_word(random);

		if (known.insert(word).second)
			words.push_back(word);
	}
	for (size_t rank = 0; rank < words.size(); rank++)
		until.push_back(sum += 1 / (static_cast<double>(rank) + 8));
	for (double &share : until)
		share /= sum;
}

const std::string &Vocabulary::telling(Random &random) const
{
	auto found = std::lower_bound(until.begin(), until.end(), random.fraction());

	return words[std::min<size_t>(static_cast<size_t>(found - until.begin()),
				      words.size() - 1)];
}

const std::string &Vocabulary::any(Random &random) const
{
	static const std::vector<std::string> commons(std::begin(common), std::end(common));

	if (random.fraction() < COMMON_SHARE)
		return commons[random.below(commons.size())];
	return telling(random);
}

Topic::Topic(const Vocabulary &vocabulary, int64_t id)
{
	Random random(static_cast<uint64_t>(id) * 2654435761U + 7);
	std::vector<std::string> said;
	auto any = [&] {
		if (!said.empty() && random.fraction() < REPEATED_SHARE * (1 - COMMON_SHARE))
			return said[random.below(said.size())];
		said.push_back(vocabulary.any(random));
		return said.back();
	};

	titled = sentence(TITLE_WORDS, random, any);
	texts.push_back(titled + " " + sentence(QUESTION_WORDS - TITLE_WORDS, random, any));
	for (size_t i = 0; i < ANSWERS; i++)
		texts.push_back(sentence(ANSWER_WORDS, random, any));
	made.is_solved = random.below(10) < 4;
	for (size_t i = 0; i < texts.size(); i++)
		posts.push_back({ id * 10 + static_cast<int64_t>(i), 1, texts[i].c_str(), i == 0,
				  i == 1 && made.is_solved, random.below(20) == 0,
				  static_cast<int64_t>(random.below(5)) });
	made.id = id;
	made.language = "fr";
	made.title = titled.c_str();
	made.posts = posts.data();
	made.post_count = posts.size();
	made.category_names = "";
	made.top_category_id = 1 + static_cast<int64_t>(random.below(8));
	made.category_id = made.top_category_id * 10 + static_cast<int64_t>(random.below(5));
	made.author_id = 1 + static_cast<int64_t>(random.below(20000));
	made.source = "forum";
	made.created_at = (FIRST_DAY + static_cast<int64_t>(random.below(DAYS))) * DAY + id;
	made.active_at = made.created_at;
	made.answer_count = ANSWERS;
}

size_t Topic::text_bytes() const
{
	size_t bytes = titled.size();

	for (const std::string &text : texts)
		bytes += text.size();
	return bytes;
}

std::string Topic::question(Random &random) const
{
	std::vector<std::string> words(1);
	std::string out;

	for (char byte : titled + " " + texts[0].substr(titled.size(), 150)) {
		if (byte == ' ')
			words.emplace_back();
		else if (byte != '.')
			words.back() += byte;
	}
	for (size_t count = 2 + random.below(3); count > 0; count--)
		out += (out.empty() ? "" : " ") + words[random.below(words.size())];
	return out;
}
