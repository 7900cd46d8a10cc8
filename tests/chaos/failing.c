/*
 * Calls that fail: loaded before the C library (LD_PRELOAD), lets one call in so many fail
 * as the kernel or an exhausted machine would, in the worker processes of `entraide web`
 * and `entraide worker` and nowhere else. Their parents, ./dev, nginx and PostgreSQL stay
 * as they are.
 *
 * How often is told by a file of which every process has the same page (failing.py), and
 * each failure is counted there, so that a trial knows that something happened.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

enum kind { MEMORY, NETWORK, FILES, KINDS };

struct control {
	uint32_t one_in[KINDS]; /* 0: none fails */
	uint32_t failed[KINDS];
};

static struct control *control;
static bool is_worker; /* a child of the process that was started */
static __thread uint64_t chance;

/* The C library's own, as dlsym itself wants memory. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);

static void child_begins(void)
{
	is_worker = true;
	chance = (uint64_t)getpid() * 0x9e3779b97f4a7c15u;
}

/* "entraide web" or "entraide worker", by whatever path. */
static bool is_meant(void)
{
	char line[4096];
	int file = open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC);
	ssize_t length = file < 0 ? -1 : read(file, line, sizeof(line) - 1);
	const char *name, *command;

	if (file >= 0)
		close(file);
	if (length <= 0)
		return false;
	line[length] = '\0';
	name = strrchr(line, '/') ? strrchr(line, '/') + 1 : line;
	command = line + strlen(line) + 1;
	return strcmp(name, "entraide") == 0 && command < line + length &&
	       (strcmp(command, "web") == 0 || strcmp(command, "worker") == 0);
}

__attribute__((constructor)) static void begin(void)
{
	const char *path = getenv("ENTRAIDE_FAILING");
	int file;

	if (!path || !is_meant())
		return;
	file = open(path, O_RDWR | O_CLOEXEC);
	if (file < 0)
		return;
	control = mmap(NULL, sizeof(*control), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	close(file);
	if (control == MAP_FAILED)
		control = NULL;
	else
		pthread_atfork(NULL, NULL, child_begins);
}

static bool fails(enum kind kind, int error)
{
	uint32_t one_in;

	if (!is_worker || !control)
		return false;
	one_in = __atomic_load_n(&control->one_in[kind], __ATOMIC_RELAXED);
	if (!one_in)
		return false;
	/* xorshift64 (Marsaglia, Xorshift RNGs, 2003) */
	chance ^= chance << 13;
	chance ^= chance >> 7;
	chance ^= chance << 17;
	if (chance % one_in)
		return false;
	__atomic_add_fetch(&control->failed[kind], 1, __ATOMIC_RELAXED);
	errno = error;
	return true;
}

void *malloc(size_t size)
{
	return fails(MEMORY, ENOMEM) ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	return fails(MEMORY, ENOMEM) ? NULL : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
	return size && fails(MEMORY, ENOMEM) ? NULL : __libc_realloc(old, size);
}

/* The next one of that name, looked up once. */
#define NEXT(type, name, ...) \
	static type (*next)(__VA_ARGS__); \
	if (!next) \
	*(void **)&next = dlsym(RTLD_NEXT, name)

static bool is_socket(int file)
{
	int kind, saved = errno;
	socklen_t length = sizeof(kind);
	bool is_one = getsockopt(file, SOL_SOCKET, SO_TYPE, &kind, &length) == 0;

	errno = saved;
	return is_one;
}

/* A connection that is reset is so for both sides and for ever. */
static bool breaks(int socket, int error)
{
	if (!fails(NETWORK, error))
		return false;
	shutdown(socket, SHUT_RDWR);
	errno = error;
	return true;
}

static bool breaks_or_fails(int file, int of_connection, int of_file)
{
	return is_socket(file) ? breaks(file, of_connection) : fails(FILES, of_file);
}

ssize_t send(int socket, const void *bytes, size_t length, int flags)
{
	NEXT(ssize_t, "send", int, const void *, size_t, int);
	return breaks(socket, ECONNRESET) ? -1 : next(socket, bytes, length, flags);
}

ssize_t recv(int socket, void *bytes, size_t length, int flags)
{
	NEXT(ssize_t, "recv", int, void *, size_t, int);
	return breaks(socket, ECONNRESET) ? -1 : next(socket, bytes, length, flags);
}

int connect(int socket, const struct sockaddr *address, socklen_t length)
{
	NEXT(int, "connect", int, const struct sockaddr *, socklen_t);
	return fails(NETWORK, ECONNREFUSED) ? -1 : next(socket, address, length);
}

ssize_t write(int file, const void *bytes, size_t length)
{
	NEXT(ssize_t, "write", int, const void *, size_t);
	return breaks_or_fails(file, EPIPE, ENOSPC) ? -1 : next(file, bytes, length);
}

ssize_t read(int file, void *bytes, size_t length)
{
	NEXT(ssize_t, "read", int, void *, size_t);
	return breaks_or_fails(file, ECONNRESET, EIO) ? -1 : next(file, bytes, length);
}

int fsync(int file)
{
	NEXT(int, "fsync", int);
	return fails(FILES, EIO) ? -1 : next(file);
}

int fdatasync(int file)
{
	NEXT(int, "fdatasync", int);
	return fails(FILES, EIO) ? -1 : next(file);
}

/* open and openat have a mode only when they may create. */
static mode_t mode_of(int flags, va_list rest)
{
	return flags & (O_CREAT | O_TMPFILE) ? (mode_t)va_arg(rest, int) : 0;
}

int open(const char *path, int flags, ...)
{
	NEXT(int, "open", const char *, int, ...);
	va_list rest;
	mode_t mode;

	va_start(rest, flags);
	mode = mode_of(flags, rest);
	va_end(rest);
	return fails(FILES, EMFILE) ? -1 : next(path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
	NEXT(int, "open64", const char *, int, ...);
	va_list rest;
	mode_t mode;

	va_start(rest, flags);
	mode = mode_of(flags, rest);
	va_end(rest);
	return fails(FILES, EMFILE) ? -1 : next(path, flags, mode);
}

int openat(int folder, const char *path, int flags, ...)
{
	NEXT(int, "openat", int, const char *, int, ...);
	va_list rest;
	mode_t mode;

	va_start(rest, flags);
	mode = mode_of(flags, rest);
	va_end(rest);
	return fails(FILES, EMFILE) ? -1 : next(folder, path, flags, mode);
}
