#include "search/places.hh"

namespace search
{

bool has_place(const Word &word)
{
	static const Language french("fr"), english("en");

	return !french.is_stop_word(word) && !english.is_stop_word(word);
}

} // namespace search
