/* The buffer: growth, overflow, and the three escapes. */
#include "unit.h"

#include "base/buf.h"

static void test_an_empty_buffer_is_an_empty_text(void **state)
{
	struct buf buf;

	buf_init(&buf, *state, 10);
	assert_string_equal(buf.data, "");
	assert_int_equal(buf.length, 0);
	assert_string_equal(buf_to_arena(&buf, *state), "");
}

static void test_text_grows_over_many_writes(void **state)
{
	struct buf buf;

	buf_init(&buf, *state, 1000000);
	for (int i = 0; i < 10000; i++) {
		buf_char(&buf, 'a');
		buf_text(&buf, "bc");
		buf_printf(&buf, "%02d", i % 100);
	}
	assert_int_equal(buf.length, 50000);
	assert_int_equal(strlen(buf.data), 50000);
	assert_memory_equal(buf.data + 49995, "abc99", 5);
	assert_false(buf.is_overflown);
}

static void test_the_maximum_may_be_reached_but_not_passed(void **state)
{
	struct buf buf;

	buf_init(&buf, *state, 5);
	buf_text(&buf, "12345");
	assert_false(buf.is_overflown);
	assert_string_equal(buf_to_arena(&buf, *state), "12345");
	buf_char(&buf, '6');
	assert_true(buf.is_overflown);
	assert_null(buf_to_arena(&buf, *state));
	assert_string_equal(buf.data, "12345");
}

static void test_after_an_overflow_everything_is_ignored_until_cleared(void **state)
{
	struct buf buf;

	buf_init(&buf, *state, 5);
	buf_text(&buf, "123");
	buf_printf(&buf, "%s", "456");
	assert_true(buf.is_overflown);
	buf_char(&buf, 'x');
	assert_string_equal(buf.data, "123");
	buf_clear(&buf);
	buf_text(&buf, "ok");
	assert_string_equal(buf_to_arena(&buf, *state), "ok");
}

static void test_a_buffer_without_arena_is_released_by_its_owner(void **state)
{
	struct buf buf;

	(void)state;
	buf_init(&buf, NULL, 100000);
	buf_printf(&buf, "%5000d", 7);
	assert_int_equal(buf.length, 5000);
	buf_release(&buf);
	assert_null(buf.data);
}

/* The struct may be gone long before the arena: only the memory is tied to it. */
static void test_a_buffer_on_the_stack_leaves_nothing_behind(void **state)
{
	struct arena *arena = *state;

	for (int i = 0; i < 3; i++) {
		struct buf buf;

		buf_init(&buf, arena, 100000);
		buf_printf(&buf, "%5000d", i);
		if (i == 1)
			buf_release(&buf);
	}
	arena_reset(arena);
	assert_int_equal(arena_used(arena), 0);
}

static void test_numbers_are_written_to_both_extremes(void **state)
{
	struct buf buf;

	buf_init(&buf, *state, 100);
	buf_i64(&buf, 0);
	buf_char(&buf, ' ');
	buf_i64(&buf, -7);
	buf_char(&buf, ' ');
	buf_i64(&buf, INT64_MAX);
	buf_char(&buf, ' ');
	buf_i64(&buf, INT64_MIN);
	assert_string_equal(buf.data, "0 -7 9223372036854775807 -9223372036854775808");
}

static void test_html_escapes_the_five_and_nothing_else(void **state)
{
	struct buf buf;
	const char *text = "<a href=\"x\" title='y'>R&D é</a>";

	buf_init(&buf, *state, 1000);
	buf_html(&buf, text, strlen(text));
	assert_string_equal(buf.data, "&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;"
				      "R&amp;D é&lt;/a&gt;");
	buf_clear(&buf);
	buf_html(&buf, "<<<", 2);
	assert_string_equal(buf.data, "&lt;&lt;");
	buf_clear(&buf);
	buf_html(&buf, "", 0);
	assert_string_equal(buf.data, "");
}

static void test_url_keeps_only_unreserved_characters(void **state)
{
	struct buf buf;

	buf_init(&buf, *state, 1000);
	buf_url(&buf, "aZ09-._~ /?&=%+\"é\n");
	assert_string_equal(buf.data, "aZ09-._~%20%2F%3F%26%3D%25%2B%22%C3%A9%0A");
}

static void test_json_cannot_leave_its_string_nor_its_script(void **state)
{
	struct buf buf;

	buf_init(&buf, *state, 1000);
	buf_json(&buf, "a\"b\\c\n\t\r\x01 é😀 </script><!-- & \xE2\x80\xA8\xE2\x80\xA9");
	assert_string_equal(buf.data, "\"a\\\"b\\\\c\\n\\t\\u000d\\u0001 é😀 "
				      "\\u003c/script\\u003e\\u003c!-- \\u0026 "
				      "\\u2028\\u2029\"");
	buf_clear(&buf);
	buf_json(&buf, "");
	assert_string_equal(buf.data, "\"\"");
}

static void test_bytes_may_hold_a_nul(void **state)
{
	struct buf buf;

	buf_init(&buf, *state, 10);
	buf_bytes(&buf, "a\0b", 3);
	assert_int_equal(buf.length, 3);
	assert_memory_equal(buf_to_arena(&buf, *state), "a\0b", 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_an_empty_buffer_is_an_empty_text),
		TEST(test_text_grows_over_many_writes),
		TEST(test_the_maximum_may_be_reached_but_not_passed),
		TEST(test_after_an_overflow_everything_is_ignored_until_cleared),
		TEST(test_a_buffer_without_arena_is_released_by_its_owner),
		TEST(test_a_buffer_on_the_stack_leaves_nothing_behind),
		TEST(test_numbers_are_written_to_both_extremes),
		TEST(test_html_escapes_the_five_and_nothing_else),
		TEST(test_url_keeps_only_unreserved_characters),
		TEST(test_json_cannot_leave_its_string_nor_its_script),
		TEST(test_bytes_may_hold_a_nul),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
