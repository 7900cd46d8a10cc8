/*
 * One loop around sigtimedwait: all signals stay blocked and are taken one by
 * one, so there is no handler and no race between looking and waiting. Each turn
 * compares what should run with what does, place by place.
 *
 * A worker is "stale" when it is to be replaced: all those are that a reload
 * found running. They are replaced one at a time, and only while the new ones
 * live: a new program whose workers crash leaves the old ones at work.
 */
#include "http/supervisor.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/log.h"
#include "http/handover.h"
#include "http/http.h"
#include "http/notify.h"
#include "http/process.h"

#define DRAIN_DEFAULT_MS 10000
#define CHECK_MAX        (10 * CLOCK_SECOND)
#define QUICK_DEATH      CLOCK_SECOND /* younger: something is wrong */
#define PAUSE_FIRST      (100 * CLOCK_SECOND / 1000)
#define PAUSE_MAX        (5 * CLOCK_SECOND)
#define PLANNED_PAUSE    (20 * CLOCK_SECOND / 1000)
#define SETTLED_AFTER    (100 * CLOCK_SECOND / 1000)
#define LOOK_AGAIN       (60 * CLOCK_SECOND)
#define BUSY_RETRY_MAX   (12 * CLOCK_SECOND) /* a killed one's workers end */

/* A place for one worker. Times are monotonic; 0 means not set. */
struct place {
	size_t pool, index;
	bool is_wanted; /* false: left over from a larger pool */
	bool is_stale;
	pid_t pid; /* 0: nobody there */
	int64_t started_at;
	int64_t start_at;         /* not before */
	int64_t kill_at;          /* was asked to stop; patience ends */
	int quick_deaths;         /* in a row */
	uint64_t requests_before; /* its slot's counter when it started */
};

struct supervisor {
	const struct supervisor_options *options;
	struct program program;
	int listen_fds[SUPERVISOR_POOLS_MAX + 1]; /* ended by -1 */
	struct metrics *metrics;
	struct place places[HANDOVER_WORKERS_MAX];
	size_t place_count;
	int64_t drain;
	pid_t check_pid; /* of the trial run before a reload */
	int64_t check_kill_at;
	bool is_stopping;
	sigset_t signals;
};

static const struct supervisor_pool *pool_of(const struct supervisor *supervisor,
					     const struct place *place)
{
	return &supervisor->options->pools[place->pool];
}

/* Starting and stopping one worker ------------------------------------------ */

static int64_t jittered(int64_t requests)
{
	uint32_t random;

	if (requests < 5)
		return requests;
	crypto_random(&random, sizeof(random));
	return requests - (int64_t)(random % (uint64_t)(requests / 5));
}

static void start_worker(struct supervisor *supervisor, struct place *place)
{
	const struct supervisor_pool *pool = pool_of(supervisor, place);
	struct supervisor_worker worker = {
		.pool = pool,
		.pool_index = place->pool,
		.index = place->index,
		.listen_fd = supervisor->listen_fds[place->pool],
		.request_limit = jittered(pool->requests_per_worker),
		.metrics = supervisor->metrics,
		.slot = metrics_slot(supervisor->metrics, place->pool, place->index),
	};
	int other_fds[SUPERVISOR_POOLS_MAX + 1];
	size_t count = 0;

	for (size_t i = 0; i < supervisor->options->pool_count; i++)
		if (i != place->pool)
			other_fds[count++] = supervisor->listen_fds[i];
	other_fds[count] = -1;
	place->requests_before = metrics_slot_requests(worker.slot);
	pid_t pid = process_start_worker(&worker, other_fds);
	place->started_at = clock_monotonic();
	place->is_stale = false;
	place->kill_at = 0;
	if (pid > 0) {
		place->pid = pid;
		return;
	}
	log_event(LOG_LEVEL_ERROR, "fork_failed", "pool", pool->name, NULL);
	place->start_at = place->started_at + PAUSE_MAX;
}

