/*
 * What the parsers of this folder share. Not for other folders: theirs is
 * http/http.h.
 */
#ifndef HTTP_PARSE_H
#define HTTP_PARSE_H

#include "http/http.h"

/* Valid UTF-8 without control characters but tab, line feed and return. */
bool http_is_clean(const char *text, size_t length);

/* The same without tab and line ends too: paths, header values, field names. */
bool http_is_clean_line(const char *text, size_t length);

/* "\r\n" and a lone "\r" become "\n", in place. */
void http_unify_newlines(char *text);

/* False when HTTP_FIELDS_MAX fields are there already. */
bool http_add_pair(struct arena *arena, struct http_pairs *pairs, const char *name,
		   const char *value);

/* The part of a header value before ';', without white space around it. */
struct slice http_media_type(const char *content_type);

bool slice_is_ignoring_case(struct slice slice, const char *text);

#endif
