/*
 * French and English as people write them: families of words, synonyms, the sort of
 * answer that is wanted, languages found out, and what a document is worth.
 */
#include "search_fixture.h"

enum {
	UNSUBSCRIBE = 1,
	DATA,
	INVOICE,
	ROUTER,
	SPEED,
	BATTERY,
	TELEPHONE,
	WHAT_IS,
	WHO_MAY,
	DURATION,
	ENGLISH_BILL,
	ENGLISH_SCAM,
};

static const struct search_document documents[] = {
	{ .id = UNSUBSCRIBE,
	  .title = "Inscription à la lettre d'information",
	  .posts = (const struct search_post[]){ { .text = "Le lien est au bas de la lettre.",
						   .is_question = true } },
	  .post_count = 1 },
	{ .id = DATA,
	  .title = "Suppression de vos données",
	  .posts = (const struct search_post[]){ { .text = "Vous les trouverez sur votre page.",
						   .is_question = true } },
	  .post_count = 1 },
	{ .id = INVOICE,
	  .title = "Comprendre la facturation",
	  .posts = (const struct search_post[]){ { .text = "Le prorata est expliqué ici.",
						   .is_question = true } },
	  .post_count = 1 },
	{ .id = ROUTER,
	  .title = "La box ne démarre pas",
	  .posts = (const struct search_post[]){ { .text = "Le voyant est éteint.",
						   .is_question = true } },
	  .post_count = 1 },
	{ .id = SPEED,
	  .title = "Ma connexion est très lente le soir",
	  .posts = (const struct search_post[]){ { .text = "Depuis lundi, tous les soirs.",
						   .is_question = true } },
	  .post_count = 1 },
	{ .id = BATTERY,
	  .title = "La batterie se vide en une heure",
	  .posts = (const struct search_post[]){ { .text = "Le portable est chaud.",
						   .is_question = true } },
	  .post_count = 1 },
	{ .id = TELEPHONE,
	  .title = "Joindre un conseiller",
	  .posts = (const struct search_post[]){ { .text = "De 8 h à 20 h.",
						   .is_question = true } },
	  .post_count = 1 },
	{ .id = WHAT_IS,
	  .title = "Le PUK : que faut-il savoir ?",
	  .posts = (const struct search_post[]){ { .text = "Huit chiffres, donnés avec la carte.",
						   .is_question = true } },
	  .post_count = 1 },
	{ .id = WHO_MAY,
	  .title = "Qui connaît le PUK ?",
	  .posts = (const struct search_post[]){ { .text = "Le PUK est connu de nous deux.",
						   .is_question = true } },
	  .post_count = 1 },
	{ .id = DURATION,
	  .title = "Combien de temps garde-t-on le PUK ?",
	  .posts = (const struct search_post[]){ { .text = "Le PUK se garde longtemps.",
						   .is_question = true } },
	  .post_count = 1 },
	{ .id = ENGLISH_BILL,
	  .title = "How to read the bill",
	  .posts =
		  (const struct search_post[]){ { .text = "The first month is longer than a month.",
						  .is_question = true } },
	  .post_count = 1 },
	{ .id = ENGLISH_SCAM,
	  .title = "Somebody called and asked for my code",
	  .posts = (const struct search_post[]){ { .text = "It is a scam, do not tell it to them.",
						   .is_question = true } },
	  .post_count = 1 },
};

static int64_t first_as(struct search_reader *reader, const char *words, const char *language)
{
	struct search_query query = { .words = words, .language = language, .limit = 5 };
	const struct search_hits *hits = search_asked_as(reader, &query);

	return hits->count > 0 ? hits->items[0].id : 0;
}

static void assert_first(struct search_reader *reader, const char *words, int64_t id)
{
	int64_t found = first_as(reader, words, "fr");

	if (found != id)
		print_error("%s: %lld first, not %lld\n", words, (long long)found, (long long)id);
	assert_int_equal(found, id);
}

static int set_up(void **state)
{
	if (search_set_up(state) != 0)
		return 1;
	search_fill(documents, ARRAY_COUNT(documents));
	return 0;
}

