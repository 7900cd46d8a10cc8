/*
 * UTF-8 at the border (RFC 3629): checked once on the way in, so that inside
 * every const char * is valid, without NUL and without surrogates.
 */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include "base/base.h"

/* Valid, no NUL byte, no overlong form, no surrogate, at most U+10FFFF. */
bool utf8_is_valid(const char *text, size_t length);

/* No C0/C1 control character but tab, line feed and return. */
bool utf8_is_clean(const char *text, size_t length);

/* Code points in valid UTF-8. */
size_t utf8_count(const char *text);

/* Bytes of the first max_points code points: where a text may be cut. */
size_t utf8_prefix(const char *text, size_t max_points);

/* Next code point and its length in bytes (1..4); 0 at the end. */
size_t utf8_next(const char *text, uint32_t *point);

/* Appends one code point to out (4 bytes room); returns how many were used. */
size_t utf8_put(char *out, uint32_t point);

#endif
