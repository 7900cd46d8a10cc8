/*
 * Text of the index with its marks around what matched, in pieces for a template:
 * {% call marked(&text) %}. Whatever else stands in it is only text.
 */
#ifndef WEB_MARKED_H
#define WEB_MARKED_H

#include "base/arena.h"
#include "web/pages.h"

/* A mark without its partner ends with the text; empty pieces are left out. */
struct marked marked_read(struct arena *arena, const char *text);

/* The text without its marks. */
const char *marked_plain(struct arena *arena, const char *text);

#endif
