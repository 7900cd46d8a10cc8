/*
 * Texts with named places, as administrators write them: "Hello {name},". A name is lower-case
 * letters and underscores between braces; a brace that is to be read is written twice.
 */
#ifndef TEXT_PLACEHOLDER_H
#define TEXT_PLACEHOLDER_H

#include "base/arena.h"

#define PLACEHOLDER_NAME_MAX 20
#define PLACEHOLDERS_MAX     20 /* in one text: each may be long once it is filled */

struct placeholder_piece {
	const char *text; /* words, braces single; or the name of a place */
	bool is_place;
};

struct placeholder_text {
	struct placeholder_piece *pieces; /* no two of words side by side, none of them empty */
	size_t count, place_count;
	const char *problem; /* in the text: the brace that stands alone; NULL: none does */
};

/* False: a brace stands alone (problem), or there are more than PLACEHOLDERS_MAX. */
bool placeholder_parse(struct arena *arena, const char *text, struct placeholder_text *out);

#endif
