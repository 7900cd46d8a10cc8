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

/* The length of a name that is closed; 0: there is none. */
static size_t name_length(const char *text)
{
	size_t length = strspn(text, "abcdefghijklmnopqrstuvwxyz_");

	return length <= PLACEHOLDER_NAME_MAX && text[length] == '}' ? length : 0;
}

static bool add_place(struct parser *parser, struct arena *arena, const char *name, size_t length)
{
	struct placeholder_text *out = parser->out;

	if (out->place_count == PLACEHOLDERS_MAX)
		return false;
	end_words(parser);
	out->place_count++;
	out->pieces[out->count++] = (struct placeholder_piece){ arena_strndup(arena, name, length),
								true };
	return true;
}

bool placeholder_parse(struct arena *arena, const char *text, struct placeholder_text *out)
{
	struct parser parser;
	size_t length;

	begin(&parser, arena, text, out);
	while (*text) {
		bool is_brace = *text == '{' || *text == '}';

		if (!is_brace || text[1] == *text) {
			add_sign(&parser, *text);
			text += is_brace ? 2 : 1;
		} else if (*text == '{' && (length = name_length(text + 1)) > 0) {
			if (!add_place(&parser, arena, text + 1, length))
				return false;
			text += length + 2;
		} else {
			out->problem = text;
			return false;
		}
	}
	end_words(&parser);
	return true;
}
