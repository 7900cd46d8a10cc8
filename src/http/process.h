/*
 * The supervisor's forks and execs, each with the signal set-up that the new
 * process needs. Only for supervisor.c.
 */
#ifndef HTTP_PROCESS_H
#define HTTP_PROCESS_H

#include <limits.h>
#include <signal.h>
#include <sys/types.h>

#include "http/supervisor.h"

/* How a worker is told to stop: http.h, enum http_stop. */
#define PROCESS_STOP_NOW       SIGHUP
#define PROCESS_STOP_WHEN_IDLE SIGTERM

/* This program, as the supervisor was started: what a reload runs. */
struct program {
	char path[PATH_MAX];
	char *const *argv;
};

/* False: /proc is not there. */
bool program_init(struct program *program, char *const *argv) MUST_CHECK;

/*
 * Forks a worker; the caller's signals are blocked. worker->wait_mask and
 * should_stop are filled in here. other_fds (ended by -1) are closed in the
 * child. -1: the system has no more processes.
 */
pid_t process_start_worker(struct supervisor_worker *worker, const int *other_fds);

/* Runs the program with one more argument, its signals as at login. */
pid_t process_start_check(const struct program *program, const char *argument);

/* exec: comes back only when that failed. Blocked signals stay blocked. */
void process_become(const struct program *program);

#endif
