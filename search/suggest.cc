/*
 * As you type: titles that have all the words, the last one as a beginning. Titles
 * have terms of their own, so the much longer texts cost nothing here. What is
 * solved and useful comes first, not what repeats the word most.
 */
#include <algorithm>
#include <cstring>
#include <unordered_set>

#include "search/expand.hh"
#include "search/filter.hh"
#include "search/reader.hh"
#include "search/snippet.hh"
#include "search/text.hh"

using namespace search;

namespace
{

constexpr size_t TYPED_MAX_BYTES = 200;
constexpr size_t WORDS_MAX = 8;
constexpr size_t UNFINISHED_LETTERS_MIN = 2;

/* Different questions may have the same title: so many are looked at for one place. */
constexpr Xapian::doccount LOOK_FACTOR = 3;

struct Typed {
	std::vector<Word> words;
	std::string unfinished; /* folded; "" if there is none worth looking for */
};

Typed read_typed(const char *typed, const Language &language)
{
	std::string_view text = cut_text({ typed, strnlen(typed, TYPED_MAX_BYTES + 4) },
					 TYPED_MAX_BYTES);
	std::vector<Word> all;
	Typed out;

	each_word(text, [&](const Word &word) { all.push_back(word); });
	if (!all.empty() && all.back().end == text.size()) {
		out.unfinished = without_accents(all.back().joined());
		all.pop_back();
	}
	if (out.unfinished.size() < UNFINISHED_LETTERS_MIN)
		out.unfinished.clear();
	for (const Word &word : all)
		if (!language.is_stop_word(word) && out.words.size() < WORDS_MAX)
			out.words.push_back(word);
	return out;
}

Xapian::Query title_query(const std::string &part, const Language &language)
{
	std::vector<std::string> terms;

	for (const std::string &term : language.terms(part))
		terms.push_back(in_title(term));
	return synonym_of(terms);
}

/* wi-fi as both of its parts, or as wifi. */
Xapian::Query word_query(const Word &word, const Language &language)
{
	std::vector<Xapian::Query> parts;

	for (const std::string &part : word.parts)
		parts.push_back(title_query(part, language));
	Xapian::Query all(Xapian::Query::OP_AND, parts.begin(), parts.end());
	return word.is_compound() ? Xapian::Query(Xapian::Query::OP_OR, all,
						  title_query(word.joined(), language))
				  : all;
}

std::vector<Xapian::Query> queries_of(const Xapian::Database &database, const Typed &typed,
				      const Language &language)
{
	std::vector<Xapian::Query> queries;

	for (const Word &word : typed.words)
		queries.push_back(word_query(word, language));
	if (!typed.unfinished.empty())
		queries.push_back(synonym_of(expansions(database, in_title(typed.unfinished))));
	return queries;
}

Xapian::MSet find(const Xapian::Database &database, const Xapian::Query &query, bool by_usefulness,
		  size_t limit)
{
	Xapian::Enquire enquire(database);

	enquire.set_query(query);
	if (by_usefulness) {
		enquire.set_weighting_scheme(Xapian::BoolWeight());
		enquire.set_sort_by_value(VALUE_USEFUL, true);
	}
	return enquire.get_mset(0, LOOK_FACTOR * static_cast<Xapian::doccount>(limit));
}

/* The same title again is no further suggestion. */
std::string folded_title(std::string_view title)
{
	std::string folded;

	each_word(title, [&](const Word &word) { folded += without_accents(word.joined()) + ' '; });
	return folded;
}

void collect(const Xapian::MSet &found, const Marker &marker, const Languages &languages,
	     size_t limit, search_suggestions *out)
{
	std::unordered_set<std::string> titles;

	for (Xapian::MSetIterator hit = found.begin(); hit != found.end() && out->count < limit;
	     ++hit) {
		search_suggestion *item = &out->items[out->count];
		std::string data = hit.get_document().get_data();
		Stored stored;

		if (!unpack_stored(data, &stored) ||
		    !titles.insert(folded_title(stored.title)).second)
			continue;
		item->kind = stored.kind;
		item->id = stored.id;
		item->is_solved = stored.is_solved;
		copy_marked(stored.title, marker,
			    languages.of(std::string(stored.language).c_str()), item->title,
			    sizeof item->title);
		out->count++;
	}
}

void suggest(const Xapian::Database &database, const Languages &languages, const Typed &typed,
	     const Language &language, const search_filter &filter, size_t limit,
	     search_suggestions *out)
{
	std::vector<Xapian::Query> queries = queries_of(database, typed, language);
	Xapian::Query all(Xapian::Query::OP_AND, queries.begin(), queries.end());
	Xapian::Query any(Xapian::Query::OP_OR, queries.begin(), queries.end());
	Xapian::Query held_to = filter_query(database, filter);
	Xapian::MSet found;

	if (queries.empty())
		return;
	found = find(database, filtered(all, held_to), true, limit);
	/* No title has them all: then those with most of them. */
	if (found.empty() && queries.size() > 1)
		found = find(database, filtered(any, held_to), false, limit);
	collect(found, Marker(database, any, languages), languages, limit, out);
}

} // namespace

extern "C" enum search_result search_suggest(search_reader *reader, const char *typed,
					     const char *language, const search_filter *filter,
					     size_t limit, search_suggestions *out) noexcept
{
	static const search_filter no_filter = {};

	*out = search_suggestions{};
	return ask(reader, [&](const Xapian::Database &database) {
		const Language &spoken = reader->languages.of(language);

		out->count = 0;
		suggest(database, reader->languages, read_typed(typed ? typed : "", spoken), spoken,
			filter ? *filter : no_filter,
			std::min<size_t>(limit, SEARCH_SUGGESTIONS_MAX), out);
	});
}
