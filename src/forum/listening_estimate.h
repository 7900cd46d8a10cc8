/*
 * What a labelled sample says of all texts of its week. Pure arithmetic: no database, no
 * clock; listening_sample.h feeds it.
 *
 * Sampling. Strata are source by theme; each gives its part of the sample in proportion to
 * its size, two texts at least, drawn without replacement (Cochran, Sampling Techniques,
 * 3rd ed. 1977, ch. 5). So a text's inclusion probability is n/N of its stratum.
 *
 * Share of negative texts, of those about us. Neither their number nor that of the texts
 * about us is known beforehand, so it is a ratio of two stratified totals:
 *	R = Σ N_h y_h / Σ N_h x_h    y: share labelled negative, x: share about us
 *	v(R) = Σ W_h² (1 - n_h/N_h) s²_h / n_h / X²,  W_h = N_h/N, X = Σ W_h x_h
 * with s²_h the variance of y - R x in the stratum (Cochran 1977, 6.11: the combined ratio
 * estimate, by Taylor's linearisation). When all texts are about us this is the plain
 * stratified proportion. A stratum with fewer than LISTENING_OWN_VARIANCE labels says too
 * little of its own spread: the variance of all of them stands in for it, with its mean of
 * zero. Strata nobody labelled a text of are left out: of them nothing is known.
 *
 * Interval. p ± 1.96 s is too short when p is small or labels are few, so always Wilson's
 * (Wilson 1927, JASA 22:209) with the effective sample size n* = R(1-R)/v(R) in place of n
 * (as Korn & Graubard 1998, Survey Methodology 24:193, do with another interval; Dean &
 * Pagano 2015, J. Survey Stat. Methodol. 3:484, compare them). Where R is 0 or 1, v is
 * nothing, and n* = X / Σ W_h² (1 - n_h/N_h)/n_h, Kish's, without spread. Coverage over
 * drawn samples: tests/unit/test_listening_estimate.c.
 */
#ifndef FORUM_LISTENING_ESTIMATE_H
#define FORUM_LISTENING_ESTIMATE_H

#include "base/arena.h"

#define LISTENING_LEAST_OF_STRATUM 2
#define LISTENING_OWN_VARIANCE     8

/* A week's texts of one source and theme. */
struct listening_stratum {
	int64_t size;     /* texts there are */
	int64_t labelled; /* of the sample, with a label; at most size */
	int64_t about;    /* of them about us */
	int64_t negative; /* of these */
};

struct listening_share {
	bool is_known; /* a text about us was labelled */
	double share, low, high;
	double error; /* standard error of the share */
	double effective;
	int64_t labelled, about, negative;
};

void listening_share(const struct listening_stratum *strata, size_t count,
		     struct listening_share *out);

/*
 * How many of each stratum to draw, total in all, or all there are: two of each (or all)
 * while that fits, the rest in proportion to size, by largest remainders. sizes: from the
 * most important stratum on; when there are more than fit, the last get none.
 */
void listening_allocate(struct arena *arena, const int64_t *sizes, size_t count, int64_t total,
			int64_t *drawn);

/*
 * Where a text stands in the order of the draw: those with the smallest numbers are taken.
 * The same seed and texts give the same sample. SplitMix64 (Steele, Lea & Flood 2014).
 */
uint64_t listening_order(uint64_t seed, int64_t post_id);

/* Agreement ------------------------------------------------------------------------------- */

#define LISTENING_LABELS 4

/* counts[a][b]: texts that the first labeller gave a, the second b. */
struct listening_confusion {
	int64_t counts[LISTENING_LABELS][LISTENING_LABELS];
};

struct listening_kappa {
	bool is_known; /* two texts at least, and not all of one label */
	int64_t pairs, agreed;
	double kappa, error;
	double low, high; /* kappa ± 1.96 error, at most 1 */
};

/*
 * Cohen's kappa (1960, Educational and Psychological Measurement 20:37), not weighted: "not
 * about us" has no place in an order. Standard error for large samples: Fleiss, Cohen &
 * Everitt 1969, Psychological Bulletin 72:323.
 */
void listening_kappa(const struct listening_confusion *confusion, struct listening_kappa *out);

/*
 * Landis & Koch 1977, Biometrics 33:159: below 0 poor, then steps of 0.2: slight, fair,
 * moderate, substantial, almost perfect. In English: show through _(). They call these
 * steps arbitrary themselves, and kappa falls when one label is rare.
 */
const char *listening_kappa_words(double kappa);

#endif
