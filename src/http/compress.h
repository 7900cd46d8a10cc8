/*
 * Compressing an answer's body, once, for what is then kept in that form. Never for
 * what carries a secret beside text that others choose: its length would tell of it.
 */
#ifndef HTTP_COMPRESS_H
#define HTTP_COMPRESS_H

#include "base/arena.h"
#include "http/http.h"

enum http_coding { HTTP_PLAIN, HTTP_GZIP, HTTP_BROTLI };

/* "gzip", "br"; anything else is plain. */
enum http_coding http_coding_from_text(const char *text);

/*
 * Sets body and Content-Encoding. What would not get smaller, or cannot be compressed for
 * want of memory, stays as it is. The new body lives in the arena.
 */
void http_compress(struct http_response *response, struct arena *arena, enum http_coding coding);

#endif
