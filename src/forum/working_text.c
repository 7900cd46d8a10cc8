/*
 * Reading the texts of working_rules.h: a line is words, times and dates, taken off its
 * front one by one. Each function that takes something leaves the line where it was when
 * it is not there; the first problem found is kept, with its line.
 */
#include "forum/working_rules.h"

#include <strings.h>

#include "base/clock.h"
#include "base/slice.h"
#include "base/utf8.h"
#include "i18n/i18n.h"

#define DAY_MINUTES     1440
#define SHOWN_BYTES_MAX 40
#define EASTER_DAYS_MAX 80 /* 22 March at the earliest: all of these are in its year */

struct reader {
	struct arena *arena;
	struct working_rules *rules;
	struct slice line; /* what is left of it */
	bool days_seen[7];
	const char *problem;
};

/* Always false, so that what cannot be read returns it. */
static bool refuse(struct reader *reader, const char *problem)
{
	if (!reader->problem)
		reader->problem = problem;
	return false;
}

/* Words, numbers, signs ------------------------------------------------------------- */

static void skip_bytes(struct reader *reader, size_t count)
{
	reader->line = slice_make(reader->line.data + count, reader->line.length - count);
}

/* A comma is one, and so are the no-break spaces of French, wide and narrow. */
static size_t blank_length(struct slice line)
{
	static const char *const blanks[] = { " ", "\t", ",", "\xC2\xA0", "\xE2\x80\xAF" };

	for (size_t i = 0; i < ARRAY_COUNT(blanks); i++)
		if (slice_starts_with(line, blanks[i]))
			return strlen(blanks[i]);
	return 0;
}

static void skip_blanks(struct reader *reader)
{
	while (blank_length(reader->line) > 0)
		skip_bytes(reader, blank_length(reader->line));
}

/* What stands there, for a sentence: up to a blank, not too much of it. */
static const char *shown(struct reader *reader)
{
	struct slice line = reader->line;
	size_t length = 0;

	while (length < line.length && length < SHOWN_BYTES_MAX &&
	       blank_length(slice_make(line.data + length, line.length - length)) == 0)
		length++;
	while (length > 0 && length < line.length &&
	       ((unsigned char)line.data[length] & 0xC0) == 0x80)
		length--;
	return arena_strndup(reader->arena, line.data, length);
}

static bool is_at_end(struct reader *reader)
{
	skip_blanks(reader);
	return reader->line.length == 0;
}

static bool take_sign(struct reader *reader, const char *sign)
{
	if (!slice_starts_with(reader->line, sign))
		return false;
	skip_bytes(reader, strlen(sign));
	return true;
}

/* "-" or "–", with or without blanks around it. */
static bool take_dash(struct reader *reader)
{
	struct slice before = reader->line;

	skip_blanks(reader);
	if (take_sign(reader, "-") || take_sign(reader, "–")) {
		skip_blanks(reader);
		return true;
	}
	reader->line = before;
	return false;
}

/* Of any alphabet: what is not ASCII and neither a dash nor a blank. */
static bool is_letter_at(struct slice line, size_t at)
{
	struct slice rest = slice_make(line.data + at, line.length - at);
	char c = rest.length > 0 ? rest.data[0] : '\0';

	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       ((unsigned char)c >= 0x80 && !slice_starts_with(rest, "–") &&
		blank_length(rest) == 0);
}

static size_t word_length(struct slice line)
{
	size_t length = 0;

	while (length < line.length && is_letter_at(line, length))
		length++;
	return length;
}

static bool take_word(struct reader *reader, const char *word)
{
	size_t length = strlen(word);

	skip_blanks(reader);
	if (reader->line.length < length || strncasecmp(reader->line.data, word, length) != 0 ||
	    is_letter_at(reader->line, length))
		return false;
	skip_bytes(reader, length);
	return true;
}

static bool take_to(struct reader *reader)
{
	return take_word(reader, "to") || take_word(reader, "au") || take_word(reader, "à");
}

/* From least to most digits; more than most is not this number. */
static bool take_number(struct reader *reader, size_t least, size_t most, int *out)
{
	size_t length = 0;
	int number = 0;

	while (length < reader->line.length && length <= most && reader->line.data[length] >= '0' &&
	       reader->line.data[length] <= '9')
		number = number * 10 + (reader->line.data[length++] - '0');
	if (length < least || length > most)
		return false;
	skip_bytes(reader, length);
	*out = number;
	return true;
}

