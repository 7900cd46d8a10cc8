/*
 * Years of questions, hour by hour and within the hours, with ten planted incidents each;
 * the detection looks every five minutes. README.md says what a year is like and when it
 * passes. The arrivals are made up independently of what the detection believes of them:
 * good and bad days are lognormal, hours gamma, and the baseline knows neither.
 */
#include "base/arena.h"
#include "base/clock.h"
#include "base/zone.h"
#include "forum/crisis_detect.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define CATEGORIES   8
#define SERIES       (CATEGORIES + 2) /* then all of them, and a watched word */
#define ALL          CATEGORIES
#define WORD         (CATEGORIES + 1)
#define LOOKS        12 /* in an hour */
#define YEAR_HOURS   (365 * 24)
#define HOURS        (CRISIS_HOURS + YEAR_HOURS + 24)
#define INCIDENTS    10
#define FOUND_WITHIN 60 /* minutes */
/* An alert ends after so many quiet minutes, and others in that time are the same. */
#define QUIET        120
/* Monday 5 January 2026; the year begins eight weeks later. */
#define BEGIN        INT64_C(1767571200)

/* As the site's settings have it. */
static const struct crisis_rules rules = { .probability = 3e-5, .ratio = 1.6, .least = 8 };

/* Chance ------------------------------------------------------------------------------ */

static uint64_t chance_state;

/* splitmix64: Steele, Lea, Flood, "Fast splittable pseudorandom number generators" (2014). */
static double chance(void)
{
	uint64_t z = chance_state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return ((double)((z ^ (z >> 31)) >> 11) + 0.5) / 9007199254740992.0;
}

static double between(double least, double most)
{
	return least + (most - least) * chance();
}

static double normal(void)
{
	return sqrt(-2 * log(chance())) * cos(2 * M_PI * chance());
}

/* Knuth's, in portions, as exp(-mean) must not vanish. */
static int poisson(double mean)
{
	int count = 0;

	for (; mean > 30; mean -= 30)
		count += poisson(30);
	for (double left = chance(), end = exp(-mean); left > end; left *= chance())
		count++;
	return count;
}

/* Marsaglia, Tsang (2000), for shapes above 1. */
static double gamma_of(double shape)
{
	double d = shape - 1.0 / 3, c = 1 / sqrt(9 * d);

	for (;;) {
		double x = normal(), v = 1 + c * x;

		v = v * v * v;
		if (v > 0 && log(chance()) < x * x / 2 + d - d * v + d * log(v))
			return d * v;
	}
}

/* The year ---------------------------------------------------------------------------- */

struct incident {
	int starts, ramp, lasts; /* minutes since the beginning of all */
	int category;            /* or ALL */
	double size, extra;      /* extra: in its first hour */
	bool says_word;
	int found; /* minutes after the start; -1 */
};

static struct year {
	int32_t counts[SERIES][HOURS][LOOKS];
	int32_t sums[SERIES][HOURS]; /* of the looks of an hour */
	int wall[HOURS];             /* the hour on the clock, counted from the beginning */
	struct incident incidents[INCIDENTS];
	double rates[HOURS]; /* of all questions, an hour */
} year;

static const double shares[CATEGORIES] = { 0.28, 0.20, 0.15, 0.12, 0.10, 0.07, 0.05, 0.03 };

/* Of a day's questions, by the hour on the clock. */
static const double day_curve[24] = { 12, 7,  4,  3,  3,  5,  12, 26, 44, 58, 64, 62,
				      54, 52, 58, 62, 64, 66, 68, 70, 66, 56, 42, 24 };
static const double week_curve[7] = { 1.15, 1.08, 1.05, 1.02, 1.0, 0.78, 0.72 };

/* Days of 2026 and 2027 on which France stays at home, from BEGIN on. */
static const int holidays[] = { 91, 116, 123, 129, 140, 190, 222, 300, 310, 354, 361, 448 };

static bool is_holiday(int day)
{
	for (size_t i = 0; i < ARRAY_COUNT(holidays); i++)
		if (holidays[i] == day)
			return true;
	return false;
}

/* What a day is like, besides its weekday. */
static double day_factor(int day, double growth)
{
	double factor = exp(growth * day / 365.0) * exp(0.10 * normal());

	if (is_holiday(day))
		factor *= 0.5;
	else if (is_holiday(day - 1))
		factor *= 1.2;
	if (day >= 205 && day <= 233) /* August */
		factor *= 0.75;
	if (chance() < 0.02) /* a campaign, a new product: busy all day, and no crisis */
		factor *= between(1.2, 1.45);
	return factor;
}

static void make_rates(double a_day)
{
	double growth = between(0.1, 0.6), curve = 0, factor = 1;
	int day = -1;

	for (int i = 0; i < 24; i++)
		curve += day_curve[i];
	for (int hour = 0; hour < HOURS; hour++) {
		int wall = year.wall[hour];

		if (wall / 24 != day) {
			day = wall / 24;
			factor = day_factor(day, growth);
		}
		year.rates[hour] = a_day * factor * week_curve[day % 7] * day_curve[wall % 24] /
				   curve;
	}
}

