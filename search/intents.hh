/*
 * What sort of answer a question wants: a definition, a duration, a price, a person, a
 * reason … "C'est quoi le FCC ?" is better answered by "FCC : que faut-il savoir ?" than
 * by "Qui peut consulter le FCC ?", although the words that say so are stop words.
 */
#ifndef SEARCH_INTENTS_H
#define SEARCH_INTENTS_H

#include <string>
#include <string_view>
#include <vector>

namespace search
{

/* Terms, "XIwho"; those of a title stand in the index. Only the beginning is looked at. */
std::vector<std::string> intent_terms(std::string_view text);

} // namespace search

#endif
