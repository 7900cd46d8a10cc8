/*
 * "Pourquoi ma box redémarre-t-elle ?" → "pourquoi-ma-box-redemarre-t-elle": the
 * readable part of an address. Decoration: the number before it decides.
 * Lower-case ASCII letters, digits and single hyphens, at most SLUG_MAX_BYTES,
 * cut at a hyphen; letters of other scripts are kept as UTF-8; never empty ("-").
 */
#ifndef TEXT_SLUG_H
#define TEXT_SLUG_H

#include "base/arena.h"

#define SLUG_MAX_BYTES 80

char *slug_from(struct arena *arena, const char *text);

/*
 * A path of ours, with its query, as browsers send it and headers may hold it: what is no
 * ASCII or has a meaning elsewhere is percent-encoded; what is already stays as it is.
 */
char *path_encode(struct arena *arena, const char *path);

/* Lower case without accents, for comparing names: "Éloïse" → "eloise". */
char *text_fold(struct arena *arena, const char *text);

/* The same of one code point: up to 4 bytes into out, how many; 0 for a mark. */
size_t text_fold_point(char *out, uint32_t point);

#endif
