/*
 * The word diff of the two halves of the input, which a NUL byte separates: kept
 * and removed runs give the old text, kept and added ones the new. Names and slugs
 * of both come along.
 */
#include "base/buf.h"
#include "base/utf8.h"
#include "fuzz.h"
#include "text/diff.h"
#include "text/slug.h"

#define INPUT_ARENA_BYTES ((size_t)256 * 1024 * 1024)

static void try_diff(struct arena *arena, const char *before, const char *after)
{
	struct buf old, new;
	struct diff_run *runs;
	size_t count = diff_words(arena, before, after, &runs);

	buf_init(&old, arena, strlen(before));
	buf_init(&new, arena, strlen(after));
	for (size_t i = 0; i < count; i++) {
		must(runs[i].text[0] != '\0');
		if (runs[i].kind != DIFF_ADDED)
			buf_text(&old, runs[i].text);
		if (runs[i].kind != DIFF_REMOVED)
			buf_text(&new, runs[i].text);
	}
	must(strcmp(old.data, before) == 0 && strcmp(new.data, after) == 0);
}

static void try_slug(struct arena *arena, const char *text)
{
	const char *folded = text_fold(arena, text);
	const char *slug = slug_from(arena, text);

	must(utf8_is_valid(folded, strlen(folded)));
	must(strcmp(text_fold(arena, folded), folded) == 0);
	must(utf8_is_valid(slug, strlen(slug)));
	must(*slug != '\0' && strlen(slug) <= SLUG_MAX_BYTES);
	must(strpbrk(slug, "/?#%&<>\"' ABCDEFGHIJKLMNOPQRSTUVWXYZ") == NULL);
	must(strstr(slug, "--") == NULL);
	must(strcmp(slug_from(arena, slug), slug) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *middle = size > 0 ? memchr(data, '\0', size) : NULL;
	size_t length = middle ? (size_t)(middle - data) : size;
	struct arena *arena = arena_new(INPUT_ARENA_BYTES);
	char *before = arena_strndup(arena, (const char *)data, length);
	char *after = arena_strndup(arena, middle ? (const char *)middle + 1 : "",
				    middle ? strnlen((const char *)middle + 1, size - length - 1)
					   : 0);

	try_diff(arena, before, after);
	if (utf8_is_valid(before, strlen(before)))
		try_slug(arena, before);
	arena_free(arena);
	return 0;
}
