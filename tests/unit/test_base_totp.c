/*
 * One-time codes, held against the standard's own table (RFC 6238, appendix B: its
 * codes have eight digits, of which ours are the last six).
 */
#include "unit.h"

#include "base/totp.h"

static const uint8_t secret[TOTP_SECRET_BYTES] = "12345678901234567890";

static const struct {
	int64_t seconds;
	const char *code;
} standard[] = {
	{ 59, "287082" },         { 1111111109, "081804" }, { 1111111111, "050471" },
	{ 1234567890, "005924" }, { 2000000000, "279037" }, { 20000000000, "353130" },
};

static void test_codes_are_those_of_the_standard(void **state)
{
	for (size_t i = 0; i < ARRAY_COUNT(standard); i++) {
		int64_t seconds = standard[i].seconds, step = -1;

		assert_string_equal(totp_code(*state, secret, seconds / TOTP_STEP_SECONDS),
				    standard[i].code);
		assert_true(totp_matches(secret, seconds, standard[i].code, &step));
		assert_int_equal(step, seconds / TOTP_STEP_SECONDS);
	}
}

static void test_a_clock_may_be_one_step_off_and_no_more(void **state)
{
	int64_t now = INT64_C(1764000000), present = now / TOTP_STEP_SECONDS, step;

	for (int64_t off = -3; off <= 3; off++) {
		bool is_near = off >= -1 && off <= 1;

		step = -1;
		assert_int_equal(
			totp_matches(secret, now, totp_code(*state, secret, present + off), &step),
			is_near);
		assert_int_equal(step, is_near ? present + off : -1);
	}
}

static void test_blanks_are_forgiven_and_nothing_else(void **state)
{
	static const char *const wrong[] = { "",         "28708",        "2870823",
					     "28708a",   "-28708",       "94287082",
					     "287\t082", "２８７０８２", "287082\n" };
	int64_t step;

	(void)state;
	assert_true(totp_matches(secret, 59, "287 082", &step));
	assert_true(totp_matches(secret, 59, " 287082 ", &step));
	for (size_t i = 0; i < ARRAY_COUNT(wrong); i++)
		assert_false(totp_matches(secret, 59, wrong[i], &step));
	assert_false(totp_matches(secret, -59, "287082", &step));
}

static void test_the_secret_is_base_32_as_apps_take_it(void **state)
{
	assert_string_equal(totp_secret_text(*state, secret), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_codes_are_those_of_the_standard),
		TEST(test_a_clock_may_be_one_step_off_and_no_more),
		TEST(test_blanks_are_forgiven_and_nothing_else),
		TEST(test_the_secret_is_base_32_as_apps_take_it),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
