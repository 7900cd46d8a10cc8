/*
 * entraide migrate: brings the database's schema up to this program's.
 */
#include "cmd/command.h"

#include "db/migrate.h"

static const char usage[] =
	"usage: entraide migrate\n\n"
	"Runs the numbered files of paths.migrations_dir that have not run yet, and\n"
	"functions.sql when it changed. Run again, it does no harm. It needs the\n"
	"rights of the schema's owner.\n";

int command_migrate(int argc, char **argv)
{
	struct command_session session;
	struct migrate_result result = { 0 };
	enum err failure;

	if (command_wants_help(argc, argv, usage))
		return EXIT_SUCCESS;
	if (!command_takes_only(argc, argv, NULL, usage))
		return EXIT_FAILURE;
	if (!command_open(&session, true))
		return EXIT_FAILURE;
	failure = migrate_run(&session.ctx, session.config.paths.migrations_dir, &result);
	if (failure != OK)
		return command_failed(&session, failure);
	printf("migrate: %d applied, %d already there%s\n", result.applied, result.already,
	       result.functions_replaced ? ", functions replaced" : "");
	command_close(&session);
	return EXIT_SUCCESS;
}
