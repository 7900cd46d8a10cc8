#include "search_fixture.h"

#include <ftw.h>

char search_directory[64];

/* Too large for the stack of a test. */
static struct search_hits hits;

int search_set_up(void **state)
{
	snprintf(search_directory, sizeof search_directory, "/tmp/entraide-search-XXXXXX");
	if (!mkdtemp(search_directory) || rmdir(search_directory) != 0)
		return 1;
	return search_reader_open(search_directory, (struct search_reader **)state) == SEARCH_OK
		       ? 0
		       : 1;
}

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *walk)
{
	(void)status;
	(void)type;
	(void)walk;
	return remove(path);
}

int search_tear_down(void **state)
{
	search_reader_close(*state);
	nftw(search_directory, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
	return 0;
}

void search_fill(const struct search_document *documents, size_t count)
{
	struct search_writer *writer;

	assert_int_equal(search_writer_open(search_directory, &writer), SEARCH_OK);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(search_writer_put(writer, &documents[i]), SEARCH_OK);
	assert_int_equal(search_writer_commit(writer), SEARCH_OK);
	search_writer_close(writer);
}

const struct search_hits *search_asked_as(struct search_reader *reader,
					  const struct search_query *query)
{
	assert_int_equal(search_run(reader, query, &hits), SEARCH_OK);
	return &hits;
}

const struct search_hits *search_asked(struct search_reader *reader, const char *words)
{
	const struct search_query query = {
		.words = words, .language = "fr", .limit = 10, .wants_snippets = true
	};

	return search_asked_as(reader, &query);
}

const char *search_ids(const struct search_hits *found)
{
	static char ids[SEARCH_HITS_MAX * 21];
	size_t length = 0;

	ids[0] = '\0';
	for (size_t i = 0; i < found->count; i++)
		length += (size_t)snprintf(ids + length, sizeof ids - length, "%s%lld",
					   i ? " " : "", (long long)found->items[i].id);
	return ids;
}

const char *search_shown(const char *text)
{
	static char shown[sizeof((struct search_hit *)NULL)->title];
	size_t i;

	for (i = 0; text[i] && i + 1 < sizeof shown; i++)
		shown[i] = text[i] == SEARCH_MARK_BEGIN ? '['
			   : text[i] == SEARCH_MARK_END ? ']'
							: text[i];
	shown[i] = '\0';
	return shown;
}
