/*
 * Signals in a worker: all are blocked while it works, so that no query and no
 * upload is interrupted; http_accept lets through the two that stop it.
 */
#include "http/process.h"

#include <errno.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/log.h"
#include "http/http.h"

#define ARGUMENTS_MAX 64

/* Set by a signal, so it can only be one for the whole process. */
static volatile int worker_should_stop = HTTP_STOP_NOT;

static void on_stop_signal(int signal_number)
{
	worker_should_stop = signal_number == PROCESS_STOP_WHEN_IDLE ? HTTP_STOP_WHEN_IDLE
								     : HTTP_STOP_NOW;
}

bool program_init(struct program *program, char *const *argv)
{
	ssize_t length = readlink("/proc/self/exe", program->path, sizeof(program->path) - 1);

	if (length <= 0)
		return false;
	/* The name at the time of start: a newer file may take it over. */
	program->path[length] = '\0';
	program->argv = argv;
	return true;
}

static void set_worker_signals(void)
{
	struct sigaction on_stop = { .sa_handler = on_stop_signal };

	sigemptyset(&on_stop.sa_mask);
	sigaction(PROCESS_STOP_NOW, &on_stop, NULL);
	sigaction(PROCESS_STOP_WHEN_IDLE, &on_stop, NULL);
	/* Ctrl-C goes to all; the supervisor tells us in an orderly way. */
	signal(SIGINT, SIG_IGN);
	signal(SIGUSR1, SIG_IGN);
	signal(SIGCHLD, SIG_DFL);
	signal(SIGPIPE, SIG_IGN);
}

bool supervisor_should_stop(const struct supervisor_worker *worker)
{
	const struct timespec at_once = { 0 };

	ppoll(NULL, 0, &at_once, worker->wait_mask);
	return *worker->should_stop != HTTP_STOP_NOT;
}

static int work(struct supervisor_worker *worker, pid_t supervisor)
{
	static sigset_t wait_mask;

	set_worker_signals();
	/* The signal comes when the supervisor dies, also if it was killed. */
	prctl(PR_SET_PDEATHSIG, PROCESS_STOP_NOW);
	if (getppid() != supervisor)
		return 0;
	sigprocmask(SIG_SETMASK, NULL, &wait_mask);
	sigdelset(&wait_mask, PROCESS_STOP_NOW);
	sigdelset(&wait_mask, PROCESS_STOP_WHEN_IDLE);
	if (worker->pool->niceness > 0)
		setpriority(PRIO_PROCESS, 0, worker->pool->niceness);
	worker->wait_mask = &wait_mask;
	worker->should_stop = &worker_should_stop;
	return worker->pool->work(worker);
}

pid_t process_start_worker(struct supervisor_worker *worker, const int *other_fds)
{
	pid_t supervisor = getpid();

	fflush(NULL);
	pid_t pid = fork();
	if (pid != 0)
		return pid;
	for (; *other_fds >= 0; other_fds++)
		close(*other_fds);
	int status = work(worker, supervisor);
	fflush(NULL);
	_exit(status);
}

pid_t process_start_check(const struct program *program, const char *argument)
{
	char *arguments[ARGUMENTS_MAX + 2] = { NULL };
	char last[64];
	sigset_t none;

	for (int i = 0; i < ARGUMENTS_MAX && program->argv[i] != NULL; i++)
		arguments[i] = program->argv[i];
	pid_t pid = fork();
	if (pid != 0)
		return pid;
	snprintf(last, sizeof(last), "%s", argument);
	for (int i = 0; i <= ARGUMENTS_MAX; i++)
		if (arguments[i] == NULL) {
			arguments[i] = last;
			break;
		}
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	execv(program->path, arguments);
	_exit(127);
}

void process_become(const struct program *program)
{
	fflush(NULL);
	execv(program->path, program->argv);
	log_event(LOG_LEVEL_ERROR, "reload_failed", "program", program->path, "error",
		  strerrorname_np(errno), NULL);
}
