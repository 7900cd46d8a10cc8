/*
 * The readers of base and i18n that meet bytes from outside: UTF-8, numbers,
 * times, Accept-Language; and the escapes that write such bytes out again.
 */
#include "base/buf.h"
#include "base/clock.h"
#include "base/slice.h"
#include "base/utf8.h"
#include "i18n/i18n.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
	if (!holds)
		abort();
}

/* Valid text walks through utf8_next to its end and comes back by utf8_put. */
static void try_utf8(const char *text, size_t length)
{
	size_t points = 0, position = 0, step;
	uint32_t point;

	for (; (step = utf8_next(text + position, &point)) > 0; position += step, points++) {
		char again[4];

		must(utf8_put(again, point) == step);
		must(memcmp(again, text + position, step) == 0);
	}
	must(position == length);
	must(utf8_count(text) == points);
	must(utf8_prefix(text, points) == length);
	must(utf8_is_valid(text, utf8_prefix(text, points / 2)));
	utf8_is_clean(text, length);
}

static void try_number(struct arena *arena, const char *text)
{
	int64_t number, again;

	if (!text_to_i64(text, &number))
		return;
	must(text_to_i64(arena_printf(arena, "%lld", (long long)number), &again));
	must(number == again);
	i18n_number(arena, number);
}

/* What was read as a time is written to the same second. */
static void try_time(struct arena *arena, const char *text)
{
	int64_t time;

	if (!clock_parse(text, &time))
		return;
	must(strncmp(clock_rfc3339(arena, time), text, strlen("2026-11-22T15:04:05")) == 0);
	i18n_date_time(arena, time);
	i18n_ago(arena, time, 0);
	i18n_ago(arena, 0, time);
}

/* Nothing that is markup, or ends a string, gets through. */
static void try_escapes(struct arena *arena, const char *text, size_t length)
{
	struct buf buf;

	buf_init(&buf, arena, length * 6 + 2);
	buf_html(&buf, text, length);
	must(!buf.is_overflown && !strpbrk(buf.data, "<>\"'"));
	buf_clear(&buf);
	buf_json(&buf, text);
	must(!buf.is_overflown && !strpbrk(buf.data, "<>&\n\r"));
	must(buf.data[0] == '"' && buf.data[buf.length - 1] == '"');
	buf_clear(&buf);
	buf_url(&buf, text);
	must(!buf.is_overflown);
	must(strspn(buf.data, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
			      "0123456789-._~%") == buf.length);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new((size_t)64 * 1024 * 1024);
	bool is_valid = utf8_is_valid((const char *)data, size);
	char *text = arena_alloc(arena, size + 1);

	memcpy(text, data, size);
	i18n_negotiate(text);
	try_number(arena, text);
	try_time(arena, text);
	if (is_valid) {
		try_utf8(text, size);
		try_escapes(arena, text, size);
	}
	arena_free(arena);
	return 0;
}
