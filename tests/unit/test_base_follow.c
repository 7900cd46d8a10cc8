/*
 * Following a log through what happens to logs: every whole line once, in order.
 */
#include "unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/follow.h"

#define NOW      (INT64_C(1795440313) * CLOCK_SECOND)
#define ROOM     ((size_t)64)
#define SEEN_MAX ((size_t)1 << 20)

struct scene {
	struct arena *arena;
	char folder[64], path[80], earlier[96];
	struct follow_place place;
	struct buf seen; /* all that was read */
	bool was_lost;
};

static struct scene *begin(void **state)
{
	struct scene *scene = arena_new_of(*state, struct scene);

	scene->arena = *state;
	snprintf(scene->folder, sizeof(scene->folder), "/tmp/follow.XXXXXX");
	assert_non_null(mkdtemp(scene->folder));
	snprintf(scene->path, sizeof(scene->path), "%s/log", scene->folder);
	snprintf(scene->earlier, sizeof(scene->earlier), "%s.1", scene->path);
	buf_init(&scene->seen, *state, SEEN_MAX);
	return scene;
}

static void end(struct scene *scene)
{
	unlink(scene->path);
	unlink(scene->earlier);
	rmdir(scene->folder);
}

static void write_to(const char *path, const char *text, const char *mode)
{
	FILE *file = fopen(path, mode);

	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
	assert_int_equal(fclose(file), 0);
}

static void add(struct scene *scene, const char *text)
{
	write_to(scene->path, text, "ae");
}

