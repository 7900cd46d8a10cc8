/*
 * Look-alike letters: two sorted tables for single letters, arithmetic for the
 * alphabets that stand in order.
 */
#include "text/lookalike.h"

struct lookalike {
	uint16_t point;
	char letter;
};

/* Sorted. Capitals are here as well: "Н" is taken for H although "н" is not n. */
static const struct lookalike singles[] = {
	{ 0x0131, 'i' }, { 0x0192, 'f' }, { 0x01C0, 'l' }, { 0x0251, 'a' }, { 0x0261, 'g' },
	{ 0x0269, 'i' }, { 0x026A, 'i' }, { 0x0280, 'r' }, { 0x028B, 'v' }, { 0x028F, 'y' },
	{ 0x0299, 'b' }, { 0x029C, 'h' }, { 0x029F, 'l' }, { 0x0391, 'a' }, { 0x0392, 'b' },
	{ 0x0395, 'e' }, { 0x0396, 'z' }, { 0x0397, 'h' }, { 0x0399, 'i' }, { 0x039A, 'k' },
	{ 0x039C, 'm' }, { 0x039D, 'n' }, { 0x039F, 'o' }, { 0x03A1, 'p' }, { 0x03A4, 't' },
	{ 0x03A5, 'y' }, { 0x03A7, 'x' }, { 0x03AC, 'a' }, { 0x03AD, 'e' }, { 0x03AF, 'i' },
	{ 0x03B1, 'a' }, { 0x03B3, 'y' }, { 0x03B5, 'e' }, { 0x03B7, 'n' }, { 0x03B9, 'i' },
	{ 0x03BA, 'k' }, { 0x03BD, 'v' }, { 0x03BF, 'o' }, { 0x03C1, 'p' }, { 0x03C4, 't' },
	{ 0x03C5, 'u' }, { 0x03C7, 'x' }, { 0x03C9, 'w' }, { 0x03CC, 'o' }, { 0x03CD, 'u' },
	{ 0x03F2, 'c' }, { 0x03F3, 'j' }, { 0x03F9, 'c' }, { 0x0400, 'e' }, { 0x0401, 'e' },
	{ 0x0405, 's' }, { 0x0406, 'i' }, { 0x0407, 'i' }, { 0x0408, 'j' }, { 0x0410, 'a' },
	{ 0x0412, 'b' }, { 0x0415, 'e' }, { 0x041A, 'k' }, { 0x041C, 'm' }, { 0x041D, 'h' },
	{ 0x041E, 'o' }, { 0x0420, 'p' }, { 0x0421, 'c' }, { 0x0422, 't' }, { 0x0423, 'y' },
	{ 0x0425, 'x' }, { 0x0430, 'a' }, { 0x0432, 'b' }, { 0x0433, 'r' }, { 0x0435, 'e' },
	{ 0x0438, 'u' }, { 0x043A, 'k' }, { 0x043C, 'm' }, { 0x043D, 'h' }, { 0x043E, 'o' },
	{ 0x043F, 'n' }, { 0x0440, 'p' }, { 0x0441, 'c' }, { 0x0442, 't' }, { 0x0443, 'y' },
	{ 0x0445, 'x' }, { 0x0450, 'e' }, { 0x0451, 'e' }, { 0x0455, 's' }, { 0x0456, 'i' },
	{ 0x0457, 'i' }, { 0x0458, 'j' }, { 0x0474, 'v' }, { 0x0475, 'v' }, { 0x04AE, 'y' },
	{ 0x04AF, 'y' }, { 0x04BA, 'h' }, { 0x04BB, 'h' }, { 0x04C0, 'l' }, { 0x04CF, 'l' },
	{ 0x0501, 'd' }, { 0x051A, 'q' }, { 0x051B, 'q' }, { 0x051C, 'w' }, { 0x051D, 'w' },
	{ 0x054D, 'u' }, { 0x054F, 's' }, { 0x0555, 'o' }, { 0x0561, 'w' }, { 0x0563, 'q' },
	{ 0x0566, 'q' }, { 0x0570, 'h' }, { 0x0578, 'n' }, { 0x057D, 'u' }, { 0x0581, 'g' },
	{ 0x0585, 'o' }, { 0x1D00, 'a' }, { 0x1D04, 'c' }, { 0x1D05, 'd' }, { 0x1D07, 'e' },
	{ 0x1D0A, 'j' }, { 0x1D0B, 'k' }, { 0x1D0D, 'm' }, { 0x1D0F, 'o' }, { 0x1D18, 'p' },
	{ 0x1D1B, 't' }, { 0x1D1C, 'u' }, { 0x1D20, 'v' }, { 0x1D21, 'w' }, { 0x1D22, 'z' },
	{ 0x2070, '0' }, { 0x2071, 'i' }, { 0x207F, 'n' }, { 0x2102, 'c' }, { 0x210A, 'g' },
	{ 0x210B, 'h' }, { 0x210C, 'h' }, { 0x210D, 'h' }, { 0x210E, 'h' }, { 0x2110, 'i' },
	{ 0x2111, 'i' }, { 0x2112, 'l' }, { 0x2113, 'l' }, { 0x2115, 'n' }, { 0x2119, 'p' },
	{ 0x211A, 'q' }, { 0x211B, 'r' }, { 0x211C, 'r' }, { 0x211D, 'r' }, { 0x2124, 'z' },
	{ 0x2128, 'z' }, { 0x212A, 'k' }, { 0x212C, 'b' }, { 0x212D, 'c' }, { 0x212E, 'e' },
	{ 0x212F, 'e' }, { 0x2130, 'e' }, { 0x2131, 'f' }, { 0x2133, 'm' }, { 0x2134, 'o' },
	{ 0xA730, 'f' }, { 0xA731, 's' },
};

