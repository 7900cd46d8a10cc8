/* Both languages, side by side: sentences, plurals, numbers, dates, the choice. */
#include "base/clock.h"
#include "i18n/i18n.h"
#include "unit.h"

/* 2026-11-22T15:04:05Z, a Sunday: 16:04 in Paris. */
#define MOMENT (1795359845 * CLOCK_SECOND)

#define NARROW_SPACE "\u202F"

static const char *locale_dir(void)
{
	static char path[4096];

	snprintf(path, sizeof(path), "%s/locale", getenv("ENTRAIDE_BUILD_DIR"));
	return path;
}

static int open_languages(void **state)
{
	const char *message;

	(void)state;
	if (i18n_init(locale_dir(), "Europe/Paris", &message))
		return 0;
	print_error("%s\n", message);
	return -1;
}

static void test_a_sentence_follows_the_language(void **state)
{
	(void)state;
	i18n_use("fr");
	assert_string_equal(_("yesterday"), "hier");
	i18n_use("en");
	assert_string_equal(_("yesterday"), "yesterday");
	i18n_use("fr");
	assert_string_equal(_("yesterday"), "hier");
	assert_string_equal(i18n_language(), "fr");
}

static void test_an_unknown_language_is_english(void **state)
{
	static const char *const unknown[] = { "de", "", "FR", "fr ", "../fr", "fr_FR" };

	(void)state;
	for (size_t i = 0; i < ARRAY_COUNT(unknown); i++) {
		i18n_use(unknown[i]);
		assert_string_equal(i18n_language(), "en");
		assert_false(i18n_is_supported(unknown[i]));
	}
	assert_true(i18n_is_supported("fr"));
	assert_true(i18n_is_supported("en"));
}

static void test_an_untranslated_or_empty_sentence_stays_itself(void **state)
{
	(void)state;
	i18n_use("fr");
	assert_string_equal(i18n_text("No such sentence."), "No such sentence.");
	assert_string_equal(i18n_text(""), "");
	assert_string_equal(pgettext("no such context", "1"), "1");
}

static void test_zero_is_plural_in_english_and_singular_in_french(void **state)
{
	static const struct {
		int64_t count;
		const char *english, *french;
	} cases[] = {
		{ 0, "0 days ago", "il y a 0 jour" },
		{ 1, "1 day ago", "il y a 1 jour" },
		{ 2, "2 days ago", "il y a 2 jours" },
		{ 1000000, "1,000,000 days ago",
		  "il y a 1" NARROW_SPACE "000" NARROW_SPACE "000 jours" },
		{ -1, "-1 day ago", "il y a -1 jour" },
	};

	for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
		int64_t count = cases[i].count;

		i18n_use("en");
		assert_string_equal(arena_printf(*state,
						 ngettext("%s day ago", "%s days ago", count),
						 i18n_number(*state, count)),
				    cases[i].english);
		i18n_use("fr");
		assert_string_equal(arena_printf(*state,
						 ngettext("%s day ago", "%s days ago", count),
						 i18n_number(*state, count)),
				    cases[i].french);
	}
}

static void test_tenths_have_the_mark_of_the_language(void **state)
{
	i18n_use("en");
	assert_string_equal(i18n_tenths(*state, 3), "3.0");
	assert_string_equal(i18n_tenths(*state, 8.33), "8.3");
	assert_string_equal(i18n_tenths(*state, 9.96), "10.0");
	assert_string_equal(i18n_tenths(*state, -0.25), "-0.3");
	assert_string_equal(i18n_tenths(*state, -1234.5), "-1,234.5");
	i18n_use("fr");
	assert_string_equal(i18n_tenths(*state, 1234.5), "1" NARROW_SPACE "234,5");
	assert_string_equal(i18n_tenths(*state, -0.04), "0,0");
}

static void test_thousands_are_grouped(void **state)
{
	i18n_use("en");
	assert_string_equal(i18n_number(*state, 0), "0");
	assert_string_equal(i18n_number(*state, 999), "999");
	assert_string_equal(i18n_number(*state, 1000), "1,000");
	assert_string_equal(i18n_number(*state, -123), "-123");
	assert_string_equal(i18n_number(*state, -123456), "-123,456");
	assert_string_equal(i18n_number(*state, INT64_MIN), "-9,223,372,036,854,775,808");
	i18n_use("fr");
	assert_string_equal(i18n_number(*state, 12345), "12" NARROW_SPACE "345");
	assert_string_equal(i18n_number(*state, -1234567),
			    "-1" NARROW_SPACE "234" NARROW_SPACE "567");
}

