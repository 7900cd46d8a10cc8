/*
 * Stemming, stop words, and what Xapian's exceptions mean.
 */
#include "search/terms.hh"

#include <cerrno>
#include <cstring>
#include <iterator>
#include <system_error>

#include <sys/stat.h>

#include "search/roots.hh"

namespace search
{

namespace
{

/* Enough of a text to tell its language. */
constexpr size_t LANGUAGE_LOOKS_AT_BYTES = 2000, LANGUAGE_LOOKS_AT_POSTS = 2;

/* search/stopwords.*.txt, made C by the build: one string a line. */
const char *const stop_words_fr[] = {
#include "search/stopwords.fr.inc"
};
const char *const stop_words_en[] = {
#include "search/stopwords.en.inc"
};

/* Without accents, as they are compared. */
std::unordered_set<std::string> plain_set(const char *const *words, size_t count)
{
	std::unordered_set<std::string> set;

	for (size_t i = 0; i < count; i++)
		set.insert(without_accents(words[i]));
	return set;
}

const std::unordered_set<std::string> &stop_words_of(const std::string &code)
{
	static const auto french = plain_set(stop_words_fr, std::size(stop_words_fr));
	static const auto english = plain_set(stop_words_en, std::size(stop_words_en));
	static const std::unordered_set<std::string> none;

	if (code == "fr")
		return french;
	return code == "en" ? english : none;
}

void add_if_new(std::vector<std::string> &terms, const std::string &term)
{
	for (const std::string &known : terms)
		if (known == term)
			return;
	terms.push_back(term);
}

/* What glass, Xapian's format, always has. */
bool has_index_files(const char *directory)
{
	struct stat status;

	return stat((std::string(directory) + "/iamglass").c_str(), &status) == 0;
}

/* Xapian tells the reason in one of two places, in English or in the process's language. */
bool says(const Xapian::Error &error, int number)
{
	const char *reason = error.get_error_string();
	std::string all = error.get_msg() + (reason ? reason : "");

	return all.find(strerrordesc_np(number)) != std::string::npos ||
	       all.find(strerror(number)) != std::string::npos;
}

bool is_denied(const Xapian::Error &error)
{
	return says(error, EACCES) || says(error, EPERM) || says(error, EROFS);
}

enum search_result result_of_system_error(int number)
{
	if (number == ENOSPC || number == EDQUOT)
		return SEARCH_FULL;
	return number == EACCES || number == EPERM || number == EROFS ? SEARCH_DENIED
								      : SEARCH_FAILED;
}

/* A table cut short is met as the end of a file. */
enum search_result result_of_database_error(const Xapian::DatabaseError &error)
{
	if (says(error, ENOSPC) || says(error, EDQUOT))
		return SEARCH_FULL;
	if (is_denied(error))
		return SEARCH_DENIED;
	return error.get_msg().find("end of file") != std::string::npos ? SEARCH_CORRUPT
									: SEARCH_FAILED;
}

enum search_result result_of_opening_error(const Xapian::DatabaseError &error,
					   const char *directory)
{
	if (is_denied(error))
		return SEARCH_DENIED;
	return has_index_files(directory) ? SEARCH_CORRUPT : SEARCH_MISSING;
}

} // namespace

Language::Language(const char *code) : name(code), stop_words(stop_words_of(name))
{
	bool is_other = name != "fr" && name != "en";

	if (name == "fr" || is_other)
		stemmers.push_back({ Xapian::Stem("french"), true });
	if (name == "en" || is_other)
		stemmers.push_back({ Xapian::Stem("english"), false });
	if (name == "fr")
		for (const char *word : stop_words_fr)
			add_stop_stems(word);
	if (name == "en")
		for (const char *word : stop_words_en)
			add_stop_stems(word);
}

void Language::add_stop_stems(const char *stop_word)
{
	for (const std::string &term : find_out(stop_word).terms)
		stop_stems.insert(term);
}

std::string Language::Stemmer::of(const std::string &part, const std::string &plain) const
{
	std::string stemmed = without_accents(stem(part));

	return is_french ? french_root(plain, stemmed) : stemmed;
}

Language::Known Language::find_out(const std::string &part) const
{
	Known found;

	found.plain = without_accents(part);
	found.terms = { found.plain };
	for (const Stemmer &stemmer : stemmers) {
		std::string stem = stemmer.of(part, found.plain);

		if (found.stem.empty())
			found.stem = stem;
		add_if_new(found.terms, "Z" + stem);
		if (found.plain != part)
			add_if_new(found.terms, "Z" + stemmer.of(found.plain, found.plain));
	}
	found.is_stop_word = stop_words.count(found.plain) > 0;
	found.has_place = !stop_words_of("fr").count(found.plain) &&
			  !stop_words_of("en").count(found.plain);
	return found;
}

const Language::Known &Language::known(const std::string &part) const
{
	auto place = memory.find(part);

	if (place != memory.end())
		return place->second;
	if (memory.size() >= KNOWN_MAX) {
		rare = find_out(part);
		return rare;
	}
	return memory.emplace(part, find_out(part)).first->second;
}

bool Language::is_stop_word(const Word &word) const
{
	for (const std::string &part : word.parts)
		if (!known(part).is_stop_word)
			return false;
	return true;
}

const Language &Languages::of(const char *code) const
{
	if (code && !strcmp(code, "fr"))
		return french;
	if (code && !strcmp(code, "en"))
		return english;
	return other;
}

int Languages::balance_of(std::string_view text) const
{
	int balance = 0;

	each_word(text.substr(0, LANGUAGE_LOOKS_AT_BYTES), [&](const Word &word) {
		for (const std::string &part : word.parts) {
			Word alone;

			alone.parts = { part };
			balance += french.is_stop_word(alone) - english.is_stop_word(alone);
			balance += french.known(part).plain != part;
		}
	});
	return balance;
}

const Language &Languages::found_in(std::string_view text, const char *fallback) const
{
	int balance = balance_of(text);

	if (balance != 0)
		return balance > 0 ? french : english;
	return of(fallback);
}

const Language &Languages::of_document(const search_document &document) const
{
	const char *given = document.language ? document.language : "";
	int balance = 0;

	if (given[0])
		return of(given);
	if (document.title)
		balance += balance_of(document.title);
	for (size_t i = 0; i < document.post_count && i < LANGUAGE_LOOKS_AT_POSTS; i++)
		if (document.posts[i].text)
			balance += balance_of(document.posts[i].text);
	if (balance != 0)
		return balance > 0 ? french : english;
	return other;
}

bool Languages::is_stop_stem(const std::string &term) const
{
	return french.is_stop_stem(term) || english.is_stop_stem(term);
}

std::string in_title(const std::string &term)
{
	return term[0] == 'Z' ? "ZS" + term.substr(1) : "S" + term;
}

std::string key_term(enum search_kind kind, int64_t id)
{
	return (kind == SEARCH_TOPIC ? "Qt" : "Qa") + std::to_string(id);
}

enum search_result result_of_exception(const char *directory) noexcept
{
	try {
		throw;
	} catch (const Xapian::DatabaseLockError &error) {
		return is_denied(error) ? SEARCH_DENIED : SEARCH_LOCKED;
	} catch (const Xapian::DatabaseCorruptError &) {
		return SEARCH_CORRUPT;
	} catch (const Xapian::DatabaseVersionError &) {
		return SEARCH_CORRUPT;
	} catch (const Xapian::SerialisationError &) {
		return SEARCH_CORRUPT;
	} catch (const Xapian::DatabaseOpeningError &error) {
		return result_of_opening_error(error, directory);
	} catch (const Xapian::DatabaseCreateError &error) {
		return is_denied(error) ? SEARCH_DENIED : result_of_database_error(error);
	} catch (const Xapian::DatabaseError &error) {
		return result_of_database_error(error);
	} catch (const std::system_error &error) {
		return result_of_system_error(error.code().value());
	} catch (...) {
		return SEARCH_FAILED;
	}
}

} // namespace search

extern "C" const char *search_result_name(enum search_result result) noexcept
{
	switch (result) {
	case SEARCH_OK:
		return "ok";
	case SEARCH_MISSING:
		return "missing";
	case SEARCH_CORRUPT:
		return "corrupt";
	case SEARCH_LOCKED:
		return "locked";
	case SEARCH_FULL:
		return "full";
	case SEARCH_DENIED:
		return "denied";
	case SEARCH_FAILED:
		return "failed";
	}
	return "unknown";
}
