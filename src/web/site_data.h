/*
 * What the site's own page and a person's page tell programs that read pages, for a script
 * element of the type application/ld+json: schema.org as JSON-LD. It says what stands on
 * the page, from what the page has loaded. Articles: article_data.h; topics: thread_data.h.
 */
#ifndef WEB_SITE_DATA_H
#define WEB_SITE_DATA_H

#include "web/request.h"

/* Organization, and WebSite with the address of its search. */
const char *home_data(struct request *request, const struct frame *frame);

/* ProfilePage of a Person. Needs page->frame.canonical. */
const char *profile_data(struct request *request, const struct profile_page *page);

#endif
