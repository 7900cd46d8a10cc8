/*
 * What the page /search was asked for: the words, and filters either typed among
 * them (category:wifi) or in parameters of the address, which is how the page's
 * own links say them. A link is this struct with one thing changed.
 */
#ifndef WEB_SEARCH_ASKED_H
#define WEB_SEARCH_ASKED_H

#include "search/search.h"
#include "web/request.h"

#define SEARCH_ROWS_PER_PAGE 10
#define SEARCH_PAGES_MAX     (SEARCH_OFFSET_MAX / SEARCH_ROWS_PER_PAGE)

struct search_asked {
	struct search_typed typed; /* words without the filters */
	const char *source;        /* a word, or "" */
	bool has_kind;             /* questions alone, or articles */
	enum search_kind kind;
	enum search_sort sort;
	int64_t page; /* from 1 */
};

/*
 * What is not understood asks for nothing, but for the page's number: ERR_NOT_FOUND
 * beyond SEARCH_PAGES_MAX, before anything is searched.
 */
enum err search_asked_read(struct request *request, struct search_asked *out) MUST_CHECK;

/* Whether anything is asked for besides words. */
bool search_asked_has_filter(const struct search_asked *asked);

/* The filters and the order as parameters, for the fields that go along hidden. */
#define SEARCH_PAIRS_MAX 12
struct search_pairs search_asked_pairs(struct arena *arena, const struct search_asked *asked);

/* "/search?q=…&category=wifi&page=2" */
const char *search_asked_path(struct arena *arena, const struct search_asked *asked);

/* A whole year, as the facets offer it; 0 when it is no such range. */
void search_asked_set_year(struct search_asked *asked, int64_t year);
int64_t search_asked_year(const struct search_asked *asked);

const char *search_state_text(enum search_state state); /* "solved", "" for any */

#endif
