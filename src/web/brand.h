/*
 * The brand as this process shows it: made from the settings when they were read anew,
 * kept until then or until the theme's file is another.
 *
 * A page has one style sheet: ours, the theme's and the brand's, joined here. Its address
 * is a hash of all of it, so browsers may keep it for ever and see another one at once. It
 * stands below /theme/, for the theme names its fonts and pictures from there.
 */
#ifndef WEB_BRAND_H
#define WEB_BRAND_H

#include "forum/brand.h"
#include "web/request.h"

struct brand_shown {
	const char *name;
	const char *css;       /* whole; "" where a part cannot be read */
	const char *css_path;  /* "/theme/HASH.css"; "" as above: pages name the parts */
	const char *logo_path; /* "/brand/logo-12.webp", or the theme's */
	struct html_fragment header, footer;
};

/* Lives until the end of the request. */
const struct brand_shown *brand_shown(struct request *request);

#endif