static void test_kept_sentences_are_filled_in_the_readers_language(void **state)
{
	const char *const two[] = { "https://a/%s%n", "https://b/" };
	const char *kept = N_(
		"The app's notices go to %s, not to %s. Run “entraide mirror subscribe” to change that.");

	i18n_use("en");
	assert_string_equal(
		i18n_fill(*state, kept, two, 2),
		"The app's notices go to https://a/%s%n, not to https://b/. Run “entraide mirror subscribe” to change that.");
	i18n_use("fr");
	assert_non_null(strstr(i18n_fill(*state, kept, two, 2), "https://a/%s%n"));
	assert_null(strstr(i18n_fill(*state, kept, two, 2), "notices"));
}

static void test_a_kept_sentence_is_no_format(void **state)
{
	const char *const two[] = { "one", "two" };

	i18n_use("en");
	assert_string_equal(i18n_fill(*state, "%2$s, %1$s", two, 2), "two, one");
	assert_string_equal(i18n_fill(*state, "%s %s %s", two, 2), "one two ");
	assert_string_equal(i18n_fill(*state, "%9$s%0$s|%n %d %%s %", two, 2), "%0$s|%n %d %s %");
	assert_string_equal(i18n_fill(*state, "%99999999999999999999$s", two, 2),
			    "%99999999999999999999$s");
	assert_string_equal(i18n_fill(*state, "", NULL, 0), "");
}

static void test_dates_are_written_in_the_time_zone(void **state)
{
	int64_t summer = MOMENT - 144 * CLOCK_DAY;

	i18n_use("en");
	assert_string_equal(i18n_date(*state, MOMENT), "22 November 2026");
	assert_string_equal(i18n_date_time(*state, MOMENT), "22 November 2026 at 16:04");
	assert_string_equal(i18n_date_time(*state, summer), "1 July 2026 at 17:04");
	i18n_use("fr");
	assert_string_equal(i18n_date_time(*state, MOMENT), "22 novembre 2026 à 16:04");
	assert_string_equal(i18n_date_time(*state, summer), "1er juillet 2026 à 17:04");
	/* 23:30 UTC on new year's eve is next year in Paris. */
	assert_string_equal(i18n_date(*state, 1798759800 * CLOCK_SECOND), "1er janvier 2027");
}

static void test_every_month_has_its_french_name(void **state)
{
	static const char *const names[] = {
		"janvier", "février", "mars",      "avril",   "mai",      "juin",
		"juillet", "août",    "septembre", "octobre", "novembre", "décembre",
	};

	i18n_use("fr");
	for (size_t i = 0; i < ARRAY_COUNT(names); i++) {
		/* The 15th of each month of 1970, roughly. */
		int64_t time = (int64_t)(14 + i * 30) * CLOCK_DAY + (int64_t)i * 12 * CLOCK_HOUR;

		assert_non_null(strstr(i18n_date(*state, time), names[i]));
	}
}

static void test_ages_are_told_as_people_would(void **state)
{
	static const struct {
		int64_t age;
		const char *english, *french;
	} cases[] = {
		{ -CLOCK_DAY, "just now", "à l’instant" },
		{ 0, "just now", "à l’instant" },
		{ 59 * CLOCK_SECOND, "just now", "à l’instant" },
		{ 60 * CLOCK_SECOND, "1 minute ago", "il y a 1 minute" },
		{ 3 * CLOCK_MINUTE, "3 minutes ago", "il y a 3 minutes" },
		{ CLOCK_HOUR - 1, "59 minutes ago", "il y a 59 minutes" },
		{ CLOCK_HOUR, "1 hour ago", "il y a 1 heure" },
		/* Now is 16:04 in Paris: this was 1:04 the same day. */
		{ 15 * CLOCK_HOUR, "15 hours ago", "il y a 15 heures" },
		{ 17 * CLOCK_HOUR, "yesterday", "hier" },
		{ 40 * CLOCK_HOUR, "yesterday", "hier" },
		{ 41 * CLOCK_HOUR, "2 days ago", "il y a 2 jours" },
		{ 29 * CLOCK_DAY, "29 days ago", "il y a 29 jours" },
		{ 30 * CLOCK_DAY, "1 month ago", "il y a 1 mois" },
		{ 61 * CLOCK_DAY, "2 months ago", "il y a 2 mois" },
		{ 364 * CLOCK_DAY, "11 months ago", "il y a 11 mois" },
		{ 365 * CLOCK_DAY, "1 year ago", "il y a 1 an" },
		{ 3 * 365 * CLOCK_DAY, "3 years ago", "il y a 3 ans" },
	};

	for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
		i18n_use("en");
		assert_string_equal(i18n_ago(*state, MOMENT - cases[i].age, MOMENT),
				    cases[i].english);
		i18n_use("fr");
		assert_string_equal(i18n_ago(*state, MOMENT - cases[i].age, MOMENT),
				    cases[i].french);
	}
}

/* At half past midnight, one hour ago is no "yesterday" yet. */
static void test_a_few_hours_over_midnight_stay_hours(void **state)
{
	int64_t now = MOMENT + 8 * CLOCK_HOUR + 26 * CLOCK_MINUTE;

	i18n_use("en");
	assert_string_equal(i18n_ago(*state, now - CLOCK_HOUR, now), "1 hour ago");
	assert_string_equal(i18n_ago(*state, now - 11 * CLOCK_HOUR, now), "11 hours ago");
	assert_string_equal(i18n_ago(*state, now - 13 * CLOCK_HOUR, now), "yesterday");
}

