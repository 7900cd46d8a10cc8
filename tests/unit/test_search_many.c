/*
 * An index that is large enough for most of it to be passed over without being weighed:
 * what is found must be the same as when each document is.
 */
#include "search_fixture.h"

#include "base/buf.h"

#include <stdlib.h>

#define DOCUMENTS 3000
#define AUTHORS   100 /* so each has fewer than are ever passed over */
#define DAY       (INT64_C(86400) * 1000000)
#define YEAR      (INT64_C(365) * DAY)
#define SHOWN     20

/* Numbers that are the same on each machine. */
static unsigned chance_state;

static unsigned chance(unsigned below)
{
	chance_state = chance_state * 1103515245 + 12345;
	return (chance_state >> 8) % below;
}

static void add(struct buf *text, const char *word, unsigned times)
{
	while (times-- > 0) {
		buf_text(text, word);
		buf_text(text, " ");
	}
}

/* A word in every third document, one in every eighth, one in every fiftieth. */
static void add_words(struct buf *text, unsigned most)
{
	if (chance(3) == 0)
		add(text, "fibre", 1 + chance(most));
	if (chance(8) == 0)
		add(text, "facture", 1 + chance(most));
	if (chance(50) == 0)
		add(text, "wifi", 1 + chance(most));
	add(text, "neutre", 1 + chance(10 * most));
}

static const char *text_of(struct arena *arena, unsigned most)
{
	struct buf text;

	buf_init(&text, arena, 4096);
	add_words(&text, most);
	return text.data;
}

static int set_up(void **state)
{
	struct search_document *documents = calloc(DOCUMENTS, sizeof *documents);
	struct search_post *posts = calloc(DOCUMENTS, sizeof *posts);
	struct arena *arena = arena_new(1 << 24);

	chance_state = 7;
	for (int64_t i = 0; i < DOCUMENTS; i++) {
		posts[i] = (struct search_post){ .id = i + 1, .text = text_of(arena, 5) };
		documents[i] = (struct search_document){
			.id = i + 1,
			.language = i % 5 ? "fr" : "en",
			.title = text_of(arena, 1),
			.author_id = 1 + i % AUTHORS,
			.category_id = 1 + i % 3,
			.source = "forum",
			.created_at = 15000 * DAY + i * 10 * YEAR / DOCUMENTS,
			.active_at = 15000 * DAY + i * 10 * YEAR / DOCUMENTS,
			.posts = &posts[i],
			.post_count = 1,
			.is_closed = i % 11 == 0,
		};
	}
	if (search_set_up(state) != 0)
		return 1;
	search_fill(documents, DOCUMENTS);
	arena_free(arena);
	free(posts);
	free(documents);
	return 0;
}

static const struct search_hits *found(struct search_reader *reader, const char *words,
				       int64_t author, bool wants_facets)
{
	const struct search_query query = { .words = words,
					    .language = "fr",
					    .filter = { .author_id = author },
					    .limit = author ? SEARCH_HITS_MAX : SHOWN,
					    .wants_facets = wants_facets };

	return search_asked_as(reader, &query);
}

static int heavier_first(const void *a, const void *b)
{
	const double *left = a, *right = b;

	return (*left < *right) - (*left > *right);
}

/* What each document weighs, found by its author; 0: it has none of the words. */
static void weigh_all(struct search_reader *reader, const char *words, double *weights)
{
	memset(weights, 0, DOCUMENTS * sizeof *weights);
	for (int64_t author = 1; author <= AUTHORS; author++) {
		const struct search_hits *hits = found(reader, words, author, false);

		for (size_t i = 0; i < hits->count; i++)
			weights[hits->items[i].id - 1] = hits->items[i].weight;
	}
}

static void assert_best(struct search_reader *reader, const char *words)
{
	double weights[DOCUMENTS], sorted[DOCUMENTS];
	const struct search_hits *hits;

	weigh_all(reader, words, weights);
	memcpy(sorted, weights, sizeof sorted);
	qsort(sorted, DOCUMENTS, sizeof *sorted, heavier_first);
	assert_true(sorted[SHOWN] > 0);
	hits = found(reader, words, 0, false);
	assert_int_equal(hits->count, SHOWN);
	for (size_t i = 0; i < SHOWN; i++) {
		/* Fresh ones lose a little while this goes on. */
		assert_float_equal(hits->items[i].weight, sorted[i], 1e-5);
		assert_float_equal(hits->items[i].weight, weights[hits->items[i].id - 1], 1e-5);
	}
}

static void test_nothing_better_is_passed_over(void **state)
{
	assert_best(*state, "fibre");
	assert_best(*state, "facture");
	assert_best(*state, "wifi");
	assert_best(*state, "fibre facture");
	assert_best(*state, "wifi fibre");
	assert_best(*state, "facture wifi fibre neutre");
	assert_best(*state, "\"fibre fibre\" facture");
	assert_best(*state, "fibre -wifi facture OR neutre");
}

static size_t sum_of(const struct search_facet *facets, size_t count)
{
	size_t sum = 0;

	for (size_t i = 0; i < count; i++)
		sum += facets[i].count;
	return sum;
}

/* Not of the oldest: each year has its share. */
static void test_of_many_a_sample_is_counted(void **state)
{
	const struct search_hits *hits = found(*state, "neutre", 0, true);
	const struct search_facets *facets = &hits->facets;

	assert_false(hits->is_exact);
	assert_true(hits->estimate > DOCUMENTS / 2);
	assert_true(facets->year_count >= 10);
	assert_int_equal(facets->category_count, 3);
	assert_in_range(sum_of(facets->years, facets->year_count), SEARCH_FACETS_LOOK / 2,
			SEARCH_FACETS_LOOK * 2);
}

static void test_few_are_counted_exactly(void **state)
{
	const struct search_hits *hits = found(*state, "wifi", 0, true);

	assert_true(hits->is_exact);
	assert_int_equal(sum_of(hits->facets.years, hits->facets.year_count), hits->estimate);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing_better_is_passed_over),
		cmocka_unit_test(test_of_many_a_sample_is_counted),
		cmocka_unit_test(test_few_are_counted_exactly),
	};

	return cmocka_run_group_tests(tests, set_up, search_tear_down);
}
