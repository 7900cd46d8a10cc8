/*
 * What was typed, taken apart. One pass over blank-separated pieces; a piece that is
 * not exactly a known prefix with a value it can have is left where it stands.
 */
#include <algorithm>
#include <cstring>
#include <string>
#include <string_view>

#include <xapian.h>

#include "search/search.h"
#include "search/text.hh"
#include "search/words.hh"

using namespace search;

namespace
{

constexpr int64_t MICROSECONDS_A_DAY = INT64_C(86400) * 1000000;
constexpr int YEAR_MIN = 1970, YEAR_MAX = 2199;

enum prefix { CATEGORY, TAG, AUTHOR, IS, AFTER, BEFORE, LANGUAGE };

/* Folded: lower case, without accents. */
constexpr struct {
	const char *name;
	enum prefix prefix;
} prefixes[] = {
	{ "category", CATEGORY },
	{ "categorie", CATEGORY },
	{ "tag", TAG },
	{ "etiquette", TAG },
	{ "author", AUTHOR },
	{ "auteur", AUTHOR },
	{ "auteure", AUTHOR },
	{ "autrice", AUTHOR },
	{ "is", IS },
	{ "est", IS },
	{ "after", AFTER },
	{ "apres", AFTER },
	{ "depuis", AFTER },
	{ "since", AFTER },
	{ "before", BEFORE },
	{ "avant", BEFORE },
	{ "lang", LANGUAGE },
	{ "langue", LANGUAGE },
	{ "language", LANGUAGE },
};

enum claim { SOLVED, UNSOLVED, UNANSWERED, MINE };

constexpr struct {
	const char *name;
	enum claim claim;
} claims[] = {
	{ "solved", SOLVED },
	{ "resolu", SOLVED },
	{ "resolue", SOLVED },
	{ "unsolved", UNSOLVED },
	{ "non-resolu", UNSOLVED },
	{ "non-resolue", UNSOLVED },
	{ "nonresolu", UNSOLVED },
	{ "unanswered", UNANSWERED },
	{ "sans-reponse", UNANSWERED },
	{ "sansreponse", UNANSWERED },
	{ "mine", MINE },
	{ "mien", MINE },
	{ "a-moi", MINE },
};

constexpr struct {
	const char *name, *code;
} languages[] = {
	{ "fr", "fr" }, { "francais", "fr" }, { "french", "fr" },
	{ "en", "en" }, { "anglais", "en" },  { "english", "en" },
};

std::string folded(std::string_view text)
{
	return without_accents(Xapian::Unicode::tolower(std::string(text)));
}

/* Dates -------------------------------------------------------------------- */

bool read_number(std::string_view *text, size_t digits, int *out)
{
	if (text->size() < digits)
		return false;
	*out = 0;
	for (size_t i = 0; i < digits; i++) {
		if ((*text)[i] < '0' || (*text)[i] > '9')
			return false;
		*out = *out * 10 + ((*text)[i] - '0');
	}
	text->remove_prefix(digits);
	return true;
}

bool skip(std::string_view *text, char byte)
{
	if (text->empty() || (*text)[0] != byte)
		return false;
	text->remove_prefix(1);
	return true;
}

int days_of_month(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days[month - 1] + (month == 2 && is_leap);
}

/* Days since 1970 (Howard Hinnant's days_from_civil). */
int64_t days_of(int year, int month, int day)
{
	int64_t shifted = year - (month <= 2);
	int64_t era = shifted / 400;
	int64_t year_of_era = shifted - era * 400;
	int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 +
	       day_of_year - 719468;
}

/* 2025, 2025-03, 2025-03-14; and 14/03/2025, 03/2025 as French people write. */
bool read_date(std::string_view text, int *year, int *month, int *day)
{
	size_t slash = text.find('/');

	*month = *day = 1;
	if (slash == std::string_view::npos)
		return read_number(&text, 4, year) &&
		       (text.empty() || (skip(&text, '-') && read_number(&text, 2, month))) &&
		       (text.empty() || (skip(&text, '-') && read_number(&text, 2, day))) &&
		       text.empty();
	if (text.find('/', slash + 1) != std::string_view::npos &&
	    (!read_number(&text, slash == 1 ? 1 : 2, day) || !skip(&text, '/')))
		return false;
	return read_number(&text, text.find('/') == 1 ? 1 : 2, month) && skip(&text, '/') &&
	       read_number(&text, 4, year) && text.empty();
}

bool read_time(std::string_view text, int64_t *out)
{
	int year, month, day;

	if (!read_date(text, &year, &month, &day) || year < YEAR_MIN || year > YEAR_MAX ||
	    month < 1 || month > 12 || day < 1 || day > days_of_month(year, month))
		return false;
	/* 0 would ask nothing. */
	*out = std::max<int64_t>(days_of(year, month, day) * MICROSECONDS_A_DAY, 1);
	return true;
}

/* Prefixes ----------------------------------------------------------------- */

template <size_t size> bool take_word(std::string_view value, char (&out)[size])
{
	if (value.size() >= size)
		return false;
	copy_text(out, size, value);
	return true;
}

bool take_claim(std::string_view value, search_typed *out)
{
	std::string name = folded(value);

	std::replace(name.begin(), name.end(), ' ', '-');
	std::replace(name.begin(), name.end(), '_', '-');
	for (const auto &known : claims) {
		if (name != known.name)
			continue;
		if (known.claim == MINE)
			out->is_mine = true;
		else
			out->state = known.claim == SOLVED     ? SEARCH_SOLVED
				     : known.claim == UNSOLVED ? SEARCH_UNSOLVED
							       : SEARCH_UNANSWERED;
		return true;
	}
	return false;
}

bool take_language(std::string_view value, search_typed *out)
{
	std::string name = folded(value);

	for (const auto &known : languages)
		if (name == known.name)
			return take_word(known.code, out->language);
	return false;
}

bool take_tag(std::string_view value, search_typed *out)
{
	if (out->tag_count == SEARCH_TAGS_MAX || !take_word(value, out->tags[out->tag_count]))
		return false;
	out->tag_count++;
	return true;
}

bool take_value(enum prefix prefix, std::string_view value, search_typed *out)
{
	switch (prefix) {
	case CATEGORY:
		return take_word(value, out->category);
	case TAG:
		return take_tag(value, out);
	case AUTHOR:
		return take_word(value, out->author);
	case IS:
		return take_claim(value, out);
	case AFTER:
		return read_time(value, &out->after);
	case BEFORE:
		return read_time(value, &out->before);
	case LANGUAGE:
		return take_language(value, out);
	}
	return false;
}

bool take_prefixed(std::string_view name, std::string_view value, search_typed *out)
{
	std::string plain;

	if (name.empty() || value.empty() || name.size() > 16)
		return false;
	plain = folded(name);
	for (const auto &known : prefixes)
		if (plain == known.name)
			return take_value(known.prefix, value, out);
	return false;
}

/* Pieces ------------------------------------------------------------------- */

/* tag:wifi or author:"Jean Dupont"; the quotation marks belong to the piece. */
size_t piece_length(std::string_view text)
{
	size_t blank = std::min(text.find(' '), text.size());
	size_t quote = text.find(":\"");
	size_t close;

	if (quote == std::string_view::npos || quote > blank)
		return blank;
	close = text.find('"', quote + 2);
	if (close == std::string_view::npos || (close + 1 < text.size() && text[close + 1] != ' '))
		return blank;
	return close + 1;
}

/* A phrase is words, whatever stands in it. */
size_t phrase_length(std::string_view text)
{
	size_t start = !text.empty() && text[0] == '-' ? 1 : 0;
	size_t close;

	if (text.size() <= start || text[start] != '"')
		return 0;
	close = text.find('"', start + 1);
	return close == std::string_view::npos ? 0 : close + 1;
}

bool take_piece(std::string_view piece, search_typed *out)
{
	size_t colon = piece.find(':');
	std::string_view value;

	if (colon == std::string_view::npos)
		return false;
	value = piece.substr(colon + 1);
	if (value.size() >= 2 && value.front() == '"' && value.back() == '"')
		value = value.substr(1, value.size() - 2);
	while (!value.empty() && value.front() == ' ')
		value.remove_prefix(1);
	while (!value.empty() && value.back() == ' ')
		value.remove_suffix(1);
	return take_prefixed(piece.substr(0, colon), value, out);
}

/* “ ” « » are quotation marks too. */
std::string with_plain_quotes(std::string_view text)
{
	static const char *const quotes[] = { "\u201C", "\u201D", "\u201E", "\u00AB", "\u00BB" };
	std::string out(text);

	for (const char *quote : quotes)
		for (size_t at = 0; (at = out.find(quote, at)) != std::string::npos; at++)
			out.replace(at, strlen(quote), "\"");
	return out;
}

void parse(std::string_view typed, search_typed *out)
{
	std::string clean, words;
	std::string_view rest;

	append_clean(&clean, with_plain_quotes(typed), SEARCH_QUERY_MAX_BYTES);
	std::replace(clean.begin(), clean.end(), '\n', ' ');
	for (rest = clean; !rest.empty();) {
		size_t phrase = phrase_length(rest);
		size_t length = phrase ? phrase : std::max<size_t>(piece_length(rest), 1);
		std::string_view piece = rest.substr(0, length);

		rest.remove_prefix(length);
		if (piece == " " || (!phrase && take_piece(piece, out)))
			continue;
		/* A word may follow a phrase at once. */
		words += words.empty() || piece.data()[-1] != ' ' ? "" : " ";
		words += piece;
	}
	copy_text(out->words, sizeof out->words, words);
}

} // namespace

extern "C" void search_parse(const char *typed, search_typed *out) noexcept
{
	memset(out, 0, sizeof *out);
	try {
		/* Of a text of megabytes not even the end is looked for. */
		size_t length = typed ? strnlen(typed, SEARCH_QUERY_MAX_BYTES + 4) : 0;

		parse(cut_text({ typed, length }, SEARCH_QUERY_MAX_BYTES), out);
	} catch (...) {
		/* Only memory can be missing; then nothing was typed. */
		memset(out, 0, sizeof *out);
	}
}
