/*
 * A line is built on the stack and written with one write(2), so that lines of
 * several processes never mix, and so that logging works when memory is gone.
 */
#include "base/log.h"

#include <stdarg.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/utf8.h"

/* At most PIPE_BUF of Linux: longer writes to a pipe may be torn apart. */
#define LINE_BYTES 4096

/* One hostile value must not push the others off the line. */
#define VALUE_BYTES 1024

struct line {
	char text[LINE_BYTES];
	size_t length;
};

static const char *const level_names[] = { "debug", "info", "warning", "error" };

static enum log_level least_level = LOG_LEVEL_INFO;

void log_set_level(enum log_level level)
{
	least_level = level;
}

bool log_level_from_text(const char *text, enum log_level *out)
{
	for (size_t i = 0; i < ARRAY_COUNT(level_names); i++) {
		if (strcmp(text, level_names[i]) != 0)
			continue;
		*out = (enum log_level)i;
		return true;
	}
	return false;
}

/* The last place is kept for the line feed. */
static void line_bytes(struct line *line, const char *bytes, size_t length)
{
	size_t room = sizeof(line->text) - 1 - line->length;

	if (length > room)
		length = room;
	memcpy(line->text + line->length, bytes, length);
	line->length += length;
}

static void line_text(struct line *line, const char *text)
{
	line_bytes(line, text, strlen(text));
}

static void line_escaped_byte(struct line *line, unsigned char byte)
{
	static const char digits[] = "0123456789abcdef";

	line_bytes(line, (char[]){ '\\', 'x', digits[byte >> 4], digits[byte & 15] }, 4);
}

/* Controls, the line separators, and what turns the direction of the text. */
static bool is_harmful(uint32_t point)
{
	return point < 0x20 || (point >= 0x7F && point <= 0x9F) ||
	       (point >= 0x200E && point <= 0x200F) || (point >= 0x2028 && point <= 0x202E) ||
	       (point >= 0x2066 && point <= 0x2069);
}

static void line_quoted(struct line *line, const char *text, size_t length)
{
	bool is_valid = utf8_is_valid(text, length);

	line_text(line, "\"");
	for (size_t i = 0, step; i < length; i += step) {
		uint32_t point = (unsigned char)text[i];

		step = is_valid ? utf8_next(text + i, &point) : 1;
		if (point == '"' || point == '\\') {
			line_bytes(line, (char[]){ '\\', (char)point }, 2);
		} else if (point == '\n') {
			line_text(line, "\\n");
		} else if (is_harmful(point) || (!is_valid && point >= 0x80)) {
			for (size_t j = 0; j < step; j++)
				line_escaped_byte(line, (unsigned char)text[i + j]);
		} else {
			line_bytes(line, text + i, step);
		}
	}
	line_text(line, "\"");
}

static bool is_plain(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (text[i] <= ' ' || text[i] >= 0x7F || text[i] == '"' || text[i] == '=' ||
		    text[i] == '\\')
			return false;
	return length > 0;
}

/* Where a value is cut: at most max bytes, not inside a character. */
static size_t cut_length(const char *text, size_t max)
{
	size_t length = strnlen(text, max + 1);

	if (length <= max)
		return length;
	for (length = max; length > max - 4; length--)
		if (((unsigned char)text[length] & 0xC0) != 0x80)
			return length;
	return max;
}

static void line_pair(struct line *line, const char *key, const char *value)
{
	size_t length = cut_length(value, VALUE_BYTES);

	line_text(line, " ");
	line_text(line, key);
	line_text(line, "=");
	if (is_plain(value, length))
		line_bytes(line, value, length);
	else
		line_quoted(line, value, length);
	if (value[length])
		line_text(line, "...");
}

static void line_time(struct line *line)
{
	struct clock_date date = clock_split(clock_now(), 0);
	char text[64];
	int length = snprintf(text, sizeof(text), "time=%04d-%02d-%02dT%02d:%02d:%02dZ", date.year,
			      date.month, date.day, date.hour, date.minute, date.second);

	line_bytes(line, text, (size_t)length);
}

void log_event(enum log_level level, const char *event, ...)
{
	struct line line;
	va_list pairs;
	const char *key;

	if (level < least_level)
		return;
	line.length = 0;
	line_time(&line);
	line_pair(&line, "level", level_names[level]);
	line_pair(&line, "event", event);
	va_start(pairs, event);
	while ((key = va_arg(pairs, const char *))) {
		const char *value = va_arg(pairs, const char *);

		if (value)
			line_pair(&line, key, value);
	}
	va_end(pairs);
	line.text[line.length++] = '\n';
	/* Nowhere to report to when this fails. */
	if (write(STDERR_FILENO, line.text, line.length) < 0)
		return;
}

const char *log_i64(int64_t number)
{
	static char places[16][24];
	static unsigned next;
	char *place = places[next++ % ARRAY_COUNT(places)];

	snprintf(place, sizeof(places[0]), "%lld", (long long)number);
	return place;
}
