/*
 * What holds for all markup that people can make appear: only allowed elements,
 * attributes and addresses, well nested, everything else escaped. A strict reader
 * of the sanitiser's own notation, cheap enough to run on every input.
 */
#ifndef TESTS_FUZZ_MARKUP_PROPERTIES_H
#define TESTS_FUZZ_MARKUP_PROPERTIES_H

#include <strings.h>

#include "fuzz.h"

#define MARKUP_DEPTH_MAX 600

static inline bool markup_is_listed(const char *name, size_t length, const char *const *list)
{
	for (; *list; list++) {
		if (strlen(*list) == length && memcmp(*list, name, length) == 0)
			return true;
	}
	return false;
}

static inline void must_be_harmless_address(const char *value, size_t length)
{
	size_t scheme = 0;

	for (size_t i = 0; i < length; i++)
		must((unsigned char)value[i] > 0x20 && value[i] != '\\');
	must(!(length > 1 && value[0] == '/' && value[1] == '/'));
	while (scheme < length &&
	       (value[scheme] == '+' || value[scheme] == '-' || value[scheme] == '.' ||
		(value[scheme] >= '0' && value[scheme] <= '9') ||
		((value[scheme] | 0x20) >= 'a' && (value[scheme] | 0x20) <= 'z')))
		scheme++;
	if (scheme < length && value[scheme] == ':')
		must(strncasecmp(value, "http://", 7) == 0 ||
		     strncasecmp(value, "https://", 8) == 0 ||
		     strncasecmp(value, "mailto:", 7) == 0);
}

/* At the space before a name; returns what follows the value's end quote. */
static inline const char *must_be_good_attribute(const char *c)
{
	static const char *const names[] = { "href",  "src",   "alt",     "title",    "rel",
					     "class", "start", "loading", "tabindex", NULL };
	const char *name = c + 1;
	size_t length = strspn(name, "abcdefghijklmnopqrstuvwxyz");
	const char *value = name + length + 2;
	size_t value_length;

	must(*c == ' ' && markup_is_listed(name, length, names));
	must(name[length] == '=' && name[length + 1] == '"');
	value_length = strcspn(value, "\"<>");
	must(value[value_length] == '"');
	if (length == 4 && memcmp(name, "href", 4) == 0)
		must_be_harmless_address(value, value_length);
	if (length == 3 && memcmp(name, "src", 3) == 0)
		must_be_harmless_address(value, value_length);
	return value + value_length + 1;
}

static inline void must_be_harmless_markup(const char *html)
{
	static const char *const names[] = {
		"a",     "abbr",    "blockquote", "br",      "caption", "cite",  "code",  "dd",
		"del",   "details", "dfn",        "div",     "dl",      "dt",    "em",    "h3",
		"h4",    "h5",      "h6",         "hr",      "img",     "ins",   "kbd",   "li",
		"mark",  "ol",      "p",          "pre",     "q",       "s",     "samp",  "small",
		"span",  "strong",  "sub",        "summary", "sup",     "table", "tbody", "td",
		"tfoot", "th",      "thead",      "tr",      "u",       "ul",    "var",   NULL,
	};
	static const char *const voids[] = { "br", "hr", "img", NULL };
	const char *open[MARKUP_DEPTH_MAX];
	size_t lengths[MARKUP_DEPTH_MAX], depth = 0;

	for (const char *c = html; *c;) {
		bool is_end = c[0] == '<' && c[1] == '/';
		const char *name = c + 1 + is_end;
		size_t length;

		must(*c != '>' && *c != '"' && *c != '\'');
		if (*c != '<') {
			c++;
			continue;
		}
		length = strspn(name, "abcdefghijklmnopqrstuvwxyz3456");
		must(markup_is_listed(name, length, names));
		c = name + length;
		if (is_end) {
			must(depth > 0 && lengths[depth - 1] == length &&
			     memcmp(open[depth - 1], name, length) == 0);
			depth--;
		} else {
			while (*c == ' ')
				c = must_be_good_attribute(c);
			if (!markup_is_listed(name, length, voids)) {
				must(depth < MARKUP_DEPTH_MAX);
				open[depth] = name;
				lengths[depth++] = length;
			}
		}
		must(*c++ == '>');
	}
	must(depth == 0);
}

#endif
