/*
 * How the site looks, as far as administrators choose it: name, colours, fonts, and
 * markup above and below every page, all of them settings of the section "brand".
 * Colours are judged together, as a reader meets them: WCAG 2.2 asks for a contrast of
 * 4.5:1 between words and their ground and of 3:1 for what must be seen.
 */
#ifndef FORUM_BRAND_H
#define FORUM_BRAND_H

#include "base/config.h"
#include "forum/site_setting.h"
#include "text/html.h"

/* The name: the setting, or that of the configuration file. */
const char *brand_name(const struct config *config);

#define BRAND_COLOURS 7 /* of a scheme, in the order of site_setting_table.h */

/* What is chosen; "" and "theme" leave it to the theme. */
struct brand_look {
	const char *light[BRAND_COLOURS], *dark[BRAND_COLOURS];
	const char *font, *font_headings;
};
struct brand_look brand_look_in_force(void);

/* For a card (card.h): ground, letters, and a colour that stands out on that ground. */
void brand_card_colours(const char **ground, const char **ink, const char **accent);

/* The setting that holds a colour. */
enum site_setting_id brand_colour_setting(bool is_dark, size_t colour);

/*
 * Two colours of one scheme that cannot stand together: which field to look at, and a
 * sentence. Returns how many were found, at most max.
 */
struct brand_problem {
	enum site_setting_id field;
	const char *message;
};
size_t brand_problems(struct arena *arena, const struct brand_look *look, struct brand_problem *out,
		      size_t max);

/*
 * A style sheet for what is chosen, "" when nothing is. Colours of a scheme in which
 * something cannot be read are left out: undo may bring old ones together with new.
 */
const char *brand_css(struct arena *arena, const struct brand_look *look);

/* ERR_INVALID: cannot be read. What is not text, list or link is left out. */
enum err brand_fragment(struct ctx *ctx, const char *html, struct html_fragment *out) MUST_CHECK;

/* (1 + lighter) / (1 + darker) of two colours "#rrggbb", by WCAG: 1 to 21. */
double colour_contrast(const char *one, const char *other);

#endif
