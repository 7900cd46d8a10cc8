/*
 * Texts, times and query strings of other networks.
 */
#include "connect/foreign.h"

#include <strings.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/slice.h"
#include "base/utf8.h"
#include "text/url.h"

#define REPLACEMENT 0xFFFD

/* ---- texts ------------------------------------------------------------- */

/* What becomes of a character; 0: it is left out. */
static uint32_t kept_point(uint32_t point)
{
	if (point == 0x2028 || point == 0x2029 || point == 0x85 || point == '\v' || point == '\f')
		return '\n';
	if (point == '\t' || point == '\n')
		return point;
	if (point < 0x20 || (point >= 0x7F && point < 0xA0))
		return 0;
	if ((point & 0xFFFE) == 0xFFFE || (point >= 0xFDD0 && point <= 0xFDEF))
		return REPLACEMENT;
	/* A byte order mark in the middle is an invisible character. */
	return point == 0xFEFF ? 0 : point;
}

char *foreign_text(struct arena *arena, const char *text)
{
	/* Two bytes (U+0085) may become one, three (U+FDD0) stay three. */
	char *out = arena_alloc(arena, strlen(text) + 4);
	size_t length = 0, step;
	uint32_t point;
	struct slice trimmed;

	for (; (step = utf8_next(text, &point)) > 0; text += step) {
		if (point == '\r') {
			if (text[1] == '\n')
				continue;
			point = '\n';
		}
		point = kept_point(point);
		if (point)
			length += utf8_put(out + length, point);
	}
	trimmed = slice_trim(slice_make(out, length));
	return arena_strndup(arena, trimmed.data, trimmed.length);
}

static bool is_space(uint32_t point)
{
	return point == ' ' || point == '\t' || point == '\n' || point == '\r' || point == 0xA0 ||
	       (point >= 0x2000 && point <= 0x200A) || point == 0x202F || point == 0x3000;
}

char *foreign_text_folded(struct arena *arena, const char *text)
{
	const char *clean = foreign_text(arena, text);
	char *out = arena_alloc(arena, strlen(clean) + 4);
	size_t length = 0, step;
	uint32_t point;

	for (; (step = utf8_next(clean, &point)) > 0; clean += step) {
		if (!is_space(point))
			length += utf8_put(out + length, point);
		else if (length > 0 && out[length - 1] != ' ')
			out[length++] = ' ';
	}
	if (length > 0 && out[length - 1] == ' ')
		length--;
	out[length] = '\0';
	return out;
}

char *foreign_line(struct arena *arena, const char *text, size_t max_points)
{
	const char *line = foreign_text_folded(arena, text);

	return arena_strndup(arena, line, utf8_prefix(line, max_points));
}

int64_t foreign_utf16_length(const char *text)
{
	int64_t units = 0;
	size_t step;
	uint32_t point;

	for (; (step = utf8_next(text, &point)) > 0; text += step)
		units += point > 0xFFFF ? 2 : 1;
	return units;
}

const char *foreign_web_url(const char *url)
{
	return url && url_kind_of(url) == URL_WEB ? url : "";
}

/* ---- times ------------------------------------------------------------- */

/* A number of one to most digits; false: there is none. */
static bool take_number(const char **at, int most, int *out)
{
	int digits = 0;

	for (*out = 0; digits < most && **at >= '0' && **at <= '9'; digits++)
		*out = *out * 10 + (*(*at)++ - '0');
	return digits > 0;
}

/* "+0000", "-05:30", "Z", "GMT", "EST": minutes east of Greenwich. */
static bool zone_minutes(const char *zone, int *minutes)
{
	static const struct {
		const char *name;
		int minutes;
	} names[] = {
		{ "Z", 0 },      { "UT", 0 },     { "UTC", 0 },    { "GMT", 0 },
		{ "EST", -300 }, { "EDT", -240 }, { "CST", -360 }, { "CDT", -300 },
		{ "MST", -420 }, { "MDT", -360 }, { "PST", -480 }, { "PDT", -420 },
	};
	const char *at = zone + 1;
	int hour, minute = 0;

	for (size_t i = 0; i < ARRAY_COUNT(names); i++)
		if (!strcasecmp(zone, names[i].name)) {
			*minutes = names[i].minutes;
			return true;
		}
	if ((zone[0] != '+' && zone[0] != '-') || !take_number(&at, 2, &hour))
		return false;
	if (*at == ':')
		at++;
	if (!take_number(&at, 2, &minute) || *at || hour > 14 || minute > 59)
		return false;
	*minutes = (zone[0] == '-' ? -1 : 1) * (hour * 60 + minute);
	return true;
}

static bool is_sane(int64_t time)
{
	/* From 1970 to 2200: beyond, it is a fault of who wrote it. */
	return time > 0 && time < INT64_C(7258118400) * CLOCK_SECOND;
}

