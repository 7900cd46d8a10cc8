/*
 * Work in a process of its own, with limits of memory, processor and time and nothing to
 * write to but a pipe: what hostile bytes break there costs nothing but the work.
 */
#ifndef JOBS_CHILD_H
#define JOBS_CHILD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/* The child's exit code for what has no reason of its own. */
#define CHILD_FAILED 1

/*
 * Calls work in a child; what it puts goes to *output. work ends by _exit: 0 if all went
 * well. False if it did not, wrote more than *output may hold, or took too long; *status is
 * then its exit code, or 0 when it had none.
 */
bool child_run(void (*work)(int fd, const void *data), const void *data, struct buf *output,
	       int *status);

/* For work: writes all of it, or ends the child. */
void child_put(int fd, const void *bytes, size_t length);

#endif
