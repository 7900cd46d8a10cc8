/*
 * What a person types, taken apart into filters and words.
 */
#include "unit.h"

#include "base/base.h"
#include "search/search.h"

#define DAY (INT64_C(86400) * 1000000)

static struct search_typed parsed(const char *typed)
{
	struct search_typed out;

	search_parse(typed, &out);
	return out;
}

static void assert_words(const char *typed, const char *words)
{
	struct search_typed out = parsed(typed);

	assert_string_equal(out.words, words);
}

static void test_prefixes_become_filters(void **state)
{
	struct search_typed out = parsed("wifi category:box-tv lent tag:fibre tag:débit "
					 "author:lea is:solved lang:fr");

	(void)state;
	assert_string_equal(out.words, "wifi lent");
	assert_string_equal(out.category, "box-tv");
	assert_int_equal(out.tag_count, 2);
	assert_string_equal(out.tags[0], "fibre");
	assert_string_equal(out.tags[1], "débit");
	assert_string_equal(out.author, "lea");
	assert_int_equal(out.state, SEARCH_SOLVED);
	assert_string_equal(out.language, "fr");
	assert_false(out.is_mine);
}

static void test_prefixes_are_known_in_french(void **state)
{
	struct search_typed out = parsed("Catégorie:box étiquette:wifi AUTEUR:léa est:résolu "
					 "après:2024 avant:2025 langue:anglais");

	(void)state;
	assert_string_equal(out.words, "");
	assert_string_equal(out.category, "box");
	assert_string_equal(out.tags[0], "wifi");
	assert_string_equal(out.author, "léa");
	assert_int_equal(out.state, SEARCH_SOLVED);
	assert_true(out.after > 0 && out.before > out.after);
	assert_string_equal(out.language, "en");
	assert_int_equal(parsed("est:sans-réponse").state, SEARCH_UNANSWERED);
	assert_int_equal(parsed("est:non-résolu").state, SEARCH_UNSOLVED);
	assert_int_equal(parsed("is:unanswered").state, SEARCH_UNANSWERED);
	assert_true(parsed("is:mine").is_mine);
}

static void test_values_may_be_quoted(void **state)
{
	struct search_typed out = parsed("author:\"Jean Dupont\" facture tag:\" wi fi \"");

	(void)state;
	assert_string_equal(out.author, "Jean Dupont");
	assert_string_equal(out.words, "facture");
	assert_string_equal(out.tags[0], "wi fi");
	assert_string_equal(parsed("auteur:«Jean Dupont»").author, "Jean Dupont");
}

static void test_dates_are_days_in_utc(void **state)
{
	(void)state;
	assert_int_equal(parsed("after:1970-01-02").after, DAY);
	assert_int_equal(parsed("after:2024-03").after, 19783 * DAY);
	assert_int_equal(parsed("before:2025-03-14").before, 20161 * DAY);
	assert_int_equal(parsed("before:14/03/2025").before, 20161 * DAY);
	assert_int_equal(parsed("before:3/2025").before, 20148 * DAY);
	assert_int_equal(parsed("after:2024-02-29").after, 19782 * DAY);
}

static void test_what_is_not_a_date_stays_a_word(void **state)
{
	static const char *const odd[] = {
		"after:2023-02-29", "after:2025-13",    "after:2025-00", "after:25",
		"after:demain",     "after:2025-1",     "after:2025-",   "before:/",
		"after:",           "before:99999",     "after:1/2/3",   "after:/2025",
		"after:0000",       "after:32/01/2025",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_COUNT(odd); i++) {
		struct search_typed out = parsed(odd[i]);
		assert_string_equal(out.words, odd[i]);
		assert_int_equal(out.after, 0);
		assert_int_equal(out.before, 0);
	}
}

static void test_what_is_unknown_stays_words(void **state)
{
	(void)state;
	assert_words("is:foo erreur:12 http://exemple.fr/a?b=c", "is:foo erreur:12 "
								 "http://exemple.fr/a?b=c");
	assert_words("lang:klingon :x x: tag: \"", "lang:klingon :x x: tag: \"");
	assert_words("author:\"Jean Dupont", "Dupont");
	assert_words("Comment résilier ?", "Comment résilier ?");
	assert_words("", "");
	assert_words("   ", "");
}

static void test_phrases_are_left_as_they_are(void **state)
{
	(void)state;
	assert_words("\"tag:x is:solved\" wifi", "\"tag:x is:solved\" wifi");
	assert_words("-\"tag:x y\" -box OR a*", "-\"tag:x y\" -box OR a*");
	assert_words("« mot de passe »", "\" mot de passe \"");
	assert_words("“mot de passe” perdu", "\"mot de passe\" perdu");
}

static void test_long_values_stay_words(void **state)
{
	char typed[200] = "category:";

	(void)state;
	memset(typed + 9, 'x', 64);
	assert_string_equal(parsed(typed).category, "");
	assert_string_equal(parsed(typed).words, typed);
	typed[9 + 63] = '\0';
	assert_int_equal(strlen(parsed(typed).category), 63);
	assert_string_equal(parsed(typed).words, "");
}

static void test_sixth_tag_stays_a_word(void **state)
{
	struct search_typed out = parsed("tag:a tag:b tag:c tag:d tag:e tag:f");

	(void)state;
	assert_int_equal(out.tag_count, SEARCH_TAGS_MAX);
	assert_string_equal(out.words, "tag:f");
}

static void test_huge_input_is_cut_between_characters(void **state)
{
	size_t size = 100000;
	char *typed = malloc(size + 1);
	struct search_typed out;

	(void)state;
	for (size_t i = 0; i < size; i += 2)
		memcpy(typed + i, "\xC3\xA9", 2);
	typed[size] = '\0';
	out = parsed(typed);
	assert_int_equal(strlen(out.words), SEARCH_QUERY_MAX_BYTES);
	typed[0] = ' ';
	typed[1] = 'x';
	out = parsed(typed);
	assert_in_range(strlen(out.words), SEARCH_QUERY_MAX_BYTES - 3, SEARCH_QUERY_MAX_BYTES);
	assert_int_equal((unsigned char)out.words[strlen(out.words) - 1], 0xA9);
	free(typed);
}

static void test_controls_and_bad_bytes_do_no_harm(void **state)
{
	(void)state;
	assert_words("a\x01\x02\tb\nc", "a b c");
	assert_words("caf\xE9 \xFF", "café ÿ");
	assert_words("\u202Etag:x\u200B y", "y");
	assert_words("\xC3", "Ã");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_prefixes_become_filters),
		cmocka_unit_test(test_prefixes_are_known_in_french),
		cmocka_unit_test(test_values_may_be_quoted),
		cmocka_unit_test(test_dates_are_days_in_utc),
		cmocka_unit_test(test_what_is_not_a_date_stays_a_word),
		cmocka_unit_test(test_what_is_unknown_stays_words),
		cmocka_unit_test(test_phrases_are_left_as_they_are),
		cmocka_unit_test(test_long_values_stay_words),
		cmocka_unit_test(test_sixth_tag_stays_a_word),
		cmocka_unit_test(test_huge_input_is_cut_between_characters),
		cmocka_unit_test(test_controls_and_bad_bytes_do_no_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
