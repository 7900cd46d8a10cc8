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
static const struct stmt **place(const struct prepared *prepared, const struct stmt *statement)
{
	/* Addresses are multiples of eight; the factor is Fibonacci's (Knuth 6.4). */
	size_t at = (size_t)(((uint64_t)(uintptr_t)statement >> 3) * 11400714819323198485u >> 32);

	while (prepared->statements[at & (prepared->room - 1)] &&
	       prepared->statements[at & (prepared->room - 1)] != statement)
		at++;
	return &prepared->statements[at & (prepared->room - 1)];
}

static void grow(struct prepared *prepared)
{
	struct prepared larger = { .room = prepared->room ? prepared->room * 2 : FIRST_ROOM,
				   .count = prepared->count };

	larger.statements = calloc(larger.room, sizeof *larger.statements);
	if (!larger.statements)
		abort();
	for (size_t i = 0; i < prepared->room; i++)
		if (prepared->statements[i])
			*place(&larger, prepared->statements[i]) = prepared->statements[i];
	free(prepared->statements);
	*prepared = larger;
}

bool prepared_has(const struct prepared *prepared, const struct stmt *statement)
{
	return prepared->count > 0 && *place(prepared, statement) == statement;
}

void prepared_add(struct prepared *prepared, const struct stmt *statement)
{
	const struct stmt **found;

	/* Half of it stays free, so that looking ends soon. */
	if (prepared->count * 2 >= prepared->room)
		grow(prepared);
	found = place(prepared, statement);
	if (!*found)
		prepared->count++;
	*found = statement;
}

void prepared_forget(struct prepared *prepared)
{
	free(prepared->statements);
	*prepared = (struct prepared){ 0 };
}

static int compare_names(const void *left, const void *right)
{
	const struct stmt *const *one = left, *const *other = right;

	return strcmp((*one)->name, (*other)->name);
}

const char *prepared_name_twice(const struct stmt *const *statements, size_t count)
{
	const struct stmt **sorted = calloc(count + 1, sizeof *sorted);
	const char *twice = NULL;

	if (!sorted)
		abort();
	for (size_t i = 0; i < count; i++)
		sorted[i] = statements[i];
	qsort(sorted, count, sizeof *sorted, compare_names);
	for (size_t i = 1; i < count && !twice; i++)
		if (strcmp(sorted[i - 1]->name, sorted[i]->name) == 0)
			twice = sorted[i]->name;
	free(sorted);
	return twice;
}
