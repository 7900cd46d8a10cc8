/*
 * Word lists: what they catch, what they leave alone, and what that costs.
 */
#include "unit.h"

#include <time.h>

#include "base/buf.h"
#include "text/lookalike.h"
#include "text/word_fold.h"
#include "text/word_list.h"

static const char *const listed = "viagra\n"
				  "casino en ligne\n"
				  "arnaqu*\n"
				  "connard\n"
				  "sex\n"
				  "cul   # whole word only\n"
				  "\n"
				  "imbécile\n"
				  "crédit\n";
static const char *const excepted = "cul de sac\ncarte de crédit\n";

static struct word_matcher *matcher_of(struct arena *arena, const char *words,
				       const char *exceptions)
{
	struct word_entry like = { .list_id = 1, .languages = WORD_ANY };
	struct word_entry except = { .list_id = 1, .languages = WORD_ANY, .is_exception = true };
	struct word_entry *first, *second, *all;
	size_t bad, count, more;

	count = word_list_parse(arena, words, &like, &first, &bad);
	assert_int_equal(bad, 0);
	more = word_list_parse(arena, exceptions, &except, &second, &bad);
	assert_int_equal(bad, 0);
	all = arena_array_of(arena, count + more, struct word_entry);
	memcpy(all, first, count * sizeof(*all));
	memcpy(all + count, second, more * sizeof(*all));
	return word_matcher_new(all, count + more);
}

/* "viagra|arnaqu*": the entries found, in the order of the text. */
static const char *found_in(struct arena *arena, const struct word_matcher *matcher,
			    const char *text)
{
	struct word_match *matches;
	size_t count = word_matcher_find(matcher, arena, text, "fr", &matches);
	struct buf out;

	buf_init(&out, arena, 10000);
	for (size_t i = 0; i < count; i++)
		buf_printf(&out, "%s%s", i ? "|" : "", matches[i].entry);
	return out.data;
}

static void test_words_are_caught(void **state)
{
	static const char *const cases[][2] = {
		{ "Achetez du viagra", "viagra" },
		{ "VIAGRA!", "viagra" },
		{ "viagra", "viagra" },
		{ "(viagra)", "viagra" },
		{ "du viagra, du Viagra", "viagra|viagra" },
		{ "Quelle arnaque ! Des arnaqueurs.", "arnaqu*|arnaqu*" },
		{ "c'est un casino\nen   ligne", "casino en ligne" },
		{ "l'imbecile", "imbécile" },
		{ "IMBÉCILE", "imbécile" },
		{ "imbe\xCC\x81"
		  "cile",
		  "imbécile" },
		/* Look-alikes: Cyrillic, Greek, full width, mathematical, small capitals. */
		{ "vi\xD0\xB0gr\xD0\xB0", "viagra" },
		{ "νιagrα", "viagra" },
		{ "ｖｉａｇｒａ", "viagra" },
		{ "𝓿𝓲𝓪𝓰𝓻𝓪", "viagra" },
		{ "ⓥⓘⓐⓖⓡⓐ", "viagra" },
		{ "ᴠɪᴀɢʀᴀ", "" }, /* "ɢ" is left out: IPA is written with it */
		{ "с\xD0\xBEnn\xD0\xB0rd", "connard" },
		/* Digits and signs for letters. */
		{ "v1agra", "viagra" },
		{ "v!agra", "viagra" },
		{ "vi@gr@ ici", "viagra" },
		{ "c0nn4rd", "connard" },
		{ "$ex", "sex" },
		{ "s3x", "sex" },
		{ "cas1no en 1igne", "casino en ligne" },
		/* Set apart, and with what nobody sees. */
		{ "v.i.a.g.r.a", "viagra" },
		{ "V I A G R A", "viagra" },
		{ "v - i - a - g - r - a", "viagra" },
		{ "via\xE2\x80\x8Bgra", "viagra" },
		{ "via\xC2\xADgra", "viagra" },
	};
	struct arena *arena = *state;
	struct word_matcher *matcher = matcher_of(arena, listed, excepted);

	for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
		const char *found = found_in(arena, matcher, cases[i][0]);

		if (strcmp(found, cases[i][1]) != 0)
			fail_msg("%s: \"%s\" instead of \"%s\"", cases[i][0], found, cases[i][1]);
	}
	word_matcher_free(matcher);
}

