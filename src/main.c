/*
 * The program: one binary, many subcommands. This file is the table of them,
 * to be read as the list of what `entraide` can do; each lives in a file of
 * src/cmd and gets the arguments that follow its name.
 */
#include "cmd/command.h"

static const struct command commands[] = {
	{ "web", "serve the pages (FastCGI)", command_web },
	{ "worker", "send mail, keep the index, do the upkeep", command_worker },
	{ "migrate", "bring the database's schema up to date", command_migrate },
	{ "topic", "merge and split questions, undo what was done", command_topic },
	{ "user", "create people, change roles", command_user },
	{ "import", "take over the questions of another forum, or articles", command_import },
	{ "export", "write the articles down, for another site", command_export },
	{ "mirror", "keep the conversations of other networks", command_mirror },
	{ "privacy", "keys and sealed records of erased accounts", command_privacy },
	{ "search", "rebuild or ask the full-text index", command_search },
	{ "sitemap", "make the sitemap, or look whether it is true", command_sitemap },
	{ "check", "compare derived values with their sources", command_check },
	{ "activity", "work the figures of the dashboards out anew", command_activity },
	{ "demo", "seed the demo community", command_demo },
	{ "config", "print every key of the configuration", command_config },
	{ NULL, NULL, NULL },
};

/* The whole command line, for a reload of `web`, which runs it again. */
char **command_program_arguments;

static void print_usage(FILE *out)
{
	fprintf(out, "usage: entraide COMMAND [ARGUMENTS]\n\n");
	for (const struct command *command = commands; command->name; command++)
		fprintf(out, "  %-9s %s\n", command->name, command->summary);
	fprintf(out, "\nentraide COMMAND --help explains one of them.\n");
}

int main(int argc, char **argv)
{
	if (argc < 2) {
		print_usage(stderr);
		return EXIT_FAILURE;
	}
	if (strcmp(argv[1], "--help") == 0) {
		print_usage(stdout);
		return EXIT_SUCCESS;
	}
	if (strcmp(argv[1], "--version") == 0) {
		printf("entraide %s\n", PACKAGE_VERSION);
		return EXIT_SUCCESS;
	}
	command_program_arguments = argv;
	for (const struct command *command = commands; command->name; command++)
		if (strcmp(argv[1], command->name) == 0)
			return command->run(argc - 1, argv + 1);
	fprintf(stderr, "entraide: no command \"%s\"\n\n", argv[1]);
	print_usage(stderr);
	return EXIT_FAILURE;
}
