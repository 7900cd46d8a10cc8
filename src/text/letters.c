/*
 * libxml2 has Unicode's tables; only of the great blocks of ideographs and Hangul
 * syllables it knows just the first and the last.
 */
#include "text/letters.h"

#include "base/utf8.h"

#include <libxml/xmlunicode.h>

static bool is_in_great_block(uint32_t point)
{
	return (point >= 0x3400 && point <= 0x4DBF) || (point >= 0x4E00 && point <= 0x9FFF) ||
	       (point >= 0xAC00 && point <= 0xD7A3) || (point >= 0x20000 && point <= 0x323AF);
}

bool letters_is_letter(uint32_t point)
{
	if (point < 0x80)
		return (point >= 'a' && point <= 'z') || (point >= 'A' && point <= 'Z');
	return is_in_great_block(point) || xmlUCSIsCatL((int)point) || xmlUCSIsCatM((int)point);
}

bool letters_is_digit(uint32_t point)
{
	return point < 0x80 ? point >= '0' && point <= '9' : xmlUCSIsCatN((int)point);
}

size_t letters_word_length(const char *text)
{
	uint32_t point;
	size_t length = utf8_next(text, &point);

	return letters_is_letter(point) || letters_is_digit(point) ? length : 0;
}
