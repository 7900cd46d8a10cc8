/* urlencoded forms and queries. */
#include "http_properties.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new(FUZZ_ARENA_BYTES);
	struct http_pairs pairs;

	if (http_parse_pairs(arena, slice_make((const char *)data, size), &pairs))
		must_be_good_pairs(&pairs, HTTP_FIELDS_MAX);
	arena_free(arena);
	return 0;
}
