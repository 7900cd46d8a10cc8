/*
 * Estimates from the labelled sample.
 */
#include "forum/listening_estimate.h"

#include "i18n/i18n.h"

#include <math.h>

#define Z95 1.959963984540054

/* Share of negatives -------------------------------------------------------------------- */

/* Over the strata that have labels. */
struct totals {
	double size;  /* texts */
	double about; /* X: share about us */
	double negative;
};

static struct totals total_of(const struct listening_stratum *strata, size_t count)
{
	struct totals totals = { 0 };

	for (size_t i = 0; i < count; i++) {
		double weight = (double)strata[i].size;

		if (strata[i].labelled == 0)
			continue;
		totals.size += weight;
		totals.about += weight * (double)strata[i].about / (double)strata[i].labelled;
		totals.negative += weight * (double)strata[i].negative / (double)strata[i].labelled;
	}
	if (totals.size > 0) {
		totals.about /= totals.size;
		totals.negative /= totals.size;
	}
	return totals;
}

/* Of what a text brings to the linearised ratio: 1 - R, -R, or 0 when not about us. */
static double spread_of(const struct listening_stratum *stratum, double ratio, double about)
{
	double n = (double)stratum->labelled, negative = (double)stratum->negative;
	double others = (double)stratum->about - negative, mean;

	if (stratum->labelled < LISTENING_OWN_VARIANCE)
		return about * ratio * (1 - ratio) * n / (n > 1 ? n - 1 : 1);
	mean = (negative - ratio * (double)stratum->about) / n;
	return (negative * (1 - ratio) * (1 - ratio) + others * ratio * ratio - n * mean * mean) /
	       (n - 1);
}

struct variance {
	double of_ratio;
	double plain; /* as if each text brought 0 or 1 without spread between strata */
};

static struct variance variance_of(const struct listening_stratum *strata, size_t count,
				   const struct totals *totals, double ratio)
{
	struct variance variance = { 0 };

	for (size_t i = 0; i < count; i++) {
		double weight, part;

		if (strata[i].labelled == 0)
			continue;
		weight = (double)strata[i].size / totals->size;
		part = weight * weight * (1 - (double)strata[i].labelled / (double)strata[i].size) /
		       (double)strata[i].labelled;
		variance.of_ratio += part * spread_of(&strata[i], ratio, totals->about);
		variance.plain += part;
	}
	variance.of_ratio /= totals->about * totals->about;
	return variance;
}

static void wilson(struct listening_share *out)
{
	double n = out->effective, z2 = Z95 * Z95, p = out->share;
	double middle = (p + z2 / (2 * n)) / (1 + z2 / n);
	double half = Z95 * sqrt(p * (1 - p) / n + z2 / (4 * n * n)) / (1 + z2 / n);

	/* Rounding alone would put the ends beside 0 and 1. */
	out->low = p <= 0 ? 0 : fmax(middle - half, 0);
	out->high = p >= 1 ? 1 : fmin(middle + half, 1);
}

void listening_share(const struct listening_stratum *strata, size_t count,
		     struct listening_share *out)
{
	struct totals totals = total_of(strata, count);
	struct variance variance;

	*out = (struct listening_share){ 0 };
	for (size_t i = 0; i < count; i++) {
		out->labelled += strata[i].labelled;
		out->about += strata[i].about;
		out->negative += strata[i].negative;
	}
	if (out->about == 0)
		return;
	out->is_known = true;
	out->share = totals.negative / totals.about;
	out->low = out->high = out->share;
	variance = variance_of(strata, count, &totals, out->share);
	/* Every text was labelled: nothing is left to chance. */
	if (variance.plain <= 0)
		return;
	out->error = sqrt(variance.of_ratio);
	out->effective = variance.of_ratio > 1e-12
				 ? out->share * (1 - out->share) / variance.of_ratio
				 : totals.about / variance.plain;
	wilson(out);
}

/* The draw -------------------------------------------------------------------------------- */

static int64_t at_most(int64_t number, int64_t most)
{
	return number < most ? number : most;
}

/* The strata's turn for what rounding left over: largest remainder first. */
struct turn {
	size_t stratum;
	double remainder;
};

static int by_remainder(const void *one, const void *other)
{
	const struct turn *a = one, *b = other;

	if (a->remainder < b->remainder || a->remainder > b->remainder)
		return a->remainder < b->remainder ? 1 : -1;
	return a->stratum < b->stratum ? -1 : 1;
}

