/*
 * Phrases, -not, OR and unfinished words; and what hostile questions cost.
 */
#include <time.h>

#include "search_fixture.h"

static const struct search_post passwords = {
	.id = 1, .text = "Le mot de passe perdu se change ici. Erreur S04-03 du réseau Wi-Fi."
};
static const struct search_post scattered = {
	.id = 2, .text = "Passe le mot à ton voisin de palier, la facturette attend."
};

static const struct search_document documents[] = {
	{ .id = 1,
	  .language = "fr",
	  .title = "Mot de passe",
	  .posts = &passwords,
	  .post_count = 1 },
	{ .id = 2, .language = "fr", .title = "Voisinage", .posts = &scattered, .post_count = 1 },
	{ .id = 3, .language = "fr", .title = "Facture de la box" },
	{ .id = 4, .language = "fr", .title = "Factures du mobile" },
	{ .id = 5, .language = "fr", .title = "Facteur en vacances" },
	{ .id = 6, .language = "fr", .title = "Le tambour ou la box" },
};

static int set_up(void **state)
{
	if (search_set_up(state) != 0)
		return 1;
	search_fill(documents, ARRAY_COUNT(documents));
	return 0;
}

/* Sorted by number, since here it matters who is found and not in which order. */
static const char *found(struct search_reader *reader, const char *words)
{
	const struct search_hits *hits = search_asked(reader, words);
	static char ids[100];
	size_t length = 0;

	ids[0] = '\0';
	for (int64_t id = 1; id <= (int64_t)ARRAY_COUNT(documents); id++)
		for (size_t i = 0; i < hits->count; i++)
			if (hits->items[i].id == id)
				length += (size_t)snprintf(ids + length, sizeof ids - length,
							   "%s%lld", length ? " " : "",
							   (long long)id);
	return ids;
}

static void assert_found(struct search_reader *reader, const char *words, const char *ids)
{
	if (strcmp(found(reader, words), ids) != 0)
		fail_msg("%s: found %s instead of %s", words, found(reader, words), ids);
}

static void test_phrases_are_found_word_by_word(void **state)
{
	assert_found(*state, "\"mot de passe\"", "1");
	assert_found(*state, "\"MOT DE PASSÉ\"", "1");
	assert_found(*state, "\"passe le mot\"", "2");
	assert_found(*state, "\"mot passe\"", "");
	assert_found(*state, "\"passe perdu\" voisin", "1");
	assert_found(*state, "\"mot\"", "1 2");
	assert_found(*state, "\"factures\"", "4");
	assert_found(*state, "\"tambour ou la box\"", "6");
	assert_found(*state, "\"tambour box\"", "");
	assert_found(*state, "\"box ou la tambour\"", "");
	assert_found(*state, "\"ou la\"", "6");
}

static void test_phrases_do_not_reach_into_the_next_text(void **state)
{
	assert_found(*state, "\"passe le mot de passe\"", "");
	assert_found(*state, "\"voisinage passe\"", "");
}

static void test_compounds_in_phrases_are_found_in_any_writing(void **state)
{
	assert_found(*state, "\"réseau wi-fi\"", "1");
	assert_found(*state, "\"reseau wifi\"", "1");
	assert_found(*state, "\"réseau wi fi\"", "1");
	assert_found(*state, "\"erreur S04-03\"", "1");
}

static void test_excluded_words_are_not_found(void **state)
{
	assert_found(*state, "facture -mobile", "3");
	assert_found(*state, "facture -mobiles", "3");
	assert_found(*state, "mot -\"mot de passe\"", "2");
	assert_found(*state, "facture -fact*", "");
	assert_found(*state, "réseau -wifi", "");
	assert_found(*state, "mot -perdu -voisin", "");
}

static void test_hyphens_between_words_exclude_nothing(void **state)
{
	assert_found(*state, "facture - mobile", "3 4");
	assert_found(*state, "erreur -3", "1");
	assert_found(*state, "facture -le", "3 4");
	assert_found(*state, "voisin --palier", "2");
}

static void test_only_exclusions_find_nothing_for_sure(void **state)
{
	const struct search_hits *hits = search_asked(*state, "-box -mobile");

	assert_int_equal(hits->count, 0);
	assert_int_equal(hits->estimate, 0);
	assert_true(hits->is_exact);
}

