/*
 * Lists of mail domains and networks.
 */
#include "unit.h"

#include "text/address_list.h"

static void test_a_domain_is_itself_and_what_lies_below(void **state)
{
	const char *list = "spam.example # since May\n\n  Throw-Away.example\n";

	(void)state;
	assert_true(domain_list_has(list, "a@spam.example"));
	assert_true(domain_list_has(list, "a@mail.SPAM.example"));
	assert_true(domain_list_has(list, "\"odd@name\"@throw-away.EXAMPLE"));
	assert_false(domain_list_has(list, "a@nospam.example"));
	assert_false(domain_list_has(list, "spam.example@fine.example"));
	assert_false(domain_list_has(list, "a@spam.example.org"));
	assert_false(domain_list_has(list, "spam.example"));
	assert_false(domain_list_has("", "a@spam.example"));
}

static void test_the_first_line_that_is_no_domain_is_told(void **state)
{
	(void)state;
	assert_int_equal(domain_list_bad_line(""), 0);
	assert_int_equal(domain_list_bad_line("a.example\n# why\n\nb.example"), 0);
	assert_int_equal(domain_list_bad_line("a.example\nme@b.example"), 2);
	assert_int_equal(domain_list_bad_line("com"), 1);
	assert_int_equal(domain_list_bad_line("a.example\n.b.example"), 2);
	assert_int_equal(domain_list_bad_line("a b.example"), 1);
}

static void test_a_network_holds_what_lies_in_it(void **state)
{
	static const struct {
		const char *list, *address;
		bool is_in;
	} cases[] = {
		{ "203.0.113.7", "203.0.113.7", true },
		{ "203.0.113.7", "203.0.113.8", false },
		{ "203.0.113.0/24", "203.0.113.255", true },
		{ "203.0.113.0/24", "203.0.114.0", false },
		{ "203.0.113.128/25", "203.0.113.127", false },
		{ "203.0.113.128/25 # rented", "203.0.113.129", true },
		{ "198.51.100.77/22", "198.51.103.1", true },
		{ "198.51.100.77/22", "198.51.104.1", false },
		/* An IPv6 address alone is its /64. */
		{ "2001:db8:1:2::9", "2001:db8:1:2:ffff::1", true },
		{ "2001:db8:1:2::9", "2001:db8:1:3::9", false },
		{ "2001:db8:1:2::9/128", "2001:db8:1:2::8", false },
		{ "2001:db8::/44", "2001:db8:f::1", true },
		{ "2001:db8::/44", "2001:db8:10::1", false },
		/* The same address in both ways of writing. */
		{ "203.0.113.0/24", "::ffff:203.0.113.5", true },
		{ "::ffff:203.0.113.5", "203.0.113.5", true },
		{ "203.0.113.0/24\n\n2001:db8::/32", "2001:db8::1", true },
		{ "203.0.113.0/24", "unix:", false },
		{ "", "203.0.113.5", false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_COUNT(cases); i++)
		if (network_list_has(cases[i].list, cases[i].address) != cases[i].is_in)
			fail_msg("%s in %s", cases[i].address, cases[i].list);
}

static void test_the_first_line_that_is_no_network_is_told(void **state)
{
	(void)state;
	assert_int_equal(network_list_bad_line("203.0.113.7\n2001:db8::/48 # rented"), 0);
	assert_int_equal(network_list_bad_line("203.0.113.7\n203.0.113"), 2);
	assert_int_equal(network_list_bad_line("203.0.113.7/33"), 1);
	assert_int_equal(network_list_bad_line("203.0.113.7/"), 1);
	assert_int_equal(network_list_bad_line("2001:db8::/129"), 1);
	/* Half of the world is a slip of the finger. */
	assert_int_equal(network_list_bad_line("0.0.0.0/0"), 1);
	assert_int_equal(network_list_bad_line("128.0.0.0/7"), 1);
	assert_int_equal(network_list_bad_line("2000::/3"), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_a_domain_is_itself_and_what_lies_below),
		TEST(test_the_first_line_that_is_no_domain_is_told),
		TEST(test_a_network_holds_what_lies_in_it),
		TEST(test_the_first_line_that_is_no_network_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
