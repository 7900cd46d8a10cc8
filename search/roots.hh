/*
 * What a stemmer leaves apart although it is one family: inscription, inscrire and
 * inscrit; fichier, fichage and fiché. People ask with the verb what an article names
 * with the noun.
 */
#ifndef SEARCH_ROOTS_H
#define SEARCH_ROOTS_H

#include <string>

namespace search
{

/* plain: a French word without accents; stem: its stem by Xapian, without accents. */
std::string french_root(const std::string &plain, const std::string &stem);

} // namespace search

#endif
