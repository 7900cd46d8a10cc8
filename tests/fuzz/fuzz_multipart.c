/* multipart/form-data: the first line is the Content-Type, the rest the body. */
#include "http_properties.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new(FUZZ_ARENA_BYTES);
	struct slice body = slice_make((const char *)data, size);
	struct slice line = slice_cut(&body, '\n');
	struct http_pairs pairs;

	if (http_parse_multipart(arena, body, arena_strndup(arena, line.data, line.length), &pairs))
		must_be_good_pairs(&pairs, HTTP_FIELDS_MAX);
	else
		pairs.count = 0;
	/* Files are pieces of the body, with a name that is clean text. */
	for (size_t i = 0; i < pairs.count; i++) {
		const struct http_pair *pair = &pairs.items[i];

		if (!pair->bytes)
			continue;
		must(pair->bytes >= body.data && pair->length > 0);
		must(pair->bytes + pair->length < body.data + body.length);
		must_be_clean(pair->file_name);
	}
	arena_free(arena);
	return 0;
}
