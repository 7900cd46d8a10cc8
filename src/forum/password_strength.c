/*
 * The cheapest way to spell a password out of pieces, each of which costs as much
 * as there are others of its kind: a letter after a letter (by how often they
 * follow each other in French and English), a digit, a step on the keyboard, a word,
 * a year, something that stood there before. Found from left to right: the best
 * way to each place is the best way to an earlier one and one piece more.
 *
 * It is done for the password as it stands, and for what it may stand for: digits
 * as letters ("p4ssw0rd"), Russian words typed on Latin keys ("ghbdtn"), and two
 * walks braided ("1z2x3c4v").
 */
#include "forum/password_strength.h"

#include <limits.h>

#include "forum/password_words.h"

/* What follows makes it only harder. */
#define SEEN_MAX 64

/* Costs in half bits. */
#define COST_DIGIT     7
#define COST_SIGN      12
#define COST_SEPARATOR 8 /* "_", "-", ".", blank */
#define COST_SAME      2
#define COST_STEP      3
#define COST_AGAIN     6 /* any piece that stood there before, or its mirror */
#define COST_KEYS      8 /* "qwe", "1qaz" */
#define COST_OWN       8
#define COST_YEAR      14
#define COST_WORD      24
#define COST_CUT_WORD  26 /* lists of old systems end after eight letters */
#define COST_BRAIDED   14 /* a letter that neither follows nor steps */

/* Extra for the ways of hiding a word. */
#define EXTRA_DIGITS  4
#define EXTRA_RUSSIAN 6
#define EXTRA_BRAID   6

#define CUT_WORD_MIN 6

/*
 * The cost of each letter after another, as a hexadecimal digit; rows: first letter
 * of a word, after a, after b… Counted once over some hundred pages of French and
 * English.
 */
static const char letter_costs[27][27] = {
	"796999daaeea9aa8e977cc9fff", /* first letter */
	"fb89fd7f9fd895faf686adfebf", /* after a */
	"6fff6ffd8cf6ff4ff89f7ffeaf", /* after b */
	"8faf7ff5cf89ff4ffac5cfffff", /* after c */
	"7ff92fef6ffdff7ff97fafff8f", /* after d */
	"9d97cacfeff995fbd559dbeaef", /* after e */
	"6fdf89ff4ffbfb4ff7f89fffdf", /* after f */
	"9fef3fcb7ffbc86ff88b8fffff", /* after g */
	"4ffe3fff8fffef5ffbf8ffffff", /* after h */
	"db889aaffff8947cfa76fbfefc", /* after i */
	"8fff5fffffffff2fff5f8fffff", /* after j */
	"cff72fff6ffffaffff5f9fffff", /* after k */
	"7ff94fff5ff6ff6fff9a8fff9f", /* after l */
	"4bff3fff7ffa7e77ffcf9fffff", /* after m */
	"8f966d7fbfbcfb8fff659effff", /* after n */
	"fdb9fedfafc984a9f5986d8fff", /* after o */
	"4fff6ffb7ff7ff5af7b7afffef", /* after p */
	"effffffffff8ffffffff1fffff", /* after q */
	"7fba4fdf7fadbd7ff9797dffaf", /* after r */
	"9fbf5ffa7fecff8cfd839fbfef", /* after s */
	"8fdf5ff47ffcef7cf68acffacf", /* after t */
	"bb6b7dcfaff976faf666fffeff", /* after u */
	"6fff2fff5fffff5ffdffffffff", /* after v */
	"8fff5ff55ffdf67ff78fffffff", /* after w */
	"7f8f7fff8fff8ff7ffe2fffedf", /* after x */
	"9dff7fffdffbc965ff45ffcffd", /* after y */
	"bffd1fff8fffffafffffffeff9", /* after z */
};

