/*
 * The supervisor with real processes. This program is also the one that is
 * supervised; see supervised_program.h.
 */
#include "unit.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>

#include "base/clock.h"
#include "base/slice.h"
#include "fastcgi_client.h"
#include "supervised_program.h"

#define WORKERS 2 /* the program's own number */

/* Helpers of the tests ----------------------------------------------------------- */

static struct {
	char folder[64], socket[96], program[96];
	pid_t supervisor;
} world;

static void set(const char *name, int64_t number)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", world.folder, name);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fprintf(file, "%lld", (long long)number);
	fclose(file);
}

static void install_program(void)
{
	char command[600];
	ssize_t length;
	char self[128];

	length = readlink("/proc/self/exe", self, sizeof(self) - 1);
	assert_true(length > 0);
	self[length] = '\0';
	snprintf(command, sizeof(command), "cp '%s' '%s.new' && mv '%s.new' '%s'", self,
		 world.program, world.program, world.program);
	assert_int_equal(system(command), 0);
}

/* "pid generation requests restarts" of the answer; false: no proper answer. */
struct reply {
	int64_t pid, generation, requests, restarts;
};

static int begin_ask(struct arena *arena, const char *path)
{
	const char *params[] = { "REQUEST_METHOD=GET", "ENTRAIDE_PARAMS_END=1",
				 arena_printf(arena, "REQUEST_URI=%s", path), NULL };
	struct buf bytes;

	buf_init(&bytes, arena, 10000);
	fastcgi_begin(&bytes);
	fastcgi_params(&bytes, params);
	fastcgi_stdin(&bytes, "", 0);
	return fastcgi_send(world.socket, &bytes);
}

static bool end_ask(struct arena *arena, int fd, struct reply *reply)
{
	struct buf out;

	buf_init(&out, arena, 10000);
	if (fd < 0 || !fastcgi_receive(fd, &out))
		return false;
	struct slice rest = slice_of(fastcgi_body(&out));
	return slice_to_i64(slice_cut(&rest, ' '), &reply->pid) &&
	       slice_to_i64(slice_cut(&rest, ' '), &reply->generation) &&
	       slice_to_i64(slice_cut(&rest, ' '), &reply->requests) &&
	       slice_to_i64(rest, &reply->restarts);
}

static bool ask(const char *path, struct reply *reply)
{
	struct arena *arena = arena_new((size_t)1024 * 1024);
	bool is_good = end_ask(arena, begin_ask(arena, path), reply);

	arena_free(arena);
	return is_good;
}

static void wait_until_up(void)
{
	struct reply reply;

	for (int i = 0; i < 500; i++) {
		if (ask("/", &reply))
			return;
		usleep(10 * 1000);
	}
	fail_msg("the server did not come up");
}

static void start_supervisor(void)
{
	world.supervisor = fork();
	assert_true(world.supervisor >= 0);
	if (world.supervisor == 0) {
		execl(world.program, world.program, "serve", world.folder, NULL);
		_exit(127);
	}
	wait_until_up();
}

static int set_up(void **state)
{
	snprintf(world.folder, sizeof(world.folder), "/tmp/entraide-test-XXXXXX");
	assert_non_null(mkdtemp(world.folder));
	snprintf(world.socket, sizeof(world.socket), "%s/socket", world.folder);
	snprintf(world.program, sizeof(world.program), "%s/program", world.folder);
	install_program();
	world.supervisor = 0;
	return unit_arena_setup(state);
}

/* The exit status of the supervisor; -1 when it does not end within 3 s. */
static int wait_for_end(void)
{
	int status;

	for (int i = 0; i < 300; i++) {
		if (waitpid(world.supervisor, &status, WNOHANG) == world.supervisor) {
			world.supervisor = 0;
			return status;
		}
		usleep(10 * 1000);
	}
	return -1;
}

static int tear_down(void **state)
{
	char command[128];

	if (world.supervisor > 0) {
		kill(world.supervisor, SIGKILL);
		waitpid(world.supervisor, NULL, 0);
	}
	snprintf(command, sizeof(command), "rm -rf '%s'", world.folder);
	assert_int_equal(system(command), 0);
	return unit_arena_teardown(state);
}

