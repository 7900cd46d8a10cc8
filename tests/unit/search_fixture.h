/*
 * A small index in a temporary folder, for the tests of the search wrapper.
 */
#ifndef TESTS_SEARCH_FIXTURE_H
#define TESTS_SEARCH_FIXTURE_H

#include "unit.h"

#include "base/base.h"
#include "search/search.h"

extern char search_directory[64];

/* A reader in *state, of an index that is not there yet; and the end of both. */
int search_set_up(void **state);
int search_tear_down(void **state);

/* Puts them all and commits. */
void search_fill(const struct search_document *documents, size_t count);

/* Asks as a French reader: hits of the first page, with snippets. */
const struct search_hits *search_asked(struct search_reader *reader, const char *words);
const struct search_hits *search_asked_as(struct search_reader *reader,
					  const struct search_query *query);

/* "3 1 7": the ids in their order. Good until the next call. */
const char *search_ids(const struct search_hits *hits);

/* The text with [ and ] for the marks. Good until the next call. */
const char *search_shown(const char *text);

#endif
