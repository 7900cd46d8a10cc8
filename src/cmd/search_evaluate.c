/*
 * entraide search evaluate: how good the search is on somebody's documents and
 * questions. The index is a scratch one, made and asked by the very code that serves
 * the site; neither configuration nor database is needed.
 */
#include "cmd/command.h"

#include <errno.h>
#include <ftw.h>
#include <signal.h>

#include "base/clock.h"
#include "cmd/evaluate_files.h"
#include "cmd/measures.h"
#include "cmd/options.h"
#include "cmd/progress.h"
#include "search/search.h"

static const char usage[] =
	"usage: entraide search evaluate --documents FILE --queries FILE [OPTIONS]\n\n"
	"Puts the documents into an index of their own, asks it the queries, and says how\n"
	"well the answers fit. Both files have one JSON object a line:\n"
	"  documents  {\"id\": \"61\", \"title\": \"…\", \"body\": \"…\", \"theme\": \"…\"}\n"
	"  queries    {\"q\": \"…\", \"expected\": \"61\"}, or a list of ids\n\n"
	"  --language fr|en|auto  of all of them (auto: found out from the words)\n"
	"  --run FILE             write the ranked lists there, as TREC has them\n";

#define EVALUATE_MEMORY_MAX_BYTES ((size_t)2 * 1024 * 1024 * 1024)
#define RANKED_MAX                100 /* hits of a question that are looked at */
#define PAGE_HITS                 10  /* what a person sees first, and what is timed */

struct evaluation {
	struct arena *arena;
	struct ctx ctx;
	const char *language; /* "" for auto */
	char directory[64];   /* the scratch index */
	struct evaluate_ids ids;
	struct search_writer *writer;
	struct search_reader *reader;
	struct search_hits *hits;
	struct evaluate_query *queries;
	size_t query_count;
	FILE *run;
	struct progress progress;
	size_t documents, repeated, empty_queries, missing_expected;
	struct measures measures;
	double *latencies_ms;
};

static volatile sig_atomic_t is_stopped;

static void stop(int signal_number)
{
	(void)signal_number;
	is_stopped = 1;
}

static bool fail_evaluation(const char *what, const char *why)
{
	fprintf(stderr, "entraide search evaluate: %s: %s\n", what, why);
	return false;
}

static bool worked(const char *what, enum search_result result)
{
	return result == SEARCH_OK || fail_evaluation(what, search_result_name(result));
}

/* The scratch index -------------------------------------------------------------- */

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *walk)
{
	(void)status;
	(void)type;
	(void)walk;
	return remove(path);
}

static bool make_directory(struct evaluation *evaluation)
{
	const char *parent = getenv("TMPDIR");
	int length = snprintf(evaluation->directory, sizeof evaluation->directory,
			      "%s/entraide-evaluate-XXXXXX", parent && *parent ? parent : "/tmp");

	if (length < 0 || (size_t)length >= sizeof evaluation->directory)
		snprintf(evaluation->directory, sizeof evaluation->directory,
			 "/tmp/entraide-evaluate-XXXXXX");
	if (mkdtemp(evaluation->directory))
		return true;
	(void)fail_evaluation(evaluation->directory, strerror(errno));
	evaluation->directory[0] = '\0';
	return false;
}

static bool put_document(void *data, const struct evaluate_document *read)
{
	struct evaluation *evaluation = data;
	struct search_post post = { .text = read->body, .is_question = true };
	struct search_document document = { .kind = SEARCH_ARTICLE,
					    .language = evaluation->language,
					    .title = read->title,
					    .posts = &post,
					    .post_count = 1,
					    .category_names = read->theme,
					    .source = "evaluation" };
	size_t known = evaluation->ids.count;

	if (is_stopped)
		return fail_evaluation("stopped", "by a signal");
	if (known == EVALUATE_DOCUMENTS_MAX)
		return fail_evaluation("too many documents", "2,000,000 are the most");
	document.id = (int64_t)evaluate_ids_add(&evaluation->ids, read->id);
	evaluation->repeated += evaluation->ids.count == known;
	progress_show(&evaluation->progress, (int64_t)++evaluation->documents);
	return worked("an index in the temporary folder",
		      search_writer_put(evaluation->writer, &document));
}

