/*
 * Reading addresses of ours. Accepted by their shape: the site's own host, then a path
 * that names a question or a post; what follows it is decoration.
 */
#include "forum/notice_address.h"

#include <strings.h>

#include "base/slice.h"

#define BLANKS " \t\r\n\v\f"

/* Behind "://"; NULL where there is no such thing. */
static const char *after_scheme(const char *url)
{
	if (strncasecmp(url, "https://", 8) == 0)
		return url + 8;
	return strncasecmp(url, "http://", 7) == 0 ? url + 7 : NULL;
}

/* The path of an address of ours; NULL of any other. A scheme may be missing or other. */
static const char *own_path(const char *base_url, const char *address)
{
	const char *host = after_scheme(base_url), *given = after_scheme(address);
	size_t length;

	if (address[0] == '/')
		return address[1] == '/' ? NULL : address;
	if (!host)
		return NULL;
	given = given ? given : address;
	length = strlen(host);
	if (strncasecmp(given, host, length) != 0 || given[length] != '/')
		return NULL;
	return given + length;
}

/* The number at the beginning of text, which a mark of ends or the end must follow. */
static bool number_at(const char *text, const char *ends, int64_t *out)
{
	size_t digits = strspn(text, "0123456789");

	return digits > 0 && (!text[digits] || strchr(ends, text[digits])) &&
	       slice_to_i64(slice_make(text, digits), out) && *out > 0;
}

bool notice_address_read(const char *base_url, const char *address, struct notice_place *out)
{
	const char *path = own_path(base_url, address), *fragment = strchr(address, '#');

	*out = (struct notice_place){ .address = address };
	if (!path)
		return false;
	if (strncmp(path, "/p/", 3) == 0)
		return number_at(path + 3, "/?#", &out->post_id);
	if (strncmp(path, "/t/", 3) != 0 || !number_at(path + 3, "-/?#", &out->topic_id))
		return false;
	if (fragment && strncmp(fragment, "#p", 2) == 0 &&
	    number_at(fragment + 2, "", &out->post_id))
		out->topic_id = 0;
	return true;
}

bool notice_addresses_read(struct arena *arena, const char *base_url, const char *typed,
			   struct notice_place out[NOTICE_ADDRESSES_MAX], size_t *count,
			   const char **bad)
{
	*count = 0;
	*bad = NULL;
	for (typed += strspn(typed, BLANKS); *typed; typed += strspn(typed, BLANKS)) {
		size_t length = strcspn(typed, BLANKS);
		const char *address = arena_strndup(arena, typed, length);

		if (*count == NOTICE_ADDRESSES_MAX)
			return false;
		if (length > NOTICE_ADDRESS_MAX ||
		    !notice_address_read(base_url, address, &out[*count])) {
			*bad = address;
			return false;
		}
		++*count;
		typed += length;
	}
	return true;
}