/* When the file was written to last, before NOW. */
static void set_age(const char *path, int seconds)
{
	const struct timespec at = { .tv_sec = NOW / CLOCK_SECOND - seconds };
	const struct timespec times[2] = { at, at };

	assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

/* All there is, in small pieces. */
static enum follow_result follow_by(struct scene *scene, size_t room_size)
{
	char *room = arena_alloc(scene->arena, room_size);
	enum follow_result result;
	struct followed piece;

	do {
		result = follow_read(scene->path, NOW, &scene->place, room, room_size, &piece);
		buf_bytes(&scene->seen, piece.data, piece.length);
		scene->was_lost = scene->was_lost || piece.was_lost;
	} while (piece.has_more || piece.length > 0);
	return result;
}

static void follow(struct scene *scene)
{
	assert_int_equal(follow_by(scene, ROOM), FOLLOW_READ);
}

static void assert_seen(const struct scene *scene, const char *text)
{
	assert_string_equal(scene->seen.data, text);
}

static void test_lines_are_read_once_and_whole(void **state)
{
	struct scene *scene = begin(state);

	add(scene, "one\ntwo\nthr");
	follow(scene);
	assert_seen(scene, "one\ntwo\n");
	follow(scene);
	add(scene, "ee\n\nfour\n");
	follow(scene);
	follow(scene);
	assert_seen(scene, "one\ntwo\nthree\n\nfour\n");
	assert_false(scene->was_lost);
	end(scene);
}

static void test_a_line_that_is_too_long_is_passed_over(void **state)
{
	struct scene *scene = begin(state);
	char *filling = arena_alloc(*state, 4 * ROOM);

	memset(filling, 'x', 4 * ROOM - 1);
	add(scene, "one\n");
	add(scene, filling);
	follow(scene);
	assert_seen(scene, "one\n");
	/* It is in the middle of it still, whoever goes on. */
	assert_true(scene->place.is_in_long_line);
	add(scene, " fake\ntwo\n");
	follow(scene);
	assert_seen(scene, "one\ntwo\n");
	end(scene);
}

static void test_a_renamed_log_is_read_to_its_end_first(void **state)
{
	struct scene *scene = begin(state);

	add(scene, "one\ntwo\n");
	follow(scene);
	add(scene, "three\n");
	assert_int_equal(rename(scene->path, scene->earlier), 0);
	follow(scene);
	assert_seen(scene, "one\ntwo\nthree\n");
	add(scene, "five\n");
	/* Its writer has not noticed yet. */
	write_to(scene->earlier, "four\n", "ae");
	set_age(scene->earlier, 1);
	follow(scene);
	assert_seen(scene, "one\ntwo\nthree\nfour\n");
	set_age(scene->earlier, FOLLOW_REST_SECONDS);
	follow(scene);
	add(scene, "six\n");
	follow(scene);
	assert_seen(scene, "one\ntwo\nthree\nfour\nfive\nsix\n");
	assert_false(scene->was_lost);
	end(scene);
}

static void test_a_log_that_was_copied_and_truncated_is_read_on(void **state)
{
	struct scene *scene = begin(state);

	add(scene, "one\n");
	follow(scene);
	write_to(scene->earlier, "one\ntwo\n", "we");
	write_to(scene->path, "three\n", "we");
	set_age(scene->earlier, 60);
	follow(scene);
	assert_seen(scene, "one\ntwo\nthree\n");
	/* It has grown beyond the place in the earlier one, and is known all the same. */
	write_to(scene->earlier, "three\nfour\n", "we");
	write_to(scene->path, "a line that is longer than all of what was there\n", "we");
	set_age(scene->earlier, 60);
	follow(scene);
	assert_seen(scene,
		    "one\ntwo\nthree\nfour\na line that is longer than all of what was there\n");
	assert_false(scene->was_lost);
	end(scene);
}

static void test_what_was_thrown_away_is_said_to_be_lost(void **state)
{
	struct scene *scene = begin(state);

	add(scene, "one\n");
	follow(scene);
	write_to(scene->path, "two\n", "we");
	follow(scene);
	assert_seen(scene, "one\ntwo\n");
	assert_true(scene->was_lost);
	end(scene);
}

static void test_a_log_that_was_cut_off_is_not_read_again(void **state)
{
	struct scene *scene = begin(state);
	char *filling = arena_alloc(*state, 400);

	memset(filling, 'x', 399);
	for (size_t i = 30; i < 399; i += 30)
		filling[i] = '\n';
	add(scene, filling);
	add(scene, "\none\n");
	follow(scene);
	buf_clear(&scene->seen);
	assert_int_equal(truncate(scene->path, 300), 0);
	follow(scene);
	assert_int_equal(scene->seen.length, 0);
	assert_true(scene->was_lost);
	add(scene, "\ntwo\n");
	follow(scene);
	assert_seen(scene, "\ntwo\n");
	end(scene);
}

static void test_a_log_may_come_later_and_go_for_a_while(void **state)
{
	struct scene *scene = begin(state);

	assert_int_equal(follow_by(scene, ROOM), FOLLOW_MISSING);
	add(scene, "");
	follow(scene);
	add(scene, "one\n");
	follow(scene);
	assert_int_equal(rename(scene->path, scene->earlier), 0);
	set_age(scene->earlier, 3600);
	follow(scene);
	unlink(scene->earlier);
	assert_int_equal(follow_by(scene, ROOM), FOLLOW_MISSING);
	add(scene, "two\n");
	follow(scene);
	assert_seen(scene, "one\ntwo\n");
	end(scene);
}

static void test_an_empty_log_that_is_renamed_is_followed(void **state)
{
	struct scene *scene = begin(state);

	add(scene, "");
	follow(scene);
	assert_int_equal(rename(scene->path, scene->earlier), 0);
	write_to(scene->earlier, "one\n", "ae");
	add(scene, "two\n");
	set_age(scene->earlier, 60);
	follow(scene);
	assert_seen(scene, "one\ntwo\n");
	end(scene);
}

static void test_what_is_no_file_is_refused_at_once(void **state)
{
	struct scene *scene = begin(state);

	assert_int_equal(mkfifo(scene->path, 0600), 0);
	assert_int_equal(follow_by(scene, ROOM), FOLLOW_REFUSED);
	unlink(scene->path);
	assert_int_equal(mkdir(scene->path, 0700), 0);
	assert_int_equal(follow_by(scene, ROOM), FOLLOW_REFUSED);
	rmdir(scene->path);
	end(scene);
}

/* Whatever the pieces, and wherever it was stopped and begun again. */
static void test_every_line_comes_once_whatever_the_pieces(void **state)
{
	struct scene *scene = begin(state);
	struct buf all;

	buf_init(&all, *state, SEEN_MAX);
	for (int i = 0; i < 400; i++) {
		const char *line = arena_printf(*state, "line %d %.*s\n", i, i % 23,
						"abcdefghijklmnopqrstuvwxyz");

		buf_text(&all, line);
		add(scene, arena_printf(*state, "%.*s", 3, line));
		assert_int_equal(follow_by(scene, 48 + (size_t)i % 40), FOLLOW_READ);
		add(scene, line + 3);
		if (i % 50 == 49) {
			assert_int_equal(rename(scene->path, scene->earlier), 0);
			set_age(scene->earlier, 60);
			add(scene, "");
		}
	}
	follow(scene);
	follow(scene);
	assert_seen(scene, all.data);
	assert_false(scene->was_lost);
	end(scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_lines_are_read_once_and_whole),
		TEST(test_a_line_that_is_too_long_is_passed_over),
		TEST(test_a_renamed_log_is_read_to_its_end_first),
		TEST(test_a_log_that_was_copied_and_truncated_is_read_on),
		TEST(test_what_was_thrown_away_is_said_to_be_lost),
		TEST(test_a_log_that_was_cut_off_is_not_read_again),
		TEST(test_a_log_may_come_later_and_go_for_a_while),
		TEST(test_an_empty_log_that_is_renamed_is_followed),
		TEST(test_what_is_no_file_is_refused_at_once),
		TEST(test_every_line_comes_once_whatever_the_pieces),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
