/*
 * Numbers and times as people of a language write them. The patterns are
 * ordinary sentences for translation, so a new language needs no code.
 */
#include "base/buf.h"
#include "base/clock.h"
#include "i18n/i18n.h"

#include <assert.h>
#include <stdlib.h>

#define FILLED_MAX_BYTES ((size_t)64 * 1024)

static const char *const month_names[] = {
	N_("January"),   N_("February"), N_("March"),    N_("April"),
	N_("May"),       N_("June"),     N_("July"),     N_("August"),
	N_("September"), N_("October"),  N_("November"), N_("December"),
};

char *i18n_number(struct arena *arena, int64_t number)
{
	/* TRANSLATORS: what stands between the thousands of a number. */
	const char *separator = pgettext("thousands separator", ",");
	size_t width = strlen(separator);
	uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
	char text[20 + 6 * 8 + 2]; /* digits, separators, sign and end */
	char *start = text + sizeof(text) - 1;

	assert(width <= 8);
	*start = '\0';
	for (int digits = 1; digits == 1 || rest > 0; digits++, rest /= 10) {
		if (digits > 3 && digits % 3 == 1)
			start = memcpy(start - width, separator, width);
		*--start = (char)('0' + rest % 10);
	}
	if (number < 0)
		*--start = '-';
	return arena_strdup(arena, start);
}

char *i18n_tenths(struct arena *arena, double number)
{
	int64_t tenths = (int64_t)(number * 10 + (number < 0 ? -0.5 : 0.5));
	/* TRANSLATORS: what stands before the tenths of a number. */
	const char *separator = pgettext("decimal separator", ".");
	const char *sign = tenths < 0 && tenths > -10 ? "-" : "";

	return arena_printf(arena, "%s%s%s%d", sign, i18n_number(arena, tenths / 10), separator,
			    abs((int)(tenths % 10)));
}

/* A moment in the site's time zone, whose offset changes over the year. */
static struct clock_date local_date(int64_t time)
{
	time_t seconds = (time_t)(time / CLOCK_SECOND - (time % CLOCK_SECOND < 0));
	struct tm local = { 0 };

	localtime_r(&seconds, &local);
	return clock_split(time, (int)(local.tm_gmtoff / 60));
}

/* The table's sentences are literals, which never move. */
static const char *month_name(int month)
{
	return i18n_literal(month_names[month - 1]);
}

static char *write_date(struct arena *arena, const struct clock_date *date)
{
	const char *month = month_name(date->month);

	/* TRANSLATORS: the first day of a month in a date, "1er" in French. */
	const char *first_day = pgettext("day of the month", "1");

	/* TRANSLATORS: a date: day, month, year; another order: %2$s %1$s %3$d. */
	return arena_printf(arena, _("%s %s %d"),
			    date->day == 1 ? first_day : i18n_number(arena, date->day), month,
			    date->year);
}

char *i18n_date(struct arena *arena, int64_t time)
{
	struct clock_date date = local_date(time);

	return write_date(arena, &date);
}

char *i18n_month(struct arena *arena, int64_t time)
{
	struct clock_date date = local_date(time);

	/* TRANSLATORS: a month and its year. */
	return arena_printf(arena, _("%s %d"), month_name(date.month), date.year);
}

/* Two units at most: nobody wants to know the minutes of three days. */
char *i18n_duration(struct arena *arena, int64_t seconds)
{
	int64_t minutes = seconds / 60, hours = minutes / 60, days = hours / 24;

	if (minutes == 0)
		return arena_printf(arena, _("%d s"), (int)seconds);
	if (hours == 0)
		return arena_printf(arena, _("%d min"), (int)minutes);
	if (days == 0 && minutes % 60 == 0)
		return arena_printf(arena, _("%d h"), (int)hours);
	if (days == 0)
		return arena_printf(arena, _("%d h %d min"), (int)hours, (int)(minutes % 60));
	if (hours % 24 == 0)
		/* TRANSLATORS: so many days. */
		return arena_printf(arena, _("%s d"), i18n_number(arena, days));
	/* TRANSLATORS: so many days and hours. */
	return arena_printf(arena, _("%s d %d h"), i18n_number(arena, days), (int)(hours % 24));
}

char *i18n_date_time(struct arena *arena, int64_t time)
{
	struct clock_date date = local_date(time);

	/* TRANSLATORS: a date, then the hour and minute. */
	return arena_printf(arena, _("%s at %02d:%02d"), write_date(arena, &date), date.hour,
			    date.minute);
}

/* Midnights passed between two moments, in the site's time zone. */
static int64_t days_between(int64_t time, int64_t now)
{
	struct clock_date then = local_date(time), today = local_date(now);
	int64_t then_midnight = time - then.hour * CLOCK_HOUR - then.minute * CLOCK_MINUTE;
	int64_t midnight = now - today.hour * CLOCK_HOUR - today.minute * CLOCK_MINUTE;

	/* Rounded: a day with a change of clocks has 23 or 25 hours. */
	return (midnight - then_midnight + CLOCK_DAY / 2) / CLOCK_DAY;
}

static char *ago_in_days(struct arena *arena, int64_t days)
{
	int64_t months = days * 12 / 365;
	int64_t years = days / 365;

	if (days == 1)
		return arena_strdup(arena, _("yesterday"));
	if (days < 30)
		return arena_printf(arena, ngettext("%s day ago", "%s days ago", days),
				    i18n_number(arena, days));
	if (years > 0)
		return arena_printf(arena, ngettext("%s year ago", "%s years ago", years),
				    i18n_number(arena, years));
	months = months > 0 ? months : 1;
	return arena_printf(arena, ngettext("%s month ago", "%s months ago", months),
			    i18n_number(arena, months));
}

char *i18n_ago(struct arena *arena, int64_t time, int64_t now)
{
	int64_t age = now - time;
	int64_t minutes = age / CLOCK_MINUTE;
	int64_t hours = age / CLOCK_HOUR;
	int64_t days;

	if (minutes < 1)
		return arena_strdup(arena, _("just now"));
	if (hours < 1)
		return arena_printf(arena, ngettext("%s minute ago", "%s minutes ago", minutes),
				    i18n_number(arena, minutes));
	days = days_between(time, now);
	if (hours < 12 || days == 0)
		return arena_printf(arena, ngettext("%s hour ago", "%s hours ago", hours),
				    i18n_number(arena, hours));
	return ago_in_days(arena, days);
}

/* The number of "%2$s" behind its "%", and where it ends; 0: it has none. */
static size_t place_number(const char **at)
{
	const char *digit = *at;
	size_t number = 0;

	while (*digit >= '0' && *digit <= '9' && number < 100)
		number = number * 10 + (size_t)(*digit++ - '0');
	if (number == 0 || digit[0] != '$')
		return 0;
	*at = digit + 1;
	return number;
}

char *i18n_fill(struct arena *arena, const char *sentence, const char *const arguments[],
		size_t count)
{
	const char *at = i18n_text(sentence);
	struct buf out;
	size_t next = 0;

	buf_init(&out, arena, FILLED_MAX_BYTES);
	for (; *at; at++) {
		const char *place = at + 1;
		size_t number = *at == '%' ? place_number(&place) : 0;

		if (*at == '%' && *place == 's') {
			size_t index = number ? number - 1 : next++;

			buf_text(&out, index < count && arguments[index] ? arguments[index] : "");
			at = place;
		} else if (*at == '%' && at[1] == '%') {
			buf_char(&out, *at++);
		} else {
			buf_char(&out, *at);
		}
	}
	return arena_strdup(arena, out.data);
}
