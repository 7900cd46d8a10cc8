/*
 * Lines of nginx's lean log: what stands in them, and that what is not just so is none.
 */
#include "unit.h"

#include <stdio.h>

#include "base/clock.h"
#include "http/crawl_line.h"

#define GOOGLE \
	"1795440313.123 GET 200 4211 HIT /t/12 \"Mozilla/5.0 (compatible; Googlebot/2.1; " \
	"+http://www.google.com/bot.html)\" 66.249.66.1"
#define PERSON "1795440313.124 GET 200 4211 HIT /kb/7 \"-\" -"

static bool reads(const char *text, struct crawl_line *line)
{
	return crawl_line_read(slice_of(text), line);
}

static void test_a_crawler_s_line_is_read(void **state)
{
	struct crawl_line line;

	(void)state;
	assert_true(reads(GOOGLE, &line));
	assert_int_equal(line.at, INT64_C(1795440313123) * 1000);
	assert_true(line.is_get && line.is_kept);
	assert_int_equal(line.status, 200);
	assert_int_equal(line.bytes, 4211);
	assert_int_equal(line.kind, CRAWL_TOPIC);
	assert_int_equal(line.id, 12);
	assert_string_equal(line.crawler->slug, "googlebot");
	assert_string_equal(line.address, "66.249.66.1");
}

static void test_of_people_nothing_is_known(void **state)
{
	struct crawl_line line;

	(void)state;
	assert_true(reads(PERSON, &line));
	assert_null(line.crawler);
	assert_string_equal(line.address, "");
	assert_int_equal(line.kind, CRAWL_ARTICLE);
	assert_int_equal(line.id, 7);
}

static void test_places_are_kinds_of_pages(void **state)
{
	static const struct {
		const char *place;
		enum crawl_kind kind;
	} places[] = {
		{ "/", CRAWL_LIST },         { "/questions", CRAWL_LIST },
		{ "/c", CRAWL_LIST },        { "/kb", CRAWL_LIST },
		{ "/u", CRAWL_PERSON },      { "/feed", CRAWL_FEED },
		{ "/robots", CRAWL_ROBOTS }, { "/sitemap", CRAWL_SITEMAP },
		{ "/api", CRAWL_API },       { "/search", CRAWL_SEARCH },
		{ "/static", CRAWL_FILE },   { "/cards", CRAWL_FILE },
		{ "/t", CRAWL_OTHER },       { "/login", CRAWL_OTHER },
		{ "-", CRAWL_OTHER },
	};
	struct crawl_line line;

	for (size_t i = 0; i < ARRAY_COUNT(places); i++) {
		assert_true(
			reads(arena_printf(*state, "1795440313.123 GET 200 1 - %s \"GPTBot/1\" ::1",
					   places[i].place),
			      &line));
		assert_int_equal(line.kind, places[i].kind);
		assert_int_equal(line.id, 0);
		assert_false(line.is_kept);
	}
}

static void test_answers_are_of_a_few_classes(void **state)
{
	(void)state;
	assert_int_equal(crawl_answer_of(200), CRAWL_OK);
	assert_int_equal(crawl_answer_of(206), CRAWL_OK);
	assert_int_equal(crawl_answer_of(304), CRAWL_SAME);
	assert_int_equal(crawl_answer_of(301), CRAWL_MOVED);
	assert_int_equal(crawl_answer_of(404), CRAWL_GONE);
	assert_int_equal(crawl_answer_of(410), CRAWL_GONE);
	assert_int_equal(crawl_answer_of(403), CRAWL_REFUSED);
	assert_int_equal(crawl_answer_of(429), CRAWL_REFUSED);
	assert_int_equal(crawl_answer_of(499), CRAWL_ODD);
	assert_int_equal(crawl_answer_of(503), CRAWL_FAILED);
}

static void test_a_crawler_whose_name_was_cut_off_is_one_of_the_others(void **state)
{
	struct crawl_line line;

	(void)state;
	assert_true(reads("1795440313.123 GET 200 1 - / \"Something very long\" 192.0.2.1", &line));
	assert_int_equal(line.crawler->crawler_class, CRAWLER_UNKNOWN);
}

