/*
 * Programs that read the whole site, by what they call themselves. The table in crawler.c
 * is data, with the page of each one's maker; nginx/crawlers.conf gives them their rates
 * and names the same signatures (a test compares the two).
 *
 * What a program says proves nothing: makers who let their addresses be looked up
 * (reverse, then forward) have the ends of their hosts' names here.
 */
#ifndef HTTP_CRAWLER_H
#define HTTP_CRAWLER_H

#include "base/base.h"

enum crawler_class {
	CRAWLER_SEARCH,  /* search engines */
	CRAWLER_PREVIEW, /* shows what somebody linked to */
	CRAWLER_MODEL,   /* feeds or serves a language model */
	CRAWLER_TOOL,    /* marketing tools, archives, feed readers, monitors */
	CRAWLER_UNKNOWN, /* says that it is a robot, and no more */
	CRAWLER_CLASS_COUNT,
};
const char *crawler_class_text(enum crawler_class crawler_class); /* "search" */

#define CRAWLER_HOSTS_MAX 4

struct crawler {
	const char *slug; /* "googlebot" */
	const char *name; /* "Googlebot", as its maker writes it */
	enum crawler_class crawler_class;
	const char *signature;                /* stands in its user agent, in any case */
	const char *hosts[CRAWLER_HOSTS_MAX]; /* ends of its hosts' names; none: unverifiable */
	const char *source;
};

extern const struct crawler crawlers[];
extern const size_t crawler_count;

/* Whether a word (two letters or more, ASCII) stands in it, whatever the case. text: as agent below. */
bool crawler_has_word(const char *text, size_t length, const char *word);
/* NULL: no robot, or one that does not say so. agent: hostile bytes, no NUL needed. */
const struct crawler *crawler_of(const char *agent, size_t length);
/* By its slug; NULL. */
const struct crawler *crawler_find(const char *slug);

/* Is this host one of the crawler's? A name, its end at a dot. */
bool crawler_owns_host(const struct crawler *crawler, const char *host);

#endif