static int64_t child_pids(pid_t parent, int64_t *pids, int64_t max)
{
	char path[64], text[1024] = "";
	int64_t count = 0;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", (int)parent, (int)parent);
	FILE *file = fopen(path, "r");
	if (file != NULL) {
		if (fgets(text, sizeof(text), file) == NULL)
			text[0] = '\0';
		fclose(file);
	}
	struct slice rest = slice_trim(slice_of(text));
	while (rest.length > 0 && count < max)
		if (slice_to_i64(slice_cut(&rest, ' '), &pids[count]))
			count++;
	return count;
}

/* A zombie that its new parent has not buried yet is dead enough. */
static bool is_alive(int64_t pid)
{
	char path[64], line[256] = "";

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	FILE *file = fopen(path, "r");
	if (file == NULL)
		return false;
	bool is_read = fgets(line, sizeof(line), file) != NULL;
	fclose(file);
	const char *state = strrchr(line, ')');
	return is_read && state != NULL && state[2] != 'Z';
}

/* Waits for `condition`, at most limit_ms. */
#define wait_for(condition, limit_ms) \
	do { \
		int64_t wait_end_ = clock_monotonic() + (int64_t)(limit_ms)*1000; \
		while (!(condition) && clock_monotonic() < wait_end_) \
			usleep(2000); \
		assert_true(condition); \
	} while (0)

/* Tests -------------------------------------------------------------------------- */

static void test_a_killed_worker_is_replaced_within_half_a_second(void **state)
{
	int64_t pids[8] = { 0 }, now[8] = { 0 };
	struct reply reply;

	(void)state;
	start_supervisor();
	wait_for(child_pids(world.supervisor, pids, 8) == WORKERS, 2000);
	kill((pid_t)pids[0], SIGKILL);
	wait_for(child_pids(world.supervisor, now, 8) == WORKERS && now[0] != pids[0] &&
			 now[1] != pids[0],
		 500);
	assert_true(ask("/", &reply));
	assert_int_equal(reply.restarts, 1);
}

static void test_a_worker_that_answers_is_replaced_at_once_however_often(void **state)
{
	struct reply reply;
	int64_t pid = 0;

	(void)state;
	set("workers", 1);
	start_supervisor();
	assert_true(ask("/", &reply));
	for (int i = 0; i < 6; i++) {
		int64_t before = clock_monotonic();

		pid = reply.pid;
		kill((pid_t)pid, SIGKILL);
		wait_for(ask("/", &reply) && reply.pid != pid, 1000);
		assert_true(clock_monotonic() - before < 300 * 1000);
	}
}

static void test_a_crashing_request_costs_one_request(void **state)
{
	struct reply reply;

	(void)state;
	start_supervisor();
	assert_false(ask("/crash", &reply));
	for (int i = 0; i < 10; i++)
		assert_true(ask("/", &reply));
	assert_int_equal(reply.restarts, 1);
}

/* At once, then after 100, 200, 400, 800 ms: 5 or 6 starts a place in the first second. */
static void test_workers_that_die_at_once_are_started_ever_more_slowly(void **state)
{
	struct stat starts = { 0 };

	set("workers", 1);
	start_supervisor();
	set("workers-die", 1);
	int64_t pids[2] = { 0 };
	wait_for(child_pids(world.supervisor, pids, 2) == 1, 2000);
	kill((pid_t)pids[0], SIGKILL);
	usleep(1200 * 1000);
	stat(arena_printf(*state, "%s/starts", world.folder), &starts);
	assert_in_range(starts.st_size, 3, 7);
	set("workers-die", 0);
	wait_until_up();
}

static void test_a_worker_is_replaced_after_its_number_of_requests(void **state)
{
	struct reply reply = { 0 };
	int64_t last = 0, changes = 0;

	(void)state;
	set("workers", 1);
	set("requests", 10);
	start_supervisor();
	for (int i = 0; i < 60; i++) {
		assert_true(ask("/", &reply));
		changes += last != 0 && reply.pid != last;
		last = reply.pid;
	}
	assert_in_range(changes, 4, 8);
	assert_int_equal(reply.restarts, 0);
	/* The place's counter went on over all of them. */
	assert_in_range(reply.requests, 60, 62);
}

static void test_a_pool_gives_way_as_far_as_it_is_told(void **state)
{
	int here = getpriority(PRIO_PROCESS, 0);
	struct reply reply;

	(void)state;
	set("niceness", 7);
	start_supervisor();
	assert_true(ask("/", &reply));
	assert_int_equal(getpriority(PRIO_PROCESS, (id_t)reply.pid), 7);
	assert_int_equal(getpriority(PRIO_PROCESS, (id_t)world.supervisor), here);
}

