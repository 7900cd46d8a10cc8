/*
 * A growing text buffer with a stated maximum. Writers return nothing: once the
 * maximum is passed the buffer remembers the overflow, ignores what follows,
 * and the end checks once. Always NUL-terminated.
 *
 * Growth is by malloc, not from an arena, because it moves; buf_init ties the
 * memory (not the struct, which may lie on the stack) to the arena, so that
 * nobody has to release it.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/arena.h"

struct buf {
	char *data;    /* never NULL after buf_init */
	size_t length; /* bytes, without the final NUL */
	size_t capacity;
	size_t max; /* most bytes it may ever hold */
	bool is_overflown;
	void **held; /* where the arena finds data; NULL without an arena */
};

/* arena may be NULL: then buf_release is the caller's. */
void buf_init(struct buf *buf, struct arena *arena, size_t max_bytes);
void buf_release(struct buf *buf);

/* Makes it empty again and forgets an overflow; keeps the memory. */
void buf_clear(struct buf *buf);

void buf_bytes(struct buf *buf, const void *bytes, size_t length);
void buf_text(struct buf *buf, const char *text);
void buf_char(struct buf *buf, char c);
void buf_i64(struct buf *buf, int64_t number);
void buf_printf(struct buf *buf, const char *format, ...) PRINTF_LIKE(2, 3);

/* Escapes & < > " ' : safe as element text and inside a quoted attribute. */
void buf_html(struct buf *buf, const char *text, size_t length);

/* Percent-encodes all but RFC 3986's unreserved characters. */
void buf_url(struct buf *buf, const char *text);

/* A JSON string with its quotes (RFC 8259); also safe inside <script>. */
void buf_json(struct buf *buf, const char *text);

/* A string of its own in the arena; NULL if the buffer overflowed. */
char *buf_to_arena(const struct buf *buf, struct arena *arena);

#endif