static void stop_worker(struct supervisor *supervisor, struct place *place, int signal_number)
{
	if (place->kill_at == 0)
		place->kill_at = clock_monotonic() + supervisor->drain;
	kill(place->pid, signal_number);
}

/*
 * A worker that answered anything can start; what killed it came from outside,
 * and pausing would only turn a bad request into an outage.
 */
static bool has_served(const struct supervisor *supervisor, const struct place *place)
{
	const struct metrics_slot *slot = metrics_slot(supervisor->metrics, place->pool,
						       place->index);
	return metrics_slot_requests(slot) > place->requests_before;
}

/* How long the place stays empty after this end. */
static int64_t pause_after(const struct supervisor *supervisor, struct place *place,
			   bool is_planned, int64_t now)
{
	if (is_planned) {
		/* A worker that ends at once, on purpose, must not become a storm. */
		int64_t age = now - place->started_at;
		return age < PLANNED_PAUSE ? PLANNED_PAUSE - age : 0;
	}
	if (now - place->started_at >= QUICK_DEATH || has_served(supervisor, place)) {
		place->quick_deaths = 0;
		return 0;
	}
	place->quick_deaths++;
	if (place->quick_deaths == 1)
		return 0;
	int64_t pause = PAUSE_FIRST;
	for (int i = 2; i < place->quick_deaths && pause < PAUSE_MAX; i++)
		pause *= 2;
	return pause < PAUSE_MAX ? pause : PAUSE_MAX;
}

static void worker_ended(struct supervisor *supervisor, struct place *place, int status)
{
	bool is_planned = WIFEXITED(status) && WEXITSTATUS(status) == 0;
	int64_t now = clock_monotonic();
	int64_t pause = pause_after(supervisor, place, is_planned, now);

	if (!is_planned) {
		log_event(LOG_LEVEL_WARNING, "worker_died", "pool",
			  pool_of(supervisor, place)->name, "pid", log_i64(place->pid), "signal",
			  WIFSIGNALED(status) ? log_i64(WTERMSIG(status)) : NULL, "status",
			  WIFEXITED(status) ? log_i64(WEXITSTATUS(status)) : NULL, "pause_ms",
			  log_i64(pause / 1000), NULL);
		metrics_count_restart(supervisor->metrics, place->pool);
	}
	place->pid = 0;
	place->kill_at = 0;
	place->start_at = now + pause;
}

/* Reload --------------------------------------------------------------------- */

static void become_next(struct supervisor *supervisor)
{
	static struct handover handover;
	char message[64];

	handover = (struct handover){
		.metrics_fd = metrics_fd(supervisor->metrics),
		.pool_count = supervisor->options->pool_count,
	};
	for (size_t i = 0; i < handover.pool_count; i++) {
		snprintf(handover.pools[i].name, sizeof(handover.pools[i].name), "%s",
			 supervisor->options->pools[i].name);
		handover.pools[i].listen_fd = supervisor->listen_fds[i];
	}
	for (size_t i = 0; i < supervisor->place_count; i++) {
		const struct place *place = &supervisor->places[i];

		if (place->pid > 0)
			handover.workers[handover.worker_count++] = (struct handover_worker){
				place->pool, place->index, place->pid
			};
	}
	snprintf(message, sizeof(message), "RELOADING=1\nMONOTONIC_USEC=%lld",
		 (long long)clock_monotonic());
	notify_systemd(message);
	if (handover_write(&handover))
		process_become(&supervisor->program);
	/* Still here, so it failed, and that is in the log: go on as before. */
	unsetenv("ENTRAIDE_HANDOVER");
	notify_systemd("READY=1");
}

static void reload(struct supervisor *supervisor)
{
	if (supervisor->is_stopping || supervisor->check_pid > 0)
		return;
	log_event(LOG_LEVEL_INFO, "reload", "program", supervisor->program.path, NULL);
	if (supervisor->options->check_argument == NULL) {
		become_next(supervisor);
		return;
	}
	supervisor->check_pid = process_start_check(&supervisor->program,
						    supervisor->options->check_argument);
	supervisor->check_kill_at = clock_monotonic() + CHECK_MAX;
	if (supervisor->check_pid < 0)
		log_event(LOG_LEVEL_ERROR, "reload_refused", "status", "fork", NULL);
}

