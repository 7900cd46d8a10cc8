/*
 * Filters, sorts and facets.
 */
#include "search_fixture.h"

#define DAY (INT64_C(86400) * 1000000)

static const char *const wifi_tags[] = { "wifi", "Débit" }, *const box_tags[] = { "wifi" };
static const struct search_post liked = { .id = 1, .text = "Une box.", .score = 30 };

static const struct search_document documents[] = {
	{ .id = 1,
	  .language = "fr",
	  .title = "La box un",
	  .category_id = 5,
	  .top_category_id = 2,
	  .tags = wifi_tags,
	  .tag_count = 2,
	  .author_id = 70,
	  .source = "forum",
	  .created_at = 19783 * DAY,
	  .answer_count = 2,
	  .is_solved = true },
	{ .id = 2,
	  .language = "fr",
	  .title = "La box deux",
	  .category_id = 2,
	  .top_category_id = 2,
	  .tags = box_tags,
	  .tag_count = 1,
	  .author_id = 71,
	  .source = "stackexchange",
	  .created_at = 20000 * DAY,
	  .answer_count = 1,
	  .posts = &liked,
	  .post_count = 1 },
	{ .id = 3,
	  .language = "en",
	  .title = "The box three",
	  .category_id = 6,
	  .author_id = 70,
	  .source = "forum",
	  .created_at = 20161 * DAY },
	{ .id = 4,
	  .language = "fr",
	  .title = "La box quatre",
	  .audience = 9,
	  .category_id = 5,
	  .top_category_id = 2,
	  .source = "forum",
	  .created_at = 20200 * DAY },
	{ .kind = SEARCH_ARTICLE,
	  .id = 5,
	  .language = "fr",
	  .title = "La box cinq",
	  .category_id = 6,
	  .source = "forum",
	  .created_at = 19000 * DAY,
	  .is_solved = true },
	{ .id = 6,
	  .language = "fr",
	  .title = "Autre chose",
	  .category_id = 2,
	  .source = "forum",
	  .created_at = 20300 * DAY,
	  .is_closed = true },
};

static int set_up(void **state)
{
	if (search_set_up(state) != 0)
		return 1;
	search_fill(documents, ARRAY_COUNT(documents));
	return 0;
}

/* Newest first, so that the order is known. */
static const struct search_hits *filtered(struct search_reader *reader, const char *words,
					  struct search_filter filter)
{
	const struct search_query query = { .words = words,
					    .language = "fr",
					    .filter = filter,
					    .sort = SEARCH_NEWEST,
					    .limit = 10,
					    .wants_facets = true };

	return search_asked_as(reader, &query);
}

static void assert_filtered(struct search_reader *reader, struct search_filter filter,
			    const char *ids)
{
	assert_string_equal(search_ids(filtered(reader, "box", filter)), ids);
}

static void test_each_filter_holds(void **state)
{
	assert_filtered(*state, (struct search_filter){ 0 }, "3 2 1 5");
	assert_filtered(*state, (struct search_filter){ .category_id = 5 }, "1");
	assert_filtered(*state, (struct search_filter){ .category_id = 2 }, "2 1");
	assert_filtered(*state, (struct search_filter){ .tags = { "WIFI" }, .tag_count = 1 },
			"2 1");
	assert_filtered(*state,
			(struct search_filter){ .tags = { "wifi", "débit" }, .tag_count = 2 }, "1");
	assert_filtered(*state, (struct search_filter){ .tags = { "x" }, .tag_count = 1 }, "");
	assert_filtered(*state, (struct search_filter){ .author_id = 70 }, "3 1");
	/* An article has no state, whatever it is given. */
	assert_filtered(*state, (struct search_filter){ .state = SEARCH_SOLVED }, "1");
	assert_filtered(*state, (struct search_filter){ .state = SEARCH_UNSOLVED }, "3 2");
	assert_filtered(*state, (struct search_filter){ .state = SEARCH_UNANSWERED }, "3");
	assert_filtered(*state, (struct search_filter){ .language = "en" }, "3");
	assert_filtered(*state, (struct search_filter){ .source = "stackexchange" }, "2");
	assert_filtered(*state, (struct search_filter){ .has_kind = true }, "3 2 1");
	assert_filtered(*state, (struct search_filter){ .has_kind = true, .kind = SEARCH_ARTICLE },
			"5");
}

static void test_dates_include_their_beginning_only(void **state)
{
	assert_filtered(*state, (struct search_filter){ .after = 20000 * DAY }, "3 2");
	assert_filtered(*state, (struct search_filter){ .after = 20000 * DAY + 1 }, "3");
	assert_filtered(*state, (struct search_filter){ .before = 20000 * DAY }, "1 5");
	assert_filtered(*state, (struct search_filter){ .before = 20000 * DAY + 1 }, "2 1 5");
	assert_filtered(*state,
			(struct search_filter){ .after = 19783 * DAY, .before = 20161 * DAY },
			"2 1");
	assert_filtered(*state, (struct search_filter){ .after = 3, .before = 2 }, "");
}