static void test_the_browsers_wish_is_weighed(void **state)
{
	static const struct {
		const char *header, *language;
	} cases[] = {
		{ "", NULL },
		{ "fr", "fr" },
		{ "FR", "fr" },
		{ "fr-CA", "fr" },
		{ "en-GB,en;q=0.9,fr;q=0.8", "en" },
		{ "fr;q=0.8, en;q=0.9", "en" },
		{ "de, fr;q=0.3, en;q=0.2", "fr" },
		{ "en;q=0.5,fr;q=0.5", "en" },
		{ "en;q=0", NULL },
		{ "en;q=0, fr;q=0.001", "fr" },
		{ "de-DE, nl", NULL },
		{ "*", NULL },
		{ "fra, english", NULL },
		{ "f", NULL },
		{ "fr;q=2, en;q=0.1", "en" },
		{ "fr;q=, en;q=0.1", "en" },
		{ "fr;q=0.1234, en;q=0.1", "en" },
		{ "fr;q=1.001, en;q=0.1", "en" },
		{ "fr;q=-1, en", "en" },
		{ ",,, ,fr", "fr" },
		{ ";q=1,-,=,;;;", NULL },
		{ " fr ; q=1.000 ", "fr" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
		const char *got = i18n_negotiate(cases[i].header);

		if (strcmp(got ? got : "none", cases[i].language ? cases[i].language : "none") != 0)
			fail_msg("\"%s\" gives %s", cases[i].header, got ? got : "none");
	}
}

static void test_an_endless_wish_list_is_read_only_so_far(void **state)
{
	char *header = arena_alloc(*state, 100000);

	memset(header, ',', 99990);
	memcpy(header + 99990, "fr", 3);
	assert_null(i18n_negotiate(header));
}

/* In a child each: the languages of this process stay as they are. */
static void init_elsewhere(void *argument)
{
	const char *message = "accepted";

	(void)!i18n_init(argument, "Europe/Paris", &message);
	printf("%s\n", message);
}

static void init_in_zone(void *argument)
{
	const char *message = "accepted";

	(void)!i18n_init(locale_dir(), argument, &message);
	printf("%s\n", message);
}

static void test_a_missing_catalogue_is_found_at_start(void **state)
{
	static char nowhere[] = "/nowhere";
	struct unit_outcome outcome;

	(void)state;
	unit_watch(init_elsewhere, nowhere, &outcome);
	unit_assert_printed(&outcome, "A translation is missing in the folder /nowhere");
}

static void test_an_unknown_time_zone_is_found_at_start(void **state)
{
	static char bad[][24] = { "Europe/Pariss", "", "../../../etc/passwd", "Europe" };
	static char good[][24] = { "UTC", "Europe/Paris", "America/New_York" };
	struct unit_outcome outcome;

	(void)state;
	for (size_t i = 0; i < ARRAY_COUNT(bad); i++) {
		unit_watch(init_in_zone, bad[i], &outcome);
		unit_assert_printed(&outcome, "is no time zone");
	}
	for (size_t i = 0; i < ARRAY_COUNT(good); i++) {
		unit_watch(init_in_zone, good[i], &outcome);
		unit_assert_printed(&outcome, "accepted");
	}
}

static void test_every_language_names_itself(void **state)
{
	(void)state;
	for (size_t i = 0; i18n_languages[i]; i++)
		assert_true(i18n_is_supported(i18n_languages[i]));
	assert_string_equal(i18n_language_name("fr"), "Français");
	assert_string_equal(i18n_language_name("en"), "English");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_a_sentence_follows_the_language),
		TEST(test_an_unknown_language_is_english),
		TEST(test_an_untranslated_or_empty_sentence_stays_itself),
		TEST(test_zero_is_plural_in_english_and_singular_in_french),
		TEST(test_thousands_are_grouped),
		TEST(test_tenths_have_the_mark_of_the_language),
		TEST(test_kept_sentences_are_filled_in_the_readers_language),
		TEST(test_a_kept_sentence_is_no_format),
		TEST(test_dates_are_written_in_the_time_zone),
		TEST(test_every_month_has_its_french_name),
		TEST(test_ages_are_told_as_people_would),
		TEST(test_a_few_hours_over_midnight_stay_hours),
		TEST(test_the_browsers_wish_is_weighed),
		TEST(test_an_endless_wish_list_is_read_only_so_far),
		TEST(test_a_missing_catalogue_is_found_at_start),
		TEST(test_an_unknown_time_zone_is_found_at_start),
		TEST(test_every_language_names_itself),
	};
	return cmocka_run_group_tests(tests, open_languages, NULL);
}
