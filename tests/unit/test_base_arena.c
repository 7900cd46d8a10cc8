/* The arena: its promises, its cap, and what it does with a hostile size. */
#include "unit.h"

static char order[8];
static size_t released;

static void note(void *thing)
{
	order[released++] = *(char *)thing;
}

static void test_memory_is_zeroed_and_aligned(void **state)
{
	struct arena *arena = *state;

	for (size_t size = 0; size < 200; size++) {
		unsigned char *data = arena_alloc(arena, size);

		assert_non_null(data);
		assert_int_equal((uintptr_t)data % _Alignof(max_align_t), 0);
		for (size_t i = 0; i < size; i++)
			assert_int_equal(data[i], 0);
		memset(data, 0xAA, size);
	}
}

static void test_memory_is_zeroed_again_after_a_reset(void **state)
{
	struct arena *arena = *state;

	memset(arena_alloc(arena, 5000), 0xAA, 5000);
	arena_reset(arena);
	assert_int_equal(arena_used(arena), 0);
	for (size_t i = 0; i < 10; i++) {
		unsigned char *data = arena_alloc(arena, 500);

		for (size_t j = 0; j < 500; j++)
			assert_int_equal(data[j], 0);
	}
}

static void test_large_and_small_pieces_do_not_overlap(void **state)
{
	struct arena *arena = *state;
	unsigned char *pieces[64];
	size_t sizes[64];

	for (size_t i = 0; i < 64; i++) {
		sizes[i] = i % 3 == 0 ? 100000 + i : 1 + i * 37;
		pieces[i] = arena_alloc(arena, sizes[i]);
		memset(pieces[i], (int)i, sizes[i]);
	}
	for (size_t i = 0; i < 64; i++)
		for (size_t j = 0; j < sizes[i]; j++)
			assert_int_equal(pieces[i][j], i);
}

static void test_deferred_releases_run_last_first(void **state)
{
	struct arena *arena = *state;
	char names[] = "abc";

	released = 0;
	for (size_t i = 0; i < 3; i++)
		arena_defer(arena, note, &names[i]);
	arena_reset(arena);
	assert_int_equal(released, 3);
	assert_memory_equal(order, "cba", 3);
	arena_reset(arena);
	assert_int_equal(released, 3);
}

static void test_strings_are_copied_and_ended(void **state)
{
	struct arena *arena = *state;
	char text[] = "été";
	char *copy = arena_strdup(arena, text);

	text[0] = 'x';
	assert_string_equal(copy, "été");
	assert_string_equal(arena_strndup(arena, "abcdef", 3), "abc");
	assert_string_equal(arena_strndup(arena, "ab", 300), "ab");
	assert_string_equal(arena_strndup(arena, "ab", 0), "");
	assert_string_equal(arena_printf(arena, "%d %s", 42, "x"), "42 x");
	assert_int_equal(strlen(arena_printf(arena, "%100000d", 1)), 100000);
}

static void test_used_counts_the_bytes_handed_out(void **state)
{
	struct arena *arena = *state;

	assert_int_equal(arena_used(arena), 0);
	arena_alloc(arena, 100);
	arena_alloc(arena, 100000);
	assert_int_equal(arena_used(arena), 100100);
}

static void fill_to_the_cap(void *unused)
{
	struct arena *arena = arena_new(1000);

	(void)unused;
	arena_alloc(arena, 600);
	arena_alloc(arena, 400);
	arena_reset(arena);
	arena_alloc(arena, 1000);
	arena_free(arena);
}

static void pass_the_cap(void *unused)
{
	struct arena *arena = arena_new(1000);

	(void)unused;
	arena_alloc(arena, 600);
	arena_alloc(arena, 401);
}

static void overflow_an_array(void *unused)
{
	(void)unused;
	arena_array(arena_new(SIZE_MAX), SIZE_MAX / 2, 3);
}

static void ask_for_everything(void *unused)
{
	(void)unused;
	arena_alloc(arena_new(SIZE_MAX), SIZE_MAX);
}

static void test_the_cap_may_be_reached_but_not_passed(void **state)
{
	struct unit_outcome outcome;

	(void)state;
	unit_watch(fill_to_the_cap, NULL, &outcome);
	unit_assert_exit(&outcome, 0);
	unit_watch(pass_the_cap, NULL, &outcome);
	unit_assert_exit(&outcome, 70);
	unit_assert_printed(&outcome, "level=error event=arena_full used=600 wanted=401\n");
}

static void test_impossible_sizes_end_the_process(void **state)
{
	struct unit_outcome outcome;

	(void)state;
	unit_watch(overflow_an_array, NULL, &outcome);
	unit_assert_exit(&outcome, 70);
	unit_watch(ask_for_everything, NULL, &outcome);
	unit_assert_exit(&outcome, 70);
}

#if defined(__SANITIZE_ADDRESS__)
static void read_after_reset(void *unused)
{
	struct arena *arena = arena_new(1000);
	volatile char *kept = arena_strdup(arena, "secret");

	(void)unused;
	arena_reset(arena);
	printf("read %c\n", *kept);
}

static void write_past_the_end(void *unused)
{
	struct arena *arena = arena_new(1000);
	volatile char *data = arena_alloc(arena, 16);

	(void)unused;
	arena_alloc(arena, 16);
	data[16] = 'x';
}

static void test_address_sanitizer_sees_stale_and_overlong_access(void **state)
{
	struct unit_outcome outcome;

	(void)state;
	unit_watch(read_after_reset, NULL, &outcome);
	unit_assert_printed(&outcome, "use-after-poison");
	unit_watch(write_past_the_end, NULL, &outcome);
	unit_assert_printed(&outcome, "use-after-poison");
}
#endif

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_memory_is_zeroed_and_aligned),
		TEST(test_memory_is_zeroed_again_after_a_reset),
		TEST(test_large_and_small_pieces_do_not_overlap),
		TEST(test_deferred_releases_run_last_first),
		TEST(test_strings_are_copied_and_ended),
		TEST(test_used_counts_the_bytes_handed_out),
		TEST(test_the_cap_may_be_reached_but_not_passed),
		TEST(test_impossible_sizes_end_the_process),
#if defined(__SANITIZE_ADDRESS__)
		TEST(test_address_sanitizer_sees_stale_and_overlong_access),
#endif
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
