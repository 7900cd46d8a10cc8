/*
 * Slices: looking at somebody else's text without copying it.
 */
#include "base/slice.h"

struct slice slice_make(const char *data, size_t length)
{
	return (struct slice){ .data = data, .length = length };
}

struct slice slice_of(const char *text)
{
	return slice_make(text, strlen(text));
}

/* memcmp and memchr must not be given NULL, even for a length of zero. */
static bool has_bytes(struct slice slice, const char *bytes, size_t length)
{
	return length == 0 || memcmp(slice.data, bytes, length) == 0;
}

bool slice_is(struct slice slice, const char *text)
{
	size_t length = strlen(text);

	return slice.length == length && has_bytes(slice, text, length);
}

bool slice_starts_with(struct slice slice, const char *prefix)
{
	size_t length = strlen(prefix);

	return slice.length >= length && has_bytes(slice, prefix, length);
}

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

struct slice slice_trim(struct slice slice)
{
	while (slice.length > 0 && is_space(slice.data[0])) {
		slice.data++;
		slice.length--;
	}
	while (slice.length > 0 && is_space(slice.data[slice.length - 1]))
		slice.length--;
	return slice;
}

struct slice slice_cut(struct slice *rest, char separator)
{
	struct slice whole = *rest;
	const char *found = whole.length > 0 ? memchr(whole.data, separator, whole.length) : NULL;
	size_t length;

	if (!found) {
		*rest = slice_make(NULL, 0);
		return whole;
	}
	length = (size_t)(found - whole.data);
	*rest = slice_make(found + 1, whole.length - length - 1);
	return slice_make(whole.data, length);
}

/* Counts downwards: the negative numbers reach one further than the positive. */
bool slice_to_i64(struct slice slice, int64_t *out)
{
	bool is_negative = slice_starts_with(slice, "-");
	int64_t number = 0;

	if (is_negative)
		slice = slice_make(slice.data + 1, slice.length - 1);
	if (slice.length == 0)
		return false;
	for (size_t i = 0; i < slice.length; i++) {
		int digit = slice.data[i] - '0';

		if (digit < 0 || digit > 9 ||
		    __builtin_mul_overflow(number, (int64_t)10, &number) ||
		    __builtin_sub_overflow(number, (int64_t)digit, &number))
			return false;
	}
	if (!is_negative && __builtin_sub_overflow((int64_t)0, number, &number))
		return false;
	*out = number;
	return true;
}

bool text_to_i64(const char *text, int64_t *out)
{
	return slice_to_i64(slice_of(text), out);
}