int64_t foreign_time(const char *text)
{
	char moment[40];
	const char *zone;
	int minutes = 0;
	int64_t time, seconds;
	size_t length;

	if (!text)
		return 0;
	if (text_to_i64(text, &seconds))
		return seconds > 0 && seconds < INT64_C(7258118400) ? seconds * CLOCK_SECOND : 0;
	length = strcspn(text, "T");
	if (text[length] == '\0' && length == 10) {
		snprintf(moment, sizeof(moment), "%sT00:00:00", text);
	} else {
		zone = text + length + strcspn(text + length, "Z+-");
		if ((size_t)(zone - text) >= sizeof(moment) ||
		    (*zone && !zone_minutes(zone, &minutes)))
			return 0;
		snprintf(moment, sizeof(moment), "%.*s", (int)(zone - text), text);
		/* RFC 3339 allows "10:00" without seconds in W3C's profile. */
		if (strlen(moment) == 16)
			memcpy(moment + 16, ":00", 4);
	}
	if (!clock_parse(moment, &time))
		return 0;
	time -= minutes * CLOCK_MINUTE;
	return is_sane(time) ? time : 0;
}

static void skip_spaces(const char **at)
{
	*at += strspn(*at, " \t\r\n");
}

/* "Jan" or "January": 1 to 12; 0: no month. */
static int take_month(const char **at)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	int month = 0;

	for (int i = 0; i < 12; i++)
		if (!strncasecmp(*at, months + 3L * i, 3))
			month = i + 1;
	while ((**at >= 'A' && **at <= 'Z') || (**at >= 'a' && **at <= 'z'))
		(*at)++;
	return month;
}

struct mail_time {
	int day, month, year, hour, minute, second;
};

/* "01 Jan 2026 10:00:00", with or without seconds; *at stands before the zone then. */
static bool take_moment(const char **at, struct mail_time *out)
{
	skip_spaces(at);
	if (!take_number(at, 2, &out->day))
		return false;
	skip_spaces(at);
	out->month = take_month(at);
	skip_spaces(at);
	if (!out->month || !take_number(at, 4, &out->year))
		return false;
	skip_spaces(at);
	if (!take_number(at, 2, &out->hour) || *(*at)++ != ':' || !take_number(at, 2, &out->minute))
		return false;
	if (**at == ':') {
		(*at)++;
		if (!take_number(at, 2, &out->second))
			return false;
	}
	skip_spaces(at);
	return true;
}

int64_t foreign_mail_time(const char *text)
{
	const char *comma = text ? strchr(text, ',') : NULL;
	const char *at = comma ? comma + 1 : text;
	struct mail_time read = { 0 };
	char moment[40], zone[8];
	int offset = 0;
	int64_t time;

	if (!text || !take_moment(&at, &read))
		return 0;
	snprintf(zone, sizeof(zone), "%.*s", (int)strcspn(at, " (\t\r\n"), at);
	if (*zone && !zone_minutes(zone, &offset))
		return 0;
	if (read.year < 100)
		read.year += read.year < 70 ? 2000 : 1900;
	snprintf(moment, sizeof(moment), "%04d-%02d-%02dT%02d:%02d:%02d", read.year, read.month,
		 read.day, read.hour, read.minute, read.second);
	if (!clock_parse(moment, &time))
		return 0;
	time -= offset * CLOCK_MINUTE;
	return is_sane(time) ? time : 0;
}

/* ---- query strings ----------------------------------------------------- */

static int hex_digit(char c)
{
	return c >= '0' && c <= '9'   ? c - '0'
	       : c >= 'a' && c <= 'f' ? c - 'a' + 10
	       : c >= 'A' && c <= 'F' ? c - 'A' + 10
				      : -1;
}

/* NULL: a broken escape, or bytes that are no text. */
static char *decode(struct arena *arena, struct slice raw)
{
	char *out = arena_alloc(arena, raw.length + 1);
	size_t length = 0;

	for (size_t i = 0; i < raw.length; i++) {
		char c = raw.data[i];

		if (c == '+') {
			c = ' ';
		} else if (c == '%') {
			int high = i + 2 < raw.length ? hex_digit(raw.data[i + 1]) : -1;
			int low = i + 2 < raw.length ? hex_digit(raw.data[i + 2]) : -1;

			if (high < 0 || low < 0)
				return NULL;
			c = (char)(high * 16 + low);
			i += 2;
		}
		out[length++] = c;
	}
	return utf8_is_valid(out, length) ? out : NULL;
}

char *foreign_query(struct arena *arena, const char *query, const char *name)
{
	struct slice rest = slice_of(query);

	while (rest.data) {
		struct slice value = slice_cut(&rest, '&');
		const char *found = decode(arena, slice_cut(&value, '='));

		if (found && !strcmp(found, name))
			return decode(arena, value);
	}
	return NULL;
}