static void test_innocent_words_are_left_alone(void **state)
{
	static const char *const texts[] = {
		"calcul, culotte, reculer",
		"une rue en cul-de-sac",
		"payer par carte de crédit",
		"le casino est fermé, le jeu en ligne aussi",
		"Essex, sexagénaire, sextant",
		"la box 4G, mp3, a380",
		"viagrama",
		"arnaud",
		"1 2 3 4 5 6 7 8",
		"a b c d e f",
		"v1 agra",
		"5€, 100€ et 30 $",
		"",
		"!!!",
	};
	struct arena *arena = *state;
	struct word_matcher *matcher = matcher_of(arena, listed, excepted);

	for (size_t i = 0; i < ARRAY_COUNT(texts); i++)
		assert_string_equal(found_in(arena, matcher, texts[i]), "");
	word_matcher_free(matcher);
}

/* l and i are one in the disguised reading; nothing undisguised may suffer for it. */
static void test_an_honest_word_is_not_read_as_a_disguise(void **state)
{
	struct arena *arena = *state;
	struct word_matcher *matcher = matcher_of(arena, "bien\nsaie coin\n", "");

	assert_string_equal(found_in(arena, matcher, "un blen de Chine"), "");
	assert_string_equal(found_in(arena, matcher, "un sale coin"), "");
	assert_string_equal(found_in(arena, matcher, "b1en"), "bien");
	word_matcher_free(matcher);
}

static void test_exceptions_hold_only_where_they_stand(void **state)
{
	struct arena *arena = *state;
	struct word_matcher *matcher = matcher_of(arena, listed, excepted);
	struct word_match *matches;

	assert_int_equal(word_matcher_find(matcher, arena, "cul de sac, et un cul", "fr", &matches),
			 1);
	assert_int_equal(matches[0].start, strlen("cul de sac, et un "));
	assert_int_equal(matches[0].end, strlen("cul de sac, et un cul"));
	word_matcher_free(matcher);
}

static void test_places_are_those_of_the_text(void **state)
{
	static const char text[] = "Éé vi\xD0\xB0gr\xD0\xB0, arnaqueur";
	struct arena *arena = *state;
	struct word_matcher *matcher = matcher_of(arena, listed, excepted);
	struct word_match *matches;

	assert_int_equal(word_matcher_find(matcher, arena, text, "fr", &matches), 2);
	assert_int_equal(matches[0].start, 5);
	assert_int_equal(matches[0].end, 13);
	assert_int_equal(matches[1].start, 15);
	assert_int_equal(matches[1].end, strlen(text));
	word_matcher_free(matcher);
}

static void test_entries_count_in_their_language_and_list(void **state)
{
	static const struct word_entry entries[] = {
		{ "but", 1, WORD_FRENCH, false },
		{ "but", 2, WORD_ANY, false },
		{ "mais", 3, WORD_ENGLISH, false },
		{ "but final", 1, WORD_ANY, true },
	};
	struct word_matcher *matcher = word_matcher_new(entries, ARRAY_COUNT(entries));
	struct word_match *matches;

	assert_int_equal(word_matcher_find(matcher, *state, "but, mais", "fr", &matches), 2);
	assert_int_equal(word_matcher_find(matcher, *state, "but, mais", "en", &matches), 2);
	assert_int_equal(matches[0].list_id, 2);
	assert_int_equal(matches[1].list_id, 3);
	/* An exception is its own list's. */
	assert_int_equal(word_matcher_find(matcher, *state, "but final", "fr", &matches), 1);
	assert_int_equal(matches[0].list_id, 2);
	word_matcher_free(matcher);
}

