/*
 * What must hold for anything that src/http lets in, whichever way it came.
 */
#ifndef TESTS_FUZZ_HTTP_PROPERTIES_H
#define TESTS_FUZZ_HTTP_PROPERTIES_H

#include "base/utf8.h"
#include "fuzz.h"
#include "http/http.h"

#define FUZZ_ARENA_BYTES ((size_t)16 * 1024 * 1024)

static inline void must_be_clean(const char *text)
{
	must(text != NULL);
	must(utf8_is_valid(text, strlen(text)));
	must(utf8_is_clean(text, strlen(text)));
}

static inline void must_be_one_line(const char *text)
{
	must_be_clean(text);
	must(strpbrk(text, "\r\n\t") == NULL);
}

static inline void must_be_good_pairs(const struct http_pairs *pairs, size_t max)
{
	must(pairs->count <= max);
	for (size_t i = 0; i < pairs->count; i++) {
		must_be_one_line(pairs->items[i].name);
		must_be_clean(pairs->items[i].value);
		must(strchr(pairs->items[i].value, '\r') == NULL);
		must(http_has(pairs, pairs->items[i].name));
	}
}

/* A decoded path: absolute, and the same to everybody who splits it at '/'. */
static inline void must_be_good_path(const char *path)
{
	must_be_one_line(path);
	must(path[0] == '/');
	must(strstr(path, "//") == NULL);
	must(strstr(path, "/./") == NULL && strstr(path, "/../") == NULL);
}

#endif