static void check_ended(struct supervisor *supervisor, int status)
{
	supervisor->check_pid = 0;
	supervisor->check_kill_at = 0;
	if (supervisor->is_stopping)
		return;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		become_next(supervisor);
	else
		log_event(LOG_LEVEL_ERROR, "reload_refused", "status",
			  WIFEXITED(status) ? log_i64(WEXITSTATUS(status)) : "killed", NULL);
}

/* One turn of the loop ------------------------------------------------------- */

static void reap(struct supervisor *supervisor)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		if (pid == supervisor->check_pid) {
			check_ended(supervisor, status);
			continue;
		}
		for (size_t i = 0; i < supervisor->place_count; i++)
			if (supervisor->places[i].pid == pid)
				worker_ended(supervisor, &supervisor->places[i], status);
	}
}

static void start_due(struct supervisor *supervisor)
{
	int64_t now = clock_monotonic();

	for (size_t i = 0; i < supervisor->place_count; i++) {
		struct place *place = &supervisor->places[i];

		if (place->is_wanted && place->pid == 0 && place->start_at <= now)
			start_worker(supervisor, place);
	}
}

/*
 * Asks the next stale worker to end, if nobody else is on the way out or in.
 * Its successor starts when it has gone: two never share a slot of the metrics.
 */
static void replace_next(struct supervisor *supervisor)
{
	struct place *next = NULL;
	int64_t now = clock_monotonic();

	for (size_t i = 0; i < supervisor->place_count; i++) {
		struct place *place = &supervisor->places[i];
		bool is_gone = place->pid == 0 && place->is_wanted;
		bool is_new = place->pid > 0 && !place->is_stale &&
			      now - place->started_at < SETTLED_AFTER;

		if (place->kill_at > 0 || is_gone || is_new)
			return;
		if (next == NULL && place->is_stale && place->pid > 0)
			next = place;
	}
	if (next != NULL)
		stop_worker(supervisor, next, PROCESS_STOP_NOW);
}

static void kill_overdue(struct supervisor *supervisor)
{
	int64_t now = clock_monotonic();

	for (size_t i = 0; i < supervisor->place_count; i++) {
		struct place *place = &supervisor->places[i];

		if (place->pid > 0 && place->kill_at > 0 && place->kill_at <= now) {
			log_event(LOG_LEVEL_WARNING, "worker_killed", "pool",
				  pool_of(supervisor, place)->name, "pid", log_i64(place->pid),
				  NULL);
			kill(place->pid, SIGKILL);
			place->kill_at = now + CLOCK_SECOND;
		}
	}
	if (supervisor->check_pid > 0 && supervisor->check_kill_at <= now)
		kill(supervisor->check_pid, SIGKILL);
}

static bool has_workers(const struct supervisor *supervisor)
{
	for (size_t i = 0; i < supervisor->place_count; i++)
		if (supervisor->places[i].pid > 0)
			return true;
	return false;
}

static void begin_stop(struct supervisor *supervisor)
{
	bool is_second = supervisor->is_stopping;

	supervisor->is_stopping = true;
	if (!is_second) {
		log_event(LOG_LEVEL_INFO, "stopping", NULL);
		notify_systemd("STOPPING=1");
		/* Nothing new may queue up, or "when idle" would never come. */
		for (size_t i = 0; i < supervisor->options->pool_count; i++)
			if (supervisor->options->pools[i].socket_path != NULL)
				unlink(supervisor->options->pools[i].socket_path);
	}
	for (size_t i = 0; i < supervisor->place_count; i++)
		if (supervisor->places[i].pid > 0)
			stop_worker(supervisor, &supervisor->places[i],
				    is_second ? SIGKILL : PROCESS_STOP_WHEN_IDLE);
}

