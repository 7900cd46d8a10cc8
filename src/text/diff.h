/*
 * What changed between two versions of a post, word by word, for people: runs of
 * kept, removed and added text (Myers' O(ND) over words, bounded: beyond
 * DIFF_WORDS_MAX, or D over DIFF_CHANGES_MAX, by lines, then as a whole).
 */
#ifndef TEXT_DIFF_H
#define TEXT_DIFF_H

#include "base/arena.h"

#define DIFF_WORDS_MAX   8000
#define DIFF_CHANGES_MAX 1000

enum diff_kind { DIFF_KEPT, DIFF_REMOVED, DIFF_ADDED };
struct diff_run {
	enum diff_kind kind;
	const char *text;
};

/* Runs in order; returns how many. *out in the arena. */
size_t diff_words(struct arena *arena, const char *before, const char *after,
		  struct diff_run **out);

#endif
