/* Log lines: readable when harmless, unforgeable when not; and errors. */
#include "unit.h"

#include "base/ctx.h"
#include "base/log.h"

struct pair {
	const char *key, *value;
};

static void log_pair(void *argument)
{
	const struct pair *pair = argument;

	log_event(LOG_LEVEL_INFO, "test", pair->key, pair->value, "last", "1", NULL);
}

static void assert_logged(const char *value, const char *expected)
{
	static struct unit_outcome outcome;
	struct pair pair = { "value", value };

	unit_watch(log_pair, &pair, &outcome);
	unit_assert_printed(&outcome, expected);
	assert_ptr_equal(strchr(outcome.text, '\n'), outcome.text + outcome.length - 1);
}

static void test_a_line_begins_with_time_level_and_event(void **state)
{
	static struct unit_outcome outcome;
	struct pair pair = { "id", "7" };

	(void)state;
	unit_watch(log_pair, &pair, &outcome);
	assert_memory_equal(outcome.text, "time=20", 7);
	assert_string_equal(outcome.text + strlen("time=2026-11-22T15:04:05Z"),
			    " level=info event=test id=7 last=1\n");
}

static void test_harmless_values_stand_bare_and_others_quoted(void **state)
{
	(void)state;
	assert_logged("/t/12-slug?x", " value=/t/12-slug?x last=1\n");
	assert_logged("", " value=\"\" last=1\n");
	assert_logged("two words", " value=\"two words\" last=1\n");
	assert_logged("a=b", " value=\"a=b\" last=1\n");
	assert_logged("été", " value=\"été\" last=1\n");
	assert_logged("say \"hi\" \\", " value=\"say \\\"hi\\\" \\\\\" last=1\n");
}

static void test_no_value_can_forge_a_line(void **state)
{
	(void)state;
	assert_logged("a\nlevel=error", " value=\"a\\nlevel=error\" last=1\n");
	assert_logged("a\r\x1B[31m", " value=\"a\\x0d\\x1b[31m\" last=1\n");
	assert_logged("\x7F\xC2\x85", " value=\"\\x7f\\xc2\\x85\" last=1\n");
	/* U+2028 ends a line for some readers, U+202E turns the text around. */
	assert_logged("\u2028\u202E", " value=\"\\xe2\\x80\\xa8\\xe2\\x80\\xae\" last=1\n");
	assert_logged("\xFFpath", " value=\"\\xffpath\" last=1\n");
}

static void test_a_missing_value_skips_its_pair(void **state)
{
	(void)state;
	assert_logged(NULL, " event=test last=1\n");
}

static void test_a_long_value_is_cut_between_characters(void **state)
{
	char *value = arena_alloc(*state, 3000);
	static struct unit_outcome outcome;
	struct pair pair = { "value", value };

	for (size_t i = 0; i < 2998; i += 2)
		memcpy(value + i, "é", 2);
	value[0] = value[1] = 'x';
	memmove(value, value + 1, 2998);
	unit_watch(log_pair, &pair, &outcome);
	unit_assert_printed(&outcome, "é\"... last=1\n");
	assert_true(outcome.length < 1200);
}

static void log_many_long_values(void *argument)
{
	log_event(LOG_LEVEL_INFO, "test", "a", argument, "b", argument, "c", argument, "d",
		  argument, "e", argument, "f", argument, NULL);
}

static void test_a_line_never_exceeds_what_a_pipe_takes_at_once(void **state)
{
	char *value = arena_alloc(*state, 3000);
	static struct unit_outcome outcome;

	memset(value, '"', 2999);
	unit_watch(log_many_long_values, value, &outcome);
	assert_int_equal(outcome.length, 4096);
	assert_int_equal(outcome.text[4095], '\n');
}

static void log_two_levels(void *unused)
{
	(void)unused;
	log_set_level(LOG_LEVEL_WARNING);
	log_event(LOG_LEVEL_INFO, "quiet", NULL);
	log_event(LOG_LEVEL_WARNING, "loud", NULL);
}

static void test_lines_below_the_level_are_dropped(void **state)
{
	static struct unit_outcome outcome;
	enum log_level level = LOG_LEVEL_ERROR;

	(void)state;
	unit_watch(log_two_levels, NULL, &outcome);
	unit_assert_printed(&outcome, "event=loud");
	assert_null(strstr(outcome.text, "quiet"));
	assert_true(log_level_from_text("debug", &level));
	assert_int_equal(level, LOG_LEVEL_DEBUG);
	assert_false(log_level_from_text("loud", &level));
	assert_int_equal(level, LOG_LEVEL_DEBUG);
}

static void test_sixteen_numbers_live_side_by_side(void **state)
{
	const char *texts[16];

	(void)state;
	for (int i = 0; i < 16; i++)
		texts[i] = log_i64(i);
	for (int i = 0; i < 16; i++)
		assert_string_equal(texts[i], log_i64(i));
	assert_string_equal(log_i64(INT64_MIN), "-9223372036854775808");
}

static enum err refuse(struct ctx *ctx)
{
	char field[] = "title";
	enum err code = fail(ctx, ERR_INVALID, field, "At most %d characters.", 150);

	/* The caller's text may go: the error keeps its own. */
	field[0] = 'x';
	return code;
}

static enum err pass_up(struct ctx *ctx)
{
	TRY(OK);
	TRY(refuse(ctx));
	return fail_log(ctx, ERR_INTERNAL, "never reached");
}

static void test_an_error_travels_up_with_its_sentence(void **state)
{
	struct ctx ctx = { .arena = *state };

	assert_int_equal(pass_up(&ctx), ERR_INVALID);
	assert_int_equal(ctx.error.code, ERR_INVALID);
	assert_string_equal(ctx.error.field, "title");
	assert_string_equal(ctx.error.message, "At most 150 characters.");
	assert_null(ctx.error.details);
	error_clear(&ctx);
	assert_int_equal(ctx.error.code, OK);
	assert_null(ctx.error.message);
}

static void test_details_for_the_log_are_not_for_the_person(void **state)
{
	struct ctx ctx = { .arena = *state };

	assert_int_equal(fail_log(&ctx, ERR_UNAVAILABLE, "host %s is away", "db1"),
			 ERR_UNAVAILABLE);
	assert_null(ctx.error.message);
	assert_string_equal(ctx.error.details, "host db1 is away");
	assert_int_equal(fail(&ctx, ERR_NOT_FOUND, NULL, NULL), ERR_NOT_FOUND);
	assert_null(ctx.error.details);
}

static void test_every_error_has_a_name_of_its_own(void **state)
{
	(void)state;
	for (enum err code = OK; code <= ERR_UNAVAILABLE; code++) {
		assert_non_null(err_name(code));
		for (enum err other = OK; other < code; other++)
			assert_string_not_equal(err_name(code), err_name(other));
	}
	assert_string_equal(err_name(ERR_NOT_FOUND), "not_found");
	assert_string_equal(err_name((enum err)999), "unknown");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_a_line_begins_with_time_level_and_event),
		TEST(test_harmless_values_stand_bare_and_others_quoted),
		TEST(test_no_value_can_forge_a_line),
		TEST(test_a_missing_value_skips_its_pair),
		TEST(test_a_long_value_is_cut_between_characters),
		TEST(test_a_line_never_exceeds_what_a_pipe_takes_at_once),
		TEST(test_lines_below_the_level_are_dropped),
		TEST(test_sixteen_numbers_live_side_by_side),
		TEST(test_an_error_travels_up_with_its_sentence),
		TEST(test_details_for_the_log_are_not_for_the_person),
		TEST(test_every_error_has_a_name_of_its_own),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
