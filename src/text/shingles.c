/*
 * Bottom-k sketches of folded words.
 */
#include "text/shingles.h"

#include "text/word_fold.h"

#define WORDS_A_RUN 3

int64_t shingles_hash(const char *bytes, size_t length)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < length; i++)
		hash = (hash ^ (unsigned char)bytes[i]) * UINT64_C(0x100000001b3);
	/* FNV's high bits are weak: the finaliser of SplitMix64. */
	hash = (hash ^ (hash >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	hash = (hash ^ (hash >> 27)) * UINT64_C(0x94d049bb133111eb);
	return (int64_t)((hash ^ (hash >> 31)) >> 1);
}

static int compare(const void *left, const void *right)
{
	int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;

	return (a > b) - (a < b);
}

/* Sorted, each once, the smallest only. */
static size_t smallest(int64_t *hashes, size_t count)
{
	size_t kept = 0;

	if (count > 1)
		qsort(hashes, count, sizeof(*hashes), compare);
	for (size_t i = 0; i < count && kept < SHINGLES_MAX; i++)
		if (kept == 0 || hashes[i] != hashes[kept - 1])
			hashes[kept++] = hashes[i];
	return kept;
}

/* fold.bytes is " word word ": a run goes from one blank to the third after it. */
size_t shingles_of(struct arena *arena, const char *text, int64_t **out)
{
	struct word_fold fold;
	size_t starts[WORDS_A_RUN] = { 0 }, blanks = 0, count = 0;

	word_fold(arena, text, WORDS_PLAIN, &fold);
	*out = arena_array_of(arena, fold.word_count + 1, int64_t);
	if (fold.word_count < SHINGLES_WORDS_MIN)
		return 0;
	for (size_t i = 0; i < fold.length; i++) {
		if (fold.bytes[i] != ' ')
			continue;
		if (blanks >= WORDS_A_RUN) {
			size_t start = starts[blanks % WORDS_A_RUN];

			(*out)[count++] = shingles_hash(fold.bytes + start, i - start);
		}
		starts[blanks++ % WORDS_A_RUN] = i;
	}
	return smallest(*out, count);
}

double shingles_similarity(const int64_t *a, size_t a_count, const int64_t *b, size_t b_count)
{
	size_t i = 0, j = 0, seen = 0, both = 0;

	while (seen < SHINGLES_MAX && (i < a_count || j < b_count)) {
		if (j == b_count || (i < a_count && a[i] < b[j])) {
			i++;
		} else if (i == a_count || b[j] < a[i]) {
			j++;
		} else {
			i++;
			j++;
			both++;
		}
		seen++;
	}
	return seen ? (double)both / (double)seen : 0;
}
