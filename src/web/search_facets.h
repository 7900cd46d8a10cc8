/*
 * The filters beside the results: what can be added, with its count, and what is
 * in force, to be taken away again.
 */
#ifndef WEB_SEARCH_FACETS_H
#define WEB_SEARCH_FACETS_H

#include "forum/search_scope.h"
#include "web/search_asked.h"

/* Fills page->sorts and page->chips. */
void search_fill_controls(struct request *request, const struct search_asked *asked,
			  const struct search_scope *scope, struct search_page *page);

/* Fills page->groups from what was counted. */
void search_fill_facets(struct request *request, const struct search_asked *asked,
			const struct search_scope *scope, const struct search_facets *facets,
			struct search_page *page);

#endif
