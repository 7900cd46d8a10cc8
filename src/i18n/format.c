/*
 * Numbers and times as people of a language write them. The patterns are
 * ordinary sentences for translation, so a new language needs no code.
 */
#include "base/clock.h"
#include "i18n/i18n.h"

static const char *const month_names[] = {
	N_("January"),   N_("February"), N_("March"),    N_("April"),
	N_("May"),       N_("June"),     N_("July"),     N_("August"),
	N_("September"), N_("October"),  N_("November"), N_("December"),
};

char *i18n_number(struct arena *arena, int64_t number)
{
	/* TRANSLATORS: what stands between the thousands of a number. */
	const char *separator = pgettext("thousands separator", ",");
	char *digits = arena_printf(arena, "%lld", (long long)number);
	size_t length = strlen(digits);
	size_t width = strlen(separator);
	size_t sign = number < 0;
	char *text = arena_alloc(arena, length + length / 3 * width + 1);
	char *end = text;

	for (size_t i = 0; i < length; i++) {
		if (i > sign && (length - i) % 3 == 0) {
			memcpy(end, separator, width);
			end += width;
		}
		*end++ = digits[i];
	}
	return text;
}

/* A moment in the site's time zone, whose offset changes over the year. */
static struct clock_date local_date(int64_t time)
{
	time_t seconds = (time_t)(time / CLOCK_SECOND - (time % CLOCK_SECOND < 0));
	struct tm local = { 0 };

	localtime_r(&seconds, &local);
	return clock_split(time, (int)(local.tm_gmtoff / 60));
}

static const char *day_of_month(struct arena *arena, int day)
{
	/* TRANSLATORS: the first day of a month in a date, "1er" in French. */
	if (day == 1)
		return pgettext("day of the month", "1");
	return arena_printf(arena, "%d", day);
}

char *i18n_date(struct arena *arena, int64_t time)
{
	struct clock_date date = local_date(time);

	/* TRANSLATORS: a date: day, month, year. */
	return arena_printf(arena, _("%1$s %2$s %3$d"), day_of_month(arena, date.day),
			    _(month_names[date.month - 1]), date.year);
}

char *i18n_date_time(struct arena *arena, int64_t time)
{
	struct clock_date date = local_date(time);

	/* TRANSLATORS: a date, then the hour and minute. */
	return arena_printf(arena, _("%1$s at %2$02d:%3$02d"), i18n_date(arena, time), date.hour,
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
