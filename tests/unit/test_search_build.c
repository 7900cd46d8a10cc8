/*
 * A new index beside the living one: resumed, packed, exchanged, compared.
 */
#include <ftw.h>
#include <sys/stat.h>

#include "unit.h"

#include "base/base.h"
#include "search/search.h"

#define DOCUMENTS 40

static char directory[64];

static const char *in_directory(const char *name)
{
	static char path[160];

	snprintf(path, sizeof path, "%s/%s", directory, name);
	return path;
}

static bool is_there(const char *name)
{
	struct stat status;

	return stat(in_directory(name), &status) == 0;
}

static void put(struct search_writer *writer, int64_t id, const char *title)
{
	struct search_document document = {
		.kind = SEARCH_TOPIC,
		.id = id,
		.language = id % 2 ? "fr" : "en",
		.title = title,
		.category_names = "",
		.source = "forum",
		.created_at = 1,
		.active_at = 1,
		.stamp = -1000 * id,
	};

	assert_int_equal(search_writer_put(writer, &document), SEARCH_OK);
}

static void build(int64_t generation, int64_t first, int64_t last, const char *title,
		  int64_t expected_position)
{
	struct search_writer *writer;
	int64_t position;

	assert_int_equal(search_build_open(directory, generation, &writer, &position), SEARCH_OK);
	assert_int_equal(position, expected_position);
	for (int64_t id = first; id <= last; id++)
		put(writer, id, title);
	assert_int_equal(search_build_commit(writer, last), SEARCH_OK);
	search_writer_close(writer);
}

static void finish(int64_t generation)
{
	assert_int_equal(search_build_finish(directory, generation), SEARCH_OK);
	assert_int_equal(search_build_exchange(directory, generation), SEARCH_OK);
}

static size_t count_hits(struct search_reader *reader, const char *words)
{
	struct search_hits *hits = calloc(1, sizeof *hits);
	struct search_query query = { .words = words, .language = "fr", .limit = SEARCH_HITS_MAX };
	size_t count;

	assert_non_null(hits);
	assert_int_equal(search_run(reader, &query, hits), SEARCH_OK);
	count = hits->count;
	free(hits);
	return count;
}

static int set_up(void **state)
{
	snprintf(directory, sizeof directory, "/tmp/entraide-build-XXXXXX");
	if (!mkdtemp(directory) || rmdir(directory) != 0)
		return 1;
	return search_reader_open(directory, (struct search_reader **)state) == SEARCH_OK ? 0 : 1;
}

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *walk)
{
	(void)status;
	(void)type;
	(void)walk;
	return remove(path);
}

