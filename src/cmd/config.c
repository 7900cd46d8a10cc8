/*
 * entraide config: every key of the configuration, with default and meaning.
 */
#include "cmd/command.h"

static const char usage[] = "usage: entraide config\n\n"
			    "Prints all keys of entraide.conf as a commented file to begin from.\n";

int command_config(int argc, char **argv)
{
	if (command_wants_help(argc, argv, usage))
		return EXIT_SUCCESS;
	if (!command_takes_only(argc, argv, NULL, usage))
		return EXIT_FAILURE;
	config_print();
	return EXIT_SUCCESS;
}
