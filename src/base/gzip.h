/* Gzip (RFC 1952), by libdeflate: the same bytes give the same file, without a time. */
#ifndef BASE_GZIP_H
#define BASE_GZIP_H

#include "base/buf.h"

/* Bytes written; 0: they are more than size, or there is no memory. */
size_t gzip_into(char *room, size_t size, const char *bytes, size_t length);

/* False: it does not fit into out, or there is no memory. */
bool gzip_write(struct buf *out, const char *bytes, size_t length) MUST_CHECK;

/* The other way; false too when it is no gzip. Foreign bytes are fine: out's maximum
 * bounds what comes of them. */
bool gzip_read(struct buf *out, const char *bytes, size_t length) MUST_CHECK;

#endif
