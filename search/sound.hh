/*
 * How alike two words are, to the eye and to a French ear.
 */
#ifndef SEARCH_SOUND_H
#define SEARCH_SOUND_H

#include <string>

namespace search
{

/*
 * How a folded word sounds in French, about: conection, conexion and connexion are
 * the same, as are fotografie and photographie.
 */
std::string sound_of(const std::string &plain);

/* Letters to add, take away, change or swap with their neighbour; more than most: most + 1. */
size_t distance(const std::string &a, const std::string &b, size_t most);

} // namespace search

#endif
