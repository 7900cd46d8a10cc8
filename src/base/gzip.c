#include "base/gzip.h"

#include <libdeflate.h>
#include <stdlib.h>

/* Past this a page or a list of addresses hardly gets smaller (docs/performance.md). */
#define QUALITY     6
#define LEAST_BYTES 18 /* head and tail (RFC 1952, 2.3) */
#define TAIL_BYTES  4  /* the length of what is inside, modulo 2^32 */

size_t gzip_into(char *room, size_t size, const char *bytes, size_t length)
{
	struct libdeflate_compressor *compressor = libdeflate_alloc_compressor(QUALITY);
	size_t written;

	if (!compressor)
		return 0;
	written = libdeflate_gzip_compress(compressor, bytes, length, room, size);
	libdeflate_free_compressor(compressor);
	return written;
}

bool gzip_write(struct buf *out, const char *bytes, size_t length)
{
	size_t size = libdeflate_gzip_compress_bound(NULL, length), written;
	char *room = malloc(size);

	if (!room)
		return false;
	written = gzip_into(room, size, bytes, length);
	buf_bytes(out, room, written);
	free(room);
	return written > 0 && !out->is_overflown;
}

/* What the tail promises: libdeflate then finds whether it is so. */
static size_t promised_length(const char *bytes, size_t length)
{
	const unsigned char *tail = (const unsigned char *)bytes + length - TAIL_BYTES;

	return tail[0] | (size_t)tail[1] << 8 | (size_t)tail[2] << 16 | (size_t)tail[3] << 24;
}

/* Exactly so long: libdeflate is given no place for another length. */
static bool unpack(char *room, size_t size, const char *bytes, size_t length)
{
	struct libdeflate_decompressor *decompressor = libdeflate_alloc_decompressor();
	bool is_unpacked = decompressor &&
			   libdeflate_gzip_decompress(decompressor, bytes, length, room, size,
						      NULL) == LIBDEFLATE_SUCCESS;

	if (decompressor)
		libdeflate_free_decompressor(decompressor);
	return is_unpacked;
}

bool gzip_read(struct buf *out, const char *bytes, size_t length)
{
	size_t size;
	char *room;
	bool is_read;

	if (length < LEAST_BYTES)
		return false;
	size = promised_length(bytes, length);
	if (size > out->max - out->length)
		return false;
	room = malloc(size + 1);
	if (!room)
		return false;
	is_read = unpack(room, size, bytes, length);
	if (is_read)
		buf_bytes(out, room, size);
	free(room);
	return is_read && !out->is_overflown;
}
