/*
 * entraide check: are the counts what they should be?
 */
#include "cmd/command.h"

#include "forum/check.h"
#include "forum/crisis.h"
#include "forum/desk_check.h"
#include "forum/listening.h"
#include "forum/standing.h"

static const char usage[] =
	"usage: entraide check [--repair]\n\n"
	"Recomputes every derived value (answer counts, scores, standings…) and says how\n"
	"many rows differ. Exits 1 when some do; --repair mends them, then exits 0.\n";

static int64_t print_results(const struct check_result *results, size_t count, bool is_repaired)
{
	int64_t differing = 0;

	for (size_t i = 0; i < count; i++) {
		printf("%-26s %10lld %s\n", results[i].name, (long long)results[i].differing,
		       results[i].differing == 0 ? "ok"
		       : is_repaired             ? "differed, mended"
						 : "differ");
		differing += results[i].differing;
	}
	return differing;
}

/* Time moves ranks, and moderators the past; the worker looks every night: no fault. */
static void print_nightly(const char *name, int64_t differing, bool is_repaired)
{
	printf("%-26s %10lld %s\n", name, (long long)differing,
	       differing == 0 ? "ok"
	       : is_repaired  ? "worked out anew"
			      : "are due tonight");
}

/* The worker goes through all of them at its start and every night: no fault, either. */
static void print_desk(int64_t waiting, bool is_repaired)
{
	printf("%-26s %10lld %s\n", "questions of the desk", (long long)waiting,
	       waiting == 0  ? "ok"
	       : is_repaired ? "are being reckoned anew"
			     : "wait for the worker");
}

int command_check(int argc, char **argv)
{
	struct command_session session;
	struct check_result *results;
	size_t count;
	bool is_repair = argc > 1 && strcmp(argv[1], "--repair") == 0;
	int64_t differing, standing, hours, weeks, desk;
	enum err failure;

	if (command_wants_help(argc, argv, usage))
		return EXIT_SUCCESS;
	if (!command_takes_only(argc, argv, "--repair", usage))
		return EXIT_FAILURE;
	if (!command_open(&session, false))
		return EXIT_FAILURE;
	failure = check_run(&session.ctx, is_repair, &results, &count);
	if (failure != OK)
		return command_failed(&session, failure);
	failure = standing_check(&session.ctx, is_repair, &standing);
	if (failure != OK)
		return command_failed(&session, failure);
	failure = crisis_check(&session.ctx, is_repair, &hours);
	if (failure != OK)
		return command_failed(&session, failure);
	failure = listening_check(&session.ctx, is_repair, &weeks);
	if (failure != OK)
		return command_failed(&session, failure);
	failure = desk_check(&session.ctx, is_repair, &desk);
	if (failure != OK)
		return command_failed(&session, failure);
	differing = print_results(results, count, is_repair);
	print_nightly("trust levels and ranks", standing, is_repair);
	print_nightly("hourly counts", hours, is_repair);
	print_nightly("weekly counts by theme", weeks, is_repair);
	print_desk(desk, is_repair);
	command_close(&session);
	return differing > 0 && !is_repair ? EXIT_FAILURE : EXIT_SUCCESS;
}
