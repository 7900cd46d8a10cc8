/* The addresses of a legal notice: ours or refused, never more than the limit. */
#include "fuzz.h"

#include "base/arena.h"
#include "forum/notice_address.h"

#define BASE "https://forum.example"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new((size_t)16 << 20);
	char *typed = arena_alloc(arena, size + 1);
	struct notice_place places[NOTICE_ADDRESSES_MAX];
	const char *bad = NULL;
	size_t count = 0;

	memcpy(typed, data, size);
	typed[size] = '\0';
	if (notice_addresses_read(arena, BASE, typed, places, &count, &bad)) {
		must(count <= NOTICE_ADDRESSES_MAX && !bad);
		for (size_t i = 0; i < count; i++) {
			must(places[i].topic_id >= 0 && places[i].post_id >= 0);
			must((places[i].topic_id > 0) != (places[i].post_id > 0));
			must(strlen(places[i].address) <= NOTICE_ADDRESS_MAX);
			must(strcspn(places[i].address, " \t\r\n\v\f") ==
			     strlen(places[i].address));
		}
	} else {
		must(bad || count == NOTICE_ADDRESSES_MAX);
	}
	arena_free(arena);
	return 0;
}