/* When something is due without any signal. */
static int64_t next_look(const struct supervisor *supervisor)
{
	int64_t now = clock_monotonic(), at = now + LOOK_AGAIN;

	for (size_t i = 0; i < supervisor->place_count; i++) {
		const struct place *place = &supervisor->places[i];
		int64_t due = 0;

		if (place->pid > 0)
			due = place->kill_at;
		else if (place->is_wanted && !supervisor->is_stopping)
			due = place->start_at;
		if (due > 0 && due < at)
			at = due;
		if (place->is_stale && place->pid > 0 && at > now + SETTLED_AFTER)
			at = now + SETTLED_AFTER;
	}
	if (supervisor->check_pid > 0 && supervisor->check_kill_at < at)
		at = supervisor->check_kill_at;
	return at > now ? at - now : 0;
}

static void wait_and_obey(struct supervisor *supervisor)
{
	int64_t wait = next_look(supervisor);
	struct timespec limit = {
		.tv_sec = wait / CLOCK_SECOND,
		.tv_nsec = (wait % CLOCK_SECOND) * 1000,
	};

	switch (sigtimedwait(&supervisor->signals, NULL, &limit)) {
	case SIGTERM:
	case SIGINT:
		begin_stop(supervisor);
		break;
	case SIGHUP:
	case SIGUSR2:
		reload(supervisor);
		break;
	default: /* SIGCHLD, the time, or an interruption: all are looked at anyway */
		break;
	}
}

static void supervise(struct supervisor *supervisor)
{
	for (;;) {
		reap(supervisor);
		if (supervisor->is_stopping && !has_workers(supervisor))
			return;
		if (!supervisor->is_stopping) {
			start_due(supervisor);
			replace_next(supervisor);
		}
		kill_overdue(supervisor);
		wait_and_obey(supervisor);
	}
}

/* Set-up --------------------------------------------------------------------- */

static bool is_bound_to(int fd, const char *path)
{
	struct sockaddr_un address = { 0 };
	socklen_t length = sizeof(address) - 1;

	return getsockname(fd, (struct sockaddr *)&address, &length) == 0 &&
	       address.sun_family == AF_UNIX && strcmp(address.sun_path, path) == 0;
}

/* The socket our predecessor left us under this name and path, or -1. */
static int inherited_fd(const struct supervisor_pool *pool, struct handover *handover)
{
	for (size_t i = 0; i < handover->pool_count; i++) {
		struct handover_pool *left = &handover->pools[i];

		if (strcmp(left->name, pool->name) == 0 && left->listen_fd >= 0 &&
		    (pool->socket_path == NULL ||
		     is_bound_to(left->listen_fd, pool->socket_path))) {
			int fd = left->listen_fd;
			left->listen_fd = -1;
			return fd;
		}
	}
	return -1;
}

static bool listen_for_pool(const struct supervisor_pool *pool, int *fd)
{
	int64_t give_up_at = clock_monotonic() + BUSY_RETRY_MAX;
	enum http_listen_result result;

	if (pool->socket_path == NULL) {
		/* Something to hand on, so that all pools are alike. */
		*fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
		return *fd >= 0;
	}
	while ((result = http_listen(pool->socket_path, pool->socket_group, fd)) ==
		       HTTP_LISTEN_BUSY &&
	       clock_monotonic() < give_up_at)
		usleep(100 * 1000);
	if (result == HTTP_LISTEN_BUSY)
		log_event(LOG_LEVEL_ERROR, "socket_in_use", "path", pool->socket_path, NULL);
	return result == HTTP_LISTEN_OK;
}

