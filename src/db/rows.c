/*
 * Reading results. Values come in PostgreSQL's binary format, so a number is a
 * byte swap and a text is used where it lies. A column read as another type than
 * it has is a mistake in the program, found by the first test that runs it.
 */
#include "db/connection.h"

#include <assert.h>
#include <endian.h>

#include "base/slice.h"

/* Type numbers from PostgreSQL's pg_type.dat; they never change. */
enum {
	TYPE_BOOL = 16,
	TYPE_BYTEA = 17,
	TYPE_NAME = 19,
	TYPE_INT8 = 20,
	TYPE_INT2 = 21,
	TYPE_INT4 = 23,
	TYPE_TEXT = 25,
	TYPE_JSON = 114,
	TYPE_FLOAT8 = 701,
	TYPE_UNKNOWN = 705,
	TYPE_BPCHAR = 1042,
	TYPE_VARCHAR = 1043,
	TYPE_TIMESTAMPTZ = 1184,
	/* From here on: enums and types of extensions such as citext. */
	TYPE_FIRST_USER_DEFINED = 16384,
};

/* PostgreSQL counts time from 2000-01-01. */
#define POSTGRES_EPOCH_US (INT64_C(946684800) * 1000000)

static void clear_result(void *result)
{
	PQclear(result);
}

void result_to_rows(struct arena *arena, PGresult *result, struct rows *rows)
{
	if (!rows) {
		PQclear(result);
		return;
	}
	arena_defer(arena, clear_result, result);
	*rows = (struct rows){ .result = result, .count = PQntuples(result), .current = -1 };
	if (!text_to_i64(PQcmdTuples(result), &rows->affected))
		rows->affected = 0;
}

bool rows_next(struct rows *rows)
{
	rows->column = 0;
	if (rows->current + 1 >= rows->count)
		return false;
	rows->current++;
	return true;
}

void rows_rewind(struct rows *rows)
{
	rows->current = -1;
	rows->column = 0;
}

static void check_position(const struct rows *rows)
{
	assert(rows->result != NULL);
	assert(rows->current >= 0 && rows->current < rows->count);
	assert(rows->column < PQnfields(rows->result));
}

/* The next column's value, or NULL when it is null; *type is its type. */
static const char *next_value(struct rows *rows, Oid *type, size_t *length)
{
	int column = rows->column;

	check_position(rows);
	rows->column++;
	*type = PQftype(rows->result, column);
	if (PQgetisnull(rows->result, rows->current, column))
		return NULL;
	*length = (size_t)PQgetlength(rows->result, rows->current, column);
	return PQgetvalue(rows->result, rows->current, column);
}

static uint64_t read_u64(const char *bytes)
{
	uint64_t number;

	memcpy(&number, bytes, sizeof number);
	return be64toh(number);
}

static int32_t read_i32(const char *bytes)
{
	uint32_t number;

	memcpy(&number, bytes, sizeof number);
	return (int32_t)be32toh(number);
}

static int16_t read_i16(const char *bytes)
{
	uint16_t number;

	memcpy(&number, bytes, sizeof number);
	return (int16_t)be16toh(number);
}

int64_t col_i64(struct rows *rows)
{
	Oid type;
	size_t length;
	const char *value = next_value(rows, &type, &length);

	assert(type == TYPE_INT8 || type == TYPE_INT4 || type == TYPE_INT2);
	if (!value)
		return 0;
	if (type == TYPE_INT8)
		return (int64_t)read_u64(value);
	return type == TYPE_INT4 ? read_i32(value) : read_i16(value);
}

bool col_bool(struct rows *rows)
{
	Oid type;
	size_t length;
	const char *value = next_value(rows, &type, &length);

	assert(type == TYPE_BOOL);
	return value && *value;
}

double col_f64(struct rows *rows)
{
	Oid type;
	size_t length;
	const char *value = next_value(rows, &type, &length);
	uint64_t bits;
	double number;

	assert(type == TYPE_FLOAT8);
	if (!value)
		return 0;
	bits = read_u64(value);
	memcpy(&number, &bits, sizeof number);
	return number;
}

int64_t col_time(struct rows *rows)
{
	Oid type;
	size_t length;
	const char *value = next_value(rows, &type, &length);
	int64_t time;

	assert(type == TYPE_TIMESTAMPTZ);
	if (!value)
		return 0;
	time = (int64_t)read_u64(value);
	/* 'infinity' stays the largest number, instead of wrapping round. */
	if (time > INT64_MAX - POSTGRES_EPOCH_US)
		return INT64_MAX;
	return time + POSTGRES_EPOCH_US;
}

static bool is_text_type(Oid type)
{
	return type == TYPE_TEXT || type == TYPE_VARCHAR || type == TYPE_NAME ||
	       type == TYPE_BPCHAR || type == TYPE_JSON || type == TYPE_UNKNOWN ||
	       type >= TYPE_FIRST_USER_DEFINED;
}

const char *col_text(struct rows *rows)
{
	Oid type;
	size_t length;
	const char *value = next_value(rows, &type, &length);

	assert(is_text_type(type));
	return value ? value : "";
}

const char *col_bytes(struct rows *rows, size_t *length)
{
	Oid type;
	const char *value;

	*length = 0;
	value = next_value(rows, &type, length);
	assert(type == TYPE_BYTEA || is_text_type(type));
	return value ? value : "";
}

bool col_is_null(const struct rows *rows)
{
	check_position(rows);
	return PQgetisnull(rows->result, rows->current, rows->column);
}

void col_skip(struct rows *rows)
{
	check_position(rows);
	rows->column++;
}
