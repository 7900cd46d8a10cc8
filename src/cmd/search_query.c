/*
 * entraide search query: what is found, as the site would show it, and why.
 */
#include "base/buf.h"
#include "base/slice.h"
#include "cmd/options.h"
#include "cmd/search_parts.h"
#include "forum/search_result.h"

#define QUERY_HITS "20"

static const char *join_words(struct arena *arena, const struct options *options)
{
	struct buf words;

	buf_init(&words, arena, 2 * SEARCH_QUERY_MAX_BYTES);
	for (int i = 0; i < options->rest_count; i++)
		buf_printf(&words, "%s%s", i > 0 ? " " : "", options->rest[i]);
	return words.data;
}

/* Marks as a terminal can show them. */
static void print_marked(const char *before, const char *text)
{
	fputs(before, stdout);
	for (; *text; text++) {
		if (*text == SEARCH_MARK_BEGIN)
			fputc('[', stdout);
		else if (*text == SEARCH_MARK_END)
			fputc(']', stdout);
		else
			fputc(*text == '\n' ? ' ' : *text, stdout);
	}
	fputc('\n', stdout);
}

static double weight_of(const struct search_hits *hits, enum search_kind kind, int64_t id)
{
	for (size_t i = 0; i < hits->count; i++)
		if (hits->items[i].kind == kind && hits->items[i].id == id)
			return hits->items[i].weight;
	return 0;
}

static void print_row(const struct search_hits *hits, const struct search_result_row *row)
{
	int64_t id = row->kind == SEARCH_ARTICLE ? row->article.id : row->topic.id;

	printf("%8lld %8.3f  ", (long long)id, weight_of(hits, row->kind, id));
	print_marked(row->kind == SEARCH_ARTICLE ? "article: " : "", row->title);
	if (row->post_id)
		printf("%19spost %lld%s%s%s\n", "", (long long)row->post_id,
		       row->is_post_question ? ", question" : "",
		       row->is_post_accepted ? ", accepted" : "",
		       row->is_post_official ? ", official" : "");
	if (row->snippet[0])
		print_marked("                   ", row->snippet);
}

static void print_facet(const char *label, const struct search_facet *facets, size_t count)
{
	printf("%-10s", label);
	for (size_t i = 0; i < count; i++) {
		if (facets[i].name[0])
			printf(" %s", facets[i].name);
		else
			printf(" %lld", (long long)facets[i].value);
		printf(":%zu", facets[i].count);
	}
	putchar('\n');
}

static void print_facets(const struct search_facets *facets)
{
	print_facet("category", facets->categories, facets->category_count);
	print_facet("year", facets->years, facets->year_count);
	print_facet("source", facets->sources, facets->source_count);
	print_facet("language", facets->languages, facets->language_count);
	printf("solved %zu, unsolved %zu, unanswered %zu, articles %zu\n", facets->solved,
	       facets->unsolved, facets->unanswered, facets->articles);
}

static int print_hits(struct command_session *session, const struct search_query *query,
		      const struct search_hits *hits)
{
	struct search_result_list list;

	if (search_results_load(&session->ctx, hits, &list) != OK)
		return command_failed(session, session->ctx.error.code);
	if (hits->correction[0])
		printf("%s: %s\n",
		       hits->is_corrected ? "nothing found; these are for" : "did you mean",
		       hits->correction);
	for (size_t i = 0; i < list.count; i++)
		print_row(hits, &list.items[i]);
	printf("%s%zu in all\n", hits->is_exact ? "" : "about ", hits->estimate);
	if (list.count < hits->count)
		printf("%zu of them were withdrawn since\n", hits->count - list.count);
	if (query->wants_facets)
		print_facets(&hits->facets);
	command_close(session);
	return EXIT_SUCCESS;
}

static int run_query(struct command_session *session, struct search_query *query)
{
	struct search_hits *hits = arena_new_of(session->arena, struct search_hits);
	struct search_reader *reader;
	enum search_result result = search_reader_open(session->config.search.index_dir, &reader);

	if (result != SEARCH_OK)
		return search_command_failed(session, result);
	search_results_allow(&session->ctx, &query->filter);
	result = search_run(reader, query, hits);
	search_reader_close(reader);
	if (result != SEARCH_OK)
		return search_command_failed(session, result);
	return print_hits(session, query, hits);
}

static bool read_sort(const char *text, enum search_sort *out)
{
	static const char *const names[] = {
		[SEARCH_BEST] = "best", [SEARCH_NEWEST] = "newest", [SEARCH_MOST_USEFUL] = "useful"
	};

	for (size_t i = 0; i < ARRAY_COUNT(names); i++) {
		if (strcmp(names[i], text) == 0) {
			*out = (enum search_sort)i;
			return true;
		}
	}
	return false;
}

static bool read_number(const char *text, size_t most, size_t *out)
{
	int64_t number;

	if (!slice_to_i64(slice_of(text), &number) || number < 0 || (uint64_t)number > most)
		return false;
	*out = (size_t)number;
	return true;
}

static const char *read_query(const struct options *options, struct search_query *query)
{
	query->wants_snippets = true;
	query->wants_facets = options_is_set(options, "facets");
	if (!read_sort(options_text_or(options, "sort", "best"), &query->sort))
		return "--sort is best, newest or useful";
	if (!read_number(options_text_or(options, "limit", QUERY_HITS), SEARCH_HITS_MAX,
			 &query->limit))
		return "--limit is a number up to 50";
	if (!read_number(options_text_or(options, "offset", "0"), SEARCH_OFFSET_MAX,
			 &query->offset))
		return "--offset is a number up to 1000";
	return options->rest_count > 0 ? NULL : "there are no words";
}

int search_query(int argc, char **argv)
{
	static const char *const known[] = { "language=", "sort=",  "limit=",
					     "offset=",   "facets", NULL };
	struct command_session session;
	struct options options;
	struct search_query query = { 0 };
	const char *message = NULL;

	/* Words are left over, which is as it should be. */
	if (!options_read(&options, known, argc - 1, argv + 1))
		message = options.message;
	else
		message = read_query(&options, &query);
	if (message) {
		fprintf(stderr, "entraide search query: %s; see entraide search --help\n", message);
		return EXIT_FAILURE;
	}
	if (!command_open(&session, false))
		return EXIT_FAILURE;
	query.language = options_text_or(&options, "language",
					 session.config.site.default_language);
	query.words = join_words(session.arena, &options);
	return run_query(&session, &query);
}
