/*
 * The program: one binary, many subcommands. This file is the table of them,
 * to be read as the list of what `entraide` can do; each lives in a file of
 * src/cmd and gets the arguments that follow its name.
 */
#include "base/base.h"

struct command {
	const char *name;
	const char *summary;
	int (*run)(int argc, char **argv);
};

static const struct command commands[] = {
	{ NULL, NULL, NULL },
};

static void print_usage(FILE *out)
{
	fprintf(out, "usage: entraide COMMAND [ARGUMENTS]\n\n");
	for (const struct command *command = commands; command->name; command++)
		fprintf(out, "  %-12s %s\n", command->name, command->summary);
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
	for (const struct command *command = commands; command->name; command++)
		if (strcmp(argv[1], command->name) == 0)
			return command->run(argc - 1, argv + 1);
	fprintf(stderr, "entraide: there is no command \"%s\"\n", argv[1]);
	print_usage(stderr);
	return EXIT_FAILURE;
}
