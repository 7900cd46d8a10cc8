/*
 * nginx's store of visitors' pages, as the worker reaches it: a link in a folder of ours
 * says which generation of pages counts (nginx has it in every page's key, and looks at
 * each request), and a unix socket of nginx takes away single pages.
 *
 * Whatever fails ends in a new generation, and what fails then in none at all: where the
 * link leads to "none", nginx keeps nothing and asks the program each time. It does so
 * without a link, too, but writes a line about it for each request.
 */
#ifndef JOBS_PAGE_STORE_H
#define JOBS_PAGE_STORE_H

#include "base/ctx.h"

struct page_store {
	char generation[17]; /* the one that this process began; "" */
};

/* All pages kept until now are no longer looked at, from this moment on. */
void page_store_begin(struct ctx *ctx, struct page_store *store, const char *why);

/*
 * nginx keeps and shows nothing, until the next page_store_begin: of this process, or of
 * the one that took its place and has begun already.
 */
void page_store_end(struct ctx *ctx, const struct page_store *store);

/* The same, whoever began: pages are not to be kept. */
void page_store_close(struct ctx *ctx);

/* Takes away all forms (languages, encodings) of these addresses. False: it failed. */
bool page_store_purge(struct ctx *ctx, const char *const *addresses, size_t count) MUST_CHECK;

#endif
