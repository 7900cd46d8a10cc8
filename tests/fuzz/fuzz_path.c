/* The path of a REQUEST_URI. */
#include "http_properties.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new(FUZZ_ARENA_BYTES);
	const char *path;

	if (http_decode_path(arena, slice_make((const char *)data, size), &path))
		must_be_good_path(path);
	else
		must(path[0] == '\0');
	arena_free(arena);
	return 0;
}