static bool is_digit_next(const struct reader *reader)
{
	return reader->line.length > 0 && reader->line.data[0] >= '0' &&
	       reader->line.data[0] <= '9';
}

/* Hours --------------------------------------------------------------------------------- */

/* 9, 9:00, 9h, 9h30, 24:00. */
static bool take_time(struct reader *reader, int *out)
{
	struct slice before = reader->line;
	int hour, minute = 0;

	if (!take_number(reader, 1, 2, &hour))
		return false;
	if ((take_sign(reader, ":") && !take_number(reader, 2, 2, &minute)) ||
	    ((take_sign(reader, "h") || take_sign(reader, "H")) && is_digit_next(reader) &&
	     !take_number(reader, 2, 2, &minute)) ||
	    minute > 59 || hour * 60 + minute > DAY_MINUTES) {
		reader->line = before;
		return false;
	}
	*out = hour * 60 + minute;
	return true;
}

static bool take_span(struct reader *reader, struct working_hours *hours)
{
	const char *said = shown(reader);
	struct working_span span = { 0, 0 };

	if (!take_time(reader, &span.from) || !(take_dash(reader) || take_to(reader)))
		return refuse(reader,
			      arena_printf(reader->arena,
					   _("“%s” are no hours: write them as 9:00-12:30."),
					   said));
	skip_blanks(reader);
	if (!take_time(reader, &span.to))
		return refuse(reader,
			      arena_printf(reader->arena,
					   _("“%s” are no hours: write them as 9:00-12:30."),
					   said));
	if (span.to <= span.from)
		return refuse(reader, _("These hours end before they begin. A night is two: "
					"until 24:00, and from 0:00 on the next day."));
	if (hours->count > 0 && span.from < hours->spans[hours->count - 1].to)
		return refuse(reader, _("The hours of a day follow one another and do not "
					"overlap."));
	if (hours->count == WORKING_SPANS_MAX)
		return refuse(reader,
			      arena_printf(reader->arena, _("A day has at most %d spans of hours."),
					   WORKING_SPANS_MAX));
	hours->spans[hours->count++] = span;
	return true;
}

static bool take_closed(struct reader *reader)
{
	return take_word(reader, "closed") || take_word(reader, "fermé") ||
	       take_word(reader, "ferme");
}

static bool take_day(struct reader *reader, int *out)
{
	static const char *const names[7][2] = {
		{ "sunday", "dimanche" },    { "monday", "lundi" },   { "tuesday", "mardi" },
		{ "wednesday", "mercredi" }, { "thursday", "jeudi" }, { "friday", "vendredi" },
		{ "saturday", "samedi" },
	};

	skip_blanks(reader);
	for (int day = 0; day < 7; day++) {
		for (int i = 0; i < 2; i++) {
			size_t length = word_length(reader->line);

			if ((length != 3 && length != strlen(names[day][i])) ||
			    strncasecmp(reader->line.data, names[day][i], length) != 0)
				continue;
			skip_bytes(reader, length);
			take_sign(reader, ".");
			*out = day;
			return true;
		}
	}
	return false;
}

static bool mark_day(struct reader *reader, int day, bool *is_meant)
{
	if (reader->days_seen[day])
		return refuse(reader, _("A day of this line has its hours already."));
	reader->days_seen[day] = is_meant[day] = true;
	return true;
}

/* "monday-friday", "sam, dim", "vendredi au lundi". */
static bool take_days(struct reader *reader, bool *is_meant)
{
	int from, to;

	if (!take_day(reader, &from))
		return refuse(reader,
			      arena_printf(reader->arena, _("“%s” is not a day of the week."),
					   shown(reader)));
	do {
		to = from;
		if ((take_dash(reader) || take_to(reader)) && !take_day(reader, &to))
			return refuse(reader, arena_printf(reader->arena,
							   _("“%s” is not a day of the week."),
							   shown(reader)));
		for (int day = from;; day = (day + 1) % 7) {
			if (!mark_day(reader, day, is_meant))
				return false;
			if (day == to)
				break;
		}
	} while (take_day(reader, &from));
	skip_blanks(reader);
	take_sign(reader, ":");
	return true;
}

