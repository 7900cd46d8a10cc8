/*
 * An arena: memory that is given back all at once, when a request, a job or a
 * test ends. Everything that forum/, web/ and jobs/ allocate comes from one, so
 * they never free, and nothing can leak from one request into the next.
 *
 * An arena has a cap. Reaching it, like running out of memory, ends the process
 * with a line in the log: the supervisor starts another, and one hostile request
 * costs one request. Memory is zeroed. Under AddressSanitizer memory is poisoned
 * on reset, so that a pointer kept too long is caught.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdarg.h>

#include "base/base.h"

struct arena;

/* max_bytes: cap on what the arena may hold at once. Owned by the caller. */
struct arena *arena_new(size_t max_bytes);
void arena_free(struct arena *arena);

/* Zeroed, aligned for any type. Never NULL; size 0 gives a valid pointer. */
void *arena_alloc(struct arena *arena, size_t size);

/* count * size with the overflow checked. */
void *arena_array(struct arena *arena, size_t count, size_t size);

#define arena_new_of(arena, type)          ((type *)arena_alloc((arena), sizeof(type)))
#define arena_array_of(arena, count, type) ((type *)arena_array((arena), (count), sizeof(type)))

char *arena_strdup(struct arena *arena, const char *text);
char *arena_strndup(struct arena *arena, const char *text, size_t length);
char *arena_printf(struct arena *arena, const char *format, ...) PRINTF_LIKE(2, 3);
char *arena_vprintf(struct arena *arena, const char *format, va_list arguments) PRINTF_LIKE(2, 0);

/*
 * Runs release(thing) when the arena is reset or freed, last registered first:
 * for what is not memory of ours (PGresult, xmlDoc, file descriptors).
 */
void arena_defer(struct arena *arena, void (*release)(void *), void *thing);

/* Bytes handed out since the last reset. */
size_t arena_used(const struct arena *arena);

/* Runs the deferred releases and gives the memory back (one block is kept). */
void arena_reset(struct arena *arena);

#endif
