/*
 * Telephone numbers, cards and IBANs.
 */
#include "text/personal_number.h"

#include "base/utf8.h"

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Runs ---------------------------------------------------------------------------- */

/* A separator and its bytes: no-break and thin spaces are blanks, U+2010.. hyphens. */
static char separator_at(const char *text, size_t *length)
{
	uint32_t point;

	*length = utf8_next(text, &point);
	if (point == ' ' || point == 0xA0 || point == 0x2009 || point == 0x202F)
		return ' ';
	if (point == '-' || (point >= 0x2010 && point <= 0x2013))
		return '-';
	return point == '.' || point == '/' ? (char)point : 0;
}

/* "(0)" after the country's number, with blanks around. */
static size_t skip_trunk_zero(const char *text)
{
	size_t blanks = strspn(text, " ");

	if (strncmp(text + blanks, "(0)", 3) != 0)
		return 0;
	return blanks + 3 + strspn(text + blanks + 3, " ");
}

/* One separator, or a hyphen between blanks. */
static size_t skip_gap(const char *text, char *separator)
{
	size_t length, more;

	*separator = separator_at(text, &length);
	if (!*separator)
		return 0;
	if (*separator == ' ' && separator_at(text + length, &more) == '-' &&
	    separator_at(text + length + more, &more) == ' ')
		return length + 2;
	return length;
}

static bool add_group(const char *text, size_t *at, char before, struct number_run *run)
{
	struct number_group *group = &run->groups[run->group_count];

	if (run->group_count == NUMBER_GROUPS_MAX)
		return false;
	*group = (struct number_group){ .start = *at, .first = run->count, .before = before };
	for (; is_digit(text[*at]); (*at)++) {
		if (run->count == NUMBER_DIGITS_MAX)
			return false;
		run->digits[run->count++] = text[*at];
	}
	group->end = run->end = *at;
	run->group_count++;
	return true;
}

bool number_run_read(const char *text, size_t at, struct number_run *run)
{
	char before = 0;
	size_t gap = 0;

	memset(run, 0, sizeof(*run));
	run->start = at;
	run->has_plus = text[at] == '+';
	at += run->has_plus;
	if (!is_digit(text[at]))
		return false;
	do {
		at += gap;
		if (!add_group(text, &at, before, run))
			return false;
		gap = skip_trunk_zero(text + at);
		if (gap)
			before = ' ';
		else
			gap = skip_gap(text + at, &before);
	} while (gap && is_digit(text[at + gap]));
	return true;
}

static size_t group_length(const struct number_run *run, size_t group)
{
	return run->groups[group].end - run->groups[group].start;
}

/* Telephones ----------------------------------------------------------------------- */

/*
 * Between dots, hyphens and slashes only pairs are a telephone number, else it is
 * a date or a version; between blanks any groups of two and more.
 */
static bool are_phone_groups(const struct number_run *run, size_t first, size_t last)
{
	char separator = first + 1 < last ? run->groups[first + 1].before : 0;

	for (size_t i = first; i < last; i++) {
		if (i > first && run->groups[i].before != separator)
			return false;
		if (separator && group_length(run, i) < 2)
			return false;
		if (separator && separator != ' ' && group_length(run, i) != 2)
			return false;
	}
	return true;
}

/* Groups from first that make count digits; 0: no border there. */
static size_t groups_of(const struct number_run *run, size_t first, size_t count)
{
	size_t sum = 0;

	for (size_t i = first; i < run->group_count; i++) {
		sum += group_length(run, i);
		if (sum == count)
			return i + 1;
		if (sum > count)
			return 0;
	}
	return 0;
}

/* "06 12 34 56 78": what follows may only be another one. */
static bool is_french(const struct number_run *run, size_t first, size_t *last)
{
	const char *digits = run->digits + run->groups[first].first;

	*last = groups_of(run, first, 10);
	if (!*last || digits[0] != '0' || digits[1] == '0' || digits[1] == '8')
		return false;
	if (*last < run->group_count && run->digits[run->groups[*last].first] != '0')
		return false;
	return are_phone_groups(run, first, *last);
}

/*
 * After "+" or "00" come a country (no zero first), and 8 to 15 digits in all: E.164.
 * A French one has nine behind 33, after which the run may go on.
 */
static bool is_international(const struct number_run *run, size_t first, size_t *last)
{
	size_t from = run->groups[first].first, prefix = run->has_plus ? 0 : 2;
	size_t count = run->count - from;

	if (!run->has_plus && strncmp(run->digits + from, "00", 2) != 0)
		return false;
	if (count < prefix + 8 || run->digits[from + prefix] == '0')
		return false;
	*last = run->group_count;
	if (strncmp(run->digits + from + prefix, "33", 2) == 0) {
		bool has_zero = run->digits[from + prefix + 2] == '0';

		*last = groups_of(run, first, prefix + 11 + has_zero);
		return *last != 0;
	}
	/* "00 12 …" of a table has more or fewer digits than a telephone number. */
	return count >= prefix + (run->has_plus ? 8 : 10) && count <= prefix + 15;
}

