/*
 * QR codes as paths: the squares that every code has must be where they belong.
 */
#include "unit.h"

#include "text/qr.h"

/* The finder pattern's upper rows, of the left one and the right one. */
static void test_a_code_has_its_finder_patterns_within_the_quiet_zone(void **state)
{
	int size;
	const char *path = qr_path(*state, "otpauth://totp/x?secret=GEZDGNBVGY3TQOJQ", &size);

	assert_true(size >= 21 + 8);
	assert_int_equal((size - 8 - 21) % 4, 0);
	assert_int_equal(strncmp(path, "M4 4h7v1h-7z", 12), 0);
	assert_non_null(strstr(path, "M4 5h1v1h-1zM10 5h1v1h-1z"));
	assert_non_null(strstr(path, "M4 6h1v1h-1zM6 6h3v1h-3zM10 6h1v1h-1z"));
	assert_non_null(strstr(path, arena_printf(*state, "M%d 4h7v1h-7z", size - 4 - 7)));
	assert_non_null(strstr(path, arena_printf(*state, "M4 %dh7v1h-7z", size - 5)));
	assert_int_equal(strspn(path, "Mhvz 0123456789-"), strlen(path));
}

static void test_other_texts_are_other_codes(void **state)
{
	int size;

	assert_string_not_equal(qr_path(*state, "a", &size), qr_path(*state, "b", &size));
}

static void test_nothing_and_too_much_are_no_code(void **state)
{
	char *text = arena_alloc(*state, QR_TEXT_MAX_BYTES + 2);
	int size = -1;

	assert_string_equal(qr_path(*state, "", &size), "");
	assert_int_equal(size, 0);
	memset(text, 'a', QR_TEXT_MAX_BYTES + 1);
	text[QR_TEXT_MAX_BYTES + 1] = '\0';
	assert_string_equal(qr_path(*state, text, &size), "");
	text[QR_TEXT_MAX_BYTES] = '\0';
	assert_string_not_equal(qr_path(*state, text, &size), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_a_code_has_its_finder_patterns_within_the_quiet_zone),
		TEST(test_other_texts_are_other_codes),
		TEST(test_nothing_and_too_much_are_no_code),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
