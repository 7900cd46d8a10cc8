/*
 * What people type into the search: taken apart, asked of a small index with all that
 * a page wants, and suggested for. Whatever it is, there is an answer, and every text in
 * it is valid UTF-8 with its marks in pairs.
 */
#include <ftw.h>

#include "base/utf8.h"
#include "fuzz.h"
#include "search/search.h"

static char directory[] = "/tmp/entraide-fuzz-search-XXXXXX";
static struct search_reader *reader;

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *walk)
{
	(void)status;
	(void)type;
	(void)walk;
	return remove(path);
}

static void tear_down(void)
{
	search_reader_close(reader);
	nftw(directory, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

static void put(struct search_writer *writer, int64_t id, const char *title, const char *text)
{
	const struct search_post post = { .id = id, .text = text, .is_question = true };
	const struct search_document document = {
		.id = id,
		.language = "fr",
		.title = title,
		.posts = &post,
		.post_count = 1,
		.source = "forum",
	};

	must(search_writer_put(writer, &document) == SEARCH_OK);
}

static void set_up(void)
{
	struct search_writer *writer;

	must(mkdtemp(directory) != NULL);
	must(search_writer_create(directory, &writer) == SEARCH_OK);
	put(writer, 1, "Mot de passe oublié",
	    "Le mot de passe du Wi-Fi, l’accès et la box OU le modem.");
	put(writer, 2, "Facture -impayée",
	    "Tag:x \"phrase\" a* S04-03 aujourd'hui.\nCœur œuvre ß.");
	put(writer, 3, "日本語", "\u202Eсвязь 😀 e\u0301");
	must(search_writer_commit(writer) == SEARCH_OK);
	search_writer_close(writer);
	must(search_reader_open(directory, &reader) == SEARCH_OK);
	must(atexit(tear_down) == 0);
}

static void must_be_text(const char *text, bool may_have_marks)
{
	bool is_open = false;

	must(utf8_is_valid(text, strlen(text)));
	for (; *text; text++) {
		if (*text == SEARCH_MARK_BEGIN || *text == SEARCH_MARK_END) {
			must(may_have_marks && (*text == SEARCH_MARK_END) == is_open);
			is_open = !is_open;
		} else {
			must((unsigned char)*text >= ' ');
		}
	}
	must(!is_open);
}

static void try_parse(const char *typed, struct search_typed *out)
{
	struct search_typed again;

	search_parse(typed, out);
	must_be_text(out->words, false);
	must_be_text(out->category, false);
	must_be_text(out->author, false);
	must(out->tag_count <= SEARCH_TAGS_MAX);
	for (size_t i = 0; i < out->tag_count; i++)
		must(out->tags[i][0] != '\0');
	must(out->after >= 0 && out->before >= 0);
	search_parse(out->words, &again);
	must_be_text(again.words, false);
}

static void try_search(const char *words, const struct search_typed *typed)
{
	static struct search_hits hits;
	struct search_query query = {
		.words = words,
		.language = typed->language[0] ? typed->language : "fr",
		.filter = { .state = typed->state, .after = typed->after, .before = typed->before },
		.limit = 10,
		.wants_snippets = true,
		.wants_facets = true,
	};

	for (size_t i = 0; i < typed->tag_count; i++)
		query.filter.tags[query.filter.tag_count++] = typed->tags[i];
	must(search_run(reader, &query, &hits) == SEARCH_OK);
	must(hits.count <= 3 && hits.count <= hits.estimate);
	must_be_text(hits.correction, false);
	for (size_t i = 0; i < hits.count; i++) {
		must_be_text(hits.items[i].title, true);
		must_be_text(hits.items[i].snippet, true);
	}
}

static void try_suggest(const char *typed)
{
	struct search_suggestions suggestions;

	must(search_suggest(reader, typed, "fr", NULL, 5, &suggestions) == SEARCH_OK);
	must(suggestions.count <= 3);
	for (size_t i = 0; i < suggestions.count; i++)
		must_be_text(suggestions.items[i].title, true);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *typed = strndup((const char *)data, size);
	struct search_typed parsed;

	if (!reader)
		set_up();
	try_parse(typed, &parsed);
	try_search(parsed.words, &parsed);
	/* Nobody promises that words were parsed before. */
	try_search(typed, &parsed);
	try_suggest(typed);
	free(typed);
	return 0;
}