static bool fill_index(struct evaluation *evaluation, const char *path)
{
	struct evaluate_lines lines;
	bool is_good;

	if (!make_directory(evaluation) ||
	    !worked(evaluation->directory,
		    search_writer_create(evaluation->directory, &evaluation->writer)))
		return false;
	progress_begin(&evaluation->progress, "documents", 0);
	is_good = evaluate_read_documents(&evaluation->ctx, path, put_document, evaluation, &lines);
	progress_end(&evaluation->progress);
	is_good = is_good && worked("an index in the temporary folder",
				    search_writer_commit(evaluation->writer));
	search_writer_close(evaluation->writer);
	evaluation->writer = NULL;
	if (is_good && evaluation->ids.count == 0)
		return fail_evaluation(path, "no document in it");
	printf("documents   %zu in the index", evaluation->ids.count);
	if (evaluation->repeated)
		printf(", %zu repeated (the last one stands)", evaluation->repeated);
	if (lines.bad)
		printf(", %zu bad lines", lines.bad);
	printf("\n");
	return is_good;
}

/* The questions ------------------------------------------------------------------- */

/* What is longer than a search is a whole question, as on the ask page. */
static enum search_result ask_whole(struct evaluation *evaluation, const char *words, size_t limit)
{
	struct search_text text = {
		.title = "", .body = words, .language = evaluation->language, .limit = limit
	};

	return search_similar_text(evaluation->reader, &text, evaluation->hits);
}

static enum search_result ask(struct evaluation *evaluation, const char *words, size_t offset,
			      size_t limit)
{
	struct search_query query = { .words = words,
				      .language = evaluation->language,
				      .offset = offset,
				      .limit = limit,
				      .wants_snippets = limit <= PAGE_HITS };

	evaluation->hits->count = 0;
	if (strlen(words) <= SEARCH_QUERY_MAX_BYTES)
		return search_run(evaluation->reader, &query, evaluation->hits);
	return offset == 0 ? ask_whole(evaluation, words, limit) : SEARCH_OK;
}

static void write_run(struct evaluation *evaluation, const struct evaluate_query *query,
		      size_t rank, const struct search_hit *hit)
{
	char *id = arena_strdup(evaluation->arena, evaluation->ids.texts[hit->id - 1]);

	if (!evaluation->run)
		return;
	for (char *at = id; *at; at++)
		if (strchr(" \t\r\n\v\f", *at))
			*at = '_';
	fprintf(evaluation->run, "%s Q0 %s %zu %.6f entraide\n", query->id, id, rank, hit->weight);
}

static bool is_expected(const struct evaluation *evaluation, const struct evaluate_query *query,
			int64_t id)
{
	for (size_t i = 0; i < query->expected_count; i++)
		if (strcmp(evaluation->ids.texts[id - 1], query->expected[i]) == 0)
			return true;
	return false;
}

/* A page of hits is asked for as a person would, with a clock; then the longer list. */
static bool judge(struct evaluation *evaluation, const struct evaluate_query *query)
{
	bool is_right[RANKED_MAX];
	size_t count = 0, found;
	int64_t begin = clock_monotonic();

	if (!worked(query->words, ask(evaluation, query->words, 0, PAGE_HITS)))
		return false;
	evaluation->latencies_ms[evaluation->measures.count] = (double)(clock_monotonic() - begin) /
							       1000;
	do {
		if (!worked(query->words, ask(evaluation, query->words, count, SEARCH_HITS_MAX)))
			return false;
		found = evaluation->hits->count;
		for (size_t i = 0; i < found && count < RANKED_MAX; i++) {
			const struct search_hit *hit = &evaluation->hits->items[i];

			is_right[count++] = is_expected(evaluation, query, hit->id);
			write_run(evaluation, query, count, hit);
		}
	} while (found == SEARCH_HITS_MAX && count < RANKED_MAX);
	measures_add(&evaluation->measures, is_right, count, query->expected_count);
	return true;
}

static void count_oddities(struct evaluation *evaluation, const struct evaluate_query *query)
{
	evaluation->empty_queries += strspn(query->words, " \t\r\n") == strlen(query->words);
	for (size_t i = 0; i < query->expected_count; i++)
		if (!evaluate_ids_find(&evaluation->ids, query->expected[i]))
			evaluation->missing_expected++;
}

static bool ask_all(struct evaluation *evaluation)
{
	bool is_good = true;

	evaluation->latencies_ms = arena_array_of(evaluation->arena, evaluation->query_count,
						  double);
	progress_begin(&evaluation->progress, "queries", (int64_t)evaluation->query_count);
	for (size_t i = 0; is_good && i < evaluation->query_count; i++) {
		count_oddities(evaluation, &evaluation->queries[i]);
		is_good = !is_stopped && judge(evaluation, &evaluation->queries[i]);
		progress_show(&evaluation->progress, (int64_t)i + 1);
	}
	progress_end(&evaluation->progress);
	return is_good;
}

