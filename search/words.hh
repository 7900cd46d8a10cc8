/*
 * From text to words, the same for what is indexed and what is asked: lower
 * case, French elisions cut off (l’box is box), and compounds (wi-fi, livebox5)
 * kept with their parts, so that every way of writing them meets the others.
 */
#ifndef SEARCH_WORDS_H
#define SEARCH_WORDS_H

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace search
{

/* Lower case, accents kept: stemmers want them. One part, or a compound's. */
struct Word {
	std::vector<std::string> parts;
	size_t begin = 0, end = 0; /* where it stands in the text, in bytes */

	std::string joined() const;
	bool is_compound() const
	{
		return parts.size() > 1;
	}
};

/* Calls take for every word of the text; invalid UTF-8 is read as Latin-1. */
void each_word(std::string_view text, const std::function<void(const Word &)> &take);

/* The letters without their accents: é is e, œ is oe. For lower case only. */
std::string without_accents(const std::string &word);

} // namespace search

#endif
