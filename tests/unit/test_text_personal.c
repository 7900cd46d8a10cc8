/*
 * Personal data: what is found, what is not, and what a text is without it.
 */
#include "unit.h"

#include <time.h>

#include "base/buf.h"
#include "text/personal_data.h"
#include "text/personal_number.h"

static const char *const labels[] = {
	[PERSONAL_PHONE] = "[phone]",       [PERSONAL_EMAIL] = "[email]",
	[PERSONAL_IBAN] = "[iban]",         [PERSONAL_CARD] = "[card]",
	[PERSONAL_CUSTOMER] = "[customer]",
};

/* The text without what names a person. */
static const char *hidden(struct arena *arena, const char *text, const struct personal_rules *rules)
{
	static const struct personal_rules none = { 0 };
	struct personal_find *finds;
	size_t count = personal_data_find(arena, text, rules ? rules : &none, &finds);

	return personal_data_replace(arena, text, finds, count, labels);
}

static void test_personal_data_is_found(void **state)
{
	static const char *const cases[][2] = {
		{ "06 12 34 56 78", "[phone]" },
		{ "mon 06.12.34.56.78.", "mon [phone]." },
		{ "06-12-34-56-78", "[phone]" },
		{ "06/12/34/56/78", "[phone]" },
		{ "Appelez le 0612345678 !", "Appelez le [phone] !" },
		{ "06\xC2\xA0"
		  "12\xC2\xA0"
		  "34\xC2\xA0"
		  "56\xC2\xA0"
		  "78",
		  "[phone]" },
		{ "tél.\xC2\xA0: 01 23 45 67 89", "tél.\xC2\xA0: [phone]" },
		{ "0612 34 56 78", "[phone]" },
		{ "06 1234 5678", "[phone]" },
		{ "+33 6 12 34 56 78", "[phone]" },
		{ "+33612345678", "[phone]" },
		{ "+33 (0)6 12 34 56 78", "[phone]" },
		{ "+33(0)612345678", "[phone]" },
		{ "0033 6 12 34 56 78", "[phone]" },
		{ "(06 12 34 56 78)", "([phone])" },
		{ "06 12 34 56 78 ou 07 11 22 33 44", "[phone] ou [phone]" },
		{ "06 12 34 56 78 07 11 22 33 44", "[phone] [phone]" },
		{ "06 12 34 56 78/07 11 22 33 44", "[phone]/[phone]" },
		{ "+44 20 7946 0958", "[phone]" },
		{ "+1 212-555-0123", "[phone]" },
		{ "0044 20 7946 0958", "[phone]" },
		{ "+32 470 12 34 56", "[phone]" },
		{ "marie.durand@free.fr", "[email]" },
		{ "écris à Marie_D+box@mail.example.co.uk.", "écris à [email]." },
		{ "<marie@free.fr>", "<[email]>" },
		{ "mailto:marie@free.fr", "mailto:[email]" },
		{ "marie (at) free (point) fr", "[email]" },
		{ "marie[at]free.fr", "[email]" },
		{ "marie arobase free point fr", "[email]" },
		{ "rené@françois.fr", "[email]" },
		{ "FR76 3000 6000 0112 3456 7890 189", "[iban]" },
		{ "FR7630006000011234567890189", "[iban]" },
		{ "fr76 3000 6000 0112 3456 7890 189.", "[iban]." },
		{ "DE89 3704 0044 0532 0130 00", "[iban]" },
		{ "GB29NWBK60161331926819", "[iban]" },
		{ "BE68 5390 0754 7034", "[iban]" },
		{ "4111 1111 1111 1111", "[card]" },
		{ "4111-1111-1111-1111", "[card]" },
		{ "ma carte 5500005555555559", "ma carte [card]" },
		{ "3782 822463 10005", "[card]" },
		{ "6011000990139424", "[card]" },
	};

	for (size_t i = 0; i < ARRAY_COUNT(cases); i++)
		assert_string_equal(hidden(*state, cases[i][0], NULL), cases[i][1]);
}

static void test_what_names_nobody_is_left_alone(void **state)
{
	static const char *const texts[] = {
		"le 01/02/2023 à 12 h 30",
		"01/02/2023 12:30",
		"2023-02-01 12:34:56",
		"01.02.2023",
		"01-02-2023 10",
		"version 1.2.3.4 et 10.0.19045.3570",
		"192.168.1.1 ou 192.168.100.254",
		"0800 123 456 est gratuit", /* nobody's */
		"08 92 68 32 45",
		"3900",
		"le 118 712",
		"1 000 000 000 d'euros",
		"12 345 678 €",
		"erreur 0x80070005",
		"S04-03, E12, 404",
		"2,50 € et 1234567",
		"IMEI 356938035643809",
		"4111 1111 1111 1112",               /* Luhn */
		"FR76 3000 6000 0112 3456 7890 188", /* 97 */
		"XX76 3000 6000 0112 3456 7890 189",
		"@marie, merci !",
		"logo@2x.png",
		"jean@exemple.fr",
		"test@example.com",
		"ORDER@ALLTHATSHEWANTS.US",
		"contact@une-boutique.fr",
		"git@github.com:owner/name.git",
		"https://example.net/0612345678/4111111111111111",
		"https://medium.com/@marie.durand",
		"a@b",
		"12345678901234567890123456789012345678901234567890",
		"06 12 34 56",
		"00:1A:2B:3C:4D:5E",
		"1+1=2",
		"C++17",
		"+5 %",
		"le débit est de 300 000 kb/s",
		"arobase",
		"il est à la maison at home",
		"",
	};

	for (size_t i = 0; i < ARRAY_COUNT(texts); i++)
		assert_string_equal(hidden(*state, texts[i], NULL), texts[i]);
}

