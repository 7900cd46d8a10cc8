/*
 * The dump reader: whatever the file holds, it ends, its rows are within the
 * limits, and their values are clean text.
 */
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/utf8.h"
#include "fuzz.h"
#include "text/dump.h"

static void must_be_good_row(const struct dump_row *row)
{
	must(row->count <= DUMP_ATTRIBUTES_MAX);
	for (size_t i = 0; i < row->count; i++) {
		must(row->names[i][0] != '\0');
		must(strlen(row->values[i]) <= DUMP_VALUE_MAX_BYTES);
		must(utf8_is_valid(row->values[i], strlen(row->values[i])));
	}
}

static void read_rows(const char *path)
{
	struct dump *dump = dump_open(path);
	struct dump_row row;
	enum dump_result result;

	must(dump != NULL);
	while ((result = dump_next(dump, &row)) == DUMP_ROW)
		must_be_good_row(&row);
	must(result == DUMP_END || dump_problem(dump)[0] != '\0');
	dump_close(dump);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int file = memfd_create("dump", MFD_CLOEXEC);
	char path[64];

	must(file >= 0);
	must(write(file, data, size) == (ssize_t)size);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
	read_rows(path);
	close(file);
	return 0;
}
