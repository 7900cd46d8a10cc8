/*
 * Asking the index. Every question starts by looking for a newer state; when
 * the writer has meanwhile thrown away the state that we read, or the whole
 * index was made anew, the directory is opened again and the question asked
 * once more.
 *
 * Ranking: BM25 over all words (any of them may be missing), a title's words
 * counting more, and a further share for topics that have all of the words.
 */
#include <algorithm>
#include <cmath>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "search/terms.hh"

using namespace search;

struct search_reader {
	std::string directory;
	std::unique_ptr<Xapian::Database> database;
	std::string identity; /* of the index that is open */
	Languages languages;
};

namespace
{

/* A question is cut after so many different words; each costs a few terms. */
constexpr size_t WORDS_MAX = 16;

/* With more words than this nobody expects a topic to have them all. */
constexpr size_t WORDS_ALL_MAX = 8;

constexpr double TITLE_FACTOR = 2.0;
constexpr double ALL_FACTOR = 1.0;

/* How many hits are looked at for the estimate of their number, at most. */
constexpr Xapian::doccount CHECK_AT_LEAST = 500;

/* Terms of a topic that say what it is about. */
constexpr size_t SIMILAR_TERMS = 12;
constexpr double SIMILAR_TITLE_FACTOR = 2.5;
constexpr size_t SIMILAR_LETTERS_MIN = 3;

/* The question ---------------------------------------------------------- */

std::vector<Word> words_of(const char *text, const Language &language)
{
	std::string_view cut(text, strnlen(text, SEARCH_QUERY_MAX_BYTES));
	std::vector<Word> all, telling;

	each_word(cut, [&](const Word &word) {
		for (const Word &known : all)
			if (known.parts == word.parts)
				return;
		all.push_back(word);
	});
	for (const Word &word : all)
		if (!language.is_stop_word(word))
			telling.push_back(word);
	/* "Où est-ce ?" has nothing else: then they have to do. */
	std::vector<Word> &kept = telling.empty() ? all : telling;
	if (kept.size() > WORDS_MAX)
		kept.resize(WORDS_MAX);
	return kept;
}

Xapian::Query any_of(const std::vector<Xapian::Query> &queries)
{
	return Xapian::Query(Xapian::Query::OP_OR, queries.begin(), queries.end());
}

Xapian::Query all_of(const std::vector<Xapian::Query> &queries)
{
	return Xapian::Query(Xapian::Query::OP_AND, queries.begin(), queries.end());
}

/* One part of a word, in the text or in the title. */
Xapian::Query part_query(const std::string &part, const Language &language)
{
	std::vector<Xapian::Query> text, title;

	for (const std::string &term : language.terms(part)) {
		text.emplace_back(term);
		title.emplace_back(in_title(term));
	}
	return Xapian::Query(
		Xapian::Query::OP_OR, any_of(text),
		Xapian::Query(Xapian::Query::OP_SCALE_WEIGHT, any_of(title), TITLE_FACTOR));
}

/* wi-fi is found as wifi, or as both wi and fi. */
Xapian::Query word_query(const Word &word, const Language &language)
{
	Xapian::Query whole = part_query(word.joined(), language);
	std::vector<Xapian::Query> parts;

	if (!word.is_compound())
		return whole;
	for (const std::string &part : word.parts)
		parts.push_back(part_query(part, language));
	return Xapian::Query(Xapian::Query::OP_OR, whole, all_of(parts));
}

Xapian::Query make_query(const char *text, const Language &language)
{
	std::vector<Xapian::Query> queries;

	for (const Word &word : words_of(text, language))
		queries.push_back(word_query(word, language));
	if (queries.size() < 2 || queries.size() > WORDS_ALL_MAX)
		return any_of(queries);
	return Xapian::Query(
		Xapian::Query::OP_OR, any_of(queries),
		Xapian::Query(Xapian::Query::OP_SCALE_WEIGHT, all_of(queries), ALL_FACTOR));
}

/* A topic like this one -------------------------------------------------- */

struct Telling {
	double weight;
	std::string term;
};

bool is_stem(const std::string &term)
{
	return term.size() > SIMILAR_LETTERS_MIN && term[0] == 'Z' && term[1] != 'S';
}

/* Rare, but not so rare that no other topic has it; often here. */
double weight_of(const Xapian::Database &database, const Xapian::TermIterator &term)
{
	double documents = database.get_doccount();
	double having = database.get_termfreq(*term);

	if (having < 2 || (documents > 50 && having > documents / 5))
		return 0;
	return (1 + std::log(term.get_wdf())) * std::log(documents / having + 1);
}

std::vector<Telling> telling_terms(const Xapian::Database &database, Xapian::docid document,
				   const Languages &languages)
{
	std::vector<Telling> all;
	auto is_heavier = [](const Telling &a, const Telling &b) { return a.weight > b.weight; };
	Xapian::TermIterator term = database.termlist_begin(document);

	for (term.skip_to("Z"); term != database.termlist_end(document); ++term) {
		double weight;

		if ((*term)[0] != 'Z')
			break;
		if (!is_stem(*term) || languages.is_stop_stem(*term))
			continue;
		weight = weight_of(database, term);
		if (weight > 0)
			all.push_back({ weight, *term });
	}
	std::sort(all.begin(), all.end(), is_heavier);
	if (all.size() > SIMILAR_TERMS)
		all.resize(SIMILAR_TERMS);
	return all;
}

Xapian::Query similar_query(const Xapian::Database &database, int64_t topic_id,
			    const Languages &languages)
{
	Xapian::PostingIterator self = database.postlist_begin(topic_term(topic_id));
	std::vector<Xapian::Query> queries;

	if (self == database.postlist_end(topic_term(topic_id)))
		return Xapian::Query();
	for (const Telling &telling : telling_terms(database, *self, languages)) {
		queries.emplace_back(telling.term);
		queries.emplace_back(Xapian::Query::OP_SCALE_WEIGHT,
				     Xapian::Query(in_title(telling.term)), SIMILAR_TITLE_FACTOR);
	}
	return Xapian::Query(Xapian::Query::OP_AND_NOT, any_of(queries),
			     Xapian::Query(topic_term(topic_id)));
}

/* Asking ------------------------------------------------------------------ */

void collect(const Xapian::MSet &found, search_hits *out)
{
	out->estimate = found.get_matches_estimated();
	for (Xapian::MSetIterator hit = found.begin();
	     hit != found.end() && out->count < SEARCH_HITS_MAX; ++hit)
		out->topic_ids[out->count++] = std::stoll(hit.get_document().get_data());
}

void run(const Xapian::Database &database, const Xapian::Query &query, size_t offset, size_t limit,
	 search_hits *out)
{
	Xapian::Enquire enquire(database);
	auto first = static_cast<Xapian::doccount>(std::min<size_t>(offset, SEARCH_OFFSET_MAX));
	auto count = static_cast<Xapian::doccount>(std::min<size_t>(limit, SEARCH_HITS_MAX));

	*out = {};
	if (query.empty() || count == 0)
		return;
	enquire.set_query(query);
	collect(enquire.get_mset(first, count, CHECK_AT_LEAST), out);
}

/*
 * Moves to the newest state. An index made anew has another identity, but may
 * have the revision number of the old one: reopen would see nothing new.
 */
bool is_still_good(Xapian::Database &database, const std::string &identity)
{
	database.reopen();
	return database.get_uuid() == identity;
}

template <typename Ask> void ask_anew(search_reader *reader, Ask question)
{
	reader->database.reset();
	reader->database = std::make_unique<Xapian::Database>(reader->directory);
	reader->identity = reader->database->get_uuid();
	question(*reader->database);
}

template <typename Ask> bool ask_again(search_reader *reader, Ask question)
{
	try {
		if (!reader->database || !is_still_good(*reader->database, reader->identity))
			return false;
		question(*reader->database);
		return true;
	} catch (const Xapian::DatabaseError &) {
		return false;
	}
}

/* Asks with the index that is open; once more, from the files, if that fails. */
template <typename Ask> enum search_result ask(search_reader *reader, Ask question) noexcept
{
	try {
		if (!ask_again(reader, question))
			ask_anew(reader, question);
		return SEARCH_OK;
	} catch (...) {
		reader->database.reset();
		return result_of_exception(reader->directory.c_str());
	}
}

} // namespace

