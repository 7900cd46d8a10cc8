/*
 * Personal data in a text that is about to be published: telephone numbers, e-mail
 * addresses, IBANs, payment cards, and the brand's own customer numbers. What has a
 * check (IBAN, card) must pass it; dates, prices, versions, serial numbers in groups
 * and addresses of pages are left alone. One pass, whatever is typed.
 */
#ifndef TEXT_PERSONAL_DATA_H
#define TEXT_PERSONAL_DATA_H

#include "base/arena.h"

enum personal_kind {
	PERSONAL_PHONE,
	PERSONAL_EMAIL,
	PERSONAL_IBAN,
	PERSONAL_CARD,
	PERSONAL_CUSTOMER,
	PERSONAL_KIND_COUNT,
};

#define PERSONAL_FINDS_MAX    50
#define PERSONAL_PATTERNS_MAX 20

/*
 * What a customer number looks like: "#" is a digit, "@" a letter, "*" either;
 * "{6}" or "{6,10}" repeats the one before; a blank is a blank, dot, hyphen or
 * nothing; any other letter, digit or sign is itself, whatever its case.
 * "FR-@@ #{6,8}" is FR-AB 123456. It stands alone: no letter or digit beside it.
 */
#define PERSONAL_PATTERN_BYTES      60
#define PERSONAL_PATTERN_ATOMS      64 /* when repeats are written out */
/* Fewer variable places would catch words and years. */
#define PERSONAL_PATTERN_PLACES_MIN 4

struct personal_pattern {
	struct personal_atom {
		char kind; /* '#', '@', '*', ' ', or 'c' for itself */
		char letter;
		bool is_optional;
	} atoms[PERSONAL_PATTERN_ATOMS];
	size_t count;
};

/* False: too long, too few variable places, or a "{" that says nothing. */
bool personal_pattern_parse(const char *text, struct personal_pattern *out);

struct personal_rules {
	const struct personal_pattern *patterns;
	size_t pattern_count; /* at most PERSONAL_PATTERNS_MAX */
	/*
	 * The brand's own numbers and addresses, one a line: a telephone number, an
	 * e-mail address, or "@brand.example" for all of a domain. May be NULL.
	 */
	const char *allowed;
};

struct personal_find {
	enum personal_kind kind;
	size_t start, end; /* bytes of the text */
};

/* In the order of the text, without overlaps, at most PERSONAL_FINDS_MAX. */
size_t personal_data_find(struct arena *arena, const char *text, const struct personal_rules *rules,
			  struct personal_find **out);

/* The text with each find replaced by its kind's label. */
char *personal_data_replace(struct arena *arena, const char *text,
			    const struct personal_find *finds, size_t count,
			    const char *const labels[PERSONAL_KIND_COUNT]);

#endif