static ino_t program_inode(pid_t pid)
{
	char path[64];
	struct stat status = { 0 };

	snprintf(path, sizeof(path), "/proc/%d/exe", (int)pid);
	stat(path, &status);
	return status.st_ino;
}

/* Asks without pause until all workers are of the new generation; no answer may fail. */
static void reload_under_load(int64_t generation)
{
	int64_t end = clock_monotonic() + 8 * CLOCK_SECOND, old[8], now[8];
	int64_t before = child_pids(world.supervisor, old, 8); /* at least one */
	struct reply reply = { 0 };
	int in_a_row = 0, failures = 0;

	kill(world.supervisor, SIGHUP);
	while (in_a_row < 200 && clock_monotonic() < end) {
		failures += !ask("/", &reply);
		in_a_row = reply.generation == generation ? in_a_row + 1 : 0;
	}
	assert_int_equal(failures, 0);
	assert_int_equal(reply.generation, generation);
	for (int64_t i = 0; i < before; i++)
		wait_for(!is_alive(old[i]), 2000);
	wait_for(child_pids(world.supervisor, now, 8) >= 1, 2000);
}

static void test_reload_brings_a_new_program_without_losing_a_request(void **state)
{
	struct reply reply, after;
	ino_t inode;

	(void)state;
	start_supervisor();
	assert_true(ask("/", &reply));
	inode = program_inode(world.supervisor);
	install_program();
	set("generation", 2);
	reload_under_load(2);
	assert_true(program_inode(world.supervisor) != inode);
	assert_true(ask("/", &after));
	assert_true(after.requests > reply.requests + 200); /* counters went on */
	assert_int_equal(after.restarts, 0);
	set("generation", 3);
	reload_under_load(3); /* and a second time */
}

static void test_reload_follows_the_number_of_workers(void **state)
{
	int64_t pids[8] = { 0 };

	(void)state;
	set("workers", 3);
	start_supervisor();
	wait_for(child_pids(world.supervisor, pids, 8) == 3, 2000);
	set("workers", 1);
	set("generation", 2);
	reload_under_load(2);
	wait_for(child_pids(world.supervisor, pids, 8) == 1, 2000);
	set("workers", 4);
	set("generation", 3);
	reload_under_load(3);
	wait_for(child_pids(world.supervisor, pids, 8) == 4, 2000);
}

static void test_a_reload_that_would_fail_changes_nothing(void **state)
{
	int64_t before[8] = { 0 }, after[8] = { 0 };
	struct reply reply;

	(void)state;
	start_supervisor();
	wait_for(child_pids(world.supervisor, before, 8) == WORKERS, 2000);
	set("check-fails", 1);
	set("generation", 2);
	kill(world.supervisor, SIGHUP);
	usleep(500 * 1000);
	for (int i = 0; i < 20; i++) {
		assert_true(ask("/", &reply));
		assert_int_equal(reply.generation, 1);
	}
	wait_for(child_pids(world.supervisor, after, 8) == WORKERS, 2000);
	assert_memory_equal(before, after, sizeof(before));
}

static void test_a_reload_whose_workers_die_leaves_the_old_ones_at_work(void **state)
{
	struct reply reply;

	(void)state;
	start_supervisor();
	set("generation", 2);
	set("workers-die", 1);
	kill(world.supervisor, SIGHUP);
	usleep(800 * 1000);
	for (int i = 0; i < 20; i++) {
		assert_true(ask("/", &reply));
		assert_int_equal(reply.generation, 1);
	}
}

static void test_stopping_answers_what_has_begun_and_leaves_nothing(void **state)
{
	int64_t pids[8] = { 0 };
	struct reply reply;

	start_supervisor();
	wait_for(child_pids(world.supervisor, pids, 8) == WORKERS, 2000);
	int fds[3];
	for (int i = 0; i < 3; i++) /* two at work, one in the queue */
		fds[i] = begin_ask(*state, "/slow");
	usleep(50 * 1000);
	kill(world.supervisor, SIGTERM);
	for (int i = 0; i < 3; i++)
		assert_true(end_ask(*state, fds[i], &reply));
	assert_int_equal(wait_for_end(), 0);
	assert_int_equal(access(world.socket, F_OK), -1);
	for (int i = 0; i < WORKERS; i++)
		assert_false(is_alive(pids[i]));
}