static void test_nouns_are_found_by_their_verbs(void **state)
{
	assert_first(*state, "comment ne plus être inscrit ?", UNSUBSCRIBE);
	assert_first(*state, "m'inscrire", UNSUBSCRIBE);
	assert_first(*state, "je voudrais supprimer mes données", DATA);
	assert_first(*state, "on m'a facturé deux fois", INVOICE);
	assert_first(*state, "démarrage", ROUTER);
}

static void test_giving_is_not_data(void **state)
{
	assert_first(*state, "données", DATA);
	assert_int_not_equal(first_as(*state, "qui a donné", "fr"), DATA);
}

static void test_politeness_and_question_words_do_not_count(void **state)
{
	assert_first(*state, "Bonjour, je voudrais savoir comment faire pour la box svp merci",
		     ROUTER);
	assert_first(*state, "Est-ce que vous pourriez m'aider, où est le prorata ?", INVOICE);
}

static void test_synonyms_are_found_below_the_word_itself(void **state)
{
	assert_first(*state, "modem", ROUTER);
	assert_first(*state, "routeurs", ROUTER);
	assert_first(*state, "débit", SPEED);
	assert_first(*state, "autonomie", BATTERY);
	assert_first(*state, "effacer mes informations personnelles", DATA);
	assert_first(*state, "contacter l'assistance", TELEPHONE);
}

static void test_sort_of_answer_decides_between_equals(void **state)
{
	assert_first(*state, "c'est quoi le PUK ?", WHAT_IS);
	assert_first(*state, "qui a mon PUK ?", WHO_MAY);
	assert_first(*state, "PUK durée", DURATION);
}

static void test_language_is_found_out_from_the_words(void **state)
{
	/* Stemmed as English although the reader is French, and although nobody said so. */
	assert_first(*state, "billing", ENGLISH_BILL);
	assert_int_equal(first_as(*state, "who are these scammers calling me?", "fr"),
			 ENGLISH_SCAM);
	assert_int_equal(first_as(*state, "how do I read my invoices", "fr"), ENGLISH_BILL);
	assert_int_equal(first_as(*state, "la facturation", "en"), INVOICE);
}

static void test_own_list_replaces_the_programs(void **state)
{
	struct search_synonyms *own;
	struct search_query query = { .language = "fr", .limit = 5 };
	int bad_french, bad_english;

	assert_int_equal(
		search_synonyms_parse("machin => box\n", "", &own, &bad_french, &bad_english),
		SEARCH_OK);
	assert_int_equal(bad_french, 0);
	query.synonyms = own;
	query.words = "machins";
	assert_int_equal(search_asked_as(*state, &query)->items[0].id, ROUTER);
	query.words = "modem";
	assert_int_equal(search_asked_as(*state, &query)->count, 0);
	search_synonyms_free(own);
}

static void assert_bad_line(const char *list, int line)
{
	struct search_synonyms *synonyms;
	int french, english;

	assert_int_equal(search_synonyms_parse(list, list, &synonyms, &french, &english),
			 SEARCH_OK);
	assert_int_equal(french, line);
	assert_int_equal(english, line);
	search_synonyms_free(synonyms);
}

static void test_bad_lines_of_synonyms_are_told(void **state)
{
	char *long_list = malloc(SEARCH_SYNONYMS_MAX_BYTES + 100);

	(void)state;
	assert_bad_line("", 0);
	assert_bad_line("# alone\n\n  \r\n", 0);
	assert_bad_line("\xef\xbb\xbf"
			"a1, b1\r\nc1, d1",
			0);
	assert_bad_line("box, modem\nalone\nx1, y1", 2);
	assert_bad_line("box,, modem", 1);
	assert_bad_line("box, modem,\n, x", 2);
	assert_bad_line("a1 => b1 => c1", 1);
	assert_bad_line("=> b1", 1);
	assert_bad_line("b1 =>", 1);
	assert_bad_line("box, !!!", 1);
	assert_bad_line("box, one two three four five six seven eight nine", 1);
	for (size_t i = 0; i < SEARCH_SYNONYMS_MAX_BYTES + 99; i++)
		long_list[i] = "ab, cd\n"[i % 7];
	long_list[SEARCH_SYNONYMS_MAX_BYTES + 99] = '\0';
	assert_bad_line(long_list, SEARCH_SYNONYMS_MAX_BYTES / 7 + 1);
	free(long_list);
}

