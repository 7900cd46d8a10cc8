/*
 * Which addresses people may link to. Accepted by their shape, never by "nothing
 * bad was found": absolute http, https and mailto, a path of this site ("/x",
 * not "//x"), a fragment, a query, or a relative path whose first part has only
 * characters that cannot make a scheme.
 */
#ifndef TEXT_URL_H
#define TEXT_URL_H

#include "base/arena.h"

/* What a browser would do with it: leave the site, stay, or nothing of ours. */
enum url_kind { URL_REFUSED, URL_LOCAL, URL_WEB, URL_MAIL };

enum url_kind url_kind_of(const char *url);

/*
 * The address as browsers read it: white space around it and tabs and line feeds
 * in it are gone; other blanks, control characters and backslashes, which
 * browsers take for slashes, are percent-encoded.
 */
char *url_clean(struct arena *arena, const char *url);

#endif
