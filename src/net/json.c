/*
 * The text is walked once before jansson sees it. jansson refuses what we want to
 * mend, and reads numbers as 64 bit or double, which cuts long ids.
 */
#include "net/json.h"

#include "base/buf.h"
#include "base/slice.h"

#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */

struct walk {
	const char *at, *end;
	struct buf *out;
	int depth;
	int values;
	const char *problem;
};

/* ---- strings ----------------------------------------------------------- */

/* Four hexadecimal digits, or -1. */
static int hex4(const char *at, const char *end)
{
	int value = 0;

	if (end - at < 4)
		return -1;
	for (int i = 0; i < 4; i++) {
		int digit = at[i] >= '0' && at[i] <= '9'   ? at[i] - '0'
			    : at[i] >= 'a' && at[i] <= 'f' ? at[i] - 'a' + 10
			    : at[i] >= 'A' && at[i] <= 'F' ? at[i] - 'A' + 10
							   : -1;

		if (digit < 0)
			return -1;
		value = value * 16 + digit;
	}
	return value;
}

/* At "\u": copies it, with its other half if there is one, or what stands for it. */
static void walk_unicode(struct walk *walk)
{
	int unit = hex4(walk->at + 2, walk->end);
	int second = -1;

	if (unit < 0) {
		/* Not even an escape: jansson will say so. */
		buf_bytes(walk->out, walk->at, 2);
		walk->at += 2;
		return;
	}
	if (unit >= 0xD800 && unit <= 0xDBFF && walk->end - walk->at >= 8 && walk->at[6] == '\\' &&
	    walk->at[7] == 'u')
		second = hex4(walk->at + 8, walk->end);
	if (second >= 0xDC00 && second <= 0xDFFF) {
		buf_bytes(walk->out, walk->at, 12);
		walk->at += 12;
		return;
	}
	if (unit == 0 || (unit >= 0xD800 && unit <= 0xDFFF))
		buf_text(walk->out, REPLACEMENT);
	else
		buf_bytes(walk->out, walk->at, 6);
	walk->at += 6;
}

/* Bytes of a well-formed character of two or more bytes (RFC 3629), or 0. */
static size_t utf8_length(const char *at, const char *end)
{
	const unsigned char *byte = (const unsigned char *)at;
	size_t length = byte[0] >= 0xC2 && byte[0] <= 0xDF   ? 2
			: byte[0] >= 0xE0 && byte[0] <= 0xEF ? 3
			: byte[0] >= 0xF0 && byte[0] <= 0xF4 ? 4
							     : 0;

	if (length == 0 || (size_t)(end - at) < length)
		return 0;
	for (size_t i = 1; i < length; i++)
		if ((byte[i] & 0xC0) != 0x80)
			return 0;
	/* Overlong forms, surrogates, beyond U+10FFFF. */
	if ((byte[0] == 0xE0 && byte[1] < 0xA0) || (byte[0] == 0xED && byte[1] > 0x9F) ||
	    (byte[0] == 0xF0 && byte[1] < 0x90) || (byte[0] == 0xF4 && byte[1] > 0x8F))
		return 0;
	return length;
}

static void walk_character(struct walk *walk)
{
	unsigned char c = (unsigned char)*walk->at;
	size_t length = utf8_length(walk->at, walk->end);

	if (c == '\0' || (c >= 0x80 && length == 0))
		buf_text(walk->out, REPLACEMENT);
	else if (c < 0x20)
		buf_printf(walk->out, "\\u%04x", c);
	else
		buf_bytes(walk->out, walk->at, length ? length : 1);
	walk->at += length ? length : 1;
}

/* At the opening quote. */
static void walk_string(struct walk *walk)
{
	buf_char(walk->out, *walk->at++);
	while (walk->at < walk->end) {
		if (*walk->at == '"') {
			buf_char(walk->out, *walk->at++);
			return;
		}
		if (*walk->at != '\\' || walk->end - walk->at < 2) {
			walk_character(walk);
		} else if (walk->at[1] == 'u') {
			walk_unicode(walk);
		} else {
			buf_bytes(walk->out, walk->at, 1);
			walk->at++;
			walk_character(walk);
		}
	}
}

/* ---- the rest ---------------------------------------------------------- */

static size_t digits(const char *at, const char *end)
{
	size_t length = 0;

	while (at + length < end && at[length] >= '0' && at[length] <= '9')
		length++;
	return length;
}

