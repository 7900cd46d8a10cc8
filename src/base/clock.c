/*
 * Time without libc's calendar: its functions depend on the zone and on the
 * language of the process, which is wrong in headers, feeds and mail.
 */
#include "base/clock.h"

static const char weekday_names[][4] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
static const char month_names[][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
				       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };

static int64_t read_clock(clockid_t id)
{
	struct timespec now;

	clock_gettime(id, &now);
	return (int64_t)now.tv_sec * CLOCK_SECOND + now.tv_nsec / 1000;
}

int64_t clock_now(void)
{
	return read_clock(CLOCK_REALTIME);
}

int64_t clock_monotonic(void)
{
	return read_clock(CLOCK_MONOTONIC);
}

/* Rounds down, also before 1970. */
static int64_t floor_divide(int64_t number, int64_t divisor)
{
	return number / divisor - (number % divisor < 0);
}

/*
 * Days since 1970-01-01 to a date and back, in the Gregorian calendar of 400
 * years (146,097 days). Years begin in March, so that the leap day comes last.
 */
static void date_of_days(int64_t days, struct clock_date *date)
{
	int64_t shifted = days + 719468;
	int64_t era = floor_divide(shifted, 146097);
	int day_of_era = (int)(shifted - era * 146097);
	int year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 -
			   day_of_era / 146096) /
			  365;
	int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int month = (5 * day_of_year + 2) / 153; /* 0 is March */

	date->day = day_of_year - (153 * month + 2) / 5 + 1;
	date->month = month < 10 ? month + 3 : month - 9;
	date->year = (int)(era * 400) + year_of_era + (date->month <= 2);
}

static int64_t days_of_date(int year, int month, int day)
{
	int64_t years = year - (month <= 2);
	int64_t era = floor_divide(years, 400);
	int64_t year_of_era = years - era * 400;
	int day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;

	return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 +
	       day_of_year - 719468;
}

int64_t clock_days(int year, int month, int day)
{
	return days_of_date(year, month, day);
}

struct clock_date clock_split(int64_t time, int offset_minutes)
{
	/* Whole seconds first: adding the offset to the extremes must not overflow. */
	int64_t seconds = floor_divide(time, CLOCK_SECOND) + (int64_t)offset_minutes * 60;
	int64_t days = floor_divide(seconds, 86400);
	int in_day = (int)(seconds - days * 86400);
	struct clock_date date = {
		.hour = in_day / 3600,
		.minute = in_day / 60 % 60,
		.second = in_day % 60,
		.weekday = (int)((days % 7 + 11) % 7), /* day 0 was a Thursday */
	};

	date_of_days(days, &date);
	return date;
}

static void put_digits(char *end, int number, int digits)
{
	for (; digits > 0; digits--, number /= 10)
		*--end = (char)('0' + number % 10);
}

/* By hand, since a page has fifty of them and printf takes as long as all else. */
char *clock_rfc3339(struct arena *arena, int64_t time)
{
	struct clock_date date = clock_split(time, 0);
	char *text;

	if (date.year < 0 || date.year > 9999)
		return arena_printf(arena, "%04d-%02d-%02dT%02d:%02d:%02dZ", date.year, date.month,
				    date.day, date.hour, date.minute, date.second);
	text = arena_strdup(arena, "0000-00-00T00:00:00Z");
	put_digits(text + 4, date.year, 4);
	put_digits(text + 7, date.month, 2);
	put_digits(text + 10, date.day, 2);
	put_digits(text + 13, date.hour, 2);
	put_digits(text + 16, date.minute, 2);
	put_digits(text + 19, date.second, 2);
	return text;
}

static char *format_mail_date(struct arena *arena, int64_t time, const char *zone)
{
	struct clock_date date = clock_split(time, 0);

	return arena_printf(arena, "%s, %02d %s %04d %02d:%02d:%02d %s",
			    weekday_names[date.weekday], date.day, month_names[date.month - 1],
			    date.year, date.hour, date.minute, date.second, zone);
}

char *clock_http(struct arena *arena, int64_t time)
{
	return format_mail_date(arena, time, "GMT");
}

char *clock_mail(struct arena *arena, int64_t time)
{
	return format_mail_date(arena, time, "+0000");
}

/* Takes exactly count digits; false when there are fewer. */
static bool take_digits(const char **text, int count, int *out)
{
	int number = 0;

	for (int i = 0; i < count; i++) {
		char c = (*text)[i];

		if (c < '0' || c > '9')
			return false;
		number = number * 10 + (c - '0');
	}
	*text += count;
	*out = number;
	return true;
}

static bool take_char(const char **text, char c)
{
	if (**text != c)
		return false;
	(*text)++;
	return true;
}

/* Digits beyond the microsecond are read over. */
static bool take_fraction(const char **text, int64_t *micros)
{
	int64_t unit = CLOCK_SECOND / 10;
	int digit;

	if (!take_digits(text, 1, &digit))
		return false;
	do {
		*micros += digit * unit;
		unit /= 10;
	} while (take_digits(text, 1, &digit));
	return true;
}

static bool is_date(const struct clock_date *date)
{
	static const int month_days[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool is_leap = date->year % 4 == 0 && (date->year % 100 != 0 || date->year % 400 == 0);

	return date->month >= 1 && date->month <= 12 && date->day >= 1 &&
	       date->day <= month_days[date->month - 1] &&
	       !(date->month == 2 && date->day == 29 && !is_leap) && date->hour <= 23 &&
	       date->minute <= 59 && date->second <= 59;
}

bool clock_has_date(int year, int month, int day)
{
	const struct clock_date date = { .year = year, .month = month, .day = day };

	return is_date(&date);
}

bool clock_parse(const char *text, int64_t *out)
{
	struct clock_date date;
	int64_t micros = 0;

	if (!take_digits(&text, 4, &date.year) || !take_char(&text, '-') ||
	    !take_digits(&text, 2, &date.month) || !take_char(&text, '-') ||
	    !take_digits(&text, 2, &date.day) || !take_char(&text, 'T') ||
	    !take_digits(&text, 2, &date.hour) || !take_char(&text, ':') ||
	    !take_digits(&text, 2, &date.minute) || !take_char(&text, ':') ||
	    !take_digits(&text, 2, &date.second))
		return false;
	if (take_char(&text, '.') && !take_fraction(&text, &micros))
		return false;
	take_char(&text, 'Z');
	if (*text || !is_date(&date))
		return false;
	*out = days_of_date(date.year, date.month, date.day) * CLOCK_DAY + date.hour * CLOCK_HOUR +
	       date.minute * CLOCK_MINUTE + date.second * CLOCK_SECOND + micros;
	return true;
}
