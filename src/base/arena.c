/*
 * The arena is a list of blocks. Small things are cut from the newest ordinary
 * block; a thing too large for one gets a block of its own, put behind it, so
 * that the ordinary block goes on being filled. Under AddressSanitizer all that
 * was not handed out is poisoned, with a gap behind each piece.
 */
#include "base/arena.h"

#include <stdarg.h>
#include <unistd.h>

#include "base/log.h"

#if defined(__SANITIZE_ADDRESS__)
#define HAS_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAS_ASAN 1
#endif
#endif
#ifndef HAS_ASAN
#define HAS_ASAN 0
#endif

#if HAS_ASAN
#include <sanitizer/asan_interface.h>
#define GAP_BYTES ((size_t)16)
#else
#define ASAN_POISON_MEMORY_REGION(data, size)   ((void)(data), (void)(size))
#define ASAN_UNPOISON_MEMORY_REGION(data, size) ((void)(data), (void)(size))
#define GAP_BYTES                               ((size_t)0)
#endif

#define ALIGNMENT _Alignof(max_align_t)

/* A page of about 40 kB is built from what one block holds. */
#define BLOCK_BYTES ((size_t)64 * 1024)

/* EX_SOFTWARE of sysexits.h; no core dump that a request could order. */
#define EXIT_OUT_OF_MEMORY 70

struct block {
	struct block *next;
	size_t capacity;
	size_t filled;
	max_align_t data[];
};

struct deferred {
	struct deferred *next;
	void (*release)(void *);
	void *thing;
};

struct arena {
	struct block *blocks; /* the one being filled comes first */
	struct deferred *deferred;
	size_t used;
	size_t max;
};

static void die(const char *event, size_t used, size_t wanted) __attribute__((noreturn));

static void die(const char *event, size_t used, size_t wanted)
{
	log_event(LOG_LEVEL_ERROR, event, "used", log_i64((int64_t)used), "wanted",
		  log_i64((int64_t)wanted), NULL);
	_exit(EXIT_OUT_OF_MEMORY);
}

static struct block *block_new(size_t capacity, size_t used)
{
	struct block *block = malloc(sizeof(*block) + capacity);

	if (!block)
		die("out_of_memory", used, capacity);
	block->next = NULL;
	block->capacity = capacity;
	block->filled = 0;
	ASAN_POISON_MEMORY_REGION(block->data, capacity);
	return block;
}

static void block_free(struct block *block)
{
	ASAN_UNPOISON_MEMORY_REGION(block->data, block->capacity);
	free(block);
}

static void *block_cut(struct block *block, size_t size, size_t rounded)
{
	void *data = (char *)block->data + block->filled;

	ASAN_UNPOISON_MEMORY_REGION(data, size);
	block->filled += rounded;
	return memset(data, 0, size);
}

struct arena *arena_new(size_t max_bytes)
{
	struct arena *arena = calloc(1, sizeof(*arena));

	if (!arena)
		die("out_of_memory", 0, sizeof(*arena));
	arena->max = max_bytes;
	arena->blocks = block_new(BLOCK_BYTES, 0);
	return arena;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	struct block *block = arena->blocks;
	size_t rounded;

	if (size > arena->max - arena->used)
		die("arena_full", arena->used, size);
	if (size > SIZE_MAX / 2)
		die("arena_size", arena->used, size);
	arena->used += size;
	rounded = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT + GAP_BYTES;

	if (rounded <= block->capacity - block->filled)
		return block_cut(block, size, rounded);
	if (rounded > BLOCK_BYTES / 4) {
		struct block *own = block_new(rounded, arena->used);

		own->next = block->next;
		block->next = own;
		return block_cut(own, size, rounded);
	}
	block = block_new(BLOCK_BYTES, arena->used);
	block->next = arena->blocks;
	arena->blocks = block;
	return block_cut(block, size, rounded);
}

void *arena_array(struct arena *arena, size_t count, size_t size)
{
	size_t total;

	if (__builtin_mul_overflow(count, size, &total))
		die("arena_size", arena->used, SIZE_MAX);
	return arena_alloc(arena, total);
}

static char *copy_text(struct arena *arena, const char *text, size_t length)
{
	char *copy = arena_alloc(arena, length + 1);

	memcpy(copy, text, length);
	return copy;
}

char *arena_strndup(struct arena *arena, const char *text, size_t length)
{
	return copy_text(arena, text, strnlen(text, length));
}

char *arena_strdup(struct arena *arena, const char *text)
{
	return copy_text(arena, text, strlen(text));
}

/* Most texts are short: they are formatted once, the others a second time. */
char *arena_vprintf(struct arena *arena, const char *format, va_list arguments)
{
	va_list again;
	char first[256];
	char *text;
	int length;

	va_copy(again, arguments);
	length = vsnprintf(first, sizeof(first), format, again);
	va_end(again);
	if (length < 0)
		die("arena_format", arena->used, 0);
	text = arena_alloc(arena, (size_t)length + 1);
	if ((size_t)length < sizeof(first))
		memcpy(text, first, (size_t)length + 1);
	else
		vsnprintf(text, (size_t)length + 1, format, arguments);
	return text;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
	va_list arguments;
	char *text;

	va_start(arguments, format);
	text = arena_vprintf(arena, format, arguments);
	va_end(arguments);
	return text;
}

void arena_defer(struct arena *arena, void (*release)(void *), void *thing)
{
	struct deferred *deferred = arena_new_of(arena, struct deferred);

	deferred->release = release;
	deferred->thing = thing;
	deferred->next = arena->deferred;
	arena->deferred = deferred;
}

size_t arena_used(const struct arena *arena)
{
	return arena->used;
}

/* The list is read anew each time: a release may itself defer something. */
static void run_deferred(struct arena *arena)
{
	while (arena->deferred) {
		struct deferred *deferred = arena->deferred;

		arena->deferred = deferred->next;
		deferred->release(deferred->thing);
	}
}

/* Frees every block but one ordinary block, and empties that. */
void arena_reset(struct arena *arena)
{
	struct block *kept;

	run_deferred(arena);
	kept = arena->blocks;
	for (struct block *block = kept->next, *next; block; block = next) {
		next = block->next;
		block_free(block);
	}
	kept->next = NULL;
	kept->filled = 0;
	ASAN_POISON_MEMORY_REGION(kept->data, kept->capacity);
	arena->used = 0;
}

void arena_free(struct arena *arena)
{
	if (!arena)
		return;
	arena_reset(arena);
	block_free(arena->blocks);
	free(arena);
}