static bool open_sockets(struct supervisor *supervisor, struct handover *handover)
{
	size_t count = supervisor->options->pool_count;

	for (size_t i = 0; i < count; i++) {
		const struct supervisor_pool *pool = &supervisor->options->pools[i];

		supervisor->listen_fds[i] = inherited_fd(pool, handover);
		if (supervisor->listen_fds[i] < 0 &&
		    !listen_for_pool(pool, &supervisor->listen_fds[i]))
			return false;
	}
	supervisor->listen_fds[count] = -1;
	/* A path that the new configuration no longer names. */
	for (size_t i = 0; i < handover->pool_count; i++)
		if (handover->pools[i].listen_fd >= 0)
			close(handover->pools[i].listen_fd);
	return true;
}

static void add_places(struct supervisor *supervisor)
{
	for (size_t pool = 0; pool < supervisor->options->pool_count; pool++)
		for (int i = 0; i < supervisor->options->pools[pool].workers; i++)
			supervisor->places[supervisor->place_count++] = (struct place){
				.pool = pool,
				.index = (size_t)i,
				.is_wanted = true,
			};
}

/* The place of a worker that we found; a new, unwanted one if there is none. */
static struct place *place_for(struct supervisor *supervisor, const char *pool_name, size_t index)
{
	struct place *place;

	for (size_t i = 0; i < supervisor->place_count; i++) {
		place = &supervisor->places[i];
		if (place->pid == 0 && place->index == index &&
		    strcmp(pool_of(supervisor, place)->name, pool_name) == 0)
			return place;
	}
	if (supervisor->place_count == ARRAY_COUNT(supervisor->places))
		return NULL;
	place = &supervisor->places[supervisor->place_count++];
	*place = (struct place){ .index = index };
	return place;
}

static void adopt_workers(struct supervisor *supervisor, const struct handover *handover)
{
	for (size_t i = 0; i < handover->worker_count; i++) {
		const struct handover_worker *worker = &handover->workers[i];
		struct place *place = place_for(supervisor, handover->pools[worker->pool].name,
						worker->index);

		if (place == NULL)
			continue;
		place->pid = worker->pid;
		place->is_stale = true;
		place->started_at = clock_monotonic();
	}
}

static bool open_metrics(struct supervisor *supervisor, const struct handover *handover)
{
	if (handover->metrics_fd >= 0)
		supervisor->metrics = metrics_attach(handover->metrics_fd);
	if (supervisor->metrics == NULL)
		supervisor->metrics = metrics_new();
	return supervisor->metrics != NULL;
}

static void block_signals(struct supervisor *supervisor)
{
	const int ours[] = { SIGTERM, SIGINT, SIGHUP, SIGUSR2, SIGCHLD };

	sigemptyset(&supervisor->signals);
	for (size_t i = 0; i < ARRAY_COUNT(ours); i++) {
		/* An ignored signal (nohup) would never be delivered to us. */
		signal(ours[i], SIG_DFL);
		sigaddset(&supervisor->signals, ours[i]);
	}
	/* Also those for the workers, which inherit the mask. */
	sigaddset(&supervisor->signals, SIGUSR1);
	sigprocmask(SIG_BLOCK, &supervisor->signals, NULL);
}

static bool set_up(struct supervisor *supervisor)
{
	static struct handover handover;
	bool is_reload = handover_read(&handover);

	block_signals(supervisor);
	if (!program_init(&supervisor->program, supervisor->options->argv) ||
	    !open_metrics(supervisor, &handover) || !open_sockets(supervisor, &handover))
		return false;
	add_places(supervisor);
	adopt_workers(supervisor, &handover);
	start_due(supervisor);
	notify_systemd("READY=1");
	log_event(LOG_LEVEL_INFO, is_reload ? "reloaded" : "started", NULL);
	return true;
}

int supervisor_run(const struct supervisor_options *options)
{
	static struct supervisor supervisor;

	supervisor = (struct supervisor){ .options = options };
	supervisor.drain = (options->drain_ms > 0 ? options->drain_ms : DRAIN_DEFAULT_MS) *
			   (CLOCK_SECOND / 1000);
	bool is_up = set_up(&supervisor);
	if (is_up)
		supervise(&supervisor);
	metrics_free(supervisor.metrics);
	return is_up ? EXIT_SUCCESS : EXIT_FAILURE;
}
