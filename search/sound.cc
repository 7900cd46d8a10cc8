/*
 * Rewriting rules in their order, and an edit distance.
 */
#include "search/sound.hh"

#include <algorithm>
#include <cstring>
#include <vector>

namespace search
{

namespace
{

constexpr struct {
	const char *spelt, *sounds;
} rules[] = {
	{ "ction", "xion" }, { "tion", "sion" }, { "ph", "f" },   { "ch", "5" },  { "qu", "k" },
	{ "ck", "k" },       { "q", "k" },       { "gue", "ge" }, { "eau", "o" }, { "au", "o" },
	{ "ain", "in" },     { "ein", "in" },    { "ai", "e" },   { "ei", "e" },  { "oeu", "eu" },
	{ "oe", "e" },       { "y", "i" },       { "h", "" },     { "ce", "se" }, { "ci", "si" },
	{ "c", "k" },        { "x", "ks" },      { "z", "s" },    { "ge", "je" }, { "gi", "ji" },
	{ "mb", "nb" },      { "mp", "np" },     { "en", "an" },  { "w", "v" },
};

constexpr char SILENT_AT_THE_END[] = "estxdpr";
constexpr size_t LETTERS_KEPT = 3;

void replace_all(std::string *word, const char *from, const char *to)
{
	size_t length = strlen(from), at = 0;

	while ((at = word->find(from, at)) != std::string::npos) {
		word->replace(at, length, to);
		at += strlen(to);
	}
}

} // namespace

std::string sound_of(const std::string &plain)
{
	std::string sound = plain;

	sound.erase(std::unique(sound.begin(), sound.end()), sound.end());
	for (const auto &rule : rules)
		replace_all(&sound, rule.spelt, rule.sounds);
	sound.erase(std::unique(sound.begin(), sound.end()), sound.end());
	while (sound.size() > LETTERS_KEPT && strchr(SILENT_AT_THE_END, sound.back()))
		sound.pop_back();
	return sound;
}

size_t distance(const std::string &a, const std::string &b, size_t most)
{
	std::vector<size_t> before, last(b.size() + 1), row(b.size() + 1);

	if (std::max(a.size(), b.size()) - std::min(a.size(), b.size()) > most)
		return most + 1;
	for (size_t j = 0; j <= b.size(); j++)
		last[j] = j;
	for (size_t i = 1; i <= a.size(); i++) {
		row[0] = i;
		for (size_t j = 1; j <= b.size(); j++) {
			size_t changed = last[j - 1] + (a[i - 1] != b[j - 1]);

			row[j] = std::min({ changed, last[j] + 1, row[j - 1] + 1 });
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				row[j] = std::min(row[j], before[j - 2] + 1);
		}
		if (*std::min_element(row.begin(), row.end()) > most)
			return most + 1;
		before = last;
		last = row;
	}
	return std::min(last[b.size()], most + 1);
}

} // namespace search
