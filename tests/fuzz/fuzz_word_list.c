/*
 * Word lists: up to an empty line a list, then a text. A match stands at characters'
 * borders, in order, and folds to something that begins as its entry does.
 */
#include "fuzz.h"

#include "base/utf8.h"
#include "text/word_fold.h"
#include "text/word_list.h"

static void check_match(struct arena *arena, const char *text, const struct word_match *match)
{
	const char *piece = arena_strndup(arena, text + match->start, match->end - match->start);
	struct word_fold found, wanted;
	size_t length;

	must(match->end > match->start && match->end <= strlen(text));
	must(utf8_is_valid(piece, strlen(piece)));
	for (int reading = WORDS_PLAIN; reading <= WORDS_DISGUISED; reading++) {
		word_fold(arena, piece, (enum word_reading)reading, &found);
		word_fold(arena, match->entry, (enum word_reading)reading, &wanted);
		length = wanted.length - (match->entry[strlen(match->entry) - 1] == '*');
		if (found.length >= length && !memcmp(found.bytes, wanted.bytes, length))
			return;
	}
	must(false);
}

static void check(struct arena *arena, const char *list, const char *text)
{
	struct word_entry like = { .list_id = 1, .languages = WORD_ANY }, *entries;
	struct word_matcher *matcher;
	struct word_match *matches;
	size_t bad, count = word_list_parse(arena, list, &like, &entries, &bad);

	matcher = word_matcher_new(entries, count);
	count = word_matcher_find(matcher, arena, text, "fr", &matches);
	must(count <= WORD_MATCHES_MAX);
	for (size_t i = 0; i < count; i++) {
		must(i == 0 || matches[i].start >= matches[i - 1].start);
		check_match(arena, text, &matches[i]);
	}
	word_matcher_free(matcher);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new((size_t)64 << 20);

	if (size < 16000 && utf8_is_valid((const char *)data, size)) {
		char *list = arena_strndup(arena, (const char *)data, size);
		char *text = strstr(list, "\n\n");

		if (text) {
			*text = '\0';
			check(arena, list, text + 2);
		}
	}
	arena_free(arena);
	return 0;
}
