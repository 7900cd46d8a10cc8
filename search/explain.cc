/*
 * What lists of synonyms make of a question, for whoever writes them. It looks words
 * up as ranking.cc does, but needs no index.
 */
#include <cstring>

#include "search/synonyms.hh"
#include "search/text.hh"

using namespace search;

namespace
{

std::string written(const Word *words, size_t count)
{
	std::string text;

	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			text += ' ';
		text += words[i].joined();
	}
	return text;
}

void add(search_explained *out, const std::string &words, const std::vector<Phrase> *meanings)
{
	std::string others;

	if (out->count == SEARCH_EXPLAINED_MAX)
		return;
	if (meanings)
		for (const Phrase &phrase : *meanings) {
			if (!others.empty())
				others += ", ";
			others += written(phrase.data(), phrase.size());
		}
	copy_text(out->items[out->count].words, sizeof out->items[0].words, words);
	copy_text(out->items[out->count].others, sizeof out->items[0].others, others);
	out->count++;
}

/* Every telling word, even one that stands for itself alone; then what several mean. */
void explain(const SynonymTable &table, const Language &language, const std::vector<Word> &words,
	     search_explained *out)
{
	for (const Word &word : words)
		if (!language.is_stop_word(word))
			add(out, word.joined(), table.find(&word, 1));
	for (size_t count = SYNONYM_WORDS_MAX; count > 1; count--)
		for (size_t i = 0; i + count <= words.size(); i++)
			if (const std::vector<Phrase> *meanings = table.find(&words[i], count))
				add(out, written(&words[i], count), meanings);
}

} // namespace

extern "C" void search_synonyms_explain(const search_synonyms *synonyms, const char *text,
					const char *language, search_explained *out) noexcept
{
	memset(out, 0, sizeof *out);
	try {
		const search_synonyms &lists = synonyms ? *synonyms : default_synonyms();
		bool is_french = strcmp(language, "fr") == 0;
		std::vector<Word> words;

		each_word(std::string_view(text, strnlen(text, SEARCH_QUERY_MAX_BYTES)),
			  [&](const Word &word) { words.push_back(word); });
		explain(is_french ? lists.french : lists.english, lists.languages.of(language),
			words, out);
	} catch (...) {
		/* Out of memory: then there is nothing to say. */
		out->count = 0;
	}
}
