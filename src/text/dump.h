/*
 * Reading a dump of Stack Exchange's form: one root, one <row …/> a record,
 * attributes only. Streams, so memory stays flat however large the file is
 * (libxml2's reader; NONET, no entities loaded, no HUGE: an entity bomb or a
 * value over 10 MB is an error). Known faults are mended on the way in: a byte
 * order mark, and references to characters that XML does not allow (July 2024's
 * dumps had &#x0;…&#x1F;), which become U+FFFD.
 */
#ifndef TEXT_DUMP_H
#define TEXT_DUMP_H

#include "base/arena.h"

#define DUMP_ATTRIBUTES_MAX  64
#define DUMP_VALUE_MAX_BYTES (1024 * 1024)

struct dump;

struct dump_row {
	const char *names[DUMP_ATTRIBUTES_MAX];
	const char *values[DUMP_ATTRIBUTES_MAX];
	size_t count;
};

enum dump_result { DUMP_ROW, DUMP_END, DUMP_BROKEN };

/* NULL: the file cannot be opened. Closed by dump_close. */
struct dump *dump_open(const char *path);
void dump_close(struct dump *dump);

/*
 * The next row; names and values are valid until the next call or dump_close.
 * DUMP_BROKEN: not well-formed, or beyond a limit; dump_problem says where.
 */
enum dump_result dump_next(struct dump *dump, struct dump_row *row) MUST_CHECK;

/* "line 12: Premature end of data in tag posts"; for the operator, in English. */
const char *dump_problem(const struct dump *dump);

/* Bytes read so far, and in all: for a progress bar. */
int64_t dump_bytes_read(const struct dump *dump);
int64_t dump_bytes(const struct dump *dump);

/* NULL when the row has no such attribute. */
const char *dump_get(const struct dump_row *row, const char *name);

/*
 * The mending by itself, for its test and the fuzz target: takes length bytes
 * and writes what the parser is given to out (room for DUMP_MENDED_MAX(length)).
 * state is kept between pieces of one file; begin with a zeroed one, and flush
 * with length 0.
 */
struct dump_mend {
	char held[12];
	size_t held_count;
	bool has_begun;
};
#define DUMP_MENDED_MAX(length) ((length)*4 + 16)
size_t dump_mend(struct dump_mend *state, const char *bytes, size_t length, char *out);

#endif
