/*
 * Addresses in what people write. The order matters: clean first, as the browser
 * will, and judge what is left; "java\tscript:" is one word to a browser.
 */
#include "text/url.h"

#include <strings.h>

static bool has_prefix(const char *text, const char *prefix)
{
	return strncasecmp(text, prefix, strlen(prefix)) == 0;
}

static bool is_letter_or_digit(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static bool is_scheme_character(unsigned char c)
{
	return is_letter_or_digit(c) || c == '+' || c == '-' || c == '.';
}

/*
 * A first part that cannot be a scheme, because it has no ':' or because something
 * before the ':' cannot stand in one (RFC 3986 3.1). '&' is left out: to a careless
 * reader "&colon;" spells one.
 */
static bool is_relative_path(const char *url)
{
	bool may_be_scheme = true;

	for (; *url && *url != '/' && *url != '?' && *url != '#'; url++) {
		unsigned char c = (unsigned char)*url;

		if (c == ':' && may_be_scheme)
			return false;
		if (!is_letter_or_digit(c) && c < 0x80 && !strchr(":._~%()*+-,;=!$'@`[]{}|^\"", c))
			return false;
		may_be_scheme = may_be_scheme && is_scheme_character(c);
	}
	return true;
}

/* Browsers drop tab and line feed, and take a backslash for a slash. */
static bool has_trap(const char *url)
{
	for (; *url; url++) {
		if ((unsigned char)*url <= 0x20 || *url == 0x7F || *url == '\\')
			return true;
	}
	return false;
}

enum url_kind url_kind_of(const char *url)
{
	if (has_trap(url))
		return URL_REFUSED;
	if (has_prefix(url, "https://") || has_prefix(url, "http://"))
		return URL_WEB;
	if (has_prefix(url, "mailto:"))
		return URL_MAIL;
	if (url[0] == '/')
		return url[1] == '/' ? URL_REFUSED : URL_LOCAL;
	return is_relative_path(url) ? URL_LOCAL : URL_REFUSED;
}

static bool is_blank_or_control(char c)
{
	return (unsigned char)c <= 0x20 || c == 0x7F;
}

char *url_clean(struct arena *arena, const char *url)
{
	static const char digits[] = "0123456789ABCDEF";
	size_t length = strlen(url);
	char *clean, *end;

	while (length > 0 && is_blank_or_control(url[length - 1]))
		length--;
	while (length > 0 && is_blank_or_control(*url)) {
		url++;
		length--;
	}
	clean = end = arena_array(arena, length + 1, 3);
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)url[i];

		if (c == '\t' || c == '\n' || c == '\r')
			continue;
		if (is_blank_or_control(url[i]) || c == '\\') {
			*end++ = '%';
			*end++ = digits[c >> 4];
			*end++ = digits[c & 15];
			continue;
		}
		*end++ = url[i];
	}
	*end = '\0';
	return clean;
}
