/*
 * Which post a hit points at, and what is shown of it.
 */
#include "search_fixture.h"

#include "base/utf8.h"

enum { SLOW = 1, INVOICE, LONG, ODD, PLAIN };

/* 40 times a sentence of no interest around the one that is asked for. */
#define FILLER_TEXT     "Une phrase parmi d'autres qui ne dit rien du tout de nouveau. "
#define REPEAT_10(text) text text text text text text text text text text

static const struct search_post slow_posts[] = {
	{ .id = 11,
	  .revision = 3,
	  .is_question = true,
	  .text = "Depuis hier mes connexions sont lentes, l’accès au réseau est coupé le soir." },
	{ .id = 12,
	  .revision = 1,
	  .is_accepted = true,
	  .text = "Changez le canal du réseau sans fil, la connexion redevient rapide." },
	{ .id = 13, .text = "Pareil chez moi. Le répéteur \x02posé\x03 au salon a tout réglé." },
};
static const struct search_post invoice_posts[] = {
	{ .id = 21, .is_question = true, .text = "Je ne comprends pas ces frais de dossier." },
	{ .id = 22, .text = "Appelez le service des factures.", .is_official = true },
};
static const struct search_post long_posts[] = {
	{ .id = 31,
	  .is_question = true,
	  .text = REPEAT_10(FILLER_TEXT) "Le voyant orange du décodeur clignote.\n"
					 "Que faire ? " REPEAT_10(FILLER_TEXT) },
};
static const struct search_post odd_posts[] = {
	{ .id = 41,
	  .is_question = true,
	  .text = "日本語日本語日本語 caf\xE9 \x1b[31m <b>gras</b>" },
};

static const struct search_document documents[] = {
	{ .id = SLOW,
	  .language = "fr",
	  .title = "Connexion lente avec l’antenne",
	  .posts = slow_posts,
	  .post_count = ARRAY_COUNT(slow_posts) },
	{ .id = INVOICE,
	  .language = "fr",
	  .title = "Frais inattendus",
	  .posts = invoice_posts,
	  .post_count = ARRAY_COUNT(invoice_posts) },
	{ .id = LONG,
	  .language = "fr",
	  .title = "Décodeur",
	  .posts = long_posts,
	  .post_count = ARRAY_COUNT(long_posts) },
	{ .id = ODD,
	  .language = "fr",
	  .title = "\x02"
		   "Titre\x03 \n bizarre\xC3",
	  .posts = odd_posts,
	  .post_count = ARRAY_COUNT(odd_posts) },
	{ .id = PLAIN, .language = "fr", .title = "Antenne seule" },
};

static int set_up(void **state)
{
	if (search_set_up(state) != 0)
		return 1;
	search_fill(documents, ARRAY_COUNT(documents));
	return 0;
}

static const struct search_hit *hit_of(const struct search_hits *hits, int64_t id)
{
	for (size_t i = 0; i < hits->count; i++)
		if (hits->items[i].id == id)
			return &hits->items[i];
	fail_msg("no hit %lld", (long long)id);
	return NULL;
}

static void assert_shown(const char *text, const char *expected)
{
	assert_string_equal(search_shown(text), expected);
}

static void test_matches_are_marked_in_all_their_forms(void **state)
{
	const struct search_hits *hits = search_asked(*state, "connexion reseau acces");
	const struct search_hit *hit = hit_of(hits, SLOW);

	assert_shown(hit->title, "[Connexion] lente avec l’antenne");
	assert_int_equal(hit->post_id, 12);
	assert_shown(hit->snippet, "Changez le canal du [réseau] sans fil, la [connexion] "
				   "redevient rapide.");
	hit = hit_of(search_asked(*state, "accès coupé le soir"), SLOW);
	assert_int_equal(hit->post_id, 11);
	assert_shown(hit->snippet, "Depuis hier mes connexions sont lentes, l’[accès] au réseau "
				   "est [coupé] le [soir].");
	hit = hit_of(search_asked(*state, "l'antenne"), SLOW);
	assert_shown(hit->title, "Connexion lente avec l’[antenne]");
}

static void test_hit_points_at_the_answer_that_matches(void **state)
{
	const struct search_hit *hit = hit_of(search_asked(*state, "répéteur salon"), SLOW);

	assert_int_equal(hit->post_id, 13);
	assert_false(hit->is_post_accepted || hit->is_post_question);
	hit = hit_of(search_asked(*state, "facture"), INVOICE);
	assert_int_equal(hit->post_id, 22);
	assert_true(hit->is_post_official);
	hit = hit_of(search_asked(*state, "frais"), INVOICE);
	assert_int_equal(hit->post_id, 21);
	assert_true(hit->is_post_question);
}

static void test_accepted_answer_is_preferred_where_it_matches_too(void **state)
{
	const struct search_hit *hit = hit_of(search_asked(*state, "réseau connexion lente"), SLOW);

	assert_int_equal(hit->post_id, 12);
	assert_true(hit->is_post_accepted);
	assert_int_equal(hit->post_revision, 1);
	hit = hit_of(search_asked(*state, "réseau coupé hier"), SLOW);
	assert_int_equal(hit->post_id, 11);
	assert_int_equal(hit->post_revision, 3);
}

