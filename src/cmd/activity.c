/*
 * entraide activity: works out anew what the dashboards and the desk's reports show. The
 * worker's jobs do the same; this one says how much of the dashboards was wrong.
 */
#include "forum/activity.h"

#include "cmd/command.h"
#include "forum/desk_report.h"

static const char usage[] =
	"usage: entraide activity\n\n"
	"Works out the figures of the dashboards anew from what they follow from: 30 days,\n"
	"12 weeks, 12 months. Prints how many rows differed. The worker does it every night.\n"
	"And the reports of the desk, which the worker does every hour.\n";

int command_activity(int argc, char **argv)
{
	struct command_session session;
	int64_t written;
	enum err result;

	if (command_wants_help(argc, argv, usage))
		return EXIT_SUCCESS;
	if (argc > 1) {
		fputs(usage, stderr);
		return EXIT_FAILURE;
	}
	if (!command_open(&session, false))
		return EXIT_FAILURE;
	result = activity_refresh(&session.ctx, ACTIVITY_SHOWN, &written);
	if (result == OK)
		result = desk_reports_refresh(&session.ctx);
	if (result != OK)
		return command_failed(&session, result);
	printf("activity: %lld rows written\n", (long long)written);
	command_close(&session);
	return EXIT_SUCCESS;
}
