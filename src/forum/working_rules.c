/*
 * What a day is by the rules: exceptional openings first, then holidays, then the week.
 */
#include "forum/working_rules.h"

#include "base/clock.h"
#include "i18n/i18n.h"

/* Days after Easter Sunday; 0 is not among them, as it is a Sunday. */
static const struct working_dates french_holidays[] = {
	{ WORKING_DATES_YEARLY, 101, 101, N_("New Year’s Day"), { .count = 0 } },
	{ WORKING_DATES_EASTER, 1, 1, N_("Easter Monday"), { .count = 0 } },
	{ WORKING_DATES_YEARLY, 501, 501, N_("Labour Day"), { .count = 0 } },
	{ WORKING_DATES_YEARLY, 508, 508, N_("Victory Day 1945"), { .count = 0 } },
	{ WORKING_DATES_EASTER, 39, 39, N_("Ascension Day"), { .count = 0 } },
	{ WORKING_DATES_EASTER, 50, 50, N_("Whit Monday"), { .count = 0 } },
	{ WORKING_DATES_YEARLY, 714, 714, N_("Bastille Day"), { .count = 0 } },
	{ WORKING_DATES_YEARLY, 815, 815, N_("Assumption Day"), { .count = 0 } },
	{ WORKING_DATES_YEARLY, 1101, 1101, N_("All Saints’ Day"), { .count = 0 } },
	{ WORKING_DATES_YEARLY, 1111, 1111, N_("Armistice Day 1918"), { .count = 0 } },
	{ WORKING_DATES_YEARLY, 1225, 1225, N_("Christmas Day"), { .count = 0 } },
};

static const struct working_hours closed = { .count = 0 };

/*
 * The Gregorian computus as Butcher printed it in 1876; the letters are those of every
 * almanac since.
 */
int64_t working_easter(int year)
{
	int a = year % 19, b = year / 100, c = year % 100;
	int d = b / 4, e = b % 4, f = (b + 8) / 25, g = (b - f + 1) / 3;
	int h = (19 * a + b - d - g + 15) % 30;
	int i = c / 4, k = c % 4, l = (32 + 2 * e + 2 * i - h - k) % 7;
	int m = (a + 11 * h + 22 * l) / 451, n = h + l - 7 * m + 114;

	return clock_days(year, n / 31, n % 31 + 1);
}

static bool is_within(int64_t first, int64_t last, int64_t value)
{
	if (first <= last)
		return value >= first && value <= last;
	return value >= first || value <= last;
}

/* One day, counted in each of the ways in which dates are written. */
struct day {
	int64_t number, of_year, after_easter;
};

static bool fits(const struct working_dates *dates, const struct day *day)
{
	switch (dates->kind) {
	case WORKING_DATES_ONCE:
		return is_within(dates->first, dates->last, day->number);
	case WORKING_DATES_YEARLY:
		return is_within(dates->first, dates->last, day->of_year);
	case WORKING_DATES_EASTER:
		break;
	}
	return is_within(dates->first, dates->last, day->after_easter);
}

static const struct working_dates *find(const struct working_dates *dates, size_t count,
					const struct day *day)
{
	for (size_t i = 0; i < count; i++)
		if (fits(&dates[i], day))
			return &dates[i];
	return NULL;
}

struct working_day working_day_of(const struct working_rules *rules, int64_t number)
{
	struct clock_date date = clock_split(number * CLOCK_DAY, 0);
	const struct day day = { number, date.month * 100 + date.day,
				 number - working_easter(date.year) };
	const struct working_dates *found;

	found = find(rules->openings, rules->opening_count, &day);
	if (found)
		return (struct working_day){ WORKING_DAY_OPENING, found->name, &found->hours };
	found = find(rules->holidays, rules->holiday_count, &day);
	if (found)
		return (struct working_day){ WORKING_DAY_HOLIDAY, found->name, &closed };
	if (rules->has_french_holidays)
		found = find(french_holidays, ARRAY_COUNT(french_holidays), &day);
	if (found)
		return (struct working_day){ WORKING_DAY_HOLIDAY, _(found->name), &closed };
	return (struct working_day){ WORKING_DAY_WEEKLY, "", &rules->week[date.weekday] };
}
