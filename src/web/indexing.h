/*
 * What search engines may have. A page says what is so about it, and one table decides;
 * docs/seo.md has the same table with the sources. A page that says nothing is not for
 * them: frame_init leaves is_indexable false.
 */
#ifndef WEB_INDEXING_H
#define WEB_INDEXING_H

#include <stdbool.h>
#include <stddef.h>

/* Each is a reason to stay out. */
struct index_facts {
	bool is_hidden;      /* held, withdrawn, or otherwise not for everybody */
	bool is_sorted;      /* the same lines in another order than the plain address has */
	bool is_filtered;    /* some of the plain address's lines */
	bool is_duplicate;   /* another address has it */
	bool is_kept_mirror; /* mirror_may_index of migrations/functions.sql says no */
	bool is_unvouched;   /* asked by somebody unknown here, and nobody else answered */
	bool is_thin;        /* too little stands on it */
	bool is_for_one;     /* made for whoever looks */
};

bool page_may_index(const struct index_facts *facts);

/* As tag_may_index of functions.sql has it; the list of all tags leads to thin ones too. */
#define TAG_TOPICS_INDEXED_MIN 3

#endif