/* Length of the number (RFC 8259, 6) that begins here, or 0. */
static size_t number_length(const char *at, const char *end)
{
	const char *start = at;
	size_t length;

	if (at < end && *at == '-')
		at++;
	length = digits(at, end);
	if (length == 0 || (length > 1 && *at == '0'))
		return 0;
	at += length;
	if (at < end && *at == '.') {
		length = digits(at + 1, end);
		if (length == 0)
			return 0;
		at += 1 + length;
	}
	if (at < end && (*at == 'e' || *at == 'E')) {
		at++;
		if (at < end && (*at == '+' || *at == '-'))
			at++;
		length = digits(at, end);
		if (length == 0)
			return 0;
		at += length;
	}
	return (size_t)(at - start);
}

static void walk_number(struct walk *walk)
{
	size_t length = number_length(walk->at, walk->end);

	if (length == 0) {
		/* jansson must refuse it too, whatever its rules are. */
		walk->problem = "a number is malformed";
		return;
	}
	walk->values++;
	buf_char(walk->out, '"');
	buf_bytes(walk->out, walk->at, length);
	buf_char(walk->out, '"');
	walk->at += length;
}

static void walk_one(struct walk *walk)
{
	char c = *walk->at;

	if (c == '"') {
		walk->values++;
		walk_string(walk);
		return;
	}
	if (c == '-' || (c >= '0' && c <= '9')) {
		walk_number(walk);
		return;
	}
	if (c == '{' || c == '[') {
		walk->values++;
		walk->depth++;
	} else if (c == '}' || c == ']') {
		walk->depth--;
	} else if (c == '\0') {
		walk->problem = "there is a NUL between values";
		return;
	}
	buf_char(walk->out, c);
	walk->at++;
}

/* False: over a limit. */
static bool make_safe(const char *bytes, size_t length, int values_max, struct buf *out,
		      const char **problem)
{
	struct walk walk = { .at = bytes, .end = bytes + length, .out = out };

	/* A byte order mark (RFC 8259, 8.1: may be ignored). */
	if (length >= 3 && !memcmp(bytes, "\xef\xbb\xbf", 3))
		walk.at += 3;
	while (walk.at < walk.end && !walk.problem && !out->is_overflown) {
		walk_one(&walk);
		if (walk.depth > JSON_READ_DEPTH_MAX)
			walk.problem = "it is nested too deeply";
		else if (walk.values > values_max)
			walk.problem = "it has too many values";
	}
	if (!walk.problem && out->is_overflown)
		walk.problem = "it is too large";
	*problem = walk.problem;
	return !walk.problem;
}

static void release(void *root)
{
	json_decref(root);
}

const json_t *json_read_large(struct ctx *ctx, const char *bytes, size_t length, int values_max,
			      const char **problem)
{
	struct buf safe;
	json_error_t error;
	json_t *root;

	/* A bare control character takes six times its room, a number two bytes more. */
	buf_init(&safe, NULL, 6 * length + 16);
	if (!make_safe(bytes, length, values_max, &safe, problem)) {
		buf_release(&safe);
		return NULL;
	}
	root = json_loadb(safe.data, safe.length, JSON_DECODE_ANY, &error);
	buf_release(&safe);
	if (!root) {
		*problem = arena_printf(ctx->arena, "line %d: %s", error.line, error.text);
		return NULL;
	}
	arena_defer(ctx->arena, release, root);
	return root;
}

const json_t *json_read(struct ctx *ctx, const char *bytes, size_t length, const char **problem)
{
	return json_read_large(ctx, bytes, length, JSON_READ_VALUES_MAX, problem);
}

/* ---- values ------------------------------------------------------------ */

const json_t *json_at(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	return json_is_null(value) ? NULL : value;
}

const char *json_text_at(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

const char *json_text_or_empty(const json_t *object, const char *key)
{
	const char *text = json_text_at(object, key);

	return text ? text : "";
}

int64_t json_i64_at(const json_t *object, const char *key, int64_t fallback)
{
	const char *text = json_text_at(object, key);
	int64_t number;

	return text && text_to_i64(text, &number) ? number : fallback;
}

bool json_bool_at(const json_t *object, const char *key, bool fallback)
{
	const json_t *value = json_object_get(object, key);
	const char *text = json_string_value(value);
	int64_t number;

	if (json_is_boolean(value))
		return json_is_true(value);
	if (!text)
		return fallback;
	if (!strcmp(text, "true") || !strcmp(text, "false"))
		return text[0] == 't';
	return text_to_i64(text, &number) ? number != 0 : fallback;
}

bool json_has(const json_t *object, const char *key)
{
	return json_at(object, key) != NULL;
}
