/* What is counted of a search: whatever was typed, no number or address gets through. */
#include "fuzz.h"

#include "base/arena.h"
#include "text/scrub.h"

#define MAX_BYTES 100

static void must_name_nobody(const char *text)
{
	size_t row = 0;

	must(strlen(text) <= MAX_BYTES);
	for (const char *c = text; *c; c++) {
		row = *c >= '0' && *c <= '9' ? row + 1 : 0;
		must(row < 5);
		must(*c != '@' && *c != '\n' && *c != '\t');
	}
	must(!strstr(text, "://") && !strstr(text, "  "));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new((size_t)16 << 20);
	const char *text = arena_strndup(arena, (const char *)data, size);

	must_name_nobody(text_scrub(arena, text, MAX_BYTES));
	arena_free(arena);
	return 0;
}
