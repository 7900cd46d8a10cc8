/*
 * Walks over a text once. At the start of each word what may stand there is tried
 * in an order in which the surer comes first: IBAN, e-mail address, customer
 * number, card, telephone.
 */
#include "text/personal_data.h"

#include "base/buf.h"
#include "base/slice.h"
#include "base/utf8.h"
#include "text/letters.h"
#include "text/personal_number.h"
#include "text/personal_pattern.h"

#define EMAIL_LOCAL_MAX  64
#define EMAIL_DOMAIN_MAX 253

struct search {
	const char *text;
	const struct personal_rules *rules;
	struct personal_find *out;
	size_t count;
	/* How far "name@" was looked for, so that a long word is read once. */
	size_t email_looked_until;
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool starts_with(const char *text, const char *prefix)
{
	for (; *prefix; text++, prefix++)
		if (lower(*text) != *prefix)
			return false;
	return true;
}

/* What belongs to the brand -------------------------------------------------------- */

static bool are_same_digits(const char *digits, struct slice line)
{
	size_t at = 0, count = strlen(digits);

	for (size_t i = 0; i < line.length; i++)
		if (is_digit(line.data[i]) && (at == count || line.data[i] != digits[at++]))
			return false;
	return at == count;
}

static bool ends_with(struct slice email, struct slice line)
{
	if (line.length > email.length)
		return false;
	for (size_t i = 1; i <= line.length; i++)
		if (lower(email.data[email.length - i]) != lower(line.data[line.length - i]))
			return false;
	return line.data[0] == '@' || line.length == email.length;
}

/* digits for a number, "" for an e-mail address. */
static bool is_allowed(const struct search *search, const char *digits, size_t start, size_t end)
{
	struct slice rest = slice_of(search->rules->allowed ? search->rules->allowed : "");
	struct slice found = slice_make(search->text + start, end - start);

	while (rest.data) {
		struct slice line = slice_trim(slice_cut(&rest, '\n'));

		if (line.length > 0 &&
		    (digits[0] ? are_same_digits(digits, line) : ends_with(found, line)))
			return true;
	}
	return false;
}

/* E-mail ----------------------------------------------------------------------------- */

/* Bytes of what may stand before the at sign. */
static size_t local_length(const char *text)
{
	size_t length = 0, step;

	for (; text[length]; length += step) {
		step = letters_word_length(text + length);
		if (!step && strchr("._%+-", text[length]))
			step = 1;
		if (!step)
			break;
	}
	return length;
}

/* "@", or how people write it so that programs do not see: " (at) ", "[arobase]". */
static size_t at_sign(const char *text)
{
	static const char *const words[] = { "at", "arobase", "arobas", "chez", "@" };
	size_t blanks = strspn(text, " ");
	const char *from = text + blanks;

	if (*text == '@')
		return 1;
	if (blanks > 2)
		return 0;
	for (size_t i = 0; i < ARRAY_COUNT(words); i++) {
		size_t length = strlen(words[i]);

		if (strchr("([{", *from) && *from && starts_with(from + 1, words[i]) &&
		    from[1 + length] && strchr(")]}", from[1 + length]))
			return blanks + length + 2 + strspn(from + length + 2, " ");
		if (blanks == 1 && length > 4 && starts_with(from, words[i]) && from[length] == ' ')
			return blanks + length + 1;
	}
	return 0;
}

/* "." or "(dot)", " point ", "[point]". */
static size_t dot_sign(const char *text)
{
	static const char *const words[] = { "dot", "point", "." };
	size_t blanks = strspn(text, " ");
	const char *from = text + blanks;

	if (*text == '.')
		return 1;
	if (blanks > 1)
		return 0;
	for (size_t i = 0; i < ARRAY_COUNT(words); i++) {
		size_t length = strlen(words[i]);

		if (*from && strchr("([{", *from) && starts_with(from + 1, words[i]) &&
		    from[1 + length] && strchr(")]}", from[1 + length]))
			return blanks + length + 2 + strspn(from + length + 2, " ");
		if (blanks == 1 && length > 1 && starts_with(from, words[i]) && from[length] == ' ')
			return blanks + length + 1;
	}
	return 0;
}

static size_t label_length(const char *text)
{
	size_t length = 0, step;

	while (length < 63 &&
	       ((step = letters_word_length(text + length)) > 0 || text[length] == '-'))
		length += step ? step : 1;
	return length;
}

/* Names that look like a last label, in "icon@2x.png"; and names nobody has. */
static bool is_no_domain(struct slice domain, struct slice last)
{
	static const char *const files[] = {
		"png", "jpg", "jpeg", "gif", "svg", "webp", "css", "js"
	};
	static const char *const nobody[] = { "example.com", "example.org", "example.net",
					      "exemple.fr", "exemple.com" };

	for (size_t i = 0; i < ARRAY_COUNT(files); i++)
		if (last.length == strlen(files[i]) && starts_with(last.data, files[i]))
			return true;
	for (size_t i = 0; i < ARRAY_COUNT(nobody); i++)
		if (domain.length == strlen(nobody[i]) && starts_with(domain.data, nobody[i]))
			return true;
	for (size_t i = 0; i < last.length; i++)
		if (is_digit(last.data[i]))
			return true;
	return last.length < 2;
}

/* Bytes of "free.fr" behind an at sign; 0: none. */
static size_t domain_length(const char *text)
{
	size_t at = label_length(text), good = 0, dot;
	struct slice last;

	while (at > 0 && at < EMAIL_DOMAIN_MAX && (dot = dot_sign(text + at)) > 0) {
		size_t length = label_length(text + at + dot);

		if (length == 0)
			break;
		last = slice_make(text + at + dot, length);
		at += dot + length;
		if (!is_no_domain(slice_make(text, at), last))
			good = at;
		else
			good = 0;
	}
	/* "git@host.example:path" is no address of a person. */
	return good && text[good] == ':' && letters_word_length(text + good + 1) ? 0 : good;
}

/* "order@shop.example" is a firm's: it names nobody. */
static bool is_role(struct slice local)
{
	static const char *const roles[] = {
		"abuse",   "aide",       "bonjour", "commande",  "commandes", "contact", "dpo",
		"hello",   "help",       "info",    "infos",     "no-reply",  "noreply", "order",
		"orders",  "postmaster", "presse",  "privacy",   "rgpd",      "sales",   "sav",
		"service", "support",    "ventes",  "webmaster",
	};

	for (size_t i = 0; i < ARRAY_COUNT(roles); i++)
		if (local.length == strlen(roles[i]) && starts_with(local.data, roles[i]))
			return true;
	return false;
}

static bool find_email(struct search *search, size_t at, size_t *end)
{
	const char *text = search->text;
	size_t local, sign, domain;

	if (at < search->email_looked_until)
		return false;
	local = at + local_length(text + at);
	search->email_looked_until = local;
	if (local == at || local - at > EMAIL_LOCAL_MAX ||
	    is_role(slice_make(text + at, local - at)))
		return false;
	sign = at_sign(text + local);
	domain = sign ? domain_length(text + local + sign) : 0;
	if (!domain)
		return false;
	*end = local + sign + domain;
	return !is_allowed(search, "", at, *end);
}

/* Numbers ---------------------------------------------------------------------------- */

static void add(struct search *search, enum personal_kind kind, size_t start, size_t end)
{
	if (search->count < PERSONAL_FINDS_MAX)
		search->out[search->count++] = (struct personal_find){ kind, start, end };
}

static void add_phone(struct search *search, const struct number_run *run, size_t first,
		      size_t last)
{
	size_t from = run->groups[first].first;
	size_t until = last < run->group_count ? run->groups[last].first : run->count;
	size_t start = first == 0 ? run->start : run->groups[first].start;
	char digits[NUMBER_DIGITS_MAX + 1] = "";

	memcpy(digits, run->digits + from, until - from);
	if (!is_allowed(search, digits, start, run->groups[last - 1].end))
		add(search, PERSONAL_PHONE, start, run->groups[last - 1].end);
}

/* Cards, else the telephone numbers in a run. *end: behind the run. */
static bool find_number(struct search *search, size_t at, size_t *end)
{
	struct number_run run;
	size_t last, before = search->count;

	if (!number_run_read(search->text, at, &run))
		return false;
	*end = run.end;
	if (letters_word_length(search->text + run.end))
		return false;
	if (number_is_card(&run)) {
		add(search, PERSONAL_CARD, run.start, run.end);
		return true;
	}
	for (size_t first = 0; first < run.group_count; first = last) {
		if (number_is_phone(&run, first, &last))
			add_phone(search, &run, first, last);
		else
			last = first + 1;
	}
	return search->count > before;
}

static bool find_customer(const struct search *search, size_t at, size_t *end)
{
	size_t longest = 0;

	for (size_t i = 0; i < search->rules->pattern_count; i++) {
		size_t length = personal_pattern_match(&search->rules->patterns[i],
						       search->text + at);

		longest = length > longest ? length : longest;
	}
	*end = at + longest;
	return longest > 0;
}

/* The walk --------------------------------------------------------------------------- */

/* Addresses of pages have long numbers of their own. */
static size_t page_address_length(const char *text)
{
	if (!starts_with(text, "http://") && !starts_with(text, "https://") &&
	    !starts_with(text, "www."))
		return 0;
	return strcspn(text, " \t\n\"<>)]");
}

/* What begins at a word's start. *next: where to go on. */
static void look(struct search *search, size_t at, size_t *next)
{
	const char *text = search->text;
	size_t end = at;

	if ((end = at + page_address_length(text + at)) > at) {
		*next = end;
	} else if (number_is_iban(text, at, &end)) {
		add(search, PERSONAL_IBAN, at, end);
		*next = end;
	} else if (find_email(search, at, &end)) {
		add(search, PERSONAL_EMAIL, at, end);
		*next = end;
	} else if (find_customer(search, at, &end)) {
		add(search, PERSONAL_CUSTOMER, at, end);
		*next = end;
	} else if (find_number(search, at, &end)) {
		*next = end;
	} else if (is_digit(text[at])) {
		/* The rest of a run that is nothing is nothing either. */
		*next = end > at ? end : *next;
	}
}

size_t personal_data_find(struct arena *arena, const char *text, const struct personal_rules *rules,
			  struct personal_find **out)
{
	struct search search = { .text = text, .rules = rules };
	bool was_word = false;
	size_t at = 0;

	search.out = *out = arena_array_of(arena, PERSONAL_FINDS_MAX, struct personal_find);
	while (text[at] && search.count < PERSONAL_FINDS_MAX) {
		size_t word = letters_word_length(text + at);
		size_t next = at + (word ? word : 1);

		if (!was_word && (word || text[at] == '+'))
			look(&search, at, &next);
		was_word = word > 0;
		at = next;
	}
	return search.count;
}

char *personal_data_replace(struct arena *arena, const char *text,
			    const struct personal_find *finds, size_t count,
			    const char *const labels[PERSONAL_KIND_COUNT])
{
	size_t at = 0, room = strlen(text) + 1;
	struct buf out;

	for (size_t i = 0; i < count; i++)
		room += strlen(labels[finds[i].kind]);
	buf_init(&out, arena, room);
	for (size_t i = 0; i < count; i++) {
		buf_bytes(&out, text + at, finds[i].start - at);
		buf_text(&out, labels[finds[i].kind]);
		at = finds[i].end;
	}
	buf_text(&out, text + at);
	return out.data;
}
