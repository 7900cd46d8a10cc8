/*
 * Suggestions while a question is being typed.
 */
#include "search_fixture.h"

static const struct search_post thanked = { .id = 1, .text = "Merci.", .score = 9 };

#define TOPIC(number, text, ...) \
	{ \
		.id = (number), .language = "fr", .title = (text), .source = "forum", __VA_ARGS__ \
	}

static const struct search_document documents[] = {
	TOPIC(1, "Réinitialiser le mot de passe", .is_solved = true),
	TOPIC(2, "Mot de passe oublié", .posts = &thanked, .post_count = 1),
	TOPIC(3, "Réseau Wi-Fi lent", .audience = 4),
	TOPIC(4, "Mot de passe OUBLIÉ ?"),
	TOPIC(5, "Le réseau est tombé", .category_id = 8),
	{ .kind = SEARCH_ARTICLE, .id = 6, .language = "en", .title = "Networks and passwords" },
	TOPIC(7, "Activer ma livebox5"),
};

static struct search_suggestions found;

static int set_up(void **state)
{
	if (search_set_up(state) != 0)
		return 1;
	search_fill(documents, ARRAY_COUNT(documents));
	return 0;
}

static const char *suggested(struct search_reader *reader, const char *typed,
			     const struct search_filter *filter, size_t limit)
{
	static char ids[100];
	size_t length = 0;

	assert_int_equal(search_suggest(reader, typed, "fr", filter, limit, &found), SEARCH_OK);
	ids[0] = '\0';
	for (size_t i = 0; i < found.count; i++)
		length += (size_t)snprintf(ids + length, sizeof ids - length, "%s%lld",
					   i ? " " : "", (long long)found.items[i].id);
	return ids;
}

static void assert_suggested(struct search_reader *reader, const char *typed, const char *ids)
{
	assert_string_equal(suggested(reader, typed, NULL, 10), ids);
}

static void test_last_word_may_be_unfinished(void **state)
{
	assert_suggested(*state, "rés", "5");
	assert_suggested(*state, "RES", "5");
	assert_suggested(*state, "le mot de pass", "2 1");
	assert_suggested(*state, "réin", "1");
	assert_suggested(*state, "l'activ", "7");
	assert_suggested(*state, "livebox 5", "7");
	assert_suggested(*state, "live", "7");
	assert_suggested(*state, "network", "6");
}

static void test_words_before_it_are_whole(void **state)
{
	assert_suggested(*state, "mots pa", "2 1");
	assert_suggested(*state, "passe oub", "2");
	assert_suggested(*state, "passe ", "2 1");
}

static void test_some_of_the_words_are_better_than_nothing(void **state)
{
	assert_suggested(*state, "perroquet rés", "5");
	assert_suggested(*state, "perroquet", "");
}

static void test_less_than_two_letters_suggest_nothing(void **state)
{
	assert_suggested(*state, "", "");
	assert_suggested(*state, "m", "");
	assert_suggested(*state, " - ? ", "");
	assert_suggested(*state, "le la les ", "");
	assert_suggested(*state, "mot p", "2 1");
}

static void test_equal_titles_are_suggested_once(void **state)
{
	assert_suggested(*state, "oublié", "2");
	assert_string_equal(search_shown(found.items[0].title), "Mot de passe [oublié]");
}

static void test_titles_come_with_marks_and_state(void **state)
{
	assert_suggested(*state, "passe réinit", "1");
	assert_string_equal(search_shown(found.items[0].title),
			    "[Réinitialiser] le mot de [passe]");
	assert_true(found.items[0].is_solved);
	assert_suggested(*state, "netw", "6");
	assert_int_equal(found.items[0].kind, SEARCH_ARTICLE);
	assert_false(found.items[0].is_solved);
}

static void test_filters_hold(void **state)
{
	const struct search_filter members = { .audiences = { 4 }, .audience_count = 1 };
	const struct search_filter category = { .category_id = 8 };
	const struct search_filter articles = { .has_kind = true, .kind = SEARCH_ARTICLE };

	assert_string_equal(suggested(*state, "wifi", NULL, 10), "");
	assert_string_equal(suggested(*state, "wifi", &members, 10), "3");
	assert_string_equal(suggested(*state, "ré", &category, 10), "5");
	assert_string_equal(suggested(*state, "pass", &articles, 10), "6");
}

static void test_limits_are_kept(void **state)
{
	char *typed = malloc(100001);

	assert_string_equal(suggested(*state, "passe", NULL, 1), "2");
	assert_string_equal(suggested(*state, "passe", NULL, 0), "");
	memset(typed, 'a', 100000);
	typed[100000] = '\0';
	assert_suggested(*state, typed, "");
	for (size_t i = 0; i < 100000; i++)
		typed[i] = i % 4 == 3 ? ' ' : (char)('a' + i / 4 % 26);
	assert_suggested(*state, typed, "");
	assert_suggested(*state, "\xFF\xC3 \u202E*\"<b>", "");
	free(typed);
}

static void test_missing_index_suggests_nothing(void **state)
{
	found.count = 3;
	assert_int_equal(search_suggest(*state, "mot", "fr", NULL, 5, &found), SEARCH_MISSING);
	assert_int_equal(found.count, 0);
}

#define ON_FILLED(name) cmocka_unit_test_setup_teardown(name, set_up, search_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_FILLED(test_last_word_may_be_unfinished),
		ON_FILLED(test_words_before_it_are_whole),
		ON_FILLED(test_some_of_the_words_are_better_than_nothing),
		ON_FILLED(test_less_than_two_letters_suggest_nothing),
		ON_FILLED(test_equal_titles_are_suggested_once),
		ON_FILLED(test_titles_come_with_marks_and_state),
		ON_FILLED(test_filters_hold),
		ON_FILLED(test_limits_are_kept),
		cmocka_unit_test_setup_teardown(test_missing_index_suggests_nothing, search_set_up,
						search_tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