static bool hours_line(struct reader *reader)
{
	struct working_hours hours = { .count = 0 };
	bool is_meant[7] = { false };

	if (!take_days(reader, is_meant))
		return false;
	if (!take_closed(reader)) {
		if (is_at_end(reader))
			return refuse(reader, _("The hours are missing: 9:00-12:30, 14:00-18:00, "
						"or “closed”."));
		while (!is_at_end(reader))
			if (!take_span(reader, &hours))
				return false;
	}
	if (!is_at_end(reader))
		return refuse(reader, _("Something follows “closed”."));
	for (int day = 0; day < 7; day++)
		if (is_meant[day])
			reader->rules->week[day] = hours;
	return true;
}

/* Dates --------------------------------------------------------------------------------- */

static bool refuse_date(struct reader *reader)
{
	return refuse(reader, arena_printf(reader->arena,
					   _("“%s” is no date: write 2026-12-24, or 12-24 for "
					     "every year, or easter+1."),
					   shown(reader)));
}

/* "easter", "easter+39", "pâques-2". */
static bool take_easter(struct reader *reader, struct working_dates *dates, int64_t *out)
{
	int days = 0, sign = 0;

	if (!take_word(reader, "easter") && !take_word(reader, "pâques") &&
	    !take_word(reader, "paques"))
		return false;
	dates->kind = WORKING_DATES_EASTER;
	if (take_sign(reader, "+"))
		sign = 1;
	else if (take_sign(reader, "-"))
		sign = -1;
	if (sign && (!take_number(reader, 1, 2, &days) || days > EASTER_DAYS_MAX))
		return refuse(reader, arena_printf(reader->arena,
						   _("Easter is counted in at most %d days."),
						   EASTER_DAYS_MAX));
	*out = sign * days;
	return true;
}

/* "2026-12-24", or "12-24". */
static bool take_numbers(struct reader *reader, struct working_dates *dates, int64_t *out)
{
	int year = 0, month = 0, day = 0;
	bool has_year = take_number(reader, 4, 4, &year) && take_sign(reader, "-");

	if (!take_number(reader, 2, 2, &month) || !take_sign(reader, "-") ||
	    !take_number(reader, 2, 2, &day) || is_digit_next(reader))
		return false;
	dates->kind = has_year ? WORKING_DATES_ONCE : WORKING_DATES_YEARLY;
	if (!clock_has_date(has_year ? year : 2000, month, day))
		return false;
	if (has_year && (year < WORKING_FIRST_YEAR || year > WORKING_LAST_YEAR))
		return refuse(reader,
			      arena_printf(reader->arena, _("The years go from %1$d to %2$d."),
					   WORKING_FIRST_YEAR, WORKING_LAST_YEAR));
	*out = has_year ? clock_days(year, month, day) : month * 100 + day;
	return true;
}

static bool take_date(struct reader *reader, struct working_dates *dates, int64_t *out)
{
	struct slice before;

	skip_blanks(reader);
	before = reader->line;
	if (take_easter(reader, dates, out) || take_numbers(reader, dates, out))
		return true;
	reader->line = before;
	return refuse_date(reader);
}

/* A dash before a date makes a range, before anything else it leads to the name. */
static bool is_range(struct reader *reader)
{
	struct slice before = reader->line;

	if (take_to(reader))
		return true;
	if (take_dash(reader) &&
	    (is_digit_next(reader) || slice_starts_with(reader->line, "easter") ||
	     slice_starts_with(reader->line, "pâques")))
		return true;
	reader->line = before;
	return false;
}

static bool take_dates(struct reader *reader, struct working_dates *dates)
{
	enum working_dates_kind kind;

	if (!take_date(reader, dates, &dates->first))
		return false;
	dates->last = dates->first;
	kind = dates->kind;
	if (!is_range(reader))
		return true;
	if (!take_date(reader, dates, &dates->last))
		return false;
	if (dates->kind != kind)
		return refuse(reader, _("Both dates of a range are written the same way."));
	if (kind != WORKING_DATES_YEARLY && dates->last < dates->first)
		return refuse(reader, _("This range ends before it begins."));
	if (kind == WORKING_DATES_ONCE && dates->last - dates->first >= WORKING_RANGE_MAX)
		return refuse(reader, arena_printf(reader->arena, _("A range has at most %d days."),
						   WORKING_RANGE_MAX));
	return true;
}

