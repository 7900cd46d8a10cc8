/*
 * Zip files, as every telephone opens them, written in memory by libarchive.
 */
#ifndef BASE_ZIP_H
#define BASE_ZIP_H

#include "base/buf.h"

struct zip_entry {
	const char *name; /* "data.json" */
	const char *text;
	size_t length;
};

/* at: the files' time, Unix seconds. False: it does not fit into out, or libarchive
 * could not (out of memory). */
bool zip_write(struct buf *out, const struct zip_entry *entries, size_t count,
	       int64_t at) MUST_CHECK;

#endif
