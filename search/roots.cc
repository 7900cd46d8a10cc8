/*
 * Folding French nouns into the verbs that they come from, by their endings.
 */
#include "search/roots.hh"

#include <array>

namespace search
{

namespace
{

struct Ending {
	const char *ending, *instead;
	size_t kept; /* letters that have to be left before it */
};

/* Nouns and participles from Latin, whose verb has another stem. */
constexpr std::array<Ending, 16> latin_endings = { {
	{ "script", "scri", 1 },
	{ "scrit", "scri", 1 },
	{ "scrir", "scri", 1 },
	{ "scriv", "scri", 1 },
	{ "suppress", "supprim", 0 },
	{ "express", "exprim", 0 },
	{ "connexion", "connect", 0 },
	{ "connex", "connect", 0 }, /* connexions: the stemmer takes -ions for a verb's */
	{ "flexion", "flex", 0 },
	{ "duct", "dui", 2 },
	{ "duit", "dui", 2 },
	{ "duir", "dui", 2 },
	{ "cept", "cev", 2 },
	{ "cevoir", "cev", 2 },
	{ "transmiss", "transmet", 0 },
	{ "transmis", "transmet", 0 },
} };

/* What makes a noun of a verb: -isation, -ation, -ition, -age, -ement, -eur, -ier, -issage. */
constexpr std::array<Ending, 11> noun_endings = { {
	{ "isat", "", 4 },
	{ "ificat", "", 3 },
	{ "icat", "", 4 },
	{ "at", "", 5 },
	{ "it", "", 5 },
	{ "ag", "", 4 },
	{ "ement", "", 4 },
	{ "eur", "", 4 },
	{ "ier", "", 4 },
	{ "iss", "", 4 },
	{ "i", "", 4 },
} };

template <size_t Count>
bool replace_ending(std::string *stem, const std::array<Ending, Count> &endings)
{
	for (const Ending &known : endings) {
		std::string ending(known.ending);

		if (stem->size() < ending.size() + known.kept ||
		    stem->compare(stem->size() - ending.size(), ending.size(), ending) != 0)
			continue;
		stem->replace(stem->size() - ending.size(), ending.size(), known.instead);
		return true;
	}
	return false;
}

} // namespace

std::string french_root(const std::string &plain, const std::string &stem)
{
	std::string root = stem;

	/* The stemmer makes one of data (données) and giving (donner). */
	if (plain == "donnee" || plain == "donnees")
		return "donnee";
	if (!replace_ending(&root, latin_endings))
		replace_ending(&root, noun_endings);
	return root;
}

} // namespace search