static void test_only_given_audiences_are_found(void **state)
{
	assert_filtered(*state,
			(struct search_filter){ .audiences = { 8, 9 }, .audience_count = 2 },
			"4 3 2 1 5");
	assert_filtered(*state, (struct search_filter){ .audiences = { 8 }, .audience_count = 1 },
			"3 2 1 5");
}

static void test_filters_do_not_change_weights(void **state)
{
	struct search_query query = { .words = "box deux", .language = "fr", .limit = 10 };
	double before = search_asked_as(*state, &query)->items[0].weight;
	const struct search_hits *hits;

	query.filter.category_id = 2;
	query.filter.after = 1;
	hits = search_asked_as(*state, &query);
	assert_int_equal(hits->items[0].id, 2);
	/* Freshness goes on meanwhile. */
	assert_true(before > 0);
	assert_float_equal(hits->items[0].weight, before, 1e-4);
}

static void test_hits_can_be_sorted(void **state)
{
	struct search_query query = {
		.words = "box", .language = "fr", .limit = 10, .sort = SEARCH_NEWEST
	};

	assert_string_equal(search_ids(search_asked_as(*state, &query)), "3 2 1 5");
	query.sort = SEARCH_MOST_USEFUL;
	assert_string_equal(search_ids(search_asked_as(*state, &query)), "2 5 1 3");
}

static void test_filters_alone_list_the_newest(void **state)
{
	struct search_query query = {
		.words = " ", .language = "fr", .limit = 10, .filter = { .category_id = 2 }
	};

	assert_string_equal(search_ids(search_asked_as(*state, &query)), "6 2 1");
	query.sort = SEARCH_MOST_USEFUL;
	assert_string_equal(search_ids(search_asked_as(*state, &query)), "2 1 6");
	query.offset = 1;
	query.limit = 1;
	assert_string_equal(search_ids(search_asked_as(*state, &query)), "1");
}

static void test_nothing_asked_finds_nothing(void **state)
{
	struct search_query query = { .words = "", .language = "fr", .limit = 10 };
	const struct search_hits *hits = search_asked_as(*state, &query);

	assert_int_equal(hits->count, 0);
	assert_int_equal(hits->estimate, 0);
	assert_true(hits->is_exact);
	/* Who may see what is no question. */
	query.filter.audiences[0] = 9;
	query.filter.audience_count = 1;
	assert_int_equal(search_asked_as(*state, &query)->count, 0);
}

static void test_facets_count_the_hits(void **state)
{
	const struct search_facets *facets =
		&filtered(*state, "box", (struct search_filter){ 0 })->facets;

	assert_int_equal(facets->category_count, 3);
	assert_int_equal(facets->categories[0].value, 6);
	assert_int_equal(facets->categories[0].count, 2);
	assert_int_equal(facets->year_count, 3);
	assert_int_equal(facets->years[0].value, 2024);
	assert_int_equal(facets->years[0].count, 2);
	assert_int_equal(facets->source_count, 2);
	assert_string_equal(facets->sources[0].name, "forum");
	assert_int_equal(facets->sources[0].count, 3);
	assert_string_equal(facets->languages[0].name, "fr");
	assert_int_equal(facets->languages[0].count, 3);
	assert_int_equal(facets->solved, 1);
	assert_int_equal(facets->unsolved, 2);
	assert_int_equal(facets->unanswered, 1);
	assert_int_equal(facets->topics, 3);
	assert_int_equal(facets->articles, 1);
}

static void test_facets_obey_filters(void **state)
{
	const struct search_facets *facets =
		&filtered(*state, "", (struct search_filter){ .category_id = 5 })->facets;

	assert_int_equal(facets->category_count, 1);
	assert_int_equal(facets->years[0].value, 2024);
	assert_int_equal(facets->solved, 1);
	assert_int_equal(facets->unsolved, 0);
}

#define ON_FILLED(name) cmocka_unit_test_setup_teardown(name, set_up, search_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_FILLED(test_each_filter_holds),
		ON_FILLED(test_dates_include_their_beginning_only),
		ON_FILLED(test_only_given_audiences_are_found),
		ON_FILLED(test_filters_do_not_change_weights),
		ON_FILLED(test_hits_can_be_sorted),
		ON_FILLED(test_filters_alone_list_the_newest),
		ON_FILLED(test_nothing_asked_finds_nothing),
		ON_FILLED(test_facets_count_the_hits),
		ON_FILLED(test_facets_obey_filters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