static bool ask_questions(struct evaluation *evaluation, const char *path)
{
	struct evaluate_lines lines;

	if (!evaluate_read_queries(&evaluation->ctx, path, &evaluation->queries,
				   &evaluation->query_count, &lines))
		return false;
	if (evaluation->query_count == 0)
		return fail_evaluation(path, "no query in it");
	if (!worked(evaluation->directory,
		    search_reader_open(evaluation->directory, &evaluation->reader)) ||
	    !ask_all(evaluation))
		return false;
	printf("queries     %zu", evaluation->query_count);
	if (lines.bad)
		printf(", %zu bad lines", lines.bad);
	if (evaluation->empty_queries)
		printf(", %zu empty (counted as not found)", evaluation->empty_queries);
	if (evaluation->missing_expected)
		printf(", %zu expected ids not among the documents (cannot be found)",
		       evaluation->missing_expected);
	printf("\n");
	return true;
}

/* The command ----------------------------------------------------------------------- */

static void print_table(struct evaluation *evaluation)
{
	struct measures *measures = &evaluation->measures;
	size_t count = measures->count;

	measures_finish(measures);
	printf("\nMRR         %.4f\n", measures->reciprocal_rank);
	printf("P@1         %.4f\n", measures->first_is_right);
	printf("hit@5       %.4f\n", measures->is_hit);
	printf("MAP         %.4f\n", measures->average_precision);
	printf("nDCG@10     %.4f\n", measures->gain);
	printf("latency p50 %.2f ms\n", measures_percentile(evaluation->latencies_ms, count, 0.50));
	printf("latency p99 %.2f ms\n", measures_percentile(evaluation->latencies_ms, count, 0.99));
}

static bool open_run(struct evaluation *evaluation, const char *path)
{
	if (!path)
		return true;
	evaluation->run = fopen(path, "we");
	return evaluation->run || fail_evaluation(path, strerror(errno));
}

static bool close_run(struct evaluation *evaluation, const char *path)
{
	FILE *run = evaluation->run;

	evaluation->run = NULL;
	return !run || fclose(run) == 0 || fail_evaluation(path, strerror(errno));
}

static bool evaluate(struct evaluation *evaluation, const struct options *options)
{
	const char *run = options_text(options, "run");

	if (!open_run(evaluation, run) ||
	    !fill_index(evaluation, options_text(options, "documents")) ||
	    !ask_questions(evaluation, options_text(options, "queries")) ||
	    !close_run(evaluation, run))
		return false;
	print_table(evaluation);
	return true;
}

static void clean_up(struct evaluation *evaluation)
{
	if (evaluation->writer)
		search_writer_close(evaluation->writer);
	if (evaluation->reader)
		search_reader_close(evaluation->reader);
	if (evaluation->directory[0])
		nftw(evaluation->directory, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
	if (evaluation->run)
		fclose(evaluation->run);
	evaluate_ids_release(&evaluation->ids);
	arena_free(evaluation->arena);
}

static bool is_language(const char *text)
{
	return strcmp(text, "fr") == 0 || strcmp(text, "en") == 0 || strcmp(text, "auto") == 0;
}

int command_search_evaluate(int argc, char **argv)
{
	static const char *const known[] = { "documents=", "queries=", "run=", "language=", NULL };
	const struct sigaction stopping = { .sa_handler = stop };
	struct evaluation evaluation = { 0 };
	struct options options;
	const char *language;
	bool is_good;

	if (command_wants_help(argc, argv, usage))
		return EXIT_SUCCESS;
	is_good = options_read(&options, known, argc - 1, argv + 1) && options.rest_count == 0 &&
		  options_is_set(&options, "documents") && options_is_set(&options, "queries");
	language = is_good ? options_text_or(&options, "language", "auto") : "";
	if (!is_good || !is_language(language)) {
		fputs(usage, stderr);
		return EXIT_FAILURE;
	}
	sigaction(SIGINT, &stopping, NULL);
	sigaction(SIGTERM, &stopping, NULL);
	evaluation.arena = arena_new(EVALUATE_MEMORY_MAX_BYTES);
	evaluation.ctx = (struct ctx){ .arena = evaluation.arena, .language = "en" };
	evaluation.language = strcmp(language, "auto") == 0 ? "" : language;
	evaluation.hits = arena_new_of(evaluation.arena, struct search_hits);
	evaluate_ids_init(&evaluation.ids, evaluation.arena);
	is_good = evaluate(&evaluation, &options);
	clean_up(&evaluation);
	return is_good ? EXIT_SUCCESS : EXIT_FAILURE;
}
