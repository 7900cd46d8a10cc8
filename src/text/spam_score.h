/*
 * What a text's words say about its being spam: Robinson's probabilities combined by
 * Fisher's method, as SpamBayes does. Knows nothing of where counts are kept.
 */
#ifndef TEXT_SPAM_SCORE_H
#define TEXT_SPAM_SCORE_H

#include "base/arena.h"

/* Different tokens of one text that are learnt and looked up. */
#define SPAM_TOKENS_MAX   300
/* Those that say most decide. */
#define SPAM_DECIDING_MAX 150
/* Fewer decisions of a kind than this say nothing yet. */
#define SPAM_LESSONS_MIN  10

/* Where a token stood: the same word says another thing in a title or an address. */
struct spam_text {
	const char *title, *body;
};

/* Hashes of words, pairs of words, hosts of links and traits; each once, rising. */
size_t spam_tokens(struct arena *arena, const struct spam_text *text, int64_t **out);

struct spam_count {
	int64_t token, spam, ham; /* texts of each kind that had it */
};

/* 0 (surely none) to 1; 0.5 while there are too few lessons. */
double spam_score(const struct spam_count *counts, size_t count, int64_t spam_lessons,
		  int64_t ham_lessons);

#endif
