/*
 * Differences between versions. The property that always holds: kept and removed
 * runs give the old text, kept and added ones the new.
 */
#include "unit.h"

#include <time.h>

#include "base/buf.h"
#include "text/diff.h"

#define TEXT_MAX_BYTES ((size_t)256 * 1024)
#define DIFF_MAX_MS    (INSTRUMENTED ? 5000 : 250)

#ifdef __SANITIZE_ADDRESS__
#define INSTRUMENTED 1
#else
#define INSTRUMENTED 0
#endif

/* "kept[-removed-]{+added+}" */
static const char *shown(struct arena *arena, const char *before, const char *after)
{
	static const char *const formats[] = { "%s", "[-%s-]", "{+%s+}" };
	struct diff_run *runs;
	size_t count = diff_words(arena, before, after, &runs);
	struct buf out;

	buf_init(&out, arena, TEXT_MAX_BYTES);
	for (size_t i = 0; i < count; i++) {
		const char *format = formats[runs[i].kind];

		buf_bytes(&out, format, strcspn(format, "%"));
		buf_text(&out, runs[i].text);
		buf_text(&out, strchr(format, 's') + 1);
	}
	return out.data;
}

static void check_property(struct arena *arena, const char *before, const char *after)
{
	struct buf old, new;
	struct diff_run *runs;
	size_t count = diff_words(arena, before, after, &runs);

	buf_init(&old, arena, TEXT_MAX_BYTES);
	buf_init(&new, arena, TEXT_MAX_BYTES);
	for (size_t i = 0; i < count; i++) {
		assert_true(runs[i].text[0] != '\0');
		assert_true(i == 0 || runs[i].kind != runs[i - 1].kind);
		if (runs[i].kind != DIFF_ADDED)
			buf_text(&old, runs[i].text);
		if (runs[i].kind != DIFF_REMOVED)
			buf_text(&new, runs[i].text);
	}
	assert_string_equal(old.data, before);
	assert_string_equal(new.data, after);
}

static void test_changed_words_are_shown_as_words(void **state)
{
	static const char *const cases[][3] = {
		{ "", "", "" },
		{ "same", "same", "same" },
		{ "", "new", "{+new+}" },
		{ "old", "", "[-old-]" },
		{ "one two three", "one 2 three", "one [-two-]{+2+} three" },
		{ "a b c", "a c", "a [-b -]c" },
		{ "a c", "a b c", "a {+b +}c" },
		{ "red car", "blue bus", "[-red car-]{+blue bus+}" },
		{ "café noir.", "café au lait.", "café [-noir-]{+au lait+}." },
		{ "x\ny\nz", "x\nz", "x\n[-y\n-]z" },
		{ "é", "è", "[-é-]{+è+}" },
	};

	for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
		assert_string_equal(shown(*state, cases[i][0], cases[i][1]), cases[i][2]);
		check_property(*state, cases[i][0], cases[i][1]);
	}
}

/* A generator of its own, so that a failure can be repeated. */
static uint32_t next_random(uint32_t *seed)
{
	*seed = (uint32_t)((uint64_t)*seed * 1664525u + 1013904223u);
	return *seed >> 8;
}

static char *random_text(struct arena *arena, uint32_t *seed, size_t words)
{
	static const char *const parts[] = { "a", "b", "cd", " ", "  ", "\n", ".", "é", "語", "1" };
	struct buf out;

	buf_init(&out, arena, TEXT_MAX_BYTES);
	for (size_t i = 0; i < words; i++)
		buf_text(&out, parts[next_random(seed) % ARRAY_COUNT(parts)]);
	return out.data;
}

static void test_runs_give_both_texts_back(void **state)
{
	uint32_t seed = 1;

	for (size_t i = 0; i < 2000; i++) {
		char *before = random_text(*state, &seed, next_random(&seed) % 40);
		char *after = random_text(*state, &seed, next_random(&seed) % 40);

		check_property(*state, before, after);
		arena_reset(*state);
	}
}

static double milliseconds(void)
{
	struct timespec time;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
	return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

static char *numbered(struct arena *arena, size_t count, size_t first, const char *separator)
{
	struct buf out;

	buf_init(&out, arena, TEXT_MAX_BYTES);
	for (size_t i = 0; i < count; i++)
		buf_printf(&out, "%zu%s", first + i, separator);
	return out.data;
}

static void check_cost(struct arena *arena, const char *before, const char *after)
{
	double start = milliseconds();

	check_property(arena, before, after);
	assert_true(milliseconds() - start < DIFF_MAX_MS);
}

static void test_texts_without_anything_in_common_are_quick(void **state)
{
	check_cost(*state, numbered(*state, 4000, 0, " "), numbered(*state, 4000, 5000, " "));
	check_cost(*state, numbered(*state, 4000, 0, "\n"), numbered(*state, 4000, 5000, "\n"));
	check_cost(*state, numbered(*state, 9000, 0, " x "), numbered(*state, 9000, 20000, " y "));
}

static void test_long_texts_are_compared_by_lines(void **state)
{
	char *before = numbered(*state, 6000, 0, " a\n");
	char *after = arena_strdup(*state, before);
	struct diff_run *runs;

	memcpy(strstr(after, "3000 a\n"), "3000 b\n", 7);
	assert_int_equal(diff_words(*state, before, after, &runs), 4);
	assert_string_equal(runs[1].text, "3000 a\n");
	assert_string_equal(runs[2].text, "3000 b\n");
	check_cost(*state, before, after);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_changed_words_are_shown_as_words),
		TEST(test_runs_give_both_texts_back),
		TEST(test_texts_without_anything_in_common_are_quick),
		TEST(test_long_texts_are_compared_by_lines),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
