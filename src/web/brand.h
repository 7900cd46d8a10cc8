/*
 * The brand as this process shows it: made from the settings when they were read anew,
 * kept until then. Its style sheet has a version in its address, so browsers may keep it
 * for ever and see another one at once.
 */
#ifndef WEB_BRAND_H
#define WEB_BRAND_H

#include "forum/brand.h"
#include "web/request.h"

struct brand_shown {
	const char *name;
	const char *css;       /* "" for none */
	const char *css_path;  /* "/brand/HASH.css", "" for none */
	const char *logo_path; /* "/brand/logo-12.webp", or the theme's */
	struct html_fragment header, footer;
};

/* Lives until the end of the request. */
const struct brand_shown *brand_shown(struct request *request);

#endif
