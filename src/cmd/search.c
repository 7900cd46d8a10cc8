/*
 * entraide search: makes the index anew, asks it, says how large it is, and
 * (search_evaluate.c) how good its answers are.
 */
#include "cmd/command.h"

#include "base/buf.h"
#include "cmd/progress.h"
#include "forum/indexing.h"
#include "forum/topic.h"
#include "jobs/index.h"
#include "search/search.h"

static const char usage[] =
	"usage: entraide search rebuild [--keep]\n"
	"       entraide search query [--language fr|en] WORDS…\n"
	"       entraide search stats\n"
	"       entraide search evaluate --documents FILE --queries FILE [--help]\n\n"
	"rebuild makes the index anew, from an empty one; with --keep it goes over all\n"
	"topics in the index that is there, so that searches find something meanwhile.\n";

#define QUERY_HITS 20

static int fail_search(struct command_session *session, enum search_result result)
{
	fprintf(stderr, "entraide search: %s\n", search_result_name(result));
	command_close(session);
	return EXIT_FAILURE;
}

/* rebuild ------------------------------------------------------------------------ */

static void show_progress(void *data, int64_t done)
{
	progress_show(data, done);
}

static int rebuild(struct command_session *session, bool keeps)
{
	struct progress progress;
	struct index_run run = { .is_anew = !keeps, .progress = show_progress, .data = &progress };
	int64_t topics;
	enum err failure = index_mark_all(&session->ctx, &topics);

	if (failure != OK)
		return command_failed(session, failure);
	progress_begin(&progress, "search rebuild", topics);
	failure = index_run(&session->ctx, &run);
	progress_end(&progress);
	if (failure != OK)
		return command_failed(session, failure);
	if (run.is_busy) {
		fprintf(stderr,
			"entraide search: the worker is at the index just now; it will go over all "
			"topics, as they are marked. To begin with an empty index, stop it first.\n");
		command_close(session);
		return EXIT_FAILURE;
	}
	printf("search rebuild: %lld topics\n", (long long)run.done);
	command_close(session);
	return EXIT_SUCCESS;
}

/* query -------------------------------------------------------------------------- */

static const char *join_words(struct command_session *session, int argc, char **argv)
{
	struct buf words;

	buf_init(&words, session->arena, SEARCH_QUERY_MAX_BYTES + 1);
	for (int i = 0; i < argc; i++)
		buf_printf(&words, "%s%s", i > 0 ? " " : "", argv[i]);
	return words.data;
}

static enum err print_hits(struct command_session *session, const struct search_hits *hits)
{
	int64_t ids[SEARCH_HITS_MAX];
	struct topic_list list;

	for (size_t i = 0; i < hits->count; i++)
		ids[i] = hits->items[i].id;
	TRY(topic_list_by_ids(&session->ctx, ids, hits->count, &list));
	for (size_t i = 0; i < list.count; i++)
		printf("%8lld  %s\n", (long long)list.items[i].id, list.items[i].title);
	printf("about %zu in all\n", hits->estimate);
	return OK;
}

static int query(struct command_session *session, int argc, char **argv)
{
	const char *language = session->config.site.default_language;
	struct search_hits *hits = arena_new_of(session->arena, struct search_hits);
	struct search_query asked = { .limit = QUERY_HITS };
	struct search_reader *reader;
	enum search_result result;
	enum err failure;

	if (argc > 2 && strcmp(argv[0], "--language") == 0) {
		language = argv[1];
		argc -= 2;
		argv += 2;
	}
	result = search_reader_open(session->config.search.index_dir, &reader);
	if (result != SEARCH_OK)
		return fail_search(session, result);
	asked.language = language;
	asked.words = join_words(session, argc, argv);
	result = search_run(reader, &asked, hits);
	search_reader_close(reader);
	if (result != SEARCH_OK)
		return fail_search(session, result);
	failure = print_hits(session, hits);
	if (failure != OK)
		return command_failed(session, failure);
	command_close(session);
	return EXIT_SUCCESS;
}

/* stats -------------------------------------------------------------------------- */

static int stats(struct command_session *session)
{
	struct search_reader *reader;
	size_t documents;
	int64_t owed;
	enum search_result result = search_reader_open(session->config.search.index_dir, &reader);
	enum err failure = index_owed(&session->ctx, &owed);

	if (failure != OK)
		return command_failed(session, failure);
	if (result == SEARCH_OK) {
		result = search_count(reader, &documents);
		search_reader_close(reader);
	}
	if (result != SEARCH_OK)
		return fail_search(session, result);
	printf("topics in the index %zu\ntopics marked       %lld\n", documents, (long long)owed);
	command_close(session);
	return EXIT_SUCCESS;
}

int command_search(int argc, char **argv)
{
	struct command_session session;
	const char *what = argc > 1 ? argv[1] : "";
	bool keeps = argc > 2 && strcmp(argv[2], "--keep") == 0;

	if (command_wants_help(argc, argv, usage))
		return EXIT_SUCCESS;
	if (strcmp(what, "evaluate") == 0)
		return command_search_evaluate(argc - 1, argv + 1);
	if (!(strcmp(what, "rebuild") == 0 && (argc == 2 || (argc == 3 && keeps))) &&
	    !(strcmp(what, "query") == 0 && argc > 2) &&
	    !(strcmp(what, "stats") == 0 && argc == 2)) {
		fputs(usage, stderr);
		return EXIT_FAILURE;
	}
	if (!command_open(&session, false))
		return EXIT_FAILURE;
	if (strcmp(what, "rebuild") == 0)
		return rebuild(&session, keeps);
	if (strcmp(what, "query") == 0)
		return query(&session, argc - 2, argv + 2);
	return stats(&session);
}
