/*
 * The turns of phrase that French and English questions begin or end with.
 */
#include "search/intents.hh"

#include <xapian.h>

#include "search/words.hh"

namespace search
{

namespace
{

/* A title, or the first sentence of a question. */
constexpr size_t LOOKED_AT_BYTES = 300;

struct Turn {
	const char *intent;
	const char *words; /* without accents, apostrophes and hyphens as spaces */
};

constexpr Turn turns[] = {
	{ "definition", "c est quoi" },
	{ "definition", "qu est ce qu" },
	{ "definition", "qu est ce que" },
	{ "definition", "definition" },
	{ "definition", "que veut dire" },
	{ "definition", "que veulent dire" },
	{ "definition", "que signifie" },
	{ "definition", "signification" },
	{ "definition", "faut il savoir" },
	{ "definition", "a quoi sert" },
	{ "definition", "a quoi servent" },
	{ "definition", "presentation" },
	{ "definition", "what is" },
	{ "definition", "what s" },
	{ "definition", "what are" },
	{ "definition", "what does" },
	{ "definition", "meaning" },
	{ "duration", "combien de temps" },
	{ "duration", "duree" },
	{ "duration", "dure" },
	{ "duration", "durer" },
	{ "duration", "delai" },
	{ "duration", "jusqu a quand" },
	{ "duration", "how long" },
	{ "cost", "combien coute" },
	{ "cost", "combien ca coute" },
	{ "cost", "tarif" },
	{ "cost", "prix" },
	{ "cost", "gratuit" },
	{ "cost", "payant" },
	{ "cost", "how much" },
	{ "cost", "price" },
	{ "who", "qui" },
	{ "who", "who" },
	{ "why", "pourquoi" },
	{ "why", "raison" },
	{ "why", "raisons" },
	{ "why", "why" },
	{ "where", "ou trouver" },
	{ "where", "ou est" },
	{ "where", "ou sont" },
	{ "where", "where" },
	{ "when", "quand" },
	{ "when", "when" },
	{ "may", "peut on" },
	{ "may", "peut il" },
	{ "may", "peut elle" },
	{ "may", "peuvent ils" },
	{ "may", "peuvent elles" },
	{ "may", "puis je" },
	{ "may", "est il possible" },
	{ "may", "est ce possible" },
	{ "may", "est il autorise" },
	{ "may", "est il permis" },
	{ "may", "le droit de" },
	{ "may", "can i" },
	{ "may", "can you" },
	{ "may", "can we" },
	{ "may", "may i" },
	{ "may", "is it possible" },
	{ "may", "am i allowed" },
	{ "must", "dois je" },
	{ "must", "doit on" },
	{ "must", "doit il" },
	{ "must", "doit elle" },
	{ "must", "doivent" },
	{ "must", "faut il" },
	{ "must", "obligatoire" },
	{ "must", "obligation" },
	{ "must", "obligations" },
	{ "must", "necessaire" },
	{ "must", "do i have to" },
	{ "must", "do i need" },
	{ "must", "should" },
	{ "must", "must" },
	{ "how", "comment" },
	{ "how", "que faire" },
	{ "how", "que puis je faire" },
	{ "how", "que dois je faire" },
	{ "how", "how to" },
	{ "how", "how do" },
	{ "how", "how can" },
	{ "how", "how should" },
	{ "advice", "conseils" },
	{ "advice", "precautions" },
	{ "advice", "bonnes pratiques" },
	{ "advice", "recommandations" },
	{ "advice", "advice" },
	{ "advice", "tips" },
	{ "difference", "difference" },
	{ "difference", "versus" },
	{ "difference", "vs" },
};

/* " qu est ce que le fcc ": lower case without accents, one space around each word. */
std::string spaced(std::string_view text)
{
	std::string lower, out = " ";

	for (Xapian::Utf8Iterator next(text.data(), std::min(text.size(), LOOKED_AT_BYTES));
	     next != Xapian::Utf8Iterator(); ++next) {
		unsigned point = Xapian::Unicode::tolower(*next);

		if (Xapian::Unicode::is_wordchar(point))
			Xapian::Unicode::append_utf8(lower, point);
		else
			lower += ' ';
	}
	for (char byte : without_accents(lower))
		if (byte != ' ' || out.back() != ' ')
			out += byte;
	if (out.back() != ' ')
		out += ' ';
	return out;
}

} // namespace

std::vector<std::string> intent_terms(std::string_view text)
{
	std::vector<std::string> terms;
	std::string words = spaced(text);

	for (const Turn &turn : turns) {
		std::string term = std::string("XI") + turn.intent;

		if ((terms.empty() || terms.back() != term) &&
		    words.find(" " + std::string(turn.words) + " ") != std::string::npos)
			terms.push_back(term);
	}
	return terms;
}

} // namespace search