static void test_a_stuck_worker_is_killed_when_patience_ends(void **state)
{
	start_supervisor();
	int fd = begin_ask(*state, "/stuck");
	usleep(50 * 1000);
	int64_t before = clock_monotonic();
	kill(world.supervisor, SIGTERM);
	assert_int_equal(wait_for_end(), 0);
	assert_in_range(clock_monotonic() - before, 900 * 1000, 2500 * 1000);
	close(fd);
}

static void test_a_busy_worker_hears_it_between_two_pieces_of_work(void **state)
{
	struct reply reply;

	start_supervisor();
	int fd = begin_ask(*state, "/busy");
	usleep(50 * 1000);
	int64_t before = clock_monotonic();
	kill(world.supervisor, SIGTERM);
	assert_true(end_ask(*state, fd, &reply));
	assert_int_equal(wait_for_end(), 0);
	/* Before anybody's patience ends. */
	assert_true(clock_monotonic() - before < 900 * 1000);
}

static void test_a_second_signal_stops_at_once(void **state)
{
	start_supervisor();
	int fd = begin_ask(*state, "/stuck");
	usleep(50 * 1000);
	int64_t before = clock_monotonic();
	kill(world.supervisor, SIGINT);
	usleep(50 * 1000);
	kill(world.supervisor, SIGINT);
	assert_int_equal(wait_for_end(), 0);
	assert_true(clock_monotonic() - before < 500 * 1000);
	close(fd);
}

static void test_workers_end_with_a_killed_supervisor_and_the_next_one_starts(void **state)
{
	int64_t pids[8] = { 0 };

	(void)state;
	start_supervisor();
	wait_for(child_pids(world.supervisor, pids, 8) == WORKERS, 2000);
	kill(world.supervisor, SIGKILL);
	wait_for_end();
	for (int i = 0; i < WORKERS; i++)
		wait_for(!is_alive(pids[i]), 1000);
	start_supervisor();
}

static void test_systemd_is_told(void **state)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct timeval limit = { .tv_sec = 5 };
	char text[256];
	static const char *const expected[] = { "READY=1", "RELOADING=1", "READY=1", "STOPPING=1" };

	(void)state;
	snprintf(address.sun_path, sizeof(address.sun_path), "%s/notify", world.folder);
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	setenv("NOTIFY_SOCKET", address.sun_path, 1);
	start_supervisor();
	unsetenv("NOTIFY_SOCKET");
	for (size_t i = 0; i < ARRAY_COUNT(expected); i++) {
		ssize_t length = recv(fd, text, sizeof(text) - 1, 0);
		assert_true(length > 0);
		text[length] = '\0';
		assert_ptr_equal(strstr(text, expected[i]), text);
		if (i == 0)
			kill(world.supervisor, SIGHUP);
		if (i == 2)
			kill(world.supervisor, SIGTERM);
	}
	assert_int_equal(wait_for_end(), 0);
	close(fd);
}

#define SUPERVISOR_TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		SUPERVISOR_TEST(test_a_killed_worker_is_replaced_within_half_a_second),
		SUPERVISOR_TEST(test_a_worker_that_answers_is_replaced_at_once_however_often),
		SUPERVISOR_TEST(test_a_crashing_request_costs_one_request),
		SUPERVISOR_TEST(test_workers_that_die_at_once_are_started_ever_more_slowly),
		SUPERVISOR_TEST(test_a_worker_is_replaced_after_its_number_of_requests),
		SUPERVISOR_TEST(test_a_pool_gives_way_as_far_as_it_is_told),
		SUPERVISOR_TEST(test_reload_brings_a_new_program_without_losing_a_request),
		SUPERVISOR_TEST(test_reload_follows_the_number_of_workers),
		SUPERVISOR_TEST(test_a_reload_that_would_fail_changes_nothing),
		SUPERVISOR_TEST(test_a_reload_whose_workers_die_leaves_the_old_ones_at_work),
		SUPERVISOR_TEST(test_stopping_answers_what_has_begun_and_leaves_nothing),
		SUPERVISOR_TEST(test_a_stuck_worker_is_killed_when_patience_ends),
		SUPERVISOR_TEST(test_a_busy_worker_hears_it_between_two_pieces_of_work),
		SUPERVISOR_TEST(test_a_second_signal_stops_at_once),
		SUPERVISOR_TEST(test_workers_end_with_a_killed_supervisor_and_the_next_one_starts),
		SUPERVISOR_TEST(test_systemd_is_told),
	};

	int status;

	if (supervised_program(argc, argv, &status))
		return status;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
