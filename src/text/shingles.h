/*
 * How alike two texts are, without keeping their words: the smallest hashes of all
 * runs of three folded words ("bottom k"). Two sketches estimate what share of the
 * runs both texts have (Jaccard), to within about 10 %.
 */
#ifndef TEXT_SHINGLES_H
#define TEXT_SHINGLES_H

#include "base/arena.h"

#define SHINGLES_MAX       64
#define SHINGLES_WORDS_MIN 8 /* shorter texts are alike by accident */

/* At most SHINGLES_MAX hashes, rising; 0 for a text that is too short. */
size_t shingles_of(struct arena *arena, const char *text, int64_t **out);

/* 0 to 1, of two sketches. */
double shingles_similarity(const int64_t *a, size_t a_count, const int64_t *b, size_t b_count);

/* A 63-bit hash of some bytes, the same on every machine (FNV-1a, mixed). */
int64_t shingles_hash(const char *bytes, size_t length);

#endif