extern "C" enum search_result search_reader_open(const char *directory,
						 search_reader **out) noexcept
{
	*out = nullptr;
	try {
		*out = new search_reader{ directory, nullptr, {}, {} };
		return SEARCH_OK;
	} catch (...) {
		return SEARCH_FAILED;
	}
}

extern "C" void search_reader_close(search_reader *reader) noexcept
{
	try {
		delete reader;
	} catch (...) {
	}
}

extern "C" enum search_result search_query(search_reader *reader, const char *words,
					   const char *language, size_t offset, size_t limit,
					   search_hits *out) noexcept
{
	*out = {};
	return ask(reader, [&](const Xapian::Database &database) {
		run(database, make_query(words, reader->languages.of(language)), offset, limit,
		    out);
	});
}

extern "C" enum search_result search_similar(search_reader *reader, int64_t topic_id, size_t limit,
					     search_hits *out) noexcept
{
	*out = {};
	return ask(reader, [&](const Xapian::Database &database) {
		run(database, similar_query(database, topic_id, reader->languages), 0, limit, out);
	});
}

extern "C" enum search_result search_count(search_reader *reader, size_t *documents) noexcept
{
	*documents = 0;
	return ask(reader,
		   [&](const Xapian::Database &database) { *documents = database.get_doccount(); });
}
