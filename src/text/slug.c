/*
 * Folding text to what is compared and put into addresses. Latin letters lose
 * case and marks by one table, generated once from Unicode's decompositions; the
 * scripts next to it lose their case by arithmetic; the rest stays as it is.
 */
#include "text/slug.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "text/letters.h"

/*
 * The plain letter of each code point. A capital stands for two letters
 * (latin_pair), a dot for a letter that has no plain form.
 */
static const char latin_00c0[] = "aaaaaaAceeeeiiiidnooooo.ouuuuyTS"  /* 00C0 */
				 "aaaaaaAceeeeiiiidnooooo.ouuuuyTy"  /* 00E0 */
				 "aaaaaaccccccccddddeeeeeeeeeegggg"  /* 0100 */
				 "gggghhhhiiiiiiiiiiIIjjkkklllllll"  /* 0120 */
				 "lllnnnnnnnnnooooooOOrrrrrrssssss"  /* 0140 */
				 "ssttttttuuuuuuuuuuuuwwyyyzzzzzzs"  /* 0160 */
				 "bbbb...cc.ddd....ffg.h.ikkl..nno"  /* 0180 */
				 "oo..pp.....ttttuu.vyyzz........."  /* 01A0 */
				 "....DDDLLLNNNaaiioouuuuuuuuuu.aa"  /* 01C0 */
				 "aaAAggggkkoooo..jDDDgg..nnaaAAoo"  /* 01E0 */
				 "aaaaeeeeiiiioooorrrruuuusstt..hh"  /* 0200 */
				 "nd..zzaaeeooooooooyylnt...acclts"  /* 0220 */
				 "z..b..eejj.qrryy";                 /* 0240 */
static const char latin_1e00[] = "aabbbbbbccddddddddddeeeeeeeeeeff"  /* 1E00 */
				 "gghhhhhhhhhhiiiikkkkkkllllllllmm"  /* 1E20 */
				 "mmmmnnnnnnnnoooooooopppprrrrrrrr"  /* 1E40 */
				 "ssssssssssttttttttuuuuuuuuuuvvvv"  /* 1E60 */
				 "wwwwwwwwwwxxxxyyzzzzzzhtwyas..S."  /* 1E80 */
				 "aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeee"  /* 1EA0 */
				 "eeeeeeeeiiiioooooooooooooooooooo"  /* 1EC0 */
				 "oooouuuuuuuuuuuuuuyyyyyyyy....yy"; /* 1EE0 */

static const char *latin_pair(char code)
{
	switch (code) {
	case 'A':
		return "ae";
	case 'O':
		return "oe";
	case 'S':
		return "ss";
	case 'T':
		return "th";
	case 'I':
		return "ij";
	case 'D':
		return "dz";
	case 'L':
		return "lj";
	default:
		return "nj";
	}
}

/* 0 outside the two tables. */
static char latin_code(uint32_t point)
{
	if (point >= 0xC0 && point - 0xC0 < sizeof(latin_00c0) - 1)
		return latin_00c0[point - 0xC0];
	if (point >= 0x1E00 && point - 0x1E00 < sizeof(latin_1e00) - 1)
		return latin_1e00[point - 0x1E00];
	return 0;
}

/* Marks that stand behind their letter: what a decomposed "é" is made of. */
static bool is_latin_mark(uint32_t point)
{
	return (point >= 0x300 && point <= 0x36F) || (point >= 0x1AB0 && point <= 0x1AFF) ||
	       (point >= 0x1DC0 && point <= 0x1DFF) || (point >= 0x20D0 && point <= 0x20FF) ||
	       (point >= 0xFE20 && point <= 0xFE2F);
}

static uint32_t greek_lower(uint32_t point)
{
	/* 0386..03CE with their accents: the plain small letter, 0 unchanged. */
	static const uint16_t accented[][2] = {
		{ 0x386, 0x3B1 }, { 0x388, 0x3B5 }, { 0x389, 0x3B7 }, { 0x38A, 0x3B9 },
		{ 0x38C, 0x3BF }, { 0x38E, 0x3C5 }, { 0x38F, 0x3C9 }, { 0x390, 0x3B9 },
		{ 0x3AA, 0x3B9 }, { 0x3AB, 0x3C5 }, { 0x3AC, 0x3B1 }, { 0x3AD, 0x3B5 },
		{ 0x3AE, 0x3B7 }, { 0x3AF, 0x3B9 }, { 0x3B0, 0x3C5 }, { 0x3C2, 0x3C3 },
		{ 0x3CA, 0x3B9 }, { 0x3CB, 0x3C5 }, { 0x3CC, 0x3BF }, { 0x3CD, 0x3C5 },
		{ 0x3CE, 0x3C9 },
	};

	for (size_t i = 0; i < ARRAY_COUNT(accented); i++) {
		if (accented[i][0] == point)
			return accented[i][1];
	}
	return point >= 0x391 && point <= 0x3A9 && point != 0x3A2 ? point + 0x20 : point;
}

