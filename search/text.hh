/*
 * Text on its way into the index and out of it again: always valid UTF-8, never cut
 * inside a character, and without characters that could be taken for our marks.
 */
#ifndef SEARCH_TEXT_H
#define SEARCH_TEXT_H

#include <string>
#include <string_view>

namespace search
{

bool is_control(unsigned point);

/* Those that turn the direction of writing, and those of no width that join nothing. */
bool is_invisible_format(unsigned point);

/* The longest beginning of at most that many bytes that ends between characters. */
std::string_view cut_text(std::string_view text, size_t max_bytes);

/*
 * Adds the text to *out, at most max_bytes of it: bytes that are not UTF-8 are read as
 * Latin-1, blanks and control characters become one space, or one \n.
 */
void append_clean(std::string *out, std::string_view text, size_t max_bytes);

/* Puts a text and its NUL where a caller in C finds it, cut if need be. */
void copy_text(char *out, size_t size, std::string_view text);

} // namespace search

#endif