static void test_the_programs_lists_are_good(void **state)
{
	struct search_synonyms *synonyms;
	int french, english;

	(void)state;
	assert_true(strlen(search_synonyms_default("fr")) > 5000);
	assert_true(strlen(search_synonyms_default("en")) > 3000);
	assert_string_equal(search_synonyms_default("de"), "");
	assert_int_equal(search_synonyms_parse(search_synonyms_default("fr"),
					       search_synonyms_default("en"), &synonyms, &french,
					       &english),
			 SEARCH_OK);
	assert_int_equal(french, 0);
	assert_int_equal(english, 0);
	search_synonyms_free(synonyms);
}

static void test_worth_decides_between_equals(void **state)
{
	const struct search_post plain = { .text = "perroquet bleu", .is_question = true };
	const struct search_document equals[] = {
		{ .id = 1,
		  .title = "Perroquet",
		  .posts = &plain,
		  .post_count = 1,
		  .is_closed = true,
		  .is_solved = true,
		  .score = 100 },
		{ .id = 2, .title = "Perroquet", .posts = &plain, .post_count = 1 },
		{ .id = 3,
		  .title = "Perroquet",
		  .posts = &plain,
		  .post_count = 1,
		  .is_solved = true },
		{ .id = 4,
		  .title = "Perroquet",
		  .posts = &plain,
		  .post_count = 1,
		  .is_solved = true,
		  .score = 10 },
	};

	search_fill(equals, ARRAY_COUNT(equals));
	assert_string_equal(search_ids(search_asked(*state, "perroquet")), "4 3 2 1");
}

static void test_whole_question_finds_what_answers_it(void **state)
{
	struct search_hits *hits = malloc(sizeof *hits);
	struct search_text text = {
		.title = "Problème",
		.language = "fr",
		.limit = 3,
		.body = "Bonjour à tous,\nquand je rentre le soir ma connexion rame, les pages sont "
			"lentes, c'est pareil depuis lundi. Merci d'avance !",
	};
	char *body = malloc(200001);

	assert_int_equal(search_similar_text(*state, &text, hits), SEARCH_OK);
	assert_true(hits->count > 0);
	assert_int_equal(hits->items[0].id, SPEED);
	text.title = "";
	assert_int_equal(search_similar_text(*state, &text, hits), SEARCH_OK);
	assert_true(hits->count > 0);
	for (size_t i = 0; i < 200000; i++)
		body[i] = i % 7 ? (char)('a' + i * 31 % 26) : ' ';
	body[200000] = '\0';
	text.body = body;
	assert_int_equal(search_similar_text(*state, &text, hits), SEARCH_OK);
	free(body);
	free(hits);
}

#define ON_FILLED(name) cmocka_unit_test_setup_teardown(name, set_up, search_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_FILLED(test_nouns_are_found_by_their_verbs),
		ON_FILLED(test_giving_is_not_data),
		ON_FILLED(test_politeness_and_question_words_do_not_count),
		ON_FILLED(test_synonyms_are_found_below_the_word_itself),
		ON_FILLED(test_sort_of_answer_decides_between_equals),
		ON_FILLED(test_language_is_found_out_from_the_words),
		ON_FILLED(test_own_list_replaces_the_programs),
		cmocka_unit_test(test_bad_lines_of_synonyms_are_told),
		cmocka_unit_test(test_the_programs_lists_are_good),
		cmocka_unit_test_setup_teardown(test_worth_decides_between_equals, search_set_up,
						search_tear_down),
		ON_FILLED(test_whole_question_finds_what_answers_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
