/*
 * A sudden rise of an hourly count over its own baseline. Pure arithmetic: no database,
 * no clock; crisis.h feeds it.
 *
 * The baseline of an hour is what the same hour of the week brought in the last eight
 * weeks, on the clock of the wall, smoothed over its neighbours (1, 2, 1) and carried on
 * along the trend of the weekly sums, and lifted on a day that has been busy so far. What is compared with it is the running hour as far
 * as it has come, and the running hour together with the one before, for what rises slowly.
 *
 * Sources:
 * - Farrington, Andrews, Beale, Catchpole, "A statistical algorithm for the early detection
 *   of outbreaks of infectious disease", Journal of the Royal Statistical Society A 159
 *   (1996) 547–563: comparable periods only, a trend, more spread than Poisson's, less
 *   weight for earlier outbreaks, no alarm from a handful of cases.
 * - Noufaily and others, "An improved algorithm for outbreak detection in multiple
 *   surveillance systems", Statistics in Medicine 32 (2013) 1206–1222: the threshold is a
 *   quantile of the negative binomial distribution.
 * - Sen, "Estimates of the regression coefficient based on Kendall's tau", Journal of the
 *   American Statistical Association 63 (1968) 1379–1389: the trend, which one odd week
 *   does not move.
 * - Lan, DeMets, "Discrete sequential boundaries for clinical trials", Biometrika 70 (1983)
 *   659–663: who looks twelve times an hour must ask for more at the first looks; here the
 *   probability grows with the share of the hour that has passed.
 * - Huber, Ronchetti, "Robust Statistics" (2009): the median and its absolute deviation
 *   (MAD), times 1.4826 a standard deviation; single weeks beyond three of them count as
 *   three, so last week's incident does not hide the next.
 */
#ifndef FORUM_CRISIS_DETECT_H
#define FORUM_CRISIS_DETECT_H

#include "base/base.h"

#define CRISIS_WEEKS      8
#define CRISIS_WEEK_HOURS 168
/* The hours around the oldest are needed too. */
#define CRISIS_MARGIN     12
#define CRISIS_HOURS      (CRISIS_WEEKS * CRISIS_WEEK_HOURS + CRISIS_MARGIN)

/* The hours before the running one, newest last, by the clock of the wall. */
struct crisis_past {
	int32_t counts[CRISIS_HOURS];
	size_t known; /* only so many of the newest were counted at all */
};

/* What an hour may bring: a negative binomial distribution. */
struct crisis_level {
	double mean;
	double spread; /* variance = mean + spread · mean² */
};

/* [0] of the running hour, [1] of the one before. */
struct crisis_baseline {
	struct crisis_level hours[2];
};

/*
 * Of the hour that follows the past. With less than two weeks known there is no such
 * hour to look back at: then the busiest tenth of what is known is taken for usual, never
 * less than CRISIS_COLD_MEAN, so that a young site is not alarmed by being found.
 */
#define CRISIS_COLD_MEAN 5.0
void crisis_baseline(const struct crisis_past *past, struct crisis_baseline *out);

/* From when on it is an alarm: all three. */
struct crisis_rules {
	double probability; /* so rare by chance, at the end of the hour */
	double ratio;       /* so many times what is usual */
	int64_t least;      /* so many at all */
};

struct crisis_seen {
	int64_t now;    /* counted in the running hour so far */
	int64_t before; /* in the whole hour before */
	int minutes;    /* passed of the running hour: 1 to 60 */
};

struct crisis_verdict {
	bool is_alarm;
	bool is_quiet; /* nothing is out of the ordinary */
	int hours;     /* the window that says it: 1 or 2 */
	int64_t observed;
	double expected, probability;
};

/* Of the two windows, the one that is less likely by chance. */
void crisis_judge(const struct crisis_baseline *baseline, const struct crisis_rules *rules,
		  const struct crisis_seen *seen, struct crisis_verdict *out);

/* The probability that a count of this distribution is at least so high; 1 for one that
 * is not above the mean. */
double crisis_tail(const struct crisis_level *level, int64_t count);

#endif
