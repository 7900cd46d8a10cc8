/* What an article's page tells programs that read pages: schema.org as JSON-LD. */
#ifndef WEB_ARTICLE_DATA_H
#define WEB_ARTICLE_DATA_H

#include "web/pages_articles.h"
#include "web/request.h"

/*
 * An Article, by the brand, and the way that leads to it (BreadcrumbList); for a script
 * element of the type application/ld+json. Needs page->frame and page->path. What it says
 * stands on the page too, as search engines demand; it is never a QAPage, for nobody asks
 * and answers there.
 */
const char *article_data(struct request *request, const struct article_page *page);

#endif
