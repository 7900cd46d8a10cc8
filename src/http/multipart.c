/*
 * multipart/form-data (RFC 7578): a few screens of a parser that takes what browsers
 * write and nothing else. Files are passed on as bytes where they lie in the body, their
 * names as they were sent. No preamble, no epilogue, no nesting, no encodings, bounded
 * headers; one pass over the body.
 */
#include "http/parse.h"

#include <strings.h>

#define BOUNDARY_MAX_BYTES     70 /* RFC 2046 5.1.1 */
#define PART_HEADERS_MAX_BYTES 1024
#define FIELD_NAME_MAX_BYTES   256

struct part {
	struct slice name;      /* data NULL: no Content-Disposition seen */
	struct slice file_name; /* data NULL: not a file field */
};

/* Takes `count` bytes off the front. */
static void advance(struct slice *slice, size_t count)
{
	slice->data += count;
	slice->length -= count;
}

static bool take(struct slice *slice, const char *prefix)
{
	if (!slice_starts_with(*slice, prefix))
		return false;
	advance(slice, strlen(prefix));
	return true;
}

/* The part before `mark`, which is taken off too. False: not there. */
static bool take_until(struct slice *rest, struct slice mark, struct slice *out)
{
	const char *found = memmem(rest->data, rest->length, mark.data, mark.length);

	if (found == NULL)
		return false;
	*out = slice_make(rest->data, (size_t)(found - rest->data));
	advance(rest, out->length + mark.length);
	return true;
}

/*
 * One `; name=value` or `; name="value"` of a header. Browsers write '"' inside
 * a value as %22, so a quote always ends it.
 */
static bool take_attribute(struct slice *rest, struct slice *name, struct slice *value)
{
	struct slice pair;

	*rest = slice_trim(*rest);
	if (!take(rest, ";"))
		return false;
	*rest = slice_trim(*rest);
	if (!take_until(rest, slice_of("="), name))
		return false;
	*name = slice_trim(*name);
	if (take(rest, "\""))
		return take_until(rest, slice_of("\""), value);
	pair = *rest;
	*value = slice_cut(&pair, ';');
	advance(rest, value->length);
	*value = slice_trim(*value);
	return value->length > 0;
}

/* RFC 2046's bchars, without the space. */
static bool is_boundary(struct slice text)
{
	if (text.length == 0 || text.length > BOUNDARY_MAX_BYTES)
		return false;
	for (size_t i = 0; i < text.length; i++) {
		char c = text.data[i];
		bool is_letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
		bool is_digit = c >= '0' && c <= '9';

		if (!is_letter && !is_digit && (c == '\0' || strchr("'()+_,-./:=?", c) == NULL))
			return false;
	}
	return true;
}

static bool find_boundary(const char *content_type, struct slice *out)
{
	struct slice rest = slice_of(content_type);
	struct slice type = http_media_type(content_type);
	struct slice name, value;

	if (!slice_is_ignoring_case(type, "multipart/form-data"))
		return false;
	slice_cut(&rest, ';');
	if (rest.data == NULL)
		return false;
	rest = slice_make(rest.data - 1, rest.length + 1);
	while (take_attribute(&rest, &name, &value)) {
		if (!slice_is_ignoring_case(name, "boundary"))
			continue;
		*out = value;
		return is_boundary(value);
	}
	return false;
}

static bool read_disposition(struct slice value, struct part *part)
{
	struct slice name, attribute;

	if (part->name.data != NULL)
		return false;
	struct slice rest = value;
	struct slice kind = slice_trim(slice_cut(&rest, ';'));
	if (!slice_is_ignoring_case(kind, "form-data") || rest.data == NULL)
		return false;
	rest = slice_make(rest.data - 1, rest.length + 1);
	while (take_attribute(&rest, &name, &attribute)) {
		if (slice_is_ignoring_case(name, "name"))
			part->name = attribute;
		else if (slice_is_ignoring_case(name, "filename") ||
			 slice_is_ignoring_case(name, "filename*"))
			part->file_name = attribute;
	}
	return rest.length == 0 && part->name.data != NULL &&
	       part->name.length <= FIELD_NAME_MAX_BYTES;
}

/* The header lines of one part, without the empty line. */
static bool read_headers(struct slice headers, struct part *part)
{
	if (headers.length > PART_HEADERS_MAX_BYTES || !http_is_clean(headers.data, headers.length))
		return false;
	while (headers.data != NULL) {
		struct slice value = slice_trim(slice_cut(&headers, '\n'));
		struct slice name = slice_cut(&value, ':');

		if (value.data == NULL)
			return false;
		if (slice_is_ignoring_case(name, "content-disposition") &&
		    !read_disposition(value, part))
			return false;
		/* RFC 7578 4.7: deprecated; an encoded text would stay encoded. */
		if (slice_is_ignoring_case(name, "content-transfer-encoding"))
			return false;
	}
	return part->name.data != NULL;
}

/* A field in which nothing was chosen comes as an empty file without a name. */
static bool add_file(struct arena *arena, const struct part *part, struct slice content,
		     struct http_pairs *out)
{
	if (content.length == 0)
		return true;
	if (!http_add_pair(arena, out, arena_strndup(arena, part->name.data, part->name.length),
			   ""))
		return false;
	out->items[out->count - 1].bytes = content.data;
	out->items[out->count - 1].length = content.length;
	out->items[out->count - 1].file_name = arena_strndup(arena, part->file_name.data,
							     part->file_name.length);
	return true;
}

static bool add_part(struct arena *arena, const struct part *part, struct slice content,
		     struct http_pairs *out)
{
	if (!http_is_clean_line(part->name.data, part->name.length))
		return false;
	if (part->file_name.data != NULL)
		return add_file(arena, part, content, out);
	if (!http_is_clean(content.data, content.length))
		return false;
	char *value = arena_strndup(arena, content.data, content.length);
	http_unify_newlines(value);
	return http_add_pair(arena, out, arena_strndup(arena, part->name.data, part->name.length),
			     value);
}

bool http_parse_multipart(struct arena *arena, struct slice body, const char *content_type,
			  struct http_pairs *out)
{
	struct slice boundary, headers, content;

	*out = (struct http_pairs){ 0 };
	if (!find_boundary(content_type, &boundary))
		return false;
	struct slice mark = slice_of(
		arena_printf(arena, "\r\n--%.*s", (int)boundary.length, boundary.data));
	/* The first one stands at the start of the body, without a line end. */
	if (!take(&body, mark.data + 2))
		return false;
	/* A form of empty file fields would otherwise be free of the field limit. */
	for (size_t parts = 0; take(&body, "\r\n"); parts++) {
		struct part part = { 0 };

		if (parts == HTTP_FIELDS_MAX ||
		    !take_until(&body, slice_of("\r\n\r\n"), &headers) ||
		    !read_headers(headers, &part) || !take_until(&body, mark, &content) ||
		    !add_part(arena, &part, content, out))
			return false;
	}
	return take(&body, "--") && (body.length == 0 || slice_is(body, "\r\n"));
}