static void test_long_text_is_cut_around_the_matches(void **state)
{
	const struct search_hit *hit = hit_of(search_asked(*state, "voyants oranges"), LONG);
	const char *shown = search_shown(hit->snippet);

	assert_ptr_equal(strstr(shown, "…"), shown);
	assert_non_null(strstr(shown, "…Le [voyant] [orange] du décodeur clignote. Que faire ?"));
	assert_string_equal(shown + strlen(shown) - strlen("…"), "…");
	assert_in_range(utf8_count(hit->snippet), 150, 250);
}

static void test_control_characters_of_texts_are_no_marks(void **state)
{
	const struct search_hit *hit = hit_of(search_asked(*state, "répéteur"), SLOW);

	assert_shown(hit->snippet, "Pareil chez moi. Le [répéteur] posé au salon a tout réglé.");
	hit = hit_of(search_asked(*state, "gras"), ODD);
	assert_shown(hit->title, "Titre bizarreÃ");
	assert_shown(hit->snippet, "日本語日本語日本語 café [31m <b>[gras]</b>");
}

static void test_title_alone_can_match(void **state)
{
	const struct search_hit *hit = hit_of(search_asked(*state, "antenne"), PLAIN);

	assert_shown(hit->title, "[Antenne] seule");
	assert_string_equal(hit->snippet, "");
	assert_int_equal(hit->post_id, 0);
	/* The title says that it is this question: its solution is shown. */
	assert_int_equal(hit_of(search_asked(*state, "antenne"), SLOW)->post_id, 12);
}

static void test_snippets_are_made_only_when_wanted(void **state)
{
	const struct search_query query = { .words = "antenne", .language = "fr", .limit = 5 };
	const struct search_hits *hits = search_asked_as(*state, &query);

	assert_int_equal(hits->count, 2);
	assert_string_equal(hits->items[0].title, "");
	assert_string_equal(hits->items[0].snippet, "");
}

static void test_similar_questions_show_the_solution(void **state)
{
	static struct search_hits hits;
	const struct search_text text = { .title = "Tout est coupé le soir depuis hier",
					  .body = "",
					  .language = "fr",
					  .limit = 3 };

	assert_int_equal(search_similar_text(*state, &text, &hits), SEARCH_OK);
	assert_int_equal(hit_of(&hits, SLOW)->post_id, 12);
	assert_true(hits.items[0].snippet[0] != '\0');
}

/* Marks in pairs, whole characters, and never more than there is room for. */
static void assert_well_formed(const char *text)
{
	bool is_open = false;

	assert_true(utf8_is_valid(text, strlen(text)));
	for (; *text; text++) {
		if (*text == SEARCH_MARK_BEGIN || *text == SEARCH_MARK_END) {
			assert_int_equal(*text == SEARCH_MARK_END, is_open);
			is_open = !is_open;
		}
	}
	assert_false(is_open);
}

static void put_repeated(const char *piece, size_t size)
{
	char *text = malloc(size + 1);
	struct search_post post = { .id = 1, .text = text, .is_question = true };
	struct search_document document = {
		.id = 99, .language = "fr", .title = text, .posts = &post, .post_count = 1
	};

	for (size_t i = 0; i < size; i++)
		text[i] = piece[i % strlen(piece)];
	text[size] = '\0';
	search_fill(&document, 1);
	free(text);
}

static void test_any_text_gives_a_well_formed_snippet(void **state)
{
	static const char *const pieces[] = {
		"a ", "é",      "é ",       "日本語",   "😀",    "😀 a ",
		"x",  "wifi\n", "\xFF\xFE", "e\u0301 ", "l'a.",
	};

	for (size_t i = 0; i < ARRAY_COUNT(pieces); i++) {
		for (size_t size = 230; size < 60000; size *= 5) {
			const struct search_hits *hits;

			put_repeated(pieces[i], size);
			hits = search_asked(*state, "a é e wifi 日本語 x");
			for (size_t j = 0; j < hits->count; j++) {
				assert_well_formed(hits->items[j].title);
				assert_well_formed(hits->items[j].snippet);
			}
		}
	}
}

/* Xapian cannot read back some data of more than 8 kB: see search/careful.hh. */
static void test_repetitive_documents_can_be_read_back(void **state)
{
	for (size_t size = 7650; size < 7760; size++) {
		put_repeated("wifi ", size);
		assert_int_equal(search_asked(*state, "wifi")->count, 1);
	}
}

#define ON_FILLED(name) cmocka_unit_test_setup_teardown(name, set_up, search_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_FILLED(test_matches_are_marked_in_all_their_forms),
		ON_FILLED(test_hit_points_at_the_answer_that_matches),
		ON_FILLED(test_accepted_answer_is_preferred_where_it_matches_too),
		ON_FILLED(test_long_text_is_cut_around_the_matches),
		ON_FILLED(test_control_characters_of_texts_are_no_marks),
		ON_FILLED(test_title_alone_can_match),
		ON_FILLED(test_snippets_are_made_only_when_wanted),
		ON_FILLED(test_similar_questions_show_the_solution),
		ON_FILLED(test_any_text_gives_a_well_formed_snippet),
		ON_FILLED(test_repetitive_documents_can_be_read_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
