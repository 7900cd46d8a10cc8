/*
 * The words of a text that carry its meaning: for grouping what people searched for,
 * and for seeing how much of a question another one speaks of.
 */
#include <algorithm>
#include <cstring>

#include <xapian.h>

#include "search/search.h"
#include "search/terms.hh"
#include "search/words.hh"

using namespace search;

namespace
{

/* One letter or digit tells nothing. */
bool is_telling(const std::string &word)
{
	return word.size() > 1;
}

void add(search_keywords *out, const std::string &word)
{
	size_t length = std::min(word.size(), sizeof out->words[0] - 1);

	/* Never in the middle of a letter. */
	while (length > 0 && length < word.size() &&
	       (static_cast<unsigned char>(word[length]) & 0xC0) == 0x80)
		length--;
	for (size_t i = 0; i < out->count; i++)
		if (word.compare(0, length, out->words[i]) == 0)
			return;
	if (length == 0 || out->count == SEARCH_KEYWORDS_MAX)
		return;
	memcpy(out->words[out->count], word.data(), length);
	out->words[out->count++][length] = '\0';
}

} // namespace

extern "C" void search_keywords_of(const char *text, const char *language,
				   search_keywords *out) noexcept
{
	memset(out, 0, sizeof *out);
	try {
		static const Languages languages;
		static const Xapian::Stem french("french"), english("english");
		const Xapian::Stem &stem = strcmp(language, "fr") == 0 ? french : english;
		const Language &rules = languages.of(language);
		std::string_view cut(text, strnlen(text, SEARCH_TEXT_MAX_BYTES));

		each_word(cut, [&](const Word &word) {
			if (rules.is_stop_word(word) || !is_telling(word.joined()))
				return;
			add(out, stem(without_accents(word.joined())));
		});
	} catch (...) {
		/* Out of memory, at most: fewer words. */
	}
}
