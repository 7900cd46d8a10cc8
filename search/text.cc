/*
 * Cleaning and cutting.
 */
#include "search/text.hh"

#include <algorithm>
#include <cstring>

#include <xapian.h>

namespace search
{

namespace
{

/* 10xxxxxx: not the first byte of a character. */
bool is_continuation(char byte)
{
	return (static_cast<unsigned char>(byte) & 0xC0) == 0x80;
}

bool is_blank(unsigned point)
{
	return point == ' ' || is_control(point) || point == 0xA0 || point == 0x2028 ||
	       point == 0x2029;
}

bool is_character(unsigned point)
{
	return point < 0xD800 || (point > 0xDFFF && point <= 0x10FFFF);
}

} // namespace

bool is_control(unsigned point)
{
	return point < 0x20 || (point >= 0x7F && point < 0xA0);
}

bool is_invisible_format(unsigned point)
{
	return point == 0x200B || point == 0x200E || point == 0x200F || point == 0xFEFF ||
	       (point >= 0x202A && point <= 0x202E) || (point >= 0x2066 && point <= 0x2069);
}

std::string_view cut_text(std::string_view text, size_t max_bytes)
{
	size_t length = std::min(text.size(), max_bytes);

	if (length < text.size())
		while (length > 0 && is_continuation(text[length]))
			length--;
	return text.substr(0, length);
}

void append_clean(std::string *out, std::string_view text, size_t max_bytes)
{
	size_t start = out->size();
	char owed = '\0'; /* the blank before the next character */

	for (Xapian::Utf8Iterator next(text.data(), text.size()); next != Xapian::Utf8Iterator();
	     ++next) {
		std::string character;

		if (is_blank(*next)) {
			owed = *next == '\n' || owed == '\n' ? '\n' : ' ';
			continue;
		}
		if (!is_character(*next) || is_invisible_format(*next))
			continue;
		if (owed && out->size() > start)
			character = owed;
		Xapian::Unicode::append_utf8(character, *next);
		if (out->size() - start + character.size() > max_bytes)
			return;
		*out += character;
		owed = '\0';
	}
}

void copy_text(char *out, size_t size, std::string_view text)
{
	std::string_view kept = cut_text(text, size - 1);

	if (!kept.empty())
		memcpy(out, kept.data(), kept.size());
	out[kept.size()] = '\0';
}

} // namespace search