bool number_is_phone(const struct number_run *run, size_t first, size_t *last)
{
	if (first == 0 && is_international(run, first, last))
		return true;
	return !run->has_plus && is_french(run, first, last);
}

/* Cards ------------------------------------------------------------------------------ */

static bool has_luhn(const char *digits, size_t count)
{
	int sum = 0;

	for (size_t i = 0; i < count; i++) {
		int digit = digits[count - 1 - i] - '0';

		if (i % 2 == 1)
			digit = digit > 4 ? 2 * digit - 9 : 2 * digit;
		sum += digit;
	}
	return sum % 10 == 0;
}

/* First digits and lengths of the schemes that are met in Europe. */
static bool is_card_scheme(const char *digits, size_t count)
{
	static const struct {
		int from, until; /* of the first four digits */
		size_t least, most;
	} schemes[] = {
		{ 4000, 4999, 13, 19 }, { 5100, 5599, 16, 16 }, { 2221, 2720, 16, 16 },
		{ 3400, 3499, 15, 15 }, { 3700, 3799, 15, 15 }, { 3000, 3059, 14, 14 },
		{ 3600, 3699, 14, 14 }, { 3800, 3999, 14, 14 }, { 3528, 3589, 16, 16 },
		{ 5000, 5099, 16, 19 }, { 5600, 5899, 16, 19 }, { 6000, 6999, 16, 19 },
	};
	int start = (digits[0] - '0') * 1000 + (digits[1] - '0') * 100 + (digits[2] - '0') * 10 +
		    (digits[3] - '0');

	for (size_t i = 0; i < ARRAY_COUNT(schemes); i++)
		if (start >= schemes[i].from && start <= schemes[i].until &&
		    count >= schemes[i].least && count <= schemes[i].most)
			return true;
	return false;
}

/* In one piece, or in groups of four to six, as cards are printed. */
static bool are_card_groups(const struct number_run *run)
{
	for (size_t i = 0; i + 1 < run->group_count; i++) {
		char before = run->groups[i + 1].before;

		if (group_length(run, i) < 4 || group_length(run, i) > 6)
			return false;
		if (before != ' ' && before != '-')
			return false;
	}
	return true;
}

bool number_is_card(const struct number_run *run)
{
	if (run->has_plus || run->count < 13 || run->count > 19)
		return false;
	return are_card_groups(run) && is_card_scheme(run->digits, run->count) &&
	       has_luhn(run->digits, run->count);
}

/* IBAN --------------------------------------------------------------------------------- */

#define IBAN_MAX 34

/* Lengths by the SWIFT registry, for countries that use it. */
static size_t iban_length(const char *country)
{
	static const char lengths[] =
		"AD24AE23AL28AT20AZ28BA20BE16BG22BH22BI27BR29BY28CH21CR22CY28CZ24DE22DJ27DK18DO28"
		"EE20EG29ES24FI18FK18FO18FR27GB22GE22GI23GL18GR27GT28HR21HU28IE22IL23IQ23IS26IT27"
		"JO30KW30KZ20LB28LC32LI21LT20LU20LV21LY25MC27MD24ME22MK19MN20MR27MT31MU30NI28NL18"
		"NO15OM23PK24PL28PS29PT25QA29RO24RS22RU33SA24SC31SD18SE24SI19SK24SM27SO23ST25SV28"
		"TL23TN24TR26UA29VA22VG24XK20";

	for (const char *row = lengths; *row; row += 4)
		if (row[0] == country[0] && row[1] == country[1])
			return (size_t)(row[2] - '0') * 10 + (size_t)(row[3] - '0');
	return 0;
}

static char upper(char c)
{
	return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

/* The first four behind the others, letters as 10 to 35: 1 modulo 97. */
static bool has_mod97(const char *iban, size_t length)
{
	unsigned rest = 0;

	for (size_t i = 0; i < length; i++) {
		char c = iban[(i + 4) % length];
		unsigned value = is_digit(c) ? (unsigned)(c - '0') : (unsigned)(c - 'A') + 10;

		rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
	}
	return rest == 1;
}

bool number_is_iban(const char *text, size_t at, size_t *end)
{
	char iban[IBAN_MAX + 1] = "";
	size_t count = 0, wanted, gap;

	if (!is_letter(text[at]) || !is_letter(text[at + 1]))
		return false;
	iban[0] = upper(text[at]);
	iban[1] = upper(text[at + 1]);
	wanted = iban_length(iban);
	while (count < wanted && (is_digit(text[at]) || is_letter(text[at]))) {
		char before;

		iban[count++] = upper(text[at++]);
		*end = at;
		before = separator_at(text + at, &gap);
		at += before == ' ' || before == '-' ? gap : 0;
	}
	return wanted > 0 && count == wanted && is_digit(iban[2]) && is_digit(iban[3]) &&
	       !is_digit(text[*end]) && !is_letter(text[*end]) && has_mod97(iban, count);
}
