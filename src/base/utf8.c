/*
 * UTF-8 by the table of RFC 3629 section 4. Only utf8_is_valid meets unchecked
 * bytes; the others trust it, but never step over a NUL.
 */
#include "base/utf8.h"

static bool is_continuation(unsigned char byte)
{
	return (byte & 0xC0) == 0x80;
}

/* Bytes that a sequence starting with this byte has; 0 for none. */
static size_t sequence_length(unsigned char first)
{
	if (first < 0x80)
		return 1;
	if (first >= 0xC2 && first <= 0xDF)
		return 2;
	if (first >= 0xE0 && first <= 0xEF)
		return 3;
	if (first >= 0xF0 && first <= 0xF4)
		return 4;
	return 0;
}

/*
 * The second byte is where overlong forms (E0, F0), surrogates (ED) and points
 * above U+10FFFF (F4) are told from good ones.
 */
static bool is_second_byte(unsigned char first, unsigned char second)
{
	switch (first) {
	case 0xE0:
		return second >= 0xA0 && second <= 0xBF;
	case 0xED:
		return second >= 0x80 && second <= 0x9F;
	case 0xF0:
		return second >= 0x90 && second <= 0xBF;
	case 0xF4:
		return second >= 0x80 && second <= 0x8F;
	default:
		return is_continuation(second);
	}
}

static bool is_sequence(const unsigned char *bytes, size_t length)
{
	if (length >= 2 && !is_second_byte(bytes[0], bytes[1]))
		return false;
	for (size_t i = 2; i < length; i++)
		if (!is_continuation(bytes[i]))
			return false;
	return true;
}

bool utf8_is_valid(const char *text, size_t length)
{
	const unsigned char *bytes = (const unsigned char *)text;

	for (size_t i = 0; i < length;) {
		size_t step = sequence_length(bytes[i]);

		if (bytes[i] == '\0' || step == 0 || step > length - i ||
		    !is_sequence(bytes + i, step))
			return false;
		i += step;
	}
	return true;
}

bool utf8_is_clean(const char *text, size_t length)
{
	const unsigned char *bytes = (const unsigned char *)text;

	for (size_t i = 0; i < length; i++) {
		unsigned char byte = bytes[i];

		if (byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r')
			return false;
		if (byte == 0x7F)
			return false;
		/* U+0080 to U+009F are C2 80 to C2 9F. */
		if (byte == 0xC2 && i + 1 < length && bytes[i + 1] <= 0x9F)
			return false;
	}
	return true;
}

size_t utf8_count(const char *text)
{
	size_t count = 0;

	for (; *text; text++)
		if (!is_continuation((unsigned char)*text))
			count++;
	return count;
}

size_t utf8_prefix(const char *text, size_t max_points)
{
	size_t length = 0;

	for (; text[length]; length++) {
		if (is_continuation((unsigned char)text[length]))
			continue;
		if (max_points-- == 0)
			break;
	}
	return length;
}

size_t utf8_next(const char *text, uint32_t *point)
{
	const unsigned char *bytes = (const unsigned char *)text;
	size_t length = sequence_length(bytes[0]);

	*point = bytes[0];
	if (bytes[0] == '\0')
		return 0;
	if (length < 2)
		return 1;
	*point = bytes[0] & (0x7Fu >> length);
	for (size_t i = 1; i < length; i++) {
		if (!is_continuation(bytes[i])) {
			*point = 0xFFFD;
			return i;
		}
		*point = *point << 6 | (bytes[i] & 0x3Fu);
	}
	return length;
}

size_t utf8_put(char *out, uint32_t point)
{
	if (point < 0x80) {
		out[0] = (char)point;
		return 1;
	}
	if (point < 0x800) {
		out[0] = (char)(0xC0 | point >> 6);
		out[1] = (char)(0x80 | (point & 0x3F));
		return 2;
	}
	/* What is no character is written as the replacement character. */
	if ((point >= 0xD800 && point <= 0xDFFF) || point > 0x10FFFF)
		point = 0xFFFD;
	if (point < 0x10000) {
		out[0] = (char)(0xE0 | point >> 12);
		out[1] = (char)(0x80 | (point >> 6 & 0x3F));
		out[2] = (char)(0x80 | (point & 0x3F));
		return 3;
	}
	out[0] = (char)(0xF0 | point >> 18);
	out[1] = (char)(0x80 | (point >> 12 & 0x3F));
	out[2] = (char)(0x80 | (point >> 6 & 0x3F));
	out[3] = (char)(0x80 | (point & 0x3F));
	return 4;
}
