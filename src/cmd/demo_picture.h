/*
 * A picture for the demo, drawn: the box from the front, with its four lights. A program
 * needs no photograph in its repository, and what is uploaded is a PNG like any other.
 */
#ifndef CMD_DEMO_PICTURE_H
#define CMD_DEMO_PICTURE_H

#include "base/arena.h"

/* red: which light is red, from the left; the others are white. */
const char *demo_picture(struct arena *arena, int red, size_t *length);

#endif
