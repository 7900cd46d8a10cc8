/*
 * "Did you mean": what people mistype, and what is left alone.
 */
#include "search_fixture.h"

static const struct search_document documents[] = {
	{ .id = 1, .language = "fr", .title = "Problème de connexion au réseau" },
	{ .id = 2, .language = "fr", .title = "Résiliation de l’abonnement" },
	{ .id = 3, .language = "fr", .title = "Ma Livebox clignote" },
	{ .id = 4, .language = "fr", .title = "Photographie et téléphone" },
	{ .id = 5, .language = "fr", .title = "Réseau Wi-Fi du téléphone" },
	{ .id = 6, .language = "fr", .title = "Le caramel secret", .audience = 4 },
	{ .id = 7, .language = "fr", .title = "Reseau à l’étage ? Réseau absent" },
};

static int set_up(void **state)
{
	if (search_set_up(state) != 0)
		return 1;
	search_fill(documents, ARRAY_COUNT(documents));
	return 0;
}

static void assert_corrected(struct search_reader *reader, const char *words,
			     const char *correction)
{
	const struct search_hits *hits = search_asked(reader, words);

	if (strcmp(hits->correction, correction) != 0)
		fail_msg("\"%s\" becomes \"%s\" instead of \"%s\"", words, hits->correction,
			 correction);
}

static void test_slips_of_one_letter_are_put_right(void **state)
{
	assert_corrected(*state, "conexion", "connexion");
	assert_corrected(*state, "connnexion", "connexion");
	assert_corrected(*state, "rsiliation", "résiliation");
	assert_corrected(*state, "lviebox", "livebox");
	assert_corrected(*state, "xivebox", "livebox");
	assert_corrected(*state, "TELEFHONE", "téléphone");
}

static void test_words_that_sound_the_same_are_put_right(void **state)
{
	assert_corrected(*state, "conection", "connexion");
	assert_corrected(*state, "fotografie", "photographie");
	assert_corrected(*state, "telefone", "téléphone");
	assert_corrected(*state, "rezo", "réseau");
}

static void test_two_slips_are_believed_in_long_words(void **state)
{
	assert_corrected(*state, "abonnmant", "abonnement");
	assert_corrected(*state, "abbonemant", "abonnement");
	assert_corrected(*state, "clygnotte", "clignote");
	assert_corrected(*state, "rxsxau", "");
}

static void test_glued_and_split_words_are_put_right(void **state)
{
	assert_corrected(*state, "malivebox", "ma livebox");
	assert_corrected(*state, "live box", "livebox");
	assert_corrected(*state, "reseauwifi", "réseau wi-fi");
}

static void test_correction_has_the_accents_of_most_people(void **state)
{
	assert_corrected(*state, "rezeau", "réseau");
	assert_corrected(*state, "problme", "problème");
}

static void test_the_rest_stays_as_it_was_typed(void **state)
{
	assert_corrected(*state, "Ma  conexion, \"wi-fi\" -lent ?",
			 "Ma connexion, \"wi-fi\" -lent ?");
	assert_corrected(*state, "l'abonnemant d’hier", "l'abonnement d’hier");
	assert_corrected(*state, "conexion resau", "connexion réseau");
}

static void test_known_words_are_left_alone(void **state)
{
	assert_corrected(*state, "réseau connexion", "");
	assert_corrected(*state, "connexions réseaux", "");
	/* It has the stem of the right word, so it is found as it is. */
	assert_corrected(*state, "abonement", "");
	assert_string_equal(search_ids(search_asked(*state, "abonement")), "2");
	assert_corrected(*state, "pour quand", "");
	assert_corrected(*state, "wifi", "");
	assert_corrected(*state, "", "");
}

static void test_signs_short_words_and_codes_are_left_alone(void **state)
{
	assert_corrected(*state, "-conexion", "");
	assert_corrected(*state, "conexi*", "");
	assert_corrected(*state, "lvb", "");
	assert_corrected(*state, "S04-03 livebox7", "");
	assert_corrected(*state, "日本語日本 привет", "");
}

static void test_correction_is_applied_only_when_nothing_is_found(void **state)
{
	const struct search_hits *hits = search_asked(*state, "conexion");

	assert_true(hits->is_corrected);
	assert_string_equal(search_ids(hits), "1");
	assert_string_equal(search_shown(hits->items[0].title),
			    "Problème de [connexion] au réseau");
	hits = search_asked(*state, "conexion abonnement");
	assert_false(hits->is_corrected);
	assert_string_equal(hits->correction, "connexion abonnement");
	assert_string_equal(search_ids(hits), "2");
}

static void test_correction_that_finds_nothing_is_not_made(void **state)
{
	const struct search_query query = {
		.words = "conexion", .language = "fr", .limit = 10, .filter = { .language = "en" }
	};
	const struct search_hits *hits = search_asked_as(*state, &query);

	assert_string_equal(hits->correction, "");
	assert_false(hits->is_corrected);
}

static void test_words_of_others_are_not_given_away(void **state)
{
	struct search_query query = { .words = "carramel", .language = "fr", .limit = 10 };

	assert_string_equal(search_asked_as(*state, &query)->correction, "");
	query.filter.audiences[0] = 4;
	query.filter.audience_count = 1;
	assert_string_equal(search_asked_as(*state, &query)->correction, "caramel");
}

static void put_often(const char *title, int64_t first, int64_t count)
{
	struct search_writer *writer;

	assert_int_equal(search_writer_open(search_directory, &writer), SEARCH_OK);
	for (int64_t id = first; id < first + count; id++) {
		struct search_document document = { .id = id, .language = "fr", .title = title };
		assert_int_equal(search_writer_put(writer, &document), SEARCH_OK);
	}
	assert_int_equal(search_writer_commit(writer), SEARCH_OK);
	search_writer_close(writer);
}

/* A word that twenty thousand documents hardly have may itself be a slip. */
static void test_rare_words_yield_to_far_more_frequent_ones(void **state)
{
	put_often("Autre chose encore", 100, 20000);
	put_often("Le déblocage", 30000, 29);
	put_often("Le debocage", 40000, 1);
	assert_corrected(*state, "debocage", "");
	put_often("Le déblocage", 31000, 1);
	assert_corrected(*state, "debocage", "déblocage");
	put_often("Le debocage", 41000, 1);
	assert_corrected(*state, "debocage", "");
}

#define ON_FILLED(name) cmocka_unit_test_setup_teardown(name, set_up, search_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_FILLED(test_slips_of_one_letter_are_put_right),
		ON_FILLED(test_words_that_sound_the_same_are_put_right),
		ON_FILLED(test_two_slips_are_believed_in_long_words),
		ON_FILLED(test_glued_and_split_words_are_put_right),
		ON_FILLED(test_correction_has_the_accents_of_most_people),
		ON_FILLED(test_the_rest_stays_as_it_was_typed),
		ON_FILLED(test_known_words_are_left_alone),
		ON_FILLED(test_signs_short_words_and_codes_are_left_alone),
		ON_FILLED(test_correction_is_applied_only_when_nothing_is_found),
		ON_FILLED(test_correction_that_finds_nothing_is_not_made),
		ON_FILLED(test_words_of_others_are_not_given_away),
		ON_FILLED(test_rare_words_yield_to_far_more_frequent_ones),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
