/*
 * Work in a process of its own.
 */
#include "jobs/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"

#define MEMORY_MAX_BYTES  ((size_t)1024 * 1024 * 1024)
#define PROCESSOR_SECONDS 20
#define WAIT_TIME         (30 * CLOCK_SECOND)

/* The child ------------------------------------------------------------------------- */

static void set_limit(int resource, rlim_t most)
{
	struct rlimit limit = { .rlim_cur = most, .rlim_max = most };

	if (setrlimit((__rlimit_resource_t)resource, &limit) != 0)
		_exit(CHILD_FAILED);
}

/* Libraries have much to say about bad pictures, and may not write files. */
static void silence(void)
{
	int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);

	if (nowhere < 0 || dup2(nowhere, STDOUT_FILENO) < 0 || dup2(nowhere, STDERR_FILENO) < 0)
		_exit(CHILD_FAILED);
}

static void confine(void)
{
	silence();
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	set_limit(RLIMIT_CPU, PROCESSOR_SECONDS);
	/* Whoever tries to write a file is refused, not ended: font caches are tried. */
	signal(SIGXFSZ, SIG_IGN);
	set_limit(RLIMIT_FSIZE, 0);
	set_limit(RLIMIT_CORE, 0);
#ifndef __SANITIZE_ADDRESS__ /* which reserves terabytes */
	set_limit(RLIMIT_AS, MEMORY_MAX_BYTES);
#endif
}

void child_put(int fd, const void *bytes, size_t length)
{
	const char *at = bytes;

	while (length > 0) {
		ssize_t written = write(fd, at, length);

		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			_exit(CHILD_FAILED);
		at += written;
		length -= (size_t)written;
	}
}

/* The parent ------------------------------------------------------------------------- */

/* Until the end, or the time is over; false then. */
static bool read_all(int fd, struct buf *out)
{
	int64_t end = clock_monotonic() + WAIT_TIME;
	char piece[16384];

	for (;;) {
		struct pollfd waiting = { .fd = fd, .events = POLLIN };
		int64_t left = (end - clock_monotonic()) / 1000;
		ssize_t got;

		if (left <= 0)
			return false;
		if (poll(&waiting, 1, (int)left) <= 0)
			continue;
		got = read(fd, piece, sizeof(piece));
		if (got == 0)
			return true;
		if (got < 0 && errno != EINTR)
			return false;
		if (got > 0)
			buf_bytes(out, piece, (size_t)got);
		if (out->is_overflown)
			return false;
	}
}

bool child_run(void (*work)(int fd, const void *data), const void *data, struct buf *output,
	       int *status)
{
	int ends[2], ended = 0;
	pid_t child;
	bool is_whole;

	*status = 0;
	if (pipe2(ends, O_CLOEXEC) != 0)
		return false;
	child = fork();
	if (child == 0) {
		close(ends[0]);
		confine();
		work(ends[1], data);
		_exit(CHILD_FAILED);
	}
	close(ends[1]);
	is_whole = child > 0 && read_all(ends[0], output);
	close(ends[0]);
	if (child < 0)
		return false;
	if (!is_whole)
		kill(child, SIGKILL);
	while (waitpid(child, &ended, 0) < 0 && errno == EINTR)
		;
	if (WIFEXITED(ended))
		*status = WEXITSTATUS(ended);
	return is_whole && WIFEXITED(ended) && *status == 0;
}
