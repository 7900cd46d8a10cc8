/*
 * What every unit test starts from: cmocka, an arena per test, and two ways to
 * watch a function from outside (does it end the process, what does it print).
 *
 *	static void test_name_is_a_sentence(void **state)
 *	{
 *		struct arena *arena = *state;
 *		…
 *	}
 *
 *	int main(void)
 *	{
 *		const struct CMUnitTest tests[] = {
 *			TEST(test_name_is_a_sentence),
 *		};
 *		return cmocka_run_group_tests(tests, NULL, NULL);
 *	}
 */
#ifndef TESTS_UNIT_H
#define TESTS_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/wait.h>
#include <unistd.h>

#if !__has_include(<cmocka.h>)
#error "cmocka is missing; Debian package: libcmocka-dev"
#endif
#include <cmocka.h>

/* cmocka's macro of that name hides the function of base/error.h. */
#undef fail
#undef fail_msg
#define fail_msg(...) \
	do { \
		print_error("ERROR: " __VA_ARGS__); \
		print_error("\n"); \
		_fail(__FILE__, __LINE__); \
	} while (0)

#include "base/arena.h"

#define UNIT_ARENA_BYTES ((size_t)16 * 1024 * 1024)

#define TEST(function) \
	cmocka_unit_test_setup_teardown(function, unit_arena_setup, unit_arena_teardown)

static inline int unit_arena_setup(void **state)
{
	*state = arena_new(UNIT_ARENA_BYTES);
	return 0;
}

static inline int unit_arena_teardown(void **state)
{
	arena_free(*state);
	return 0;
}

struct unit_outcome {
	int status;       /* of waitpid */
	char text[65536]; /* what was written to standard output and error */
	size_t length;
};

/* Runs act(argument) in a child process, and waits for its end. */
static inline void unit_watch(void (*act)(void *), void *argument, struct unit_outcome *outcome)
{
	int ends[2];
	ssize_t got;
	pid_t child;

	assert_int_equal(pipe(ends), 0);
	fflush(NULL);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		dup2(ends[1], STDOUT_FILENO);
		dup2(ends[1], STDERR_FILENO);
		close(ends[0]);
		close(ends[1]);
		act(argument);
		fflush(NULL);
		_exit(0);
	}
	close(ends[1]);
	outcome->length = 0;
	while ((got = read(ends[0], outcome->text + outcome->length,
			   sizeof(outcome->text) - 1 - outcome->length)) > 0)
		outcome->length += (size_t)got;
	outcome->text[outcome->length] = '\0';
	close(ends[0]);
	assert_int_equal(waitpid(child, &outcome->status, 0), child);
}

/* The process ended by itself with this exit code. */
static inline void unit_assert_exit(const struct unit_outcome *outcome, int code)
{
	if (!WIFEXITED(outcome->status) || WEXITSTATUS(outcome->status) != code)
		fail_msg("status %d instead of exit code %d: %s", outcome->status, code,
			 outcome->text);
}

/* The same for a text that must stand in what was printed. */
static inline void unit_assert_printed(const struct unit_outcome *outcome, const char *text)
{
	if (!strstr(outcome->text, text))
		fail_msg("\"%s\" is not in: %s", text, outcome->text);
}

#endif
