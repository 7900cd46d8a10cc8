/*
 * A card: the picture that other sites show where somebody puts a thread's address. A title,
 * the brand, and whether it is solved, in the brand's colours; CARD_WIDTH by CARD_HEIGHT
 * points, a PNG.
 */
#ifndef JOBS_CARD_DRAW_H
#define JOBS_CARD_DRAW_H

#include "forum/card.h"

/*
 * Drawn in a child (child.h): letters of the whole world meet a font engine there.
 * False: it could not be drawn. *png lives in the context's arena.
 */
bool card_draw(struct ctx *ctx, const struct card_words *words, const char **png,
	       size_t *length) MUST_CHECK;

#endif
