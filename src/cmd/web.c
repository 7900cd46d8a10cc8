/*
 * entraide web: the pages, by two pools of worker processes under a supervisor.
 */
#include "cmd/command.h"

#include "base/log.h"
#include "http/supervisor.h"
#include "web/serve.h"

static const char usage[] =
	"usage: entraide web [--check]\n\n"
	"Serves FastCGI on web.pages_socket and web.slow_socket until SIGTERM.\n"
	"SIGHUP replaces the workers (and the program itself) without a lost request.\n"
	"  --check   only says whether it could start: configuration, catalogues,\n"
	"            the schema, every SQL statement\n";

/*
 * Whoever hammers the login must not slow down the pages: two workers at Argon2
 * take both processors of a small machine (measured: pages kept 40 % of their
 * speed; with this 80 %, and logins went on). Search waits a little too then.
 */
#define SLOW_NICENESS 15

static int run_pools(const struct config *config, char **argv)
{
	const struct supervisor_pool pools[] = {
		{ .name = "pages",
		  .socket_path = config->web.pages_socket,
		  .socket_group = config->web.socket_group,
		  .workers = (int)config->web.pages_workers,
		  .requests_per_worker = config->web.requests_per_worker,
		  .work = serve_work,
		  .data = (void *)(uintptr_t)config },
		{ .name = "slow",
		  .socket_path = config->web.slow_socket,
		  .socket_group = config->web.socket_group,
		  .workers = (int)config->web.slow_workers,
		  .requests_per_worker = config->web.requests_per_worker,
		  .niceness = SLOW_NICENESS,
		  .work = serve_work,
		  .data = (void *)(uintptr_t)config },
	};

	return supervisor_run(&(struct supervisor_options){
		.pools = pools,
		.pool_count = ARRAY_COUNT(pools),
		.argv = argv,
		.check_argument = "--check",
	});
}

int command_web(int argc, char **argv)
{
	struct command_session session;
	const char *message = "";
	int status;

	if (command_wants_help(argc, argv, usage))
		return EXIT_SUCCESS;
	if (!command_takes_only(argc, argv, "--check", usage))
		return EXIT_FAILURE;
	if (!command_configure(&session))
		return EXIT_FAILURE;
	if (!serve_check(&session.config, &message)) {
		fprintf(stderr, "entraide web: %s\n", message);
		command_close(&session);
		return EXIT_FAILURE;
	}
	if (argc > 1)
		status = EXIT_SUCCESS;
	else
		status = run_pools(&session.config, command_program_arguments);
	command_close(&session);
	return status;
}
