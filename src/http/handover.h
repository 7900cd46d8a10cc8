/*
 * What a supervisor leaves to the program that takes its place: listening
 * sockets, metrics memory and living workers, named in one environment variable.
 * Only for supervisor.c.
 */
#ifndef HTTP_HANDOVER_H
#define HTTP_HANDOVER_H

#include <sys/types.h>

#include "http/supervisor.h"

#define HANDOVER_POOL_NAME_MAX 32
#define HANDOVER_WORKERS_MAX   (SUPERVISOR_POOLS_MAX * SUPERVISOR_WORKERS_MAX * 2)

struct handover {
	int metrics_fd; /* -1: none */
	size_t pool_count;
	struct handover_pool {
		char name[HANDOVER_POOL_NAME_MAX];
		int listen_fd;
	} pools[SUPERVISOR_POOLS_MAX];
	size_t worker_count;
	struct handover_worker {
		size_t pool; /* index in pools above */
		size_t index;
		pid_t pid;
	} workers[HANDOVER_WORKERS_MAX];
};

/* Puts it into the environment, and keeps the descriptors open over exec. */
bool handover_write(const struct handover *handover) MUST_CHECK;

/*
 * Takes it out of the environment again; descriptors are close-on-exec from then
 * on. False: there is none for this process, or it cannot be understood.
 */
bool handover_read(struct handover *handover) MUST_CHECK;

#endif
