/*
 * Words that stand for each other: reading the lists, and looking them up.
 */
#include "search/synonyms.hh"

#include <cstring>

namespace search
{

namespace
{

/* search/synonyms.*.txt, made C by the build: one string, a line each. */
constexpr const char default_french[] =
#include "search/synonyms.fr.inc"
	;
constexpr const char default_english[] =
#include "search/synonyms.en.inc"
	;

/* Of one line; longer ones are no synonyms but a dictionary. */
constexpr size_t ENTRIES_MAX = 24;
/* Of a whole list: lines of a few words fill 64 kB with some 8,000. */
constexpr size_t ENTRIES_ALL_MAX = 20000;
/* Meanings of one word, over all lines. */
constexpr size_t MEANINGS_MAX = 24;

constexpr std::string_view ARROW = "=>";

std::string_view trimmed(std::string_view text)
{
	constexpr std::string_view blanks = " \t\r";
	size_t begin = text.find_first_not_of(blanks);

	if (begin == std::string_view::npos)
		return {};
	return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

/* The part before the separator, which is taken away with it. */
std::string_view cut(std::string_view *rest, char separator)
{
	size_t end = rest->find(separator);
	std::string_view part = rest->substr(0, end);

	*rest = end == std::string_view::npos ? std::string_view() : rest->substr(end + 1);
	return part;
}

/* Articles and the like, which a phrase may have without meaning less. */
bool is_article(const Word &word)
{
	static const char *const articles[] = { "se", "le", "la", "les", "un", "une", "des",
						"du", "de", "to", "the", "a",  "an" };

	for (const char *article : articles)
		if (word.joined() == article)
			return true;
	return false;
}

bool is_same(const Phrase &a, const Phrase &b)
{
	if (a.size() != b.size())
		return false;
	for (size_t i = 0; i < a.size(); i++)
		if (a[i].parts != b[i].parts)
			return false;
	return true;
}

} // namespace

std::string SynonymTable::key_of(const Word *words, size_t count) const
{
	std::string key;

	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			key += ' ';
		key += language.stem_of(words[i].joined());
	}
	return key;
}

const std::vector<Phrase> *SynonymTable::find(const Word *words, size_t count) const
{
	auto found = table.find(key_of(words, count));

	return found == table.end() ? nullptr : &found->second;
}

/*
 * "en ligne" typed means internet; but documents that have "ligne" do not, so it
 * is not told to who types internet.
 */
bool SynonymTable::read_entry(std::string_view text, Entry *out) const
{
	std::vector<Word> words;
	size_t passed = 0;

	each_word(text, [&](const Word &word) { words.push_back(word); });
	if (words.empty() || words.size() > SYNONYM_WORDS_MAX)
		return false;
	out->key = key_of(words.data(), words.size());
	for (const Word &word : words) {
		if (!language.is_stop_word(word))
			out->told.push_back(word);
		else
			passed += !is_article(word);
	}
	out->is_told = !out->told.empty() && (passed == 0 || out->told.size() > 1);
	return true;
}

bool SynonymTable::read_entries(std::string_view part, std::vector<Entry> *out) const
{
	do {
		Entry entry{};

		if (!read_entry(cut(&part, ','), &entry) || out->size() == ENTRIES_MAX)
			return false;
		out->push_back(entry);
	} while (!part.empty());
	return true;
}

bool SynonymTable::connect(const std::vector<Entry> &from, const std::vector<Entry> &to)
{
	for (const Entry &source : from) {
		std::vector<Phrase> &meanings = table[source.key];

		for (const Entry &target : to) {
			bool is_known = !target.is_told || target.key == source.key;

			for (size_t i = 0; !is_known && i < meanings.size(); i++)
				is_known = is_same(meanings[i], target.told);
			if (is_known || meanings.size() == MEANINGS_MAX)
				continue;
			if (++entry_count > ENTRIES_ALL_MAX)
				return false;
			meanings.push_back(target.told);
		}
	}
	return true;
}

bool SynonymTable::read_line(std::string_view line)
{
	size_t arrow = line.find(ARROW);
	std::vector<Entry> from, to;

	if (arrow == std::string_view::npos)
		return read_entries(line, &from) && from.size() > 1 && connect(from, from);
	if (line.find(ARROW, arrow + 1) != std::string_view::npos)
		return false;
	return read_entries(line.substr(0, arrow), &from) &&
	       read_entries(line.substr(arrow + ARROW.size()), &to) && connect(from, to);
}

int SynonymTable::read(std::string_view list)
{
	bool is_too_long = list.size() > SEARCH_SYNONYMS_MAX_BYTES;
	int number = 0, bad = 0;

	list = list.substr(0, SEARCH_SYNONYMS_MAX_BYTES);
	if (list.substr(0, 3) == "\xef\xbb\xbf")
		list.remove_prefix(3);
	while (!list.empty()) {
		std::string_view line = trimmed(cut(&list, '\n'));
		bool is_last = is_too_long && list.empty();

		number++;
		if (line.empty() || line[0] == '#')
			continue;
		if ((is_last || !read_line(line)) && bad == 0)
			bad = number;
	}
	return bad;
}

const search_synonyms &default_synonyms()
{
	static const std::unique_ptr<const search_synonyms> lists = [] {
		auto read = std::make_unique<search_synonyms>();

		(void)read->french.read(default_french);
		(void)read->english.read(default_english);
		return read;
	}();

	return *lists;
}

} // namespace search

using namespace search;

extern "C" enum search_result search_synonyms_parse(const char *french, const char *english,
						    search_synonyms **out, int *bad_french_line,
						    int *bad_english_line) noexcept
{
	*out = nullptr;
	*bad_french_line = *bad_english_line = 0;
	try {
		auto read = std::make_unique<search_synonyms>();

		*bad_french_line = read->french.read(french ? french : "");
		*bad_english_line = read->english.read(english ? english : "");
		*out = read.release();
		return SEARCH_OK;
	} catch (...) {
		return SEARCH_FAILED;
	}
}

extern "C" void search_synonyms_free(search_synonyms *synonyms) noexcept
{
	delete synonyms;
}

extern "C" const char *search_synonyms_default(const char *language) noexcept
{
	if (language && !strcmp(language, "fr"))
		return default_french;
	if (language && !strcmp(language, "en"))
		return default_english;
	return "";
}