static void test_customer_numbers_are_the_brands_own(void **state)
{
	static const char *const written[] = { "FR-@@ #{6,8}", "#{9}", "CL*{6}" };
	static const char *const cases[][2] = {
		{ "client FR-AB 123456", "client [customer]" },
		{ "client fr-ab123456.", "client [customer]." },
		{ "FR-AB.12345678", "[customer]" },
		{ "FR-AB 123456789", "FR-AB [customer]" },
		{ "123456789", "[customer]" },
		{ "a123456789", "a123456789" },
		{ "123456789b", "123456789b" },
		{ "1234567890", "1234567890" },
		{ "CLA1B2C3", "[customer]" },
		{ "CLA1B2C", "CLA1B2C" },
	};
	struct personal_pattern patterns[ARRAY_COUNT(written)];
	struct personal_rules rules = { .patterns = patterns,
					.pattern_count = ARRAY_COUNT(written) };

	for (size_t i = 0; i < ARRAY_COUNT(written); i++)
		assert_true(personal_pattern_parse(written[i], &patterns[i]));
	for (size_t i = 0; i < ARRAY_COUNT(cases); i++)
		assert_string_equal(hidden(*state, cases[i][0], &rules), cases[i][1]);
}

static void test_patterns_that_say_nothing_are_refused(void **state)
{
	static const char *const bad[] = {
		"",         "###",
		"#{0,9}",   "CLIENT",
		"#{",       "#{}",
		"#{x}",     "#{9,2}",
		"#{200}",   "#{40}#{40}",
		" ####",    "#### ",
		"####}",    "é####",
		"####{-1}", "################################################################",
	};
	struct personal_pattern pattern;

	(void)state;
	for (size_t i = 0; i < ARRAY_COUNT(bad); i++)
		assert_false(personal_pattern_parse(bad[i], &pattern));
	assert_true(personal_pattern_parse("#{4,64}", &pattern));
	assert_int_equal(pattern.count, 64);
}

static void test_the_brands_own_numbers_may_be_published(void **state)
{
	struct personal_rules rules = { .allowed = "01 44 44 22 22\n @brand.example \n"
						   "hello@other.example\n\n" };

	assert_string_equal(hidden(*state, "01.44.44.22.22 aide@brand.example", &rules),
			    "01.44.44.22.22 aide@brand.example");
	assert_string_equal(hidden(*state, "hello@other.example", &rules), "hello@other.example");
	assert_string_equal(hidden(*state, "marie@other.example 01 44 44 22 23", &rules),
			    "[email] [phone]");
	assert_string_equal(hidden(*state, "me@notbrand.example", &rules), "[email]");
}

static void test_finds_are_bounded_and_in_order(void **state)
{
	static const struct personal_rules none = { 0 };
	struct personal_find *finds;
	struct buf text;
	size_t count;

	buf_init(&text, *state, 32000);
	while (!text.is_overflown)
		buf_text(&text, "0612345678 a@free.fr ");
	count = personal_data_find(*state, text.data, &none, &finds);
	assert_int_equal(count, PERSONAL_FINDS_MAX);
	for (size_t i = 1; i < count; i++)
		assert_true(finds[i].start >= finds[i - 1].end);
}

/* Texts made to be read again and again from every place. */
static void test_hostile_texts_cost_little(void **state)
{
	static const char *const pieces[] = { "a",    "a.",  "1 ", "FR76 ",   "a@",
					      "a@a.", "+1-", "0 ", "a (at) ", "00 " };
	static const char *const written[] = { "*{4,64}", "#{4} *{1,50}", "@{1,60}####" };
	struct personal_pattern patterns[ARRAY_COUNT(written)];
	struct personal_rules rules = { .patterns = patterns,
					.pattern_count = ARRAY_COUNT(written) };
	struct timespec start, end;

	for (size_t i = 0; i < ARRAY_COUNT(written); i++)
		assert_true(personal_pattern_parse(written[i], &patterns[i]));
	for (size_t i = 0; i < ARRAY_COUNT(pieces); i++) {
		struct buf text;

		buf_init(&text, *state, 32000);
		while (!text.is_overflown)
			buf_text(&text, pieces[i]);
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &start);
		hidden(*state, text.data, &rules);
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
		assert_true(end.tv_sec - start.tv_sec <= 1);
		arena_reset(*state);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_personal_data_is_found),
		TEST(test_what_names_nobody_is_left_alone),
		TEST(test_customer_numbers_are_the_brands_own),
		TEST(test_patterns_that_say_nothing_are_refused),
		TEST(test_the_brands_own_numbers_may_be_published),
		TEST(test_finds_are_bounded_and_in_order),
		TEST(test_hostile_texts_cost_little),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
