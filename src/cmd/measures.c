/*
 * The measures of an evaluation.
 */
#include "cmd/measures.h"

#include <math.h>

static double reciprocal_rank(const bool *is_right, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (is_right[i])
			return 1.0 / (double)(i + 1);
	return 0;
}

static double average_precision(const bool *is_right, size_t count, size_t expected)
{
	double sum = 0;
	size_t found = 0;

	for (size_t i = 0; i < count; i++)
		if (is_right[i])
			sum += (double)++found / (double)(i + 1);
	return sum / (double)expected;
}

/* Järvelin and Kekäläinen's, with gains of 0 and 1; 1 is the best possible list. */
static double normalised_gain(const bool *is_right, size_t count, size_t expected)
{
	double gain = 0, best = 0;

	for (size_t i = 0; i < MEASURES_NDCG_DEPTH; i++) {
		double share = 1 / log2((double)(i + 2));

		if (i < count && is_right[i])
			gain += share;
		if (i < expected)
			best += share;
	}
	return gain / best;
}

void measures_add(struct measures *sum, const bool *is_right, size_t count, size_t expected)
{
	double reciprocal = reciprocal_rank(is_right, count);

	sum->count++;
	sum->reciprocal_rank += reciprocal;
	sum->first_is_right += count > 0 && is_right[0] ? 1 : 0;
	sum->is_hit += reciprocal * MEASURES_HIT_DEPTH >= 1 ? 1 : 0;
	sum->average_precision += average_precision(is_right, count, expected);
	sum->gain += normalised_gain(is_right, count, expected);
}

void measures_finish(struct measures *sum)
{
	double count = sum->count ? (double)sum->count : 1;

	sum->reciprocal_rank /= count;
	sum->first_is_right /= count;
	sum->is_hit /= count;
	sum->average_precision /= count;
	sum->gain /= count;
}

static int compare(const void *a, const void *b)
{
	double difference = *(const double *)a - *(const double *)b;

	return (difference > 0) - (difference < 0);
}

double measures_percentile(double *values, size_t count, double share)
{
	size_t place = (size_t)ceil(share * (double)count);

	if (count == 0)
		return 0;
	qsort(values, count, sizeof *values, compare);
	return values[place > 0 ? place - 1 : 0];
}