/* Neighbours on keyboards (QWERTY, AZERTY, digits) and in the alphabet, both ways. */
static const char *const walks[] = {
	"1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm",
	"azertyuiop", "qsdfghjklm", "wxcvbn",    "abcdefghijklmnopqrstuvwxyz",
	"!@#$%^&*()", "1qaz",       "2wsx",      "3edc",
	"4rfv",       "5tgb",       "6yhn",      "7ujm",
	"8ik",        "9ol",        "0p",        "2zsx",
	"1aqw",       "147",        "258",       "369",
	"159",        "753",        "90",        "13579",
	"24680",      "02468",
};

static const char *const key_groups[] = {
	"qwe", "asd",  "zxc",  "qaz",  "wsx",  "edc", "rfv", "zaq",  "xsw",  "cde",  "qsd",  "wxc",
	"aze", "1qaz", "2wsx", "3edc", "4rfv", "123", "321", "qwer", "asdf", "zxcv", "azer",
};

struct reading {
	char text[SEEN_MAX + 1];
	int length;
	bool is_braid; /* then only steps are cheap */
	const char *const *own_words;
	size_t own_word_count;
	int best[SEEN_MAX + 1]; /* cost of the first so many characters */
};

static bool is_letter(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_step(char from, char to)
{
	for (size_t i = 0; i < ARRAY_COUNT(walks); i++) {
		const char *place = strchr(walks[i], from);
		if (place && (place[1] == to || (place > walks[i] && place[-1] == to)))
			return true;
	}
	return false;
}

static int letter_cost(const struct reading *reading, int at)
{
	char previous = at > 0 ? reading->text[at - 1] : '\0';
	int row = is_letter(previous) ? previous - 'a' + 1 : 0;
	char digit = letter_costs[row][reading->text[at] - 'a'];

	return digit <= '9' ? digit - '0' : digit - 'a' + 10;
}

static int character_cost(const struct reading *reading, int at)
{
	char c = reading->text[at], previous = at > 0 ? reading->text[at - 1] : '\0';

	if (previous && c == previous)
		return COST_SAME;
	if (previous && is_step(previous, c))
		return COST_STEP;
	if (reading->is_braid)
		return at > 0 ? COST_BRAIDED : COST_BRAIDED / 2;
	if (is_letter(c))
		return letter_cost(reading, at);
	if (is_digit(c))
		return COST_DIGIT;
	/* The further bytes of a character beyond ASCII. */
	if ((c & 0xC0) == 0x80)
		return 0;
	return strchr("_- .", c) ? COST_SEPARATOR : COST_SIGN;
}

/* A piece of that length and cost from here on. */
static void offer(struct reading *reading, int at, int length, int cost)
{
	int *best = &reading->best[at + length];

	if (reading->best[at] + cost < *best)
		*best = reading->best[at] + cost;
}

/* Does it stand before at, forwards or backwards? */
static bool stands_before(const struct reading *reading, int at, int length)
{
	const char *piece = reading->text + at;

	for (int start = 0; start + length <= at; start++) {
		const char *earlier = reading->text + start;
		int mirrored = 0;
		if (memcmp(earlier, piece, (size_t)length) == 0)
			return true;
		while (mirrored < length && earlier[mirrored] == piece[length - 1 - mirrored])
			mirrored++;
		if (mirrored == length)
			return true;
	}
	return false;
}

static void offer_repeats(struct reading *reading, int at)
{
	for (int length = 2; length <= at && at + length <= reading->length; length++)
		if (stands_before(reading, at, length))
			offer(reading, at, length, COST_AGAIN);
}

static void offer_year(struct reading *reading, int at)
{
	const char *text = reading->text + at;

	if ((strncmp(text, "19", 2) == 0 || strncmp(text, "20", 2) == 0) && is_digit(text[2]) &&
	    is_digit(text[3]))
		offer(reading, at, 4, COST_YEAR);
}

static void offer_group(struct reading *reading, int at, const char *const *words, size_t count,
			int cost)
{
	for (size_t i = 0; i < count; i++) {
		size_t length = strlen(words[i]);
		if (length > 0 && strncmp(reading->text + at, words[i], length) == 0)
			offer(reading, at, (int)length, cost);
	}
}

static void offer_words(struct reading *reading, int at)
{
	const char *rest = reading->text + at, *word = password_words;
	int left = reading->length - at;

	while (*word) {
		int length = (int)strcspn(word, " ");
		if (*word == *rest && length <= left && memcmp(word, rest, (size_t)length) == 0)
			offer(reading, at, length, COST_WORD);
		else if (*word == *rest && left >= CUT_WORD_MIN && length > left &&
			 memcmp(word, rest, (size_t)left) == 0)
			offer(reading, at, left, COST_CUT_WORD);
		word += length;
		word += *word == ' ';
	}
}

static int cost_of(struct reading *reading)
{
	for (int i = 1; i <= reading->length; i++)
		reading->best[i] = INT_MAX / 2;
	for (int at = 0; at < reading->length; at++) {
		offer(reading, at, 1, character_cost(reading, at));
		offer_repeats(reading, at);
		offer_year(reading, at);
		offer_group(reading, at, key_groups, ARRAY_COUNT(key_groups), COST_KEYS);
		offer_group(reading, at, reading->own_words, reading->own_word_count, COST_OWN);
		offer_words(reading, at);
	}
	return reading->best[reading->length];
}

/* What it may stand for ------------------------------------------------------- */

static char letter_of_digit(char c)
{
	static const char signs[] = "013457@$!", letters[] = "oieastasi";
	const char *place = strchr(signs, c);

	return place && c ? letters[place - signs] : c;
}

/* The Russian letter on that key, as it is written in Latin letters. */
static char russian_letter(char c)
{
	static const char keys[] = "qwertyuiop[]asdfghjkl;'zxcvbnm,.";
	static const char letters[] = "icukengsszhefivaproldjeacsmitibu";
	const char *place = strchr(keys, c);

	return place && c ? letters[place - keys] : c;
}

static int cost_mapped(const struct reading *original, char (*map)(char), int extra)
{
	struct reading mapped = *original;

	for (int i = 0; i < mapped.length; i++)
		mapped.text[i] = map(mapped.text[i]);
	return cost_of(&mapped) + extra;
}

/* Every second character, then the others. */
static int cost_unbraided(const struct reading *original)
{
	struct reading braid = *original;
	int half = (braid.length + 1) / 2;

	for (int i = 0; i < braid.length; i++)
		braid.text[i % 2 ? half + i / 2 : i / 2] = original->text[i];
	braid.is_braid = true;
	return cost_of(&braid) + EXTRA_BRAID;
}

/* "Martine" and "MARTINE" are hardly harder than "martine"; "mArTine" is. */
static int capitals_cost(const char *password)
{
	int capitals = 0, length = 0;

	for (; password[length]; length++)
		capitals += password[length] >= 'A' && password[length] <= 'Z';
	if (capitals == 0)
		return 0;
	if (capitals == length || (capitals == 1 && password[0] >= 'A' && password[0] <= 'Z'))
		return 2;
	return 4 * capitals;
}

int password_half_bits(const char *password, const char *const *own_words, size_t own_word_count)
{
	struct reading reading = { .own_words = own_words, .own_word_count = own_word_count };
	int least, cost;

	for (; password[reading.length] && reading.length < SEEN_MAX; reading.length++) {
		char c = password[reading.length];
		reading.text[reading.length] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
	}
	least = cost_unbraided(&reading);
	cost = cost_mapped(&reading, letter_of_digit, EXTRA_DIGITS);
	least = cost < least ? cost : least;
	cost = cost_mapped(&reading, russian_letter, EXTRA_RUSSIAN);
	least = cost < least ? cost : least;
	cost = cost_of(&reading);
	least = cost < least ? cost : least;
	return least + capitals_cost(password);
}