/* In proportion to what is left of each. Never more than there is: rest is at most that. */
static void share_out(struct arena *arena, const int64_t *sizes, size_t count, int64_t rest,
		      int64_t left, int64_t *drawn)
{
	struct turn *turns = arena_array_of(arena, count, struct turn);
	int64_t given = 0;

	for (size_t i = 0; i < count; i++) {
		double wanted = (double)rest * (double)(sizes[i] - drawn[i]) / (double)left;
		int64_t whole = at_most((int64_t)wanted, sizes[i] - drawn[i]);

		turns[i] = (struct turn){ i, wanted - (double)whole };
		drawn[i] += whole;
		given += whole;
	}
	qsort(turns, count, sizeof turns[0], by_remainder);
	for (size_t i = 0; given < rest && i < count; i++)
		if (drawn[turns[i].stratum] < sizes[turns[i].stratum]) {
			drawn[turns[i].stratum]++;
			given++;
		}
}

void listening_allocate(struct arena *arena, const int64_t *sizes, size_t count, int64_t total,
			int64_t *drawn)
{
	int64_t rest = total, left = 0;

	for (size_t i = 0; i < count; i++) {
		drawn[i] = at_most(at_most(sizes[i], LISTENING_LEAST_OF_STRATUM), rest);
		rest -= drawn[i];
		left += sizes[i] - drawn[i];
	}
	if (rest > 0 && left > 0)
		share_out(arena, sizes, count, at_most(rest, left), left, drawn);
}

uint64_t listening_order(uint64_t seed, int64_t post_id)
{
	uint64_t z = seed + 0x9e3779b97f4a7c15U * (uint64_t)post_id;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
	return z ^ (z >> 31);
}

/* Agreement ------------------------------------------------------------------------------- */

struct margins {
	double all, agreed;
	double first[LISTENING_LABELS], second[LISTENING_LABELS]; /* shares */
};

static struct margins margins_of(const struct listening_confusion *confusion)
{
	struct margins margins = { 0 };

	for (size_t a = 0; a < LISTENING_LABELS; a++)
		for (size_t b = 0; b < LISTENING_LABELS; b++) {
			double count = (double)confusion->counts[a][b];

			margins.all += count;
			margins.agreed += a == b ? count : 0;
			margins.first[a] += count;
			margins.second[b] += count;
		}
	for (size_t a = 0; margins.all > 0 && a < LISTENING_LABELS; a++) {
		margins.first[a] /= margins.all;
		margins.second[a] /= margins.all;
	}
	return margins;
}

static double kappa_variance(const struct listening_confusion *confusion,
			     const struct margins *margins, double kappa, double expected)
{
	double sum = 0, last = kappa - expected * (1 - kappa);

	for (size_t a = 0; a < LISTENING_LABELS; a++)
		for (size_t b = 0; b < LISTENING_LABELS; b++) {
			double part = (double)confusion->counts[a][b] / margins->all;
			double by = (a == b ? 1 : 0) -
				    (margins->second[a] + margins->first[b]) * (1 - kappa);

			sum += part * by * by;
		}
	return (sum - last * last) / (margins->all * (1 - expected) * (1 - expected));
}

void listening_kappa(const struct listening_confusion *confusion, struct listening_kappa *out)
{
	struct margins margins = margins_of(confusion);
	double expected = 0;

	*out = (struct listening_kappa){ .pairs = (int64_t)margins.all,
					 .agreed = (int64_t)margins.agreed };
	for (size_t a = 0; a < LISTENING_LABELS; a++)
		expected += margins.first[a] * margins.second[a];
	if (out->pairs < 2 || expected > 1 - 1e-9)
		return;
	out->is_known = true;
	out->kappa = (margins.agreed / margins.all - expected) / (1 - expected);
	out->error = sqrt(fmax(kappa_variance(confusion, &margins, out->kappa, expected), 0));
	out->low = fmax(out->kappa - Z95 * out->error, -1);
	out->high = fmin(out->kappa + Z95 * out->error, 1);
}

const char *listening_kappa_words(double kappa)
{
	static const char *const words[] = {
		/* TRANSLATORS: how well two people agree, from nearly by chance to always. */
		N_("slight agreement"),         N_("fair agreement"),
		N_("moderate agreement"),       N_("substantial agreement"),
		N_("almost perfect agreement"),
	};
	size_t step = 0;

	if (kappa < 0)
		return N_("less agreement than by chance");
	/* 0.20 is slight still, as they wrote it. */
	while (step + 1 < ARRAY_COUNT(words) && kappa > 0.2 * (double)(step + 1) + 1e-9)
		step++;
	return words[step];
}