static void make_counts(void)
{
	for (int hour = 0; hour < HOURS; hour++) {
		for (int category = 0; category < CATEGORIES; category++) {
			double rate = year.rates[hour] * shares[category] * gamma_of(40) / 40;

			for (int look = 0; look < LOOKS; look++) {
				int count = poisson(rate / LOOKS);

				year.counts[category][hour][look] = count;
				year.counts[ALL][hour][look] += count;
				/* A word that one in fifty happens to use. */
				for (; count > 0; count--)
					year.counts[WORD][hour][look] += chance() < 0.02;
			}
		}
	}
}

/* Incidents ------------------------------------------------------------------------------ */

/* Its strength at this minute: rising in a line, then staying, then fading in an hour. */
static double strength(const struct incident *incident, int minute)
{
	int age = minute - incident->starts;

	if (age < 0 || age > incident->lasts + 60)
		return 0;
	if (age > incident->lasts)
		return 1 - (age - incident->lasts) / 60.0;
	return age < incident->ramp ? (age + 0.5) / incident->ramp : 1;
}

static void add_count(const struct incident *incident, int category, int hour, int look, int count)
{
	year.counts[category][hour][look] += count;
	year.counts[ALL][hour][look] += count;
	for (; count > 0 && incident->says_word; count--)
		year.counts[WORD][hour][look] += chance() < 0.4;
}

static void add_questions(const struct incident *incident)
{
	double first_hour = 60 - incident->ramp / 2.0;

	for (int minute = incident->starts; minute <= incident->starts + incident->lasts + 60;
	     minute++) {
		int count = poisson(incident->extra / first_hour * strength(incident, minute));
		int hour = minute / 60, look = minute % 60 / 5;

		if (incident->category != ALL) {
			add_count(incident, incident->category, hour, look, count);
			continue;
		}
		for (; count > 0; count--) {
			double place = chance();
			int category = 0;

			while (category < CATEGORIES - 1 && place > shares[category])
				place -= shares[category++];
			add_count(incident, category, hour, look, 1);
		}
	}
}

/* One in each tenth of the year, at any time of day; sizes and slopes are dealt out. */
static void make_incidents(void)
{
	static const int ramps[INCIDENTS] = { 0, 0, 10, 10, 20, 20, 30, 30, 45, 60 };

	for (int i = 0; i < INCIDENTS; i++) {
		struct incident *incident = &year.incidents[i];
		int place = 7 * i % INCIDENTS;
		double usual;

		*incident = (struct incident){
			.starts = 60 * CRISIS_HOURS +
				  (int)(60 * YEAR_HOURS * (i + between(0.1, 0.9)) / INCIDENTS),
			.ramp = ramps[place],
			.lasts = (int)between(120, 720),
			.category = i % 3 == 0 ? ALL : (int)between(0, CATEGORIES),
			.size = 2.5 * pow(3.2, (3 * i % INCIDENTS) / (INCIDENTS - 1.0)),
			.says_word = chance() < 0.4,
			.found = -1,
		};
		usual = year.rates[incident->starts / 60] *
			(incident->category == ALL ? 1 : shares[incident->category]);
		incident->extra = fmax(40, incident->size * usual);
		add_questions(incident);
	}
}

static int sum_until(int series, int hour, int looks)
{
	int sum = 0;

	for (int look = 0; look < looks; look++)
		sum += year.counts[series][hour][look];
	return sum;
}

static void make_year(uint64_t seed, double a_day)
{
	struct arena *arena = arena_new((size_t)1 << 20);
	int64_t begin = BEGIN * CLOCK_SECOND;
	struct zone zone;

	chance_state = seed * UINT64_C(0x9e3779b97f4a7c15) + 1;
	memset(&year, 0, sizeof year);
	if (!zone_load(arena, "Europe/Paris", begin, begin + 500 * 24 * CLOCK_HOUR, &zone)) {
		fputs("year: this machine has no time zones\n", stderr);
		exit(2);
	}
	for (int hour = 0; hour < HOURS; hour++)
		year.wall[hour] = (int)((zone_wall(&zone, begin + hour * CLOCK_HOUR) - begin) /
					CLOCK_HOUR);
	make_rates(a_day);
	make_counts();
	make_incidents();
	for (int series = 0; series < SERIES; series++)
		for (int hour = 0; hour < HOURS; hour++)
			year.sums[series][hour] = sum_until(series, hour, LOOKS);
	arena_free(arena);
}

/* Looking -------------------------------------------------------------------------------- */

struct result {
	int found, false_alarms, worst_quarter;
};

/* The hours before this one, by the clock on the wall: crisis.c does the same. */
static void fill_past(int series, int hour, struct crisis_past *past)
{
	memset(past, 0, sizeof *past);
	past->known = CRISIS_HOURS;
	for (int earlier = hour - 1; earlier >= 0 && earlier >= hour - CRISIS_HOURS - 1;
	     earlier--) {
		int place = CRISIS_HOURS - (year.wall[hour] - year.wall[earlier]);

		if (place < 0)
			break;
		if (place >= CRISIS_HOURS) /* the hour that autumn has twice */
			continue;
		past->counts[place] += year.sums[series][earlier];
	}
}

