/*
 * entraide search rebuild, and stats.
 */
#include "base/clock.h"
#include "cmd/options.h"
#include "cmd/progress.h"
#include "cmd/search_parts.h"
#include "forum/index_state.h"
#include "jobs/index.h"

/* A piece that the worker has in hand, packing included. */
#define WORKER_WAIT_MS 120000

static int refuse(const char *command, const char *message)
{
	fprintf(stderr, "entraide search %s: %s; see entraide search --help\n", command, message);
	return EXIT_FAILURE;
}

/* rebuild ------------------------------------------------------------------------ */

static void show_progress(void *data, int64_t done, int64_t total)
{
	struct progress *progress = data;

	progress->total = total;
	progress_show(progress, done);
}

static int rebuild_failed(struct command_session *session)
{
	const char *details = session->ctx.error.details;

	if (details && strcmp(details, "search index: full") == 0)
		return search_command_failed(session, SEARCH_FULL);
	if (details && strcmp(details, "search index: denied") == 0)
		return search_command_failed(session, SEARCH_DENIED);
	return command_failed(session, session->ctx.error.code);
}

static int report_rebuild(struct command_session *session, const struct index_build *build,
			  int64_t began_at)
{
	double seconds = (double)(clock_monotonic() - began_at) / 1e6;
	struct search_place place;
	enum search_result looked = search_look(session->config.search.index_dir, &place);

	if (looked != SEARCH_OK)
		return search_command_failed(session, looked);
	if (build->resumed > 0)
		printf("search rebuild: went on after %lld topics\n", (long long)build->resumed);
	printf("search rebuild: %lld topics in %.1f s, %zu in the index, %s\n",
	       (long long)build->built, seconds, place.documents,
	       search_size_text(session, place.bytes));
	command_close(session);
	return EXIT_SUCCESS;
}

static int run_rebuild(struct command_session *session, const struct options *options)
{
	struct progress progress;
	struct index_build build = { .is_anew = options_is_set(options, "anew"),
				     .is_related_anew = options_is_set(options, "related"),
				     .wait_ms = WORKER_WAIT_MS,
				     .progress = show_progress,
				     .data = &progress };
	int64_t began_at = clock_monotonic();
	enum err failure;

	progress_begin(&progress, "search rebuild", 0);
	failure = index_build(&session->ctx, &build);
	progress_end(&progress);
	if (failure != OK)
		return rebuild_failed(session);
	if (build.is_busy) {
		fprintf(stderr, "entraide search: another process is building the index; "
				"\"entraide search stats\" says how far it is\n");
		command_close(session);
		return EXIT_FAILURE;
	}
	return report_rebuild(session, &build, began_at);
}

int search_rebuild(int argc, char **argv)
{
	static const char *const known[] = { "anew", "related", NULL };
	struct command_session session;
	struct options options;

	if (!options_read(&options, known, argc - 1, argv + 1) || options.rest_count > 0)
		return refuse("rebuild", options.message);
	if (!command_open(&session, false))
		return EXIT_FAILURE;
	return run_rebuild(&session, &options);
}

/* stats -------------------------------------------------------------------------- */

static const char *time_text(struct command_session *session, int64_t at)
{
	int64_t seconds = (clock_now() - at) / CLOCK_SECOND;

	return at ? arena_printf(session->arena, "%lld s ago", (long long)seconds) : "never";
}

static void print_state(struct command_session *session, const struct index_state *state)
{
	printf("topics marked       %lld\n", (long long)state->marks);
	printf("oldest mark         %lld s\n", (long long)state->oldest_seconds);
	printf("related due         %lld\n", (long long)state->related);
	printf("last commit         %s\n", time_text(session, state->last_commit_at));
	printf("failures            %lld%s%s\n", (long long)state->failure_count,
	       state->failure[0] ? ", now: " : "", state->failure);
	if (state->generation)
		printf("being built         %lld of %lld\n", (long long)state->done,
		       (long long)state->total);
}

static void print_place(struct command_session *session, const struct search_place *place,
			const struct search_sorts *sorts)
{
	const char *directory = session->config.search.index_dir;

	if (place->generation)
		printf("place               %s/generation-%lld\n", directory,
		       (long long)place->generation);
	else
		printf("place               %s\n", directory);
	printf("size                %s%s\n", search_size_text(session, place->bytes),
	       place->is_current ? "" : ", made with other words; a new one is due");
	printf("topics in the index %zu\narticles            %zu\n", sorts->topics,
	       sorts->articles);
	printf("in French           %zu\nin English          %zu\n", sorts->french, sorts->english);
}

static enum search_result load_place(const char *directory, struct search_place *place,
				     struct search_sorts *sorts)
{
	struct search_reader *reader;
	enum search_result result = search_look(directory, place);

	if (result != SEARCH_OK)
		return result;
	result = search_reader_open(directory, &reader);
	if (result != SEARCH_OK)
		return result;
	result = search_count_sorts(reader, sorts);
	search_reader_close(reader);
	return result;
}

int search_stats(int argc, char **argv)
{
	struct command_session session;
	struct index_state state;
	struct search_place place;
	struct search_sorts sorts;
	enum search_result result;

	(void)argv;
	if (argc > 1)
		return refuse("stats", "there is an argument too many");
	if (!command_open(&session, false))
		return EXIT_FAILURE;
	if (index_state_load(&session.ctx, &state) != OK)
		return command_failed(&session, session.ctx.error.code);
	print_state(&session, &state);
	result = load_place(session.config.search.index_dir, &place, &sorts);
	if (result != SEARCH_OK)
		return search_command_failed(&session, result);
	print_place(&session, &place, &sorts);
	command_close(&session);
	return EXIT_SUCCESS;
}
