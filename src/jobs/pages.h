/*
 * What the worker writes for people to read: one struct a template, as in
 * web/pages.h. Strings live in the job's arena.
 */
#ifndef JOBS_PAGES_H
#define JOBS_PAGES_H

#include "base/base.h"

/* The HTML part of a mail; its text part says the same. */
struct mail_page {
	const char *language;
	const char *brand;
	const char *heading;
	const char *greeting; /* "Hello Zoé,"; "" for none */
	const char *const *paragraphs;
	size_t paragraph_count;
	const char *button_text, *link; /* "" for none; link: absolute */
	const char *footer;             /* why this mail was sent; "" for none */
	const char *unsubscribe_link;   /* absolute; "" for none */
};

#endif
