/* Gzip (RFC 1952), by libarchive: the same bytes give the same file, without a time. */
#ifndef BASE_GZIP_H
#define BASE_GZIP_H

#include "base/buf.h"

/* False: it does not fit into out, or libarchive could not (out of memory). */
bool gzip_write(struct buf *out, const char *bytes, size_t length) MUST_CHECK;

/* The other way; false too when it is no gzip. Foreign bytes are fine: out's maximum
 * bounds what comes of them. */
bool gzip_read(struct buf *out, const char *bytes, size_t length) MUST_CHECK;

#endif
