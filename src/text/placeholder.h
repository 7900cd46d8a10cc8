/*
 * Texts with named places, as administrators write them: "Hello {name},". A name is lower-case
 * letters and underscores between braces; a brace that is to be read is written twice. Where
 * places may say more, a colon and words up to the closing brace follow: "{link:Wifi}".
 */
#ifndef TEXT_PLACEHOLDER_H
#define TEXT_PLACEHOLDER_H

#include "base/arena.h"

#define PLACEHOLDER_NAME_MAX     20
#define PLACEHOLDER_ARGUMENT_MAX 640 /* bytes */
#define PLACEHOLDERS_MAX         20  /* in one text: each may be long once it is filled */

struct placeholder_piece {
	const char *text; /* words, braces single; or the name of a place */
	bool is_place;
	const char *argument; /* behind the colon, trimmed, never empty; NULL: there is none */
	size_t offset;        /* of a place: where in the text its brace stands */
};

struct placeholder_text {
	struct placeholder_piece *pieces; /* no two of words side by side, none of them empty */
	size_t count, place_count;
	const char *problem; /* in the text: the brace that stands alone; NULL: none does */
};

/* False: a brace stands alone (problem), or there are more than PLACEHOLDERS_MAX. */
bool placeholder_parse(struct arena *arena, const char *text, struct placeholder_text *out);

/* The same, where a place may have an argument: on one line, without braces. */
bool placeholder_parse_arguments(struct arena *arena, const char *text,
				 struct placeholder_text *out);

#endif
