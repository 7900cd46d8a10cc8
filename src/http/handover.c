/*
 * The format, one item a line, a version first so that a newer program can
 * refuse an older one's list:
 *   entraide-1 PID
 *   metrics FD
 *   pool NAME FD
 *   worker POOL INDEX PID
 */
#include "http/handover.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/slice.h"

#define VARIABLE "ENTRAIDE_HANDOVER"
#define FORMAT   "entraide-1"

static bool keep_over_exec(int fd, bool is_kept)
{
	return fcntl(fd, F_SETFD, is_kept ? 0 : FD_CLOEXEC) == 0;
}

bool handover_write(const struct handover *handover)
{
	struct buf text;
	bool is_good = true;

	buf_init(&text, NULL, 64 * 1024);
	buf_printf(&text, "%s %d\n", FORMAT, (int)getpid());
	if (handover->metrics_fd >= 0) {
		is_good = keep_over_exec(handover->metrics_fd, true);
		buf_printf(&text, "metrics %d\n", handover->metrics_fd);
	}
	for (size_t i = 0; i < handover->pool_count; i++) {
		const struct handover_pool *pool = &handover->pools[i];

		is_good = is_good && keep_over_exec(pool->listen_fd, true);
		buf_printf(&text, "pool %s %d\n", pool->name, pool->listen_fd);
	}
	for (size_t i = 0; i < handover->worker_count; i++) {
		const struct handover_worker *worker = &handover->workers[i];

		buf_printf(&text, "worker %zu %zu %d\n", worker->pool, worker->index,
			   (int)worker->pid);
	}
	is_good = is_good && !text.is_overflown && setenv(VARIABLE, text.data, 1) == 0;
	buf_release(&text);
	return is_good;
}

/* The next word of the line as a number from 0 to max. */
static bool take_number(struct slice *line, int64_t max, int64_t *out)
{
	return slice_to_i64(slice_cut(line, ' '), out) && *out >= 0 && *out <= max;
}

static bool take_fd(struct slice *line, int *out)
{
	int64_t number;

	if (!take_number(line, INT32_MAX, &number) || !keep_over_exec((int)number, false))
		return false;
	*out = (int)number;
	return true;
}

static bool read_pool(struct slice line, struct handover *handover)
{
	struct handover_pool *pool = &handover->pools[handover->pool_count];
	struct slice name = slice_cut(&line, ' ');

	if (handover->pool_count == SUPERVISOR_POOLS_MAX || name.length >= sizeof(pool->name) ||
	    !take_fd(&line, &pool->listen_fd))
		return false;
	memcpy(pool->name, name.data, name.length);
	pool->name[name.length] = '\0';
	handover->pool_count++;
	return true;
}

static bool read_worker(struct slice line, struct handover *handover)
{
	int64_t pool, index, pid;

	if (handover->worker_count == HANDOVER_WORKERS_MAX ||
	    !take_number(&line, SUPERVISOR_POOLS_MAX - 1, &pool) ||
	    !take_number(&line, SUPERVISOR_WORKERS_MAX - 1, &index) ||
	    !take_number(&line, INT32_MAX, &pid) || pid < 2)
		return false;
	handover->workers[handover->worker_count++] = (struct handover_worker){
		.pool = (size_t)pool,
		.index = (size_t)index,
		.pid = (pid_t)pid,
	};
	return true;
}

static bool read_line(struct slice line, struct handover *handover)
{
	struct slice kind = slice_cut(&line, ' ');

	if (slice_is(kind, "metrics"))
		return take_fd(&line, &handover->metrics_fd);
	if (slice_is(kind, "pool"))
		return read_pool(line, handover);
	if (slice_is(kind, "worker"))
		return read_worker(line, handover);
	return false;
}

static bool read_all(struct slice text, struct handover *handover)
{
	struct slice line = slice_cut(&text, '\n');
	int64_t pid;

	/* Meant for this process, and not inherited from one further up. */
	if (!slice_is(slice_cut(&line, ' '), FORMAT) || !slice_to_i64(line, &pid) ||
	    pid != getpid())
		return false;
	while (text.length > 0)
		if (!read_line(slice_cut(&text, '\n'), handover))
			return false;
	for (size_t i = 0; i < handover->worker_count; i++)
		if (handover->workers[i].pool >= handover->pool_count)
			return false;
	return true;
}

bool handover_read(struct handover *handover)
{
	const char *text = getenv(VARIABLE);

	*handover = (struct handover){ .metrics_fd = -1 };
	if (text == NULL)
		return false;
	bool is_good = read_all(slice_of(text), handover);
	unsetenv(VARIABLE);
	if (!is_good)
		*handover = (struct handover){ .metrics_fd = -1 };
	return is_good;
}
