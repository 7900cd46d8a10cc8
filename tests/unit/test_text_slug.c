/*
 * Slugs and folded names.
 */
#include "unit.h"

#include "base/utf8.h"
#include "text/slug.h"

static void test_fold_takes_case_and_accents_away(void **state)
{
	static const char *const folds[][2] = {
		{ "Éloïse", "eloise" },
		{ "E\xCC\x81loi\xCC\x88se", "eloise" }, /* decomposed */
		{ "Œuvre ÆSOP Straße", "oeuvre aesop strasse" },
		{ "Þór Ðan Łódź Øre", "thor dan lodz ore" },
		{ "Ångström İzmir ıs", "angstrom izmir is" },
		{ "Việt Nguyễn", "viet nguyen" },
		{ "ΆΛΦΑ Σίσυφος", "αλφα σισυφοσ" },
		{ "МОСКВА Ёлка", "москва ёлка" },
		{ "ＡＢＣ１２", "abc12" },
		{ "日本語 عربى", "日本語 عربى" },
		{ "a-b_c.d 9", "a-b_c.d 9" },
		{ "", "" },
	};

	for (size_t i = 0; i < ARRAY_COUNT(folds); i++)
		assert_string_equal(text_fold(*state, folds[i][0]), folds[i][1]);
}

static void test_fold_of_every_character_is_stable_and_no_longer(void **state)
{
	for (uint32_t point = 1; point <= 0x10FFFF; point++) {
		char text[5] = "";
		const char *folded;

		if (point >= 0xD800 && point <= 0xDFFF)
			continue;
		utf8_put(text, point);
		folded = text_fold(*state, text);
		assert_true(utf8_is_valid(folded, strlen(folded)));
		assert_true(strlen(folded) <= strlen(text));
		assert_string_equal(text_fold(*state, folded), folded);
		if (point % 4096 == 0)
			arena_reset(*state);
	}
}

static void test_slug_of_a_question(void **state)
{
	static const char *const slugs[][2] = {
		{ "Pourquoi ma box redémarre-t-elle ?", "pourquoi-ma-box-redemarre-t-elle" },
		{ "  L'eau & l’air : 100 % ", "l-eau-l-air-100" },
		{ "C++ / C#", "c-c" },
		{ "../../etc/passwd", "etc-passwd" },
		{ "Привет, мир!", "привет-мир" },
		{ "日本語の質問", "日本語の質問" },
		{ "!!!", "-" },
		{ "", "-" },
		{ "😀", "-" },
		{ "<script>", "script" },
	};

	for (size_t i = 0; i < ARRAY_COUNT(slugs); i++)
		assert_string_equal(slug_from(*state, slugs[i][0]), slugs[i][1]);
}

static void test_long_slug_is_cut_at_a_hyphen(void **state)
{
	const char *title = "Comment changer le mot de passe de ma messagerie depuis "
			    "l'application mobile sans numéro";
	const char *slug = slug_from(*state, title);

	assert_string_equal(slug, "comment-changer-le-mot-de-passe-de-ma-messagerie-depuis-"
				  "l-application-mobile");
	assert_true(strlen(slug) <= SLUG_MAX_BYTES);
}

static void test_long_word_is_cut_between_characters(void **state)
{
	char title[301] = "";
	const char *slug;

	for (size_t i = 0; i < 100; i++)
		memcpy(title + 3 * i, "語", 3);
	slug = slug_from(*state, title);
	assert_int_equal(strlen(slug), 78);
	assert_true(utf8_is_valid(slug, strlen(slug)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_fold_takes_case_and_accents_away),
		TEST(test_fold_of_every_character_is_stable_and_no_longer),
		TEST(test_slug_of_a_question),
		TEST(test_long_slug_is_cut_at_a_hyphen),
		TEST(test_long_word_is_cut_between_characters),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
