/*
 * How good a ranked list is: the measures of information retrieval, for lists in
 * which a hit either answers the question or does not. Pure arithmetic.
 */
#ifndef CMD_MEASURES_H
#define CMD_MEASURES_H

#include "base/base.h"

#define MEASURES_NDCG_DEPTH 10
#define MEASURES_HIT_DEPTH  5

/* Of one question; of many: their sums, until measures_finish makes means of them. */
struct measures {
	double reciprocal_rank;   /* 1 / place of the first right hit, 0 if there is none */
	double first_is_right;    /* P@1 */
	double is_hit;            /* one of the first five is right */
	double average_precision; /* its mean over questions is MAP */
	double gain;              /* nDCG@10 */
	size_t count;
};

/* is_right[i]: whether hit i, from 0, is right; expected: how many right ones there are. */
void measures_add(struct measures *sum, const bool *is_right, size_t count, size_t expected);
void measures_finish(struct measures *sum);

/* The value that `share` (0.5, 0.99) of the values do not pass. Sorts them. */
double measures_percentile(double *values, size_t count, double share);

#endif
