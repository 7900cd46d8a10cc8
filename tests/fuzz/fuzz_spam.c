/* Tokens and sketches of whatever was typed: bounded, sorted, each once. */
#include "fuzz.h"

#include "base/utf8.h"
#include "text/shingles.h"
#include "text/spam_score.h"

static void must_rise(const int64_t *hashes, size_t count)
{
	for (size_t i = 1; i < count; i++)
		must(hashes[i] > hashes[i - 1]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new((size_t)16 << 20);
	int64_t *hashes;
	size_t count;

	if (size < 32000 && utf8_is_valid((const char *)data, size)) {
		char *text = arena_strndup(arena, (const char *)data, size);

		count = spam_tokens(arena, &(struct spam_text){ text, text }, &hashes);
		must(count <= SPAM_TOKENS_MAX);
		must_rise(hashes, count);
		count = shingles_of(arena, text, &hashes);
		must(count <= SHINGLES_MAX);
		must_rise(hashes, count);
		must(count == 0 || shingles_similarity(hashes, count, hashes, count) == 1);
	}
	arena_free(arena);
	return 0;
}
