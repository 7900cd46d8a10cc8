/*
 * Which statements a connection has prepared: a hash of their addresses.
 *
 * PostgreSQL keeps what it made of each, 35 kB on average, for as long as the connection
 * lives, and a process uses a tenth of the program's statements. So each is prepared
 * when it is first sent, in the same round trip (measured: a connection that had prepared
 * all held 60 MB of its own).
 */
#include "db/connection.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_ROOM 256 /* a power of two, as all that follow */

/* The place of a statement, or the free one where it would stand; never full. */
static struct prepared_place *place(const struct prepared *prepared, const struct stmt *statement)
{
	/* Addresses are multiples of eight; the factor is Fibonacci's (Knuth 6.4). */
	size_t at = (size_t)(((uint64_t)(uintptr_t)statement >> 3) * 11400714819323198485u >> 32);

	for (;; at++) {
		struct prepared_place *found = &prepared->places[at & (prepared->room - 1)];

		if (!found->statement || found->statement == statement)
			return found;
	}
}

static void grow(struct prepared *prepared)
{
	struct prepared larger = { .room = prepared->room ? prepared->room * 2 : FIRST_ROOM,
				   .count = prepared->count };

	larger.places = calloc(larger.room, sizeof(*larger.places));
	if (!larger.places)
		abort();
	for (size_t i = 0; i < prepared->room; i++)
		if (prepared->places[i].statement)
			*place(&larger, prepared->places[i].statement) = prepared->places[i];
	free(prepared->places);
	*prepared = larger;
}

bool prepared_has(const struct prepared *prepared, const struct stmt *statement)
{
	return prepared->count > 0 && place(prepared, statement)->statement == statement;
}

void prepared_add(struct prepared *prepared, const struct stmt *statement)
{
	struct prepared_place *found;

	/* Half of it stays free, so that looking ends soon. */
	if (prepared->count * 2 >= prepared->room)
		grow(prepared);
	found = place(prepared, statement);
	if (!found->statement)
		prepared->count++;
	found->statement = statement;
}

void prepared_forget(struct prepared *prepared)
{
	free(prepared->places);
	*prepared = (struct prepared){ 0 };
}

static int compare_names(const void *left, const void *right)
{
	const struct prepared_place *one = left, *other = right;

	return strcmp(one->statement->name, other->statement->name);
}

const char *prepared_name_twice(const struct stmt *const *statements, size_t count)
{
	struct prepared_place *sorted = calloc(count + 1, sizeof(*sorted));
	const char *twice = NULL;

	if (!sorted)
		abort();
	for (size_t i = 0; i < count; i++)
		sorted[i].statement = statements[i];
	qsort(sorted, count, sizeof(*sorted), compare_names);
	for (size_t i = 1; i < count && !twice; i++)
		if (compare_names(&sorted[i - 1], &sorted[i]) == 0)
			twice = sorted[i].statement->name;
	free(sorted);
	return twice;
}
