/* The Cookie header. */
#include "http_properties.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new(FUZZ_ARENA_BYTES);
	struct http_pairs pairs;

	if (http_parse_cookies(arena, slice_make((const char *)data, size), &pairs)) {
		must_be_good_pairs(&pairs, HTTP_COOKIES_MAX);
		for (size_t i = 0; i < pairs.count; i++) {
			must(pairs.items[i].name[0] != '\0');
			must(strpbrk(pairs.items[i].name, ";=") == NULL);
			must(strchr(pairs.items[i].value, ';') == NULL);
		}
	}
	arena_free(arena);
	return 0;
}
