/*
 * Foreign HTML made harmless: parsed by libxml2 (NONET, no HUGE), an allow-listed
 * tree written anew by us with our escaping. libxml2 2.9.14 reads HTML4, so its
 * own serialiser is never used; script, style, svg, math, template and their like
 * are dropped with their content; addresses are accepted by prefix.
 * sanitize(sanitize(x)) == sanitize(x).
 */
#ifndef TEXT_SANITIZE_H
#define TEXT_SANITIZE_H

#include "base/ctx.h"
#include "text/html.h"

#define SANITIZE_MAX_BYTES (512 * 1024)

/* A picture of this site: its size, so that nothing jumps, and a smaller one of it. */
struct sanitize_picture {
	const char *url;       /* in the place of the one that was written */
	const char *small_url; /* "": there is none */
	const char *alt;       /* where none was written */
	int64_t width, height, small_width;
};

struct sanitize_options {
	bool are_links_followed; /* rel="ugc" instead of rel="ugc nofollow" */
	bool has_images;         /* else <img> becomes a link to the picture */
	/*
	 * Which pictures those are: false makes one a link all the same. NULL: all of
	 * them, wherever they lie.
	 */
	bool (*picture)(const void *data, const char *url, struct sanitize_picture *out);
	const void *picture_data;
	/*
	 * Rewrites an address (imports: links between imported posts). Returns the
	 * new address, the same, or NULL to drop the link and keep its words.
	 */
	const char *(*rewrite_url)(void *data, const char *url);
	void *rewrite_data;
};

/*
 * html: any bytes of valid UTF-8. ERR_INVALID: over SANITIZE_MAX_BYTES or too
 * many attributes on one tag (measured: 100,000 take libxml2 a minute).
 */
enum err sanitize_html(struct ctx *ctx, const char *html, const struct sanitize_options *options,
		       struct html_fragment *out) MUST_CHECK;

/*
 * The brand's own header, footer or head fragment, from a file that the operator
 * put into theme/: trusted, so it is passed on as it is, after a look at what the
 * Content-Security-Policy would silently disable. ERR_INVALID: not UTF-8, over
 * SANITIZE_MAX_BYTES, or with an inline script, style or event handler or a
 * javascript: address; the sentence says which. The fragment is html itself.
 */
enum err sanitize_brand_html(struct ctx *ctx, const char *html,
			     struct html_fragment *out) MUST_CHECK;

#endif
