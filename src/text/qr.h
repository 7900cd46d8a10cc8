/*
 * QR codes as the path of an SVG, by libqrencode: a template draws it, so that what
 * it holds (a secret) never leaves the site for a picture.
 */
#ifndef TEXT_QR_H
#define TEXT_QR_H

#include "base/arena.h"

#define QR_TEXT_MAX_BYTES 600 /* about version 16: still read from a screen at a glance */

/*
 * The dark squares as SVG path data in units of one square, with the quiet zone of
 * four around (ISO/IEC 18004); *size is the picture's width and height.
 * "": the text is empty or too long.
 */
const char *qr_path(struct arena *arena, const char *text, int *size);

#endif