static bool take_name(struct reader *reader, struct working_dates *dates)
{
	take_sign(reader, ":");
	take_dash(reader);
	skip_blanks(reader);
	dates->name = arena_strndup(reader->arena, reader->line.data, reader->line.length);
	if (utf8_count(dates->name) > WORKING_NAME_MAX)
		return refuse(reader,
			      arena_printf(reader->arena, _("A name has at most %d characters."),
					   WORKING_NAME_MAX));
	return true;
}

/* What begins like a third number after two is a date that did not end. */
static bool ends_word(struct reader *reader)
{
	if (reader->line.length == 0 || blank_length(reader->line) > 0 ||
	    reader->line.data[0] == ':')
		return true;
	return refuse(reader, _("A blank stands between a date and what follows."));
}

static bool holiday_line(struct reader *reader)
{
	struct working_dates dates = { .name = "" };

	if (reader->rules->holiday_count == WORKING_DATES_MAX)
		return refuse(reader, arena_printf(reader->arena, _("There are at most %d lines."),
						   WORKING_DATES_MAX));
	if (!take_dates(reader, &dates) || !ends_word(reader) || !take_name(reader, &dates))
		return false;
	reader->rules->holidays[reader->rules->holiday_count++] = dates;
	return true;
}

static bool opening_line(struct reader *reader)
{
	struct working_dates dates = { .name = "" };

	if (reader->rules->opening_count == WORKING_DATES_MAX)
		return refuse(reader, arena_printf(reader->arena, _("There are at most %d lines."),
						   WORKING_DATES_MAX));
	if (!take_dates(reader, &dates) || !ends_word(reader))
		return false;
	skip_blanks(reader);
	take_sign(reader, ":");
	if (is_at_end(reader))
		return refuse(reader, _("The hours are missing: 2026-12-19 10:00-16:00."));
	do {
		if (!take_span(reader, &dates.hours))
			return false;
		skip_blanks(reader);
	} while (is_digit_next(reader));
	if (!take_name(reader, &dates))
		return false;
	reader->rules->openings[reader->rules->opening_count++] = dates;
	return true;
}

/* Lines --------------------------------------------------------------------------------- */

static bool parse(struct reader *reader, const char *text, bool (*read_line)(struct reader *),
		  int *line, const char **problem)
{
	struct slice rest = slice_of(text);

	*line = 0;
	if (rest.length > WORKING_TEXT_MAX) {
		*problem = _("This text is too long.");
		return false;
	}
	while (rest.data) {
		struct slice whole = slice_cut(&rest, '\n');

		(*line)++;
		reader->line = slice_trim(slice_cut(&whole, '#'));
		if (reader->line.length > 0 && !read_line(reader)) {
			*problem = reader->problem;
			return false;
		}
	}
	*line = 0;
	*problem = "";
	return true;
}

bool working_hours_parse(struct arena *arena, const char *text, struct working_rules *rules,
			 int *line, const char **problem)
{
	struct reader reader = { .arena = arena, .rules = rules };

	memset(rules->week, 0, sizeof(rules->week));
	return parse(&reader, text, hours_line, line, problem);
}

bool working_holidays_parse(struct arena *arena, const char *text, struct working_rules *rules,
			    int *line, const char **problem)
{
	struct reader reader = { .arena = arena, .rules = rules };

	rules->holidays = arena_array_of(arena, WORKING_DATES_MAX, struct working_dates);
	rules->holiday_count = 0;
	return parse(&reader, text, holiday_line, line, problem);
}

bool working_openings_parse(struct arena *arena, const char *text, struct working_rules *rules,
			    int *line, const char **problem)
{
	struct reader reader = { .arena = arena, .rules = rules };

	rules->openings = arena_array_of(arena, WORKING_DATES_MAX, struct working_dates);
	rules->opening_count = 0;
	return parse(&reader, text, opening_line, line, problem);
}