static void test_entries_that_would_catch_everything_are_refused(void **state)
{
	static const char *const bad[] = { "a*", "de*", "!!!", "*", "a b c d e f g h i" };
	struct word_entry like = { .list_id = 1, .languages = WORD_ANY }, *entries;
	size_t bad_line;

	for (size_t i = 0; i < ARRAY_COUNT(bad); i++) {
		const char *lines = arena_printf(*state, "good\n\n%s\nbetter", bad[i]);

		assert_int_equal(word_list_parse(*state, lines, &like, &entries, &bad_line), 2);
		assert_int_equal(bad_line, 3);
		assert_string_equal(entries[1].text, "better");
	}
	assert_int_equal(word_list_parse(*state, "# only this", &like, &entries, &bad_line), 0);
	assert_int_equal(bad_line, 0);
}

static void test_no_lists_find_nothing(void **state)
{
	struct word_matcher *matcher = word_matcher_new(NULL, 0);
	struct word_match *matches;

	assert_int_equal(word_matcher_find(matcher, *state, "anything", "fr", &matches), 0);
	word_matcher_free(matcher);
}

static double seconds_since(const struct timespec *start)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)(now.tv_sec - start->tv_sec) + (double)(now.tv_nsec - start->tv_nsec) / 1e9;
}

/* Entries that all begin alike, a text that almost is each of them. */
static void test_cost_does_not_grow_with_the_list(void **state)
{
	struct arena *arena = arena_new((size_t)64 << 20);
	struct word_entry like = { .list_id = 1, .languages = WORD_ANY }, *entries;
	struct word_match *matches;
	struct word_matcher *matcher;
	struct timespec start;
	struct buf lines, text;
	size_t count, bad;

	(void)state;
	buf_init(&lines, arena, (size_t)4 << 20);
	for (int i = 0; i < 20000; i++)
		buf_printf(&lines, "aaa aaa aaa aaa aaaa%d\n", i);
	count = word_list_parse(arena, lines.data, &like, &entries, &bad);
	assert_int_equal(count, 20000);
	matcher = word_matcher_new(entries, count);
	buf_init(&text, arena, 32000);
	while (!text.is_overflown)
		buf_text(&text, "aaa @aa aaa a1a4 ");
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &start);
	assert_int_equal(word_matcher_find(matcher, arena, text.data, "fr", &matches), 0);
	/* Measured: 12 ms; the bound leaves room for sanitizers and slow machines. */
	assert_true(seconds_since(&start) < 1);
	word_matcher_free(matcher);
	arena_free(arena);
}

/* A text of nothing but matches is bounded too. */
static void test_matches_are_bounded(void **state)
{
	struct arena *arena = *state;
	struct word_matcher *matcher = matcher_of(arena, "a1\nb a1\na1 b\n", "b a1 b\n");
	struct word_match *matches;
	struct buf text;

	buf_init(&text, arena, 32000);
	while (!text.is_overflown)
		buf_text(&text, "a1 a1 b ");
	assert_int_equal(word_matcher_find(matcher, arena, text.data, "fr", &matches),
			 WORD_MATCHES_MAX);
	word_matcher_free(matcher);
}

static void test_lookalike_tables_are_in_order(void **state)
{
	(void)state;
	for (uint32_t point = 0x80; point < 0x20000; point++) {
		char letter = lookalike_letter(point);

		if (letter)
			assert_true((letter >= 'a' && letter <= 'z') ||
				    (letter >= '0' && letter <= '9'));
	}
	assert_int_equal(lookalike_letter(0x131), 'i');
	assert_int_equal(lookalike_letter(0xA731), 's');
	assert_int_equal(lookalike_letter(0x430), 'a');
	assert_int_equal(lookalike_letter(0x1D41A), 'a');
	assert_int_equal(lookalike_letter('a'), 0);
	assert_int_equal(lookalike_letter(0xE9), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_words_are_caught),
		TEST(test_innocent_words_are_left_alone),
		TEST(test_an_honest_word_is_not_read_as_a_disguise),
		TEST(test_exceptions_hold_only_where_they_stand),
		TEST(test_places_are_those_of_the_text),
		TEST(test_entries_count_in_their_language_and_list),
		TEST(test_entries_that_would_catch_everything_are_refused),
		TEST(test_no_lists_find_nothing),
		TEST(test_cost_does_not_grow_with_the_list),
		TEST(test_matches_are_bounded),
		TEST(test_lookalike_tables_are_in_order),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