static void test_what_is_not_just_so_is_no_line(void **state)
{
	static const char *const bad[] = {
		"",
		" ",
		"\"",
		"1795440313.123",
		"1795440313 GET 200 1 HIT /t/12 \"-\" -",
		"1795440313.12 GET 200 1 HIT /t/12 \"-\" -",
		"1795440313,123 GET 200 1 HIT /t/12 \"-\" -",
		"-1795440313.123 GET 200 1 HIT /t/12 \"-\" -",
		"0.123 GET 200 1 HIT /t/12 \"-\" -",
		"9995440313.123 GET 200 1 HIT /t/12 \"-\" -",
		"99999999999999999999.123 GET 200 1 HIT /t/12 \"-\" -",
		"1795440313.123  GET 200 1 HIT /t/12 \"-\" -",
		"1795440313.123 get 200 1 HIT /t/12 \"-\" -",
		"1795440313.123  200 1 HIT /t/12 \"-\" -",
		"1795440313.123 GET 20 1 HIT /t/12 \"-\" -",
		"1795440313.123 GET 000 1 HIT /t/12 \"-\" -",
		"1795440313.123 GET 999 1 HIT /t/12 \"-\" -",
		"1795440313.123 GET 200 -1 HIT /t/12 \"-\" -",
		"1795440313.123 GET 200 99999999999999999999 HIT /t/12 \"-\" -",
		"1795440313.123 GET 200 1 hit /t/12 \"-\" -",
		"1795440313.123 GET 200 1 HIT t/12 \"-\" -",
		"1795440313.123 GET 200 1 HIT /t/12/../x \"-\" -",
		"1795440313.123 GET 200 1 HIT /t/1e9 \"-\" -",
		"1795440313.123 GET 200 1 HIT /t/-5 \"-\" -",
		"1795440313.123 GET 200 1 HIT /t/99999999999999999999 \"-\" -",
		"1795440313.123 GET 200 1 HIT /t/12 - -",
		"1795440313.123 GET 200 1 HIT /t/12 \"-\"",
		"1795440313.123 GET 200 1 HIT /t/12 \"-\" ",
		"1795440313.123 GET 200 1 HIT /t/12 \"-\" 192.0.2.1",
		"1795440313.123 GET 200 1 HIT /t/12 \"-\"  -",
		"1795440313.123 GET 200 1 HIT /t/12 \"Googlebot\" -",
		"1795440313.123 GET 200 1 HIT /t/12 \"Googlebot\" 1.2.3",
		"1795440313.123 GET 200 1 HIT /t/12 \"Googlebot\" 1.2.3.4 x",
		"1795440313.123 GET 200 1 HIT /t/12 \"Googlebot\" 1.2.3.4'--",
		"1795440313.123 GET 200 1 HIT /t/12 \"Goo\"glebot\" 1.2.3.4",
		"1795440313.123 GET 200 1 HIT /t/12 \"Googlebot 1.2.3.4",
		"1795440313.123 GET 200 1 HIT /t/12 \"Google\tbot\" 1.2.3.4",
		"1795440313.123 GET 200 1 HIT /t/12 \"Googlebot\xC3\xA9\" 1.2.3.4",
		"1795440313.123 GET 200 1 HIT /t/12 \"Googlebot\" 1.2.3.4\r",
	};
	struct crawl_line line;

	(void)state;
	for (size_t i = 0; i < ARRAY_COUNT(bad); i++)
		if (reads(bad[i], &line))
			fail_msg("read: %s", bad[i]);
	assert_false(crawl_line_read(slice_make(NULL, 0), &line));
	assert_false(crawl_line_read(slice_make(GOOGLE "\0", sizeof(GOOGLE)), &line));
}

static void test_a_line_that_is_too_long_is_none(void **state)
{
	static const char begin[] = "1795440313.123 GET 200 1 - / \"bot", end[] = "\" 192.0.2.1";
	char *text = arena_alloc(*state, CRAWL_LINE_MAX + 100);
	struct crawl_line line;

	for (size_t filling = 1500; filling < CRAWL_LINE_MAX; filling += 50) {
		size_t length = sizeof(begin) - 1 + filling + sizeof(end) - 1;

		memcpy(text, begin, sizeof(begin) - 1);
		memset(text + sizeof(begin) - 1, 'x', filling);
		memcpy(text + sizeof(begin) - 1 + filling, end, sizeof(end) - 1);
		assert_int_equal(crawl_line_read(slice_make(text, length), &line),
				 filling + 3 <= 1600);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_a_crawler_s_line_is_read),
		TEST(test_of_people_nothing_is_known),
		TEST(test_places_are_kinds_of_pages),
		TEST(test_answers_are_of_a_few_classes),
		TEST(test_a_crawler_whose_name_was_cut_off_is_one_of_the_others),
		TEST(test_what_is_not_just_so_is_no_line),
		TEST(test_a_line_that_is_too_long_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