static struct incident *incident_at(int minute)
{
	for (int i = 0; i < INCIDENTS; i++) {
		struct incident *incident = &year.incidents[i];

		if (minute >= incident->starts &&
		    minute <= incident->starts + incident->lasts + 60 + QUIET)
			return incident;
	}
	return NULL;
}

static bool is_verbose;

struct watch {
	struct result *result;
	int quarters[4];
	int open_until; /* of the alert that is open */
};

static void take_alarm(struct watch *watch, int series, int minute,
		       const struct crisis_verdict *verdict)
{
	struct incident *incident = incident_at(minute);
	bool is_new = minute > watch->open_until;

	watch->open_until = minute + QUIET;
	if (incident && incident->found < 0)
		incident->found = minute - incident->starts;
	if (incident || !is_new)
		return;
	watch->quarters[4 * (minute / 60 - CRISIS_HOURS) / (YEAR_HOURS + 24)]++;
	watch->result->false_alarms++;
	if (is_verbose)
		printf("  day %3d %02d:%02d  no incident, but series %d has %lld instead of %.1f (%.1e)\n",
		       year.wall[minute / 60] / 24, year.wall[minute / 60] % 24, minute % 60,
		       series, (long long)verdict->observed, verdict->expected,
		       verdict->probability);
}

static void look_at_hour(struct watch *watch, int hour)
{
	struct crisis_baseline baselines[SERIES];
	struct crisis_past past;

	for (int series = 0; series < SERIES; series++) {
		fill_past(series, hour, &past);
		crisis_baseline(&past, &baselines[series]);
	}
	for (int look = 1; look <= LOOKS; look++) {
		for (int series = 0; series < SERIES; series++) {
			struct crisis_verdict verdict;

			crisis_judge(&baselines[series], &rules,
				     &(struct crisis_seen){ sum_until(series, hour, look),
							    year.sums[series][hour - 1], 5 * look },
				     &verdict);
			if (verdict.is_alarm)
				take_alarm(watch, series, 60 * hour + 5 * look, &verdict);
		}
	}
}

static void print_incidents(void)
{
	for (int i = 0; i < INCIDENTS; i++) {
		const struct incident *incident = &year.incidents[i];

		printf("  day %3d %02d:%02d  %-10s ×%.1f, %3.0f questions in the first hour, rising %2d min: ",
		       year.wall[incident->starts / 60] / 24, year.wall[incident->starts / 60] % 24,
		       incident->starts % 60,
		       incident->category == ALL ? "everywhere" : "a category", incident->size,
		       incident->extra, incident->ramp);
		if (incident->found < 0)
			puts("not found");
		else
			printf("found after %d min\n", incident->found);
	}
}

static bool run_year(uint64_t seed, double a_day, struct result *result)
{
	struct watch watch = { .result = result };
	bool passes;

	*result = (struct result){ 0 };
	make_year(seed, a_day);
	for (int hour = CRISIS_HOURS; hour < CRISIS_HOURS + YEAR_HOURS; hour++)
		look_at_hour(&watch, hour);
	for (int i = 0; i < INCIDENTS; i++)
		result->found += year.incidents[i].found >= 0 &&
				 year.incidents[i].found <= FOUND_WITHIN;
	for (int i = 0; i < 4; i++)
		if (watch.quarters[i] > result->worst_quarter)
			result->worst_quarter = watch.quarters[i];
	if (is_verbose)
		print_incidents();
	passes = result->found == INCIDENTS && result->worst_quarter <= 2;
	printf("seed %llu: %d of %d found within an hour, %d false alarms, at most %d a quarter: %s\n",
	       (unsigned long long)seed, result->found, INCIDENTS, result->false_alarms,
	       result->worst_quarter, passes ? "passed" : "FAILED");
	return passes;
}

int main(int argc, char **argv)
{
	long seed = 1, seeds = 1;
	int passed = 0, least = INCIDENTS, worst = 0;
	double a_day = 400;

	for (int i = 1; i + 1 < argc; i += 2) {
		if (strcmp(argv[i], "--seed") == 0)
			seed = strtol(argv[i + 1], NULL, 10);
		else if (strcmp(argv[i], "--seeds") == 0)
			seeds = strtol(argv[i + 1], NULL, 10);
		else if (strcmp(argv[i], "--a-day") == 0)
			a_day = strtod(argv[i + 1], NULL);
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	is_verbose = seeds == 1;
	for (long i = 0; i < seeds; i++) {
		struct result result;

		passed += run_year((uint64_t)(seed + i), a_day, &result);
		least = result.found < least ? result.found : least;
		worst = result.worst_quarter > worst ? result.worst_quarter : worst;
	}
	printf("worst: %d of %d found, %d false alarms in a quarter\n", least, INCIDENTS, worst);
	printf("crisis: %d passed, %ld failed\n", passed, seeds - passed);
	return passed == seeds ? EXIT_SUCCESS : EXIT_FAILURE;
}
