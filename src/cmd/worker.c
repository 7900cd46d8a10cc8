/*
 * entraide worker: mail, search index, upkeep and mirrors, by some processes side by
 * side under the same supervisor as the pages.
 */
#include "cmd/command.h"

#include "http/supervisor.h"
#include "jobs/crawl.h"
#include "jobs/loop.h"
#include "jobs/mirror.h"
#include "jobs/page_cache.h"
#include "web/serve.h"

/* A mail server may take half a minute (net/mail.h). */
#define DRAIN_MS         45000
/* Then a process is replaced: whatever a library lost on the way is given back. */
#define JOBS_PER_PROCESS 10000

/* Pages and the answers to notices come before what becomes of the notices, and counting. */
#define NICENESS 10

static const char usage[] =
	"usage: entraide worker [--check]\n\n"
	"Does the jobs that wait in the database, worker.slots at a time, until SIGTERM;\n"
	"what is in hand is finished first. SIGHUP takes over a new configuration.\n"
	"  --check   only says whether it could start\n";

int command_worker(int argc, char **argv)
{
	struct command_session session;
	struct supervisor_pool pools[4];
	const char *message = "";
	int status = EXIT_SUCCESS;
	size_t count = 2;

	if (command_wants_help(argc, argv, usage))
		return EXIT_SUCCESS;
	if (!command_takes_only(argc, argv, "--check", usage))
		return EXIT_FAILURE;
	if (!command_configure(&session))
		return EXIT_FAILURE;
	pools[0] = (struct supervisor_pool){
		.name = "jobs",
		.workers = (int)session.config.worker.slots,
		.requests_per_worker = JOBS_PER_PROCESS,
		.work = jobs_work,
		.data = &session.config,
	};
	/* Other networks may be slow: nothing of ours waits for them. */
	pools[1] = (struct supervisor_pool){
		.name = "mirror",
		.workers = (int)session.config.mirror.slots,
		.requests_per_worker = JOBS_PER_PROCESS,
		.niceness = NICENESS,
		.work = mirror_work,
		.data = &session.config,
	};
	/* Nothing may keep a changed page waiting: it has a process of its own. */
	if (strcmp(session.config.cache.pages, "on") == 0)
		pools[count++] = (struct supervisor_pool){
			.name = "pages",
			.workers = 1,
			.work = page_cache_work,
			.data = &session.config,
		};
	else if (session.config.cache.generation_dir[0])
		page_cache_off(&session.config);
	/* The log is this machine's, and DNS may be slow. */
	if (session.config.crawlers.log[0])
		pools[count++] = (struct supervisor_pool){
			.name = "crawl",
			.workers = 1,
			.niceness = NICENESS,
			.work = crawl_work,
			.data = &session.config,
		};
	if (!serve_check(&session.config, &message)) {
		fprintf(stderr, "entraide worker: %s\n", message);
		status = EXIT_FAILURE;
	} else if (argc < 2) {
		status = supervisor_run(
			&(struct supervisor_options){ .pools = pools,
						      .pool_count = count,
						      .argv = command_program_arguments,
						      .check_argument = "--check",
						      .drain_ms = DRAIN_MS });
	}
	command_close(&session);
	return status;
}
