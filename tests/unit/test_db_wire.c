/*
 * Proof from outside of what src/db says about round trips: a relay between the
 * client and PostgreSQL's socket counts how often the client speaks again after
 * the server has answered.
 */
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "db_fixture.h"

#define SOCKET_NAME ".s.PGSQL.5432"

DB_STATEMENT(wire_one, "select 1::bigint + $1", 1);
DB_STATEMENT(wire_two, "select 2::bigint + $1", 1);
DB_STATEMENT(wire_three, "select 3::bigint + $1", 1);

static char folder[] = "/tmp/entraide-relay-XXXXXX";
static volatile int *turns;
static pid_t relay_process;

static int socket_at(const char *directory, bool is_server)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int length = snprintf(address.sun_path, sizeof address.sun_path, "%s/" SOCKET_NAME,
			      directory);
	bool is_fine;

	if (fd < 0 || length >= (int)sizeof address.sun_path)
		return -1;
	if (is_server)
		is_fine = bind(fd, (struct sockaddr *)&address, sizeof address) == 0 &&
			  listen(fd, 1) == 0;
	else
		is_fine = connect(fd, (struct sockaddr *)&address, sizeof address) == 0;
	return is_fine ? fd : -1;
}

static bool forward(int from, int to)
{
	char data[65536];
	ssize_t length = read(from, data, sizeof data);

	return length > 0 && write(to, data, (size_t)length) == length;
}

static void relay(int listener, const char *directory)
{
	int server = socket_at(directory, false);
	int client = accept(listener, NULL, NULL);
	struct pollfd ends[] = { { .fd = client, .events = POLLIN },
				 { .fd = server, .events = POLLIN } };
	bool is_clients_turn = false;

	while (client >= 0 && server >= 0 && poll(ends, 2, -1) > 0) {
		if (ends[0].revents) {
			*turns += !is_clients_turn;
			is_clients_turn = true;
			if (!forward(client, server))
				break;
		}
		if (ends[1].revents) {
			is_clients_turn = false;
			if (!forward(server, client))
				break;
		}
	}
	_exit(0);
}

/* The folder of PostgreSQL's socket, or NULL when it is reached otherwise. */
static const char *server_folder(struct arena *arena)
{
	const char *host = strstr(db_fixture_plain_conninfo(), "host=/");

	return host ? arena_strndup(arena, host + 5, strcspn(host + 5, " ")) : NULL;
}

static int set_up_relay(void **state)
{
	struct ctx *ctx;
	const char *directory;
	int listener;

	db_set_up(state);
	ctx = *state;
	directory = server_folder(ctx->arena);
	if (!directory)
		return 0;
	memcpy(folder, "/tmp/entraide-relay-XXXXXX", sizeof folder);
	if (!mkdtemp(folder))
		return 1;
	*turns = 0;
	listener = socket_at(folder, true);
	if (listener < 0)
		return 1;
	relay_process = fork();
	if (relay_process == 0)
		relay(listener, directory);
	close(listener);
	db_fixture_reopen(ctx, arena_printf(ctx->arena, "host=%s", folder), 5000);
	return 0;
}

static int tear_down_relay(void **state)
{
	struct ctx *ctx = *state;

	if (relay_process > 0) {
		kill(relay_process, SIGTERM);
		waitpid(relay_process, NULL, 0);
		remove(arena_printf(ctx->arena, "%s/" SOCKET_NAME, folder));
		remove(folder);
	}
	relay_process = 0;
	return db_tear_down(state);
}

static void need_relay(void)
{
	if (relay_process > 0)
		return;
	print_message("skipped: the test database is not reached by a unix socket\n");
	skip();
}

static void test_all_statements_are_tried_in_one_round_trip(void **state)
{
	(void)state;
	need_relay();
	/* The first turn is the greeting; five statements went with the second. */
	assert_int_equal(*turns, 2);
}

static void test_full_batch_is_one_round_trip(void **state)
{
	struct ctx *ctx = *state;
	struct rows rows[DB_BATCH_MAX];
	int before;

	need_relay();
	before = *turns;
	for (int i = 0; i < DB_BATCH_MAX; i++)
		db_add(ctx, i % 2 ? &wire_one : &wire_two, &rows[i], param_i64(i));
	assert_int_equal(db_run(ctx), OK);
	assert_int_equal(*turns - before, 1);
	for (int i = 0; i < DB_BATCH_MAX; i++) {
		assert_true(rows_next(&rows[i]));
		assert_int_equal(col_i64(&rows[i]), i + (i % 2 ? 1 : 2));
	}
}

static void test_transaction_of_one_batch_is_one_round_trip(void **state)
{
	struct ctx *ctx = *state;
	int before;

	need_relay();
	before = *turns;
	db_begin(ctx);
	db_add(ctx, item_insert_statement, NULL, param_text("a"), param_i64(1));
	db_add(ctx, &wire_three, NULL, param_i64(1));
	assert_int_equal(db_commit(ctx), OK);
	assert_int_equal(*turns - before, 1);
	assert_int_equal(count_items(ctx), 1);
}

#define WIRE_TEST(name) cmocka_unit_test_setup_teardown(name, set_up_relay, tear_down_relay)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WIRE_TEST(test_all_statements_are_tried_in_one_round_trip),
		WIRE_TEST(test_full_batch_is_one_round_trip),
		WIRE_TEST(test_transaction_of_one_batch_is_one_round_trip),
	};

	turns = mmap(NULL, sizeof *turns, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		     0);
	if (turns == MAP_FAILED)
		return 1;
	return db_run_tests(tests);
}
