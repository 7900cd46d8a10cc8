/*
 * entraide search: the table of its subcommands, and what they share.
 */
#include "cmd/search_parts.h"

static const char usage[] =
	"usage: entraide search rebuild [--anew] [--related]\n"
	"       entraide search check [--repair]\n"
	"       entraide search query [--language fr|en] [--sort best|newest|useful] [--limit N]\n"
	"                             [--offset N] [--facets] WORDS…\n"
	"       entraide search stats\n"
	"       entraide search evaluate --documents FILE --queries FILE [--help]\n\n"
	"rebuild makes a new index beside the living one and then puts it in its place;\n"
	"searches and the worker go on meanwhile. Interrupted, it goes on where it was;\n"
	"--anew begins from the start, --related looks for all related questions again.\n"
	"check compares the index with the database and says what differs, exit status 1;\n"
	"--repair leaves the worker to put it right.\n"
	"query shows what is found, with weights; stats how large and how old the index is.\n";

static const struct subcommand {
	const char *name;
	int (*run)(int argc, char **argv);
} subcommands[] = {
	{ "rebuild", search_rebuild },
	{ "check", search_check },
	{ "query", search_query },
	{ "stats", search_stats },
	{ "evaluate", command_search_evaluate },
};

static const char *meaning_of(enum search_result result)
{
	switch (result) {
	case SEARCH_MISSING:
		return "there is no index, or none that this program can read; the worker builds "
		       "one";
	case SEARCH_CORRUPT:
		return "the index is broken; \"entraide search rebuild\" or the worker mends it";
	case SEARCH_LOCKED:
		return "another program writes the index";
	case SEARCH_FULL:
		return "there is not enough room on the disk";
	case SEARCH_DENIED:
		return "no right to read or write search.index_dir";
	default:
		return "the index cannot be used";
	}
}

int search_command_failed(struct command_session *session, enum search_result result)
{
	fprintf(stderr, "entraide search: %s (%s)\n", meaning_of(result),
		search_result_name(result));
	command_close(session);
	return EXIT_FAILURE;
}

const char *search_size_text(struct command_session *session, uint64_t bytes)
{
	if (bytes < (uint64_t)10 << 20)
		return arena_printf(session->arena, "%llu kB", (unsigned long long)(bytes >> 10));
	return arena_printf(session->arena, "%llu MB", (unsigned long long)(bytes >> 20));
}

int command_search(int argc, char **argv)
{
	if (command_wants_help(argc, argv, usage))
		return EXIT_SUCCESS;
	for (size_t i = 0; argc > 1 && i < ARRAY_COUNT(subcommands); i++)
		if (strcmp(argv[1], subcommands[i].name) == 0)
			return subcommands[i].run(argc - 1, argv + 1);
	fputs(usage, stderr);
	return EXIT_FAILURE;
}
