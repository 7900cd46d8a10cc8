/*
 * The growing text buffer. Everything is written through buf_reserve, the one
 * place that knows the maximum and grows the memory (by doubling).
 */
#include "base/buf.h"

#include <stdarg.h>
#include <unistd.h>

#include "base/log.h"
#include "base/utf8.h"

#define FIRST_CAPACITY ((size_t)256)

/* What to write instead of a byte; NULL writes the byte itself. */
typedef const char *escape_table[256];

static const escape_table html_escapes = {
	['&'] = "&amp;", ['<'] = "&lt;", ['>'] = "&gt;", ['"'] = "&quot;", ['\''] = "&#39;",
};

static void free_held(void *held)
{
	free(*(void **)held);
}

static void buf_resize(struct buf *buf, size_t capacity)
{
	char *data = realloc(buf->data, capacity);

	if (!data) {
		log_event(LOG_LEVEL_ERROR, "out_of_memory", "wanted", log_i64((int64_t)capacity),
			  NULL);
		_exit(70);
	}
	buf->data = data;
	buf->capacity = capacity;
	if (buf->held)
		*buf->held = data;
}

void buf_init(struct buf *buf, struct arena *arena, size_t max_bytes)
{
	*buf = (struct buf){ .max = max_bytes };
	if (arena) {
		buf->held = arena_alloc(arena, sizeof(*buf->held));
		arena_defer(arena, free_held, buf->held);
	}
	buf_resize(buf, FIRST_CAPACITY);
	buf->data[0] = '\0';
}

void buf_release(struct buf *buf)
{
	free(buf->data);
	if (buf->held)
		*buf->held = NULL;
	*buf = (struct buf){ 0 };
}

void buf_clear(struct buf *buf)
{
	buf->length = 0;
	buf->data[0] = '\0';
	buf->is_overflown = false;
}

/* Room for length more bytes and the NUL, or the overflow is remembered. */
static bool buf_reserve(struct buf *buf, size_t length)
{
	size_t needed;

	if (buf->is_overflown || length > buf->max - buf->length) {
		buf->is_overflown = true;
		return false;
	}
	needed = buf->length + length + 1;
	if (needed > buf->capacity)
		buf_resize(buf, needed > 2 * buf->capacity ? needed : 2 * buf->capacity);
	return true;
}

void buf_bytes(struct buf *buf, const void *bytes, size_t length)
{
	if (length == 0 || !buf_reserve(buf, length))
		return;
	memcpy(buf->data + buf->length, bytes, length);
	buf->length += length;
	buf->data[buf->length] = '\0';
}

void buf_text(struct buf *buf, const char *text)
{
	buf_bytes(buf, text, strlen(text));
}

void buf_char(struct buf *buf, char c)
{
	buf_bytes(buf, &c, 1);
}

void buf_i64(struct buf *buf, int64_t number)
{
	char digits[20];
	size_t start = sizeof(digits);
	/* Negated as unsigned: INT64_MIN has no positive counterpart. */
	uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;

	do {
		digits[--start] = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest);
	if (number < 0)
		digits[--start] = '-';
	buf_bytes(buf, digits + start, sizeof(digits) - start);
}

void buf_printf(struct buf *buf, const char *format, ...)
{
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	if (length < 0 || !buf_reserve(buf, (size_t)length)) {
		buf->is_overflown = true;
		return;
	}
	va_start(arguments, format);
	vsnprintf(buf->data + buf->length, (size_t)length + 1, format, arguments);
	va_end(arguments);
	buf->length += (size_t)length;
}

void buf_html(struct buf *buf, const char *text, size_t length)
{
	size_t start = 0;

	for (size_t i = 0; i < length; i++) {
		const char *escaped = html_escapes[(unsigned char)text[i]];

		if (!escaped)
			continue;
		buf_bytes(buf, text + start, i - start);
		buf_text(buf, escaped);
		start = i + 1;
	}
	buf_bytes(buf, text + start, length - start);
}

static bool is_unreserved(unsigned char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
	       c == '-' || c == '.' || c == '_' || c == '~';
}

void buf_url(struct buf *buf, const char *text)
{
	static const char digits[] = "0123456789ABCDEF";
	const char *start = text;

	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (is_unreserved(c))
			continue;
		buf_bytes(buf, start, (size_t)(text - start));
		buf_bytes(buf, (char[]){ '%', digits[c >> 4], digits[c & 15] }, 3);
		start = text + 1;
	}
	buf_bytes(buf, start, (size_t)(text - start));
}

/*
 * < > & could end a script element or open a comment in it; the two line
 * separators end a line in JavaScript before 2019.
 */
static bool needs_json_escape(uint32_t point)
{
	return point < 0x20 || point == '"' || point == '\\' || point == '<' || point == '>' ||
	       point == '&' || point == 0x2028 || point == 0x2029;
}

static void buf_json_point(struct buf *buf, uint32_t point)
{
	switch (point) {
	case '"':
		buf_text(buf, "\\\"");
		return;
	case '\\':
		buf_text(buf, "\\\\");
		return;
	case '\n':
		buf_text(buf, "\\n");
		return;
	case '\t':
		buf_text(buf, "\\t");
		return;
	default:
		buf_printf(buf, "\\u%04x", (unsigned)point);
	}
}

void buf_json(struct buf *buf, const char *text)
{
	const char *start = text;
	uint32_t point;
	size_t step;

	buf_char(buf, '"');
	for (; (step = utf8_next(text, &point)) > 0; text += step) {
		if (!needs_json_escape(point))
			continue;
		buf_bytes(buf, start, (size_t)(text - start));
		buf_json_point(buf, point);
		start = text + step;
	}
	buf_bytes(buf, start, (size_t)(text - start));
	buf_char(buf, '"');
}

char *buf_to_arena(const struct buf *buf, struct arena *arena)
{
	char *text;

	if (buf->is_overflown)
		return NULL;
	text = arena_alloc(arena, buf->length + 1);
	memcpy(text, buf->data, buf->length);
	return text;
}
