/*
 * A piece of text that somebody else owns, not NUL-terminated: what parsers
 * take and give. Nothing here allocates.
 */
#ifndef BASE_SLICE_H
#define BASE_SLICE_H

#include "base/base.h"

struct slice {
	const char *data;
	size_t length;
};

struct slice slice_of(const char *text);
struct slice slice_make(const char *data, size_t length);
bool slice_is(struct slice slice, const char *text);
bool slice_starts_with(struct slice slice, const char *prefix);
struct slice slice_trim(struct slice slice); /* ASCII white space */

/*
 * Takes the part before the separator out of *rest and returns it; *rest is
 * what follows. Without a separator the whole rest is returned and *rest is
 * empty with data == NULL, which tells "nothing left" from "empty part left".
 */
struct slice slice_cut(struct slice *rest, char separator);

/* Base 10, optional '-', nothing else around it. False leaves *out alone. */
bool slice_to_i64(struct slice slice, int64_t *out);
bool text_to_i64(const char *text, int64_t *out);

#endif
