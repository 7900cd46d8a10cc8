/* Texts with named places, as administrators write them. */
#include "fuzz.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "text/placeholder.h"

#define TEXT_MAX ((size_t)16 * 1024)

/* What was taken apart, written again. */
static void write_words(struct buf *out, const char *words)
{
	for (; *words; words++) {
		if (*words == '{' || *words == '}')
			buf_char(out, *words);
		buf_char(out, *words);
	}
}

static void must_be_the_same(struct arena *arena, const char *text,
			     const struct placeholder_text *parsed)
{
	size_t place_count = 0;
	bool was_place = true, has_arguments = false;
	struct buf again;

	buf_init(&again, arena, 4 * TEXT_MAX);
	for (size_t i = 0; i < parsed->count; i++) {
		const struct placeholder_piece *piece = &parsed->pieces[i];

		must(piece->text[0] != '\0' && (piece->is_place || was_place));
		was_place = piece->is_place;
		if (!piece->is_place) {
			write_words(&again, piece->text);
			continue;
		}
		place_count++;
		must(strlen(piece->text) <= PLACEHOLDER_NAME_MAX);
		must(text[piece->offset] == '{');
		if (piece->argument) {
			must(piece->argument[0] != '\0' && !strpbrk(piece->argument, "{}\n"));
			has_arguments = true;
		}
		buf_printf(&again, "{%s}", piece->text);
	}
	/* Arguments are trimmed: with one, the text is not the same again. */
	must(has_arguments || strcmp(again.data, text) == 0);
	must(place_count == parsed->place_count && place_count <= PLACEHOLDERS_MAX);
}

static void check(struct arena *arena, const char *text, bool is_parsed,
		  const struct placeholder_text *parsed)
{
	if (is_parsed) {
		must(!parsed->problem);
		must_be_the_same(arena, text, parsed);
		return;
	}
	must(parsed->problem ? *parsed->problem == '{' || *parsed->problem == '}'
			     : parsed->place_count == PLACEHOLDERS_MAX);
	must(!parsed->problem ||
	     (parsed->problem >= text && parsed->problem < text + strlen(text)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new((size_t)4 << 20);
	struct placeholder_text parsed;
	bool is_parsed;
	char *text;

	text = arena_strndup(arena, (const char *)data, size > TEXT_MAX ? TEXT_MAX : size);
	is_parsed = placeholder_parse(arena, text, &parsed);
	check(arena, text, is_parsed, &parsed);
	is_parsed = placeholder_parse_arguments(arena, text, &parsed);
	check(arena, text, is_parsed, &parsed);
	arena_free(arena);
	return 0;
}
