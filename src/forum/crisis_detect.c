/*
 * Baselines and alarms: crisis_detect.h says where the method comes from.
 */
#include "forum/crisis_detect.h"

#include <math.h>
#include <stdlib.h>

/* A median absolute deviation as a standard deviation (of the normal distribution). */
#define MAD_TO_DEVIATION 1.4826
/* Outliers count as so many deviations. */
#define OUTLIER          3.0
/* Weeks whose sums are smaller say nothing of a trend. */
#define TREND_LEAST      50.0
/* A week's growth beyond this is an event, no trend. */
#define TREND_MOST       0.04
/* Spread beyond Poisson's: at least, and where too little was counted to know. */
#define SPREAD_LEAST     0.02
#define SPREAD_UNKNOWN   0.10
#define SPREAD_MOST      0.50
#define SPREAD_COLD      0.25
/* Hours of which the spread is learnt: so many there must be, each with so many counts. */
#define PAIRS_LEAST      60
#define PAIR_COUNTS      16
/* Smoothing with 1, 2, 1 leaves 6/16 of the variance of a count. */
#define SMOOTH_VARIANCE  0.375
#define QUIET_ABOVE      0.01
/* A busy day: these hours back, so many counts' worth of doubt, at most this factor. */
#define BUSY_FROM        2
#define BUSY_UNTIL       8
#define BUSY_DOUBT       20.0
#define BUSY_MOST        1.4

/* Medians -------------------------------------------------------------------------- */

static int compare_doubles(const void *one, const void *other)
{
	double a = *(const double *)one, b = *(const double *)other;

	return (a > b) - (a < b);
}

/* Sorts the values. */
static double quantile_of(double *values, size_t count, double share)
{
	size_t place = (size_t)(share * (double)(count - 1));

	qsort(values, count, sizeof *values, compare_doubles);
	if (share == 0.5 && count % 2 == 0)
		return (values[count / 2 - 1] + values[count / 2]) / 2;
	return values[place];
}

static double median_of(double *values, size_t count)
{
	return quantile_of(values, count, 0.5);
}

/* The mean, with what lies far from the median brought nearer. */
static double mean_without_outliers(const double *values, size_t count)
{
	double copy[CRISIS_WEEKS], away[CRISIS_WEEKS], middle, deviation, sum = 0;

	memcpy(copy, values, count * sizeof *values);
	middle = median_of(copy, count);
	for (size_t i = 0; i < count; i++)
		away[i] = fabs(values[i] - middle);
	deviation = fmax(MAD_TO_DEVIATION * median_of(away, count),
			 sqrt(SMOOTH_VARIANCE * (middle + 0.5)));
	for (size_t i = 0; i < count; i++)
		sum += fmin(fmax(values[i], middle - OUTLIER * deviation),
			    middle + OUTLIER * deviation);
	return sum / (double)count;
}

/* The baseline --------------------------------------------------------------------- */

/* Growth a week, as a logarithm: the median of the slopes between all pairs of weeks. */
static double trend_of(const struct crisis_past *past, size_t weeks)
{
	double sums[CRISIS_WEEKS] = { 0 }, slopes[CRISIS_WEEKS * CRISIS_WEEKS];
	size_t count = 0;

	for (size_t week = 0; week < weeks; week++) {
		for (size_t hour = 1; hour <= CRISIS_WEEK_HOURS; hour++)
			sums[week] += past->counts[CRISIS_HOURS - week * CRISIS_WEEK_HOURS - hour];
		if (sums[week] < TREND_LEAST)
			return 0;
	}
	for (size_t newer = 0; newer < weeks; newer++)
		for (size_t older = newer + 1; older < weeks; older++)
			slopes[count++] = (log(sums[newer]) - log(sums[older])) /
					  (double)(older - newer);
	if (count == 0)
		return 0;
	return fmin(fmax(median_of(slopes, count), -TREND_MOST), TREND_MOST);
}

/* The hour at this place (from the end) with its neighbours, where they are known. */
static double smoothed(const struct crisis_past *past, size_t from_end)
{
	static const int weights[] = { 1, 2, 1 };
	double sum = 0, weight = 0;

	for (size_t i = 0; i < ARRAY_COUNT(weights); i++) {
		size_t place = from_end + 1 - i;

		if (place < 1 || place > past->known)
			continue;
		sum += weights[i] * past->counts[CRISIS_HOURS - place];
		weight += weights[i];
	}
	return weight > 0 ? sum / weight : 0;
}

/*
 * How much more the same hour differs from week to week than Poisson's does. Of each
 * pair, the difference over its standard deviation; the MAD of those, squared, is
 * 1 + spread · mean.
 */
static double spread_of(const struct crisis_past *past)
{
	double differences[CRISIS_HOURS], means[CRISIS_HOURS], deviation, spread;
	size_t count = 0;

	for (size_t place = 1; place + CRISIS_WEEK_HOURS <= past->known; place++) {
		double newer = past->counts[CRISIS_HOURS - place];
		double older = past->counts[CRISIS_HOURS - place - CRISIS_WEEK_HOURS];

		if (newer + older < PAIR_COUNTS)
			continue;
		differences[count] = fabs(newer - older) / sqrt(newer + older);
		means[count++] = (newer + older) / 2;
	}
	if (count < PAIRS_LEAST)
		return SPREAD_UNKNOWN;
	deviation = MAD_TO_DEVIATION * median_of(differences, count);
	spread = (deviation * deviation - 1) / median_of(means, count);
	return fmin(fmax(spread, SPREAD_LEAST), SPREAD_MOST);
}