static void test_one_of_the_alternatives_is_enough(void **state)
{
	assert_found(*state, "mobile OR voisin", "2 4");
	assert_found(*state, "mobile OU voisin OU tambour", "2 4 6");
	assert_found(*state, "mobile | voisin", "2 4");
	assert_found(*state, "\"mot de passe\" OR tambour", "1 6");
	assert_found(*state, "facture mobile OR voisin", "2 4");
	assert_found(*state, "facture mobile OR voisin -palier", "4");
}

static void test_or_is_a_word_where_it_alternates_nothing(void **state)
{
	assert_found(*state, "tambour ou box", "3 6");
	assert_found(*state, "FACTURE MODEM OU VOISIN", "2 3 4 6");
	assert_found(*state, "OR mobile", "4");
	assert_found(*state, "mobile OR", "4");
	assert_found(*state, "mobile OR OR voisin", "2 4");
	assert_found(*state, "OR", "");
}

static void test_unfinished_words_are_expanded(void **state)
{
	assert_found(*state, "fact*", "2 3 4 5");
	assert_found(*state, "FACTU*", "2 3 4");
	assert_found(*state, "fact* -facteur", "2 3 4");
	assert_found(*state, "vois*", "2");
	assert_string_equal(search_shown(search_asked(*state, "facte*")->items[0].title),
			    "[Facteur] en vacances");
}

static void test_asterisks_elsewhere_mean_nothing(void **state)
{
	assert_found(*state, "*box", "3 6");
	assert_found(*state, "box**", "3 6");
	assert_found(*state, "pal*", "2");
	assert_found(*state, "pa*", "");
	assert_found(*state, "fa*", "");
	assert_found(*state, "*", "");
	assert_found(*state, "perroq*", "");
}

static void test_open_quotation_marks_are_nothing(void **state)
{
	assert_found(*state, "\"tambour", "6");
	assert_found(*state, "tambour\"", "6");
	assert_found(*state, "\"\"", "");
	assert_found(*state, "\" \" tambour", "6");
	assert_found(*state, "-\"tambour", "");
}

/* Hostile questions ----------------------------------------------------- */

static char *repeated(const char *piece, size_t size)
{
	char *text = malloc(size + 1);

	for (size_t i = 0; i < size; i++)
		text[i] = piece[i % strlen(piece)];
	text[size] = '\0';
	return text;
}

static double milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void test_huge_questions_cost_little(void **state)
{
	static const char *const pieces[] = {
		"a* ",
		"fac* ",
		"\"mot de passe\" ",
		"-box ",
		"box OR ",
		"\"",
		"-",
		"mot-de-passe-",
		"\u202E\u200B",
		"\xFF\xC3",
		"*",
		"' OR 1=1 -- ",
		"é",
		"<b>x</b> ",
		"(((((NEAR ",
		"-\"mot de\" ",
		"l'",
		"x:\"",
	};

	for (size_t i = 0; i < ARRAY_COUNT(pieces); i++) {
		char *text = repeated(pieces[i], 100000);
		double start = milliseconds();
		struct search_typed typed;

		search_parse(text, &typed);
		search_asked(*state, typed.words);
		search_asked(*state, text);
		/* A hundred times what it takes, for slow machines and sanitizers. */
		assert_true(milliseconds() - start < 500);
		free(text);
	}
}

static void test_odd_signs_are_words_or_nothing(void **state)
{
	assert_found(*state, "'; DROP TABLE topics; --", "");
	assert_found(*state, "<script>tambour</script>", "6");
	assert_found(*state, "\u202Etambour\u200B", "6");
	assert_found(*state, "tam\u200Bbour", "6");
	assert_found(*state, "?!…", "");
	assert_found(*state, "(tambour)", "6");
	assert_found(*state, "title:tambour", "6");
}

#define ON_FILLED(name) cmocka_unit_test_setup_teardown(name, set_up, search_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_FILLED(test_phrases_are_found_word_by_word),
		ON_FILLED(test_phrases_do_not_reach_into_the_next_text),
		ON_FILLED(test_compounds_in_phrases_are_found_in_any_writing),
		ON_FILLED(test_excluded_words_are_not_found),
		ON_FILLED(test_hyphens_between_words_exclude_nothing),
		ON_FILLED(test_only_exclusions_find_nothing_for_sure),
		ON_FILLED(test_one_of_the_alternatives_is_enough),
		ON_FILLED(test_or_is_a_word_where_it_alternates_nothing),
		ON_FILLED(test_unfinished_words_are_expanded),
		ON_FILLED(test_asterisks_elsewhere_mean_nothing),
		ON_FILLED(test_open_quotation_marks_are_nothing),
		ON_FILLED(test_huge_questions_cost_little),
		ON_FILLED(test_odd_signs_are_words_or_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