static int compare_points(const void *left, const void *right)
{
	const struct lookalike *a = left, *b = right;

	return (a->point > b->point) - (a->point < b->point);
}

/*
 * The mathematical alphabets: 13 of 52 letters each, small after capital; then five
 * rows of digits. The few holes were filled by the Letterlike block, in the table.
 */
static char mathematical_letter(uint32_t point)
{
	if (point >= 0x1D400 && point < 0x1D400 + 13 * 52)
		return (char)('a' + (point - 0x1D400) % 26);
	if (point >= 0x1D7CE && point <= 0x1D7FF)
		return (char)('0' + (point - 0x1D7CE) % 10);
	return 0;
}

/* Letters in circles, parentheses, squares, and the flags' letters. */
static char enclosed_letter(uint32_t point)
{
	static const uint32_t rows[] = { 0x249C,  0x24B6,  0x24D0,  0x1F110,
					 0x1F130, 0x1F150, 0x1F170, 0x1F1E6 };

	for (size_t i = 0; i < ARRAY_COUNT(rows); i++)
		if (point >= rows[i] && point < rows[i] + 26)
			return (char)('a' + (point - rows[i]));
	return 0;
}

char lookalike_letter(uint32_t point)
{
	const struct lookalike key = { (uint16_t)point, 0 };
	const struct lookalike *found = NULL;
	char letter = mathematical_letter(point);

	if (letter)
		return letter;
	if (point <= 0xFFFF)
		found = bsearch(&key, singles, ARRAY_COUNT(singles), sizeof(singles[0]),
				compare_points);
	return found ? found->letter : enclosed_letter(point);
}

char lookalike_leet(uint32_t point)
{
	switch (point) {
	case '0':
		return 'o';
	case '1':
	case '!':
	case '|':
		return 'i';
	case '3':
	case 0x20AC: /* € */
		return 'e';
	case '4':
	case '@':
		return 'a';
	case '5':
	case '$':
		return 's';
	case '7':
		return 't';
	case '8':
		return 'b';
	default:
		return 0;
	}
}

bool lookalike_is_invisible(uint32_t point)
{
	return point == 0xAD || point == 0x34F || point == 0x61C || point == 0xFEFF ||
	       (point >= 0x300 && point <= 0x36F) || (point >= 0x180B && point <= 0x180E) ||
	       (point >= 0x1AB0 && point <= 0x1AFF) || (point >= 0x1DC0 && point <= 0x1DFF) ||
	       (point >= 0x200B && point <= 0x200F) || (point >= 0x202A && point <= 0x202E) ||
	       (point >= 0x2060 && point <= 0x206F) || (point >= 0x20D0 && point <= 0x20FF) ||
	       (point >= 0xFE00 && point <= 0xFE0F) || (point >= 0xFE20 && point <= 0xFE2F) ||
	       (point >= 0xE0000 && point <= 0xE01EF);
}