/*
 * The mean is itself an estimate, from so many hours: what is left of that doubt is a
 * gamma distribution, with which the counts are spread the wider the less was counted.
 */
static struct crisis_level level_of(double mean, double spread, size_t weeks)
{
	double hours = (double)weeks / SMOOTH_VARIANCE;
	double shape = mean * hours + 0.5;

	return (struct crisis_level){ shape / hours, spread + 1 / shape };
}

static double hour_mean(const struct crisis_past *past, size_t back, size_t weeks, double trend)
{
	double values[CRISIS_WEEKS];

	for (size_t week = 1; week <= weeks; week++)
		values[week - 1] = smoothed(past, week * CRISIS_WEEK_HOURS + back) *
				   exp(trend * (double)week);
	return mean_without_outliers(values, weeks);
}

/*
 * Some days are busy from the morning on: a campaign, the day after a holiday. So the
 * hours before those that are judged lift the baseline, a little and never lower it.
 */
static double busy_factor(const struct crisis_past *past, size_t weeks, double trend)
{
	double counted = 0, expected = 0;

	for (size_t back = BUSY_FROM; back < BUSY_UNTIL; back++) {
		counted += past->counts[CRISIS_HOURS - back];
		expected += hour_mean(past, back, weeks, trend);
	}
	return fmin(fmax((counted + BUSY_DOUBT) / (expected + BUSY_DOUBT), 1), BUSY_MOST);
}

static struct crisis_level cold_level(const struct crisis_past *past)
{
	double values[CRISIS_HOURS], busy = 0;

	for (size_t i = 0; i < past->known; i++)
		values[i] = past->counts[CRISIS_HOURS - 1 - i];
	if (past->known > 0)
		busy = quantile_of(values, past->known, 0.9);
	return (struct crisis_level){ fmax(busy, CRISIS_COLD_MEAN), SPREAD_COLD };
}

void crisis_baseline(const struct crisis_past *past, struct crisis_baseline *out)
{
	size_t known = past->known > CRISIS_MARGIN ? past->known - CRISIS_MARGIN : 0;
	size_t weeks = known / CRISIS_WEEK_HOURS;
	double trend, spread, busy;

	if (weeks < 2) {
		out->hours[0] = out->hours[1] = cold_level(past);
		return;
	}
	trend = trend_of(past, weeks);
	spread = spread_of(past);
	busy = busy_factor(past, weeks, trend);
	for (size_t back = 0; back < 2; back++)
		out->hours[back] = level_of(busy * hour_mean(past, back, weeks, trend), spread,
					    weeks);
}

/* Alarms ---------------------------------------------------------------------------- */

/*
 * Summed from the count upwards, each term from the one before: exact where it matters,
 * far out, where one minus the rest would be noise. Terms fall, as the count is above the
 * mean.
 */
double crisis_tail(const struct crisis_level *level, int64_t count)
{
	double mean = level->mean, size = 1 / level->spread, odds = mean / (mean + size);
	double term, sum = 0;

	if ((double)count <= mean)
		return 1;
	term = exp(lgamma((double)count + size) - lgamma(size) - lgamma((double)count + 1) +
		   size * log(size / (mean + size)) + (double)count * log(odds));
	for (int64_t k = count; term > sum * 1e-9; k++) {
		sum += term;
		term *= odds * ((double)k + size) / ((double)k + 1);
	}
	return fmin(sum, 1);
}

/* Both hours together: means add up, and so, at worst, do standard deviations. */
static struct crisis_level window(const struct crisis_baseline *baseline, double share, bool is_two)
{
	struct crisis_level level = { baseline->hours[0].mean * share, baseline->hours[0].spread };

	if (is_two) {
		level.mean += baseline->hours[1].mean;
		level.spread = fmax(level.spread, baseline->hours[1].spread);
	}
	level.mean = fmax(level.mean, 0.01);
	return level;
}

void crisis_judge(const struct crisis_baseline *baseline, const struct crisis_rules *rules,
		  const struct crisis_seen *seen, struct crisis_verdict *out)
{
	double share = fmin(fmax(seen->minutes, 1), 60) / 60;

	*out = (struct crisis_verdict){ .is_quiet = true, .probability = 2 };
	for (int hours = 1; hours <= 2; hours++) {
		struct crisis_level level = window(baseline, share, hours == 2);
		int64_t observed = seen->now + (hours == 2 ? seen->before : 0);
		double probability = crisis_tail(&level, observed);
		double threshold = rules->probability * (hours == 1 ? share : 1);

		if (probability <= QUIET_ABOVE)
			out->is_quiet = false;
		if (probability < threshold && observed >= rules->least &&
		    (double)observed >= rules->ratio * level.mean)
			out->is_alarm = true;
		if (probability >= out->probability)
			continue;
		out->hours = hours;
		out->observed = observed;
		out->expected = level.mean;
		out->probability = probability;
	}
}
