/*
 * Parameters. They travel as text, so that the statement's own context says
 * which type they have; only bytes travel as they are.
 */
#include "db/connection.h"

#include <assert.h>
#include <limits.h>

#include "base/buf.h"
#include "base/clock.h"

/* An array literal longer than this is a query built wrongly. */
#define ARRAY_MAX_BYTES (4 << 20)

struct param param_null(void)
{
	return (struct param){ .kind = PARAM_NULL };
}

struct param param_text(const char *text)
{
	return (struct param){ .kind = text ? PARAM_TEXT : PARAM_NULL, .text = text };
}

struct param param_i64(int64_t number)
{
	return (struct param){ .kind = PARAM_I64, .i64 = number };
}

struct param param_id(int64_t id)
{
	return id ? param_i64(id) : param_null();
}

struct param param_bool(bool value)
{
	return (struct param){ .kind = PARAM_BOOL, .i64 = value };
}

struct param param_time(int64_t microseconds)
{
	return (struct param){ .kind = microseconds ? PARAM_TIME : PARAM_NULL,
			       .i64 = microseconds };
}

struct param param_f64(double number)
{
	return (struct param){ .kind = PARAM_F64, .f64 = number };
}

struct param param_bytes(const void *bytes, size_t length)
{
	if (!bytes)
		return param_null();
	return (struct param){ .kind = PARAM_BYTES, .text = bytes, .length = length };
}

struct param param_i64s(struct arena *arena, const int64_t *numbers, size_t count)
{
	struct buf literal;

	buf_init(&literal, arena, ARRAY_MAX_BYTES);
	buf_char(&literal, '{');
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			buf_char(&literal, ',');
		buf_i64(&literal, numbers[i]);
	}
	buf_char(&literal, '}');
	assert(!literal.is_overflown);
	return param_text(literal.data);
}

static void array_element(struct buf *literal, const char *text)
{
	if (!text) {
		buf_text(literal, "null");
		return;
	}
	buf_char(literal, '"');
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			buf_char(literal, '\\');
		buf_char(literal, *text);
	}
	buf_char(literal, '"');
}

struct param param_texts(struct arena *arena, const char *const *texts, size_t count)
{
	struct buf literal;

	buf_init(&literal, arena, ARRAY_MAX_BYTES);
	buf_char(&literal, '{');
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			buf_char(&literal, ',');
		array_element(&literal, texts[i]);
	}
	buf_char(&literal, '}');
	assert(!literal.is_overflown);
	return param_text(literal.data);
}

/* "2026-11-22 15:04:05.000123+00"; years before 1 are written as BC. */
static const char *time_to_text(int64_t time, char *scratch)
{
	struct clock_date date = clock_split(time, 0);
	int64_t fraction = time % CLOCK_SECOND;
	bool is_bc = date.year < 1;

	if (fraction < 0)
		fraction += CLOCK_SECOND;
	snprintf(scratch, PARAM_SCRATCH_BYTES, "%04d-%02d-%02d %02d:%02d:%02d.%06d+00%s",
		 is_bc ? 1 - date.year : date.year, date.month, date.day, date.hour, date.minute,
		 date.second, (int)fraction, is_bc ? " BC" : "");
	return scratch;
}

struct wire param_to_wire(const struct param *param, char *scratch)
{
	struct wire wire = { NULL, 0, FORMAT_TEXT };

	switch (param->kind) {
	case PARAM_NULL:
		break;
	case PARAM_TEXT:
		wire.value = param->text;
		break;
	case PARAM_I64:
		snprintf(scratch, PARAM_SCRATCH_BYTES, "%lld", (long long)param->i64);
		wire.value = scratch;
		break;
	case PARAM_BOOL:
		wire.value = param->i64 ? "t" : "f";
		break;
	case PARAM_TIME:
		wire.value = time_to_text(param->i64, scratch);
		break;
	case PARAM_F64:
		snprintf(scratch, PARAM_SCRATCH_BYTES, "%.17g", param->f64);
		wire.value = scratch;
		break;
	case PARAM_BYTES:
		assert(param->length <= INT_MAX);
		wire = (struct wire){ param->text, (int)param->length, FORMAT_BINARY };
		break;
	}
	return wire;
}
