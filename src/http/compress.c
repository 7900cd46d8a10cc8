/*
 * Compressing by libdeflate (base/gzip.h) and libbrotli. docs/performance.md has what each
 * quality costs and saves; these are the ones past which a page hardly gets smaller.
 */
#include "http/compress.h"

#include <brotli/encode.h>
#include <string.h>

#include "base/gzip.h"

#define BROTLI_QUALITY 5
#define BROTLI_WINDOW  18 /* 256 kB: no page is longer */
/* Smaller ones fit into one packet anyway. */
#define SMALLEST_WORTH 1000

enum http_coding http_coding_from_text(const char *text)
{
	if (strcmp(text, "gzip") == 0)
		return HTTP_GZIP;
	return strcmp(text, "br") == 0 ? HTTP_BROTLI : HTTP_PLAIN;
}

/* 0: not worth it. */
static size_t brotli(const struct buf *body, char *out, size_t room)
{
	size_t length = room;

	if (!BrotliEncoderCompress(BROTLI_QUALITY, BROTLI_WINDOW, BROTLI_MODE_TEXT, body->length,
				   (const uint8_t *)body->data, &length, (uint8_t *)out))
		return 0;
	return length;
}

void http_compress(struct http_response *response, struct arena *arena, enum http_coding coding)
{
	struct buf *body = &response->body;
	size_t length, room = body->length;
	char *out;

	if (coding == HTTP_PLAIN || body->length < SMALLEST_WORTH || body->is_overflown)
		return;
	out = arena_alloc(arena, room);
	length = coding == HTTP_GZIP ? gzip_into(out, room, body->data, body->length)
				     : brotli(body, out, room);
	if (length == 0 || length >= body->length)
		return;
	buf_clear(body);
	buf_bytes(body, out, length);
	http_header(response, "Content-Encoding", coding == HTTP_GZIP ? "gzip" : "br");
}