static int tear_down(void **state)
{
	search_reader_close(*state);
	nftw(directory, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
	return 0;
}

static void test_readers_go_over_to_the_new_index(void **state)
{
	struct search_place place;

	build(1, 1, DOCUMENTS, "quokka", 0);
	assert_int_equal(search_look(directory, &place), SEARCH_MISSING);
	finish(1);
	assert_int_equal(count_hits(*state, "quokka"), DOCUMENTS);
	assert_int_equal(search_look(directory, &place), SEARCH_OK);
	assert_int_equal(place.generation, 1);
	assert_int_equal(place.documents, DOCUMENTS);
	assert_true(place.is_readable && place.is_current && place.bytes > 0);

	build(2, 1, DOCUMENTS, "wombat", 0);
	assert_int_equal(count_hits(*state, "quokka"), DOCUMENTS);
	finish(2);
	assert_int_equal(count_hits(*state, "quokka"), 0);
	assert_int_equal(count_hits(*state, "wombat"), DOCUMENTS);
	assert_false(is_there("generation-1") || is_there("building") || is_there("compacting"));
}

static void test_building_goes_on_after_the_last_commit(void **state)
{
	struct search_writer *writer;
	int64_t position;

	build(7, 1, 10, "quokka", 0);
	build(7, 11, 20, "quokka", 10);
	/* Another generation begins anew. */
	build(8, 1, 5, "quokka", 0);
	assert_int_equal(search_build_open(directory, 8, &writer, &position), SEARCH_OK);
	assert_int_equal(position, 5);
	search_writer_close(writer);
	assert_int_equal(search_build_finish(directory, 7), SEARCH_CORRUPT);
	finish(8);
	/* Killed between two steps: each may be made again. */
	finish(8);
	assert_int_equal(count_hits(*state, "quokka"), 5);
}

static void test_broken_building_is_begun_again(void **state)
{
	FILE *file;

	(void)state;
	build(3, 1, 10, "quokka", 0);
	file = fopen(in_directory("building/iamglass"), "we");
	assert_non_null(file);
	fputs("no index", file);
	fclose(file);
	build(3, 1, 10, "quokka", 0);
}

static void test_one_builds_at_a_time(void **state)
{
	struct search_writer *first, *second;
	int64_t position;

	(void)state;
	assert_int_equal(search_build_open(directory, 1, &first, &position), SEARCH_OK);
	assert_int_equal(search_build_open(directory, 1, &second, &position), SEARCH_LOCKED);
	assert_null(second);
	search_writer_close(first);
}

static void test_writer_continues_the_new_index(void **state)
{
	struct search_writer *writer;

	assert_int_equal(search_writer_open_living(directory, &writer), SEARCH_MISSING);
	build(1, 1, DOCUMENTS, "quokka", 0);
	finish(1);
	assert_int_equal(search_writer_open_living(directory, &writer), SEARCH_OK);
	put(writer, 1000, "quokka");
	assert_int_equal(search_writer_commit(writer), SEARCH_OK);
	search_writer_close(writer);
	assert_int_equal(count_hits(*state, "quokka"), DOCUMENTS + 1);
	assert_false(is_there("iamglass"));
}

static void test_index_of_an_older_program_is_replaced(void **state)
{
	struct search_writer *writer;

	assert_int_equal(search_writer_open(directory, &writer), SEARCH_OK);
	put(writer, 1, "wombat");
	search_writer_close(writer);
	assert_true(is_there("iamglass"));
	assert_int_equal(count_hits(*state, "wombat"), 1);
	build(1, 1, DOCUMENTS, "quokka", 0);
	assert_int_equal(count_hits(*state, "wombat"), 1);
	finish(1);
	assert_int_equal(count_hits(*state, "wombat"), 0);
	assert_int_equal(count_hits(*state, "quokka"), DOCUMENTS);
	assert_false(is_there("iamglass") || is_there("postlist.glass"));
}

static void test_index_deleted_under_readers_is_missing(void **state)
{
	struct search_place place;
	struct search_writer *writer;
	size_t documents;

	build(1, 1, DOCUMENTS, "quokka", 0);
	finish(1);
	assert_int_equal(search_count(*state, &documents), SEARCH_OK);
	nftw(directory, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
	assert_int_equal(search_count(*state, &documents), SEARCH_MISSING);
	assert_int_equal(search_look(directory, &place), SEARCH_MISSING);
	assert_int_equal(search_writer_open_living(directory, &writer), SEARCH_MISSING);
	build(2, 1, 3, "quokka", 0);
	finish(2);
	assert_int_equal(count_hits(*state, "quokka"), 3);
}

static void test_documents_come_back_with_their_stamps(void **state)
{
	const int64_t ids[] = { 3, 99999, 40 };
	struct search_entry entries[16];
	bool found[ARRAY_COUNT(ids)], seen[DOCUMENTS + 1] = { false };
	struct search_sorts sorts;
	uint32_t cursor = 0;
	size_t count, sum = 0;

	build(1, 1, DOCUMENTS, "quokka", 0);
	finish(1);
	do {
		assert_int_equal(
			search_entries(*state, &cursor, entries, ARRAY_COUNT(entries), &count),
			SEARCH_OK);
		for (size_t i = 0; i < count; i++) {
			assert_int_equal(entries[i].kind, SEARCH_TOPIC);
			assert_int_equal(entries[i].stamp, -1000 * entries[i].id);
			assert_false(seen[entries[i].id]);
			seen[entries[i].id] = true;
		}
		sum += count;
	} while (count == ARRAY_COUNT(entries));
	assert_int_equal(sum, DOCUMENTS);
	assert_int_equal(
		search_find_entries(*state, SEARCH_TOPIC, ids, ARRAY_COUNT(ids), entries, found),
		SEARCH_OK);
	assert_true(found[0] && !found[1] && found[2]);
	assert_int_equal(entries[2].stamp, -40000);
	assert_int_equal(search_count_sorts(*state, &sorts), SEARCH_OK);
	assert_int_equal(sorts.documents, DOCUMENTS);
	assert_int_equal(sorts.topics, DOCUMENTS);
	assert_int_equal(sorts.articles, 0);
	assert_int_equal(sorts.french, DOCUMENTS / 2);
	assert_int_equal(sorts.english, DOCUMENTS / 2);
}

static void test_place_without_rights_is_told(void **state)
{
	struct search_writer *writer;
	int64_t position;

	(void)state;
	assert_int_equal(search_build_open("/proc/entraide", 1, &writer, &position), SEARCH_FAILED);
	assert_null(writer);
	assert_true(search_free_bytes("/tmp") > 0);
	assert_int_equal(search_free_bytes("/proc/entraide"), 0);
	if (geteuid() == 0)
		return;
	assert_int_equal(mkdir(directory, 0500), 0);
	assert_int_equal(search_build_open(directory, 1, &writer, &position), SEARCH_DENIED);
}

#define WITH_READER(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_READER(test_readers_go_over_to_the_new_index),
		WITH_READER(test_building_goes_on_after_the_last_commit),
		WITH_READER(test_broken_building_is_begun_again),
		WITH_READER(test_one_builds_at_a_time),
		WITH_READER(test_writer_continues_the_new_index),
		WITH_READER(test_index_of_an_older_program_is_replaced),
		WITH_READER(test_index_deleted_under_readers_is_missing),
		WITH_READER(test_documents_come_back_with_their_stamps),
		WITH_READER(test_place_without_rights_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
