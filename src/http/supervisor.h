/*
 * A small pre-forking supervisor: it holds the listening sockets and the
 * metrics memory, and keeps each pool at its number of worker processes. It
 * never serves a request itself, so it has no reason to die.
 *
 *   a worker dies      another takes its place at once; with a pause of 100 ms
 *                      doubling to 5 s when it keeps dying within a second of its
 *                      start and without having answered (and counted) a request
 *   SIGTERM, SIGINT    workers answer what is in the queue, then end; after
 *                      drain_ms SIGKILL. A second one kills at once
 *   SIGHUP, SIGUSR2    reload: the program is run with check_argument and, if
 *                      that succeeds, put in our place (exec, same pid) with the
 *                      sockets, the metrics and the list of workers. It then
 *                      replaces one worker after the other, each when it is
 *                      between requests. So new configuration and a new binary
 *                      come in without a refused connection, and a broken one
 *                      does not come in at all
 *   supervisor killed  workers end after their request (PR_SET_PDEATHSIG)
 *
 * systemd: Type=notify, ExecReload=kill -HUP $MAINPID, KillMode=mixed.
 */
#ifndef HTTP_SUPERVISOR_H
#define HTTP_SUPERVISOR_H

#include "http/metrics.h"

#define SUPERVISOR_POOLS_MAX   METRICS_POOLS
#define SUPERVISOR_WORKERS_MAX METRICS_POOL_SLOTS /* in one pool */

struct supervisor_worker;

struct supervisor_pool {
	const char *name;            /* one word; tells pools apart over a reload */
	const char *socket_path;     /* NULL: the pool listens to nothing (jobs) */
	const char *socket_group;    /* "" for the process's own */
	int workers;                 /* 1 to SUPERVISOR_WORKERS_MAX */
	int64_t requests_per_worker; /* then it is replaced; 0: never */
	int niceness;                /* 0 to 19: how far it gives way to the others when
	                              * all want the processor (nice(1)) */

	/*
	 * The life of a worker: loops over http_accept until that says STOPPED or
	 * request_limit requests are answered. Returns the exit status; 0 means
	 * "as planned", anything else is logged and counted as a restart.
	 */
	int (*work)(const struct supervisor_worker *worker);
	void *data; /* for work */
};

/* What a worker gets. Its signals are blocked outside of http_accept. */
struct supervisor_worker {
	const struct supervisor_pool *pool;
	size_t pool_index, index; /* which pool, which place in it */
	int listen_fd;
	const void *wait_mask; /* for http_accept, as should_stop is */
	const volatile int *should_stop;
	int64_t request_limit; /* requests_per_worker less up to a fifth, so
	                              * that not all end at once; 0: none */
	struct metrics *metrics;
	struct metrics_slot *slot;
};

/*
 * For work that does not come back to http_accept for long: lets the signals through that
 * came meanwhile, and says whether to stop. should_stop alone never changes outside of it.
 */
bool supervisor_should_stop(const struct supervisor_worker *worker);

struct supervisor_options {
	const struct supervisor_pool *pools;
	size_t pool_count;          /* at most SUPERVISOR_POOLS_MAX */
	char *const *argv;          /* of main: what a reload runs */
	const char *check_argument; /* "--check": exits 0 when it could start; NULL:
	                              * reload without asking */
	int64_t drain_ms;           /* 0: 10 seconds */
};

/*
 * Listens and supervises until told to stop; returns the exit status for main.
 * Before it returns not 0 at start, the reason is in the log. No thread may run.
 */
int supervisor_run(const struct supervisor_options *options) MUST_CHECK;

#endif
