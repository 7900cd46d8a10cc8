/*
 * Taking a text with named places apart, in one pass.
 */
#include "text/placeholder.h"

#include <string.h>

/* Words on both sides of each place. */
#define PIECES_MAX (2 * PLACEHOLDERS_MAX + 1)

struct parser {
	struct placeholder_text *out;
	char *words; /* where the next sign of words goes, behind those of earlier pieces */
	bool is_in_words;
};

/* The words, and a NUL behind each piece of them. */
static void begin(struct parser *parser, struct arena *arena, const char *text,
		  struct placeholder_text *out)
{
	*out = (struct placeholder_text){ 0 };
	out->pieces = arena_array_of(arena, PIECES_MAX, struct placeholder_piece);
	*parser = (struct parser){
		.out = out,
		.words = arena_alloc(arena, strlen(text) + PIECES_MAX),
	};
}

static void end_words(struct parser *parser)
{
	if (parser->is_in_words)
		*parser->words++ = '\0';
	parser->is_in_words = false;
}

static void add_sign(struct parser *parser, char sign)
{
	if (!parser->is_in_words)
		parser->out->pieces[parser->out->count++].text = parser->words;
	parser->is_in_words = true;
	*parser->words++ = sign;
}

/* What stands between the braces, and how long it is with what follows the name. */
struct place {
	size_t name_length, length;
	const char *argument;
	size_t argument_length;
};

static void trim(const char **text, size_t *length)
{
	for (; *length > 0 && **text == ' '; (*text)++)
		(*length)--;
	while (*length > 0 && (*text)[*length - 1] == ' ')
		(*length)--;
}

/* False: it is no place, or is not closed. */
static bool place_read(const char *text, bool has_arguments, struct place *out)
{
	size_t length;

	*out = (struct place){ 0 };
	out->name_length = strspn(text, "abcdefghijklmnopqrstuvwxyz_");
	out->length = out->name_length;
	if (out->name_length == 0 || out->name_length > PLACEHOLDER_NAME_MAX)
		return false;
	if (has_arguments && text[out->length] == ':') {
		out->argument = text + out->length + 1;
		length = strcspn(out->argument, "{}\n");
		out->length += length + 1;
		trim(&out->argument, &length);
		out->argument_length = length;
		if (length == 0 || length > PLACEHOLDER_ARGUMENT_MAX)
			return false;
	}
	return text[out->length] == '}';
}

static bool add_place(struct parser *parser, struct arena *arena, const char *name, size_t offset,
		      const struct place *place)
{
	struct placeholder_text *out = parser->out;
	struct placeholder_piece *piece;

	if (out->place_count == PLACEHOLDERS_MAX)
		return false;
	end_words(parser);
	out->place_count++;
	piece = &out->pieces[out->count++];
	*piece = (struct placeholder_piece){ .text = arena_strndup(arena, name, place->name_length),
					     .is_place = true,
					     .offset = offset };
	if (place->argument)
		piece->argument = arena_strndup(arena, place->argument, place->argument_length);
	return true;
}

static bool parse(struct arena *arena, const char *text, bool has_arguments,
		  struct placeholder_text *out)
{
	const char *start = text;
	struct parser parser;
	struct place place;

	begin(&parser, arena, text, out);
	while (*text) {
		bool is_brace = *text == '{' || *text == '}';

		if (!is_brace || text[1] == *text) {
			add_sign(&parser, *text);
			text += is_brace ? 2 : 1;
		} else if (*text == '{' && place_read(text + 1, has_arguments, &place)) {
			if (!add_place(&parser, arena, text + 1, (size_t)(text - start), &place))
				return false;
			text += place.length + 2;
		} else {
			out->problem = text;
			return false;
		}
	}
	end_words(&parser);
	return true;
}

bool placeholder_parse(struct arena *arena, const char *text, struct placeholder_text *out)
{
	return parse(arena, text, false, out);
}

bool placeholder_parse_arguments(struct arena *arena, const char *text,
				 struct placeholder_text *out)
{
	return parse(arena, text, true, out);
}
