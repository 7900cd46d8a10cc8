/*
 * The border: bytes of a client become names and values here, checked once, so
 * that nothing further in has to ask again. Strict by intent: what a browser
 * never sends is refused, not repaired, because a repair that nginx, we and the
 * database do differently is how requests are smuggled.
 */
#include "http/parse.h"

#include <strings.h>

#include "base/utf8.h"

bool http_is_clean(const char *text, size_t length)
{
	return utf8_is_valid(text, length) && utf8_is_clean(text, length);
}

bool http_is_clean_line(const char *text, size_t length)
{
	if (length == 0)
		return true;
	return http_is_clean(text, length) && memchr(text, '\n', length) == NULL &&
	       memchr(text, '\r', length) == NULL && memchr(text, '\t', length) == NULL;
}

void http_unify_newlines(char *text)
{
	char *end = text;

	for (const char *at = text; *at != '\0'; at++) {
		if (*at != '\r')
			*end++ = *at;
		else if (at[1] != '\n')
			*end++ = '\n';
	}
	*end = '\0';
}

bool http_add_pair(struct arena *arena, struct http_pairs *pairs, const char *name,
		   const char *value)
{
	if (pairs->count == HTTP_FIELDS_MAX)
		return false;
	if (pairs->items == NULL)
		pairs->items = arena_array_of(arena, HTTP_FIELDS_MAX, struct http_pair);
	pairs->items[pairs->count++] = (struct http_pair){ .name = name, .value = value };
	return true;
}

struct slice http_media_type(const char *content_type)
{
	struct slice rest = slice_of(content_type);

	return slice_trim(slice_cut(&rest, ';'));
}

bool slice_is_ignoring_case(struct slice slice, const char *text)
{
	return slice.length == strlen(text) && strncasecmp(slice.data, text, slice.length) == 0;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* Undoes percent escapes, and '+' in forms. NULL: an escape is broken. */
static char *percent_decode(struct arena *arena, struct slice text, bool plus_is_space,
			    size_t *length)
{
	char *out = arena_alloc(arena, text.length + 1);
	char *end = out;

	for (size_t i = 0; i < text.length; i++) {
		char c = text.data[i];

		if (c == '+' && plus_is_space) {
			c = ' ';
		} else if (c == '%') {
			if (text.length - i < 3)
				return NULL;
			int high = hex_digit(text.data[i + 1]);
			int low = hex_digit(text.data[i + 2]);
			if (high < 0 || low < 0)
				return NULL;
			c = (char)(high * 16 + low);
			i += 2;
		}
		*end++ = c;
	}
	*end = '\0';
	*length = (size_t)(end - out);
	return out;
}

static bool add_urlencoded(struct arena *arena, struct slice part, struct http_pairs *out)
{
	struct slice value_part = part;
	struct slice name_part = slice_cut(&value_part, '=');
	size_t name_length, value_length;
	char *name = percent_decode(arena, name_part, true, &name_length);
	char *value = percent_decode(arena, value_part, true, &value_length);

	if (name == NULL || !http_is_clean_line(name, name_length) || value == NULL ||
	    !http_is_clean(value, value_length))
		return false;
	http_unify_newlines(value);
	return http_add_pair(arena, out, name, value);
}

bool http_parse_pairs(struct arena *arena, struct slice text, struct http_pairs *out)
{
	*out = (struct http_pairs){ 0 };
	while (text.length > 0) {
		struct slice part = slice_cut(&text, '&');

		if (part.length > 0 && !add_urlencoded(arena, part, out))
			return false;
	}
	return true;
}

/*
 * RFC 6265 4.2.1. A part without '=' is skipped, as browsers send such for
 * nameless cookies of other sites on the domain. Nothing is percent-decoded.
 */
bool http_parse_cookies(struct arena *arena, struct slice text, struct http_pairs *out)
{
	*out = (struct http_pairs){ 0 };
	if (!http_is_clean_line(text.data, text.length))
		return false;
	while (text.length > 0) {
		struct slice value = slice_cut(&text, ';');
		struct slice name = slice_trim(slice_cut(&value, '='));

		if (value.data == NULL || name.length == 0)
			continue;
		value = slice_trim(value);
		if (value.length >= 2 && value.data[0] == '"' &&
		    value.data[value.length - 1] == '"')
			value = slice_make(value.data + 1, value.length - 2);
		if (out->count == HTTP_COOKIES_MAX ||
		    !http_add_pair(arena, out, arena_strndup(arena, name.data, name.length),
				   arena_strndup(arena, value.data, value.length)))
			return false;
	}
	return true;
}

/* Whether no segment is empty (but the last), "." or "..". */
static bool has_plain_segments(const char *path)
{
	struct slice rest = slice_of(path + 1);

	while (rest.data != NULL) {
		struct slice segment = slice_cut(&rest, '/');

		if (slice_is(segment, ".") || slice_is(segment, "..") ||
		    (segment.length == 0 && rest.data != NULL))
			return false;
	}
	return true;
}

static bool has_encoded_slash(struct slice raw)
{
	for (size_t i = 0; i + 2 < raw.length; i++)
		if (raw.data[i] == '%' && raw.data[i + 1] == '2' && (raw.data[i + 2] | 0x20) == 'f')
			return true;
	return false;
}

bool http_decode_path(struct arena *arena, struct slice raw, const char **out)
{
	size_t length;

	*out = "";
	if (!slice_starts_with(raw, "/") || has_encoded_slash(raw))
		return false;
	char *path = percent_decode(arena, raw, false, &length);
	if (path == NULL || !http_is_clean_line(path, length) || !has_plain_segments(path))
		return false;
	*out = path;
	return true;
}

static const char *first_value(const struct http_pairs *pairs, const char *name)
{
	for (size_t i = 0; i < pairs->count; i++)
		if (strcmp(pairs->items[i].name, name) == 0)
			return pairs->items[i].value;
	return NULL;
}

static const char *value_or_empty(const struct http_pairs *pairs, const char *name)
{
	const char *value = first_value(pairs, name);

	return value != NULL ? value : "";
}

const char *http_parameter(const struct http_request *request, const char *name)
{
	return value_or_empty(&request->parameters, name);
}

const char *http_form(const struct http_request *request, const char *name)
{
	return value_or_empty(&request->form, name);
}

const char *http_file(const struct http_request *request, const char *name, size_t *length)
{
	const struct http_pairs *form = &request->form;

	*length = 0;
	for (size_t i = 0; i < form->count; i++) {
		if (!form->items[i].bytes || strcmp(form->items[i].name, name) != 0)
			continue;
		*length = form->items[i].length;
		return form->items[i].bytes;
	}
	return NULL;
}

size_t http_files(const struct http_request *request, const char *name,
		  const struct http_pair **out, size_t most)
{
	const struct http_pairs *form = &request->form;
	size_t count = 0;

	for (size_t i = 0; i < form->count; i++) {
		if (!form->items[i].bytes || strcmp(form->items[i].name, name) != 0)
			continue;
		if (count < most)
			out[count] = &form->items[i];
		count++;
	}
	return count;
}

const char *http_cookie(const struct http_request *request, const char *name)
{
	return value_or_empty(&request->cookies, name);
}

bool http_has(const struct http_pairs *pairs, const char *name)
{
	return first_value(pairs, name) != NULL;
}