static uint32_t other_lower(uint32_t point)
{
	if (point >= 'A' && point <= 'Z')
		return point + 0x20;
	if (point >= 0x370 && point <= 0x3FF)
		return greek_lower(point);
	if (point >= 0x400 && point <= 0x40F)
		return point + 0x50;
	if (point >= 0x410 && point <= 0x42F)
		return point + 0x20;
	if ((point >= 0x460 && point <= 0x481) || (point >= 0x48A && point <= 0x4BF) ||
	    (point >= 0x4D0 && point <= 0x52F))
		return point | 1;
	if (point >= 0x531 && point <= 0x556)
		return point + 0x30;
	if (point >= 0xFF01 && point <= 0xFF5E) /* full-width ASCII */
		return other_lower(point - 0xFEE0);
	return point;
}

size_t text_fold_point(char *out, uint32_t point)
{
	char code = latin_code(point);

	if (is_latin_mark(point))
		return 0;
	if (code >= 'a') {
		out[0] = code;
		return 1;
	}
	if (code >= 'A') {
		memcpy(out, latin_pair(code), 2);
		return 2;
	}
	return utf8_put(out, other_lower(point));
}

static bool is_ascii(char byte)
{
	return (unsigned char)byte < 0x80;
}

char *text_fold(struct arena *arena, const char *text)
{
	/* No fold is longer than what it folds: "ß" has two bytes, as "ss". */
	char *folded = arena_alloc(arena, strlen(text) + 1);
	char *end = folded;
	uint32_t point;
	size_t length;

	while (*text) {
		/* Most of what is folded; the tables begin behind it. */
		if (is_ascii(*text)) {
			*end++ = (char)other_lower((uint32_t)*text++);
			continue;
		}
		length = utf8_next(text, &point);
		end += text_fold_point(end, point);
		text += length;
	}
	*end = '\0';
	return folded;
}

static bool is_word(uint32_t point)
{
	return letters_is_letter(point) || letters_is_digit(point);
}

/* Folded, so that ASCII is letters without capitals, digits, and what is no word. */
static bool is_folded_word(const char *text, size_t *step)
{
	uint32_t point;

	*step = 1;
	if (is_ascii(*text))
		return (*text >= 'a' && *text <= 'z') || (*text >= '0' && *text <= '9');
	*step = utf8_next(text, &point);
	return is_word(point);
}

/* Drops the last, cut word, unless there is only one. */
static size_t cut_length(const char *slug, size_t length)
{
	size_t cut = SLUG_MAX_BYTES;

	if (length <= SLUG_MAX_BYTES)
		return length;
	while (cut > 0 && slug[cut] != '-')
		cut--;
	if (cut > 0)
		return cut;
	cut = SLUG_MAX_BYTES;
	while (((unsigned char)slug[cut] & 0xC0) == 0x80)
		cut--;
	return cut;
}

char *slug_from(struct arena *arena, const char *text)
{
	char *folded = text_fold(arena, text);
	char *slug = arena_alloc(arena, strlen(folded) + 2);
	size_t length = 0, step;

	for (; *folded; folded += step) {
		if (is_folded_word(folded, &step)) {
			memcpy(slug + length, folded, step);
			length += step;
		} else if (length > 0 && slug[length - 1] != '-') {
			slug[length++] = '-';
		}
	}
	if (length > 0 && slug[length - 1] == '-')
		length--;
	length = cut_length(slug, length);
	if (length == 0)
		slug[length++] = '-';
	slug[length] = '\0';
	return slug;
}

char *path_encode(struct arena *arena, const char *path)
{
	struct buf encoded;

	buf_init(&encoded, arena, 16 * 1024);
	for (const char *c = path; *c; c++) {
		if ((unsigned char)*c > ' ' && (unsigned char)*c < 127 &&
		    !strchr("\"<>\\^`{|}", *c))
			buf_char(&encoded, *c);
		else
			buf_printf(&encoded, "%%%02X", (unsigned)(unsigned char)*c);
	}
	return encoded.data;
}
