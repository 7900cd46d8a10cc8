/*
 * Connections of src/db: what happens when PostgreSQL is slow, silent, gone or of
 * another schema, and the notifications that come by themselves.
 */
#include <poll.h>
#include <signal.h>

#include "db_fixture.h"

#include "base/clock.h"

DB_STATEMENT(item_by_id, "select name, size from items where id = $1", 1);
DB_STATEMENT(item_slow, "select pg_sleep($1::float8)::text", 1);
DB_STATEMENT(terminate_others,
	     "select count(pg_terminate_backend(pid)) from pg_stat_activity"
	     " where application_name = $1",
	     1);
DB_STATEMENT(backend_pid, "select pg_backend_pid()", 0);
DB_STATEMENT(notify_channel, "select pg_notify($1, $2)", 2);

/* Slow and silent servers ------------------------------------------------ */

static void test_slow_statement_is_stopped(void **state)
{
	struct ctx *ctx = *state;

	db_fixture_reopen(ctx, "", 100);
	assert_int_equal(db_query(ctx, &item_slow, NULL, param_f64(5)), ERR_UNAVAILABLE);
	assert_int_equal(count_items(ctx), 0);
}

static void test_silent_server_is_given_up(void **state)
{
	struct ctx *ctx = *state;
	struct rows rows;
	int64_t start;
	pid_t pid;

	db_fixture_reopen(ctx, "", 100);
	assert_int_equal(db_query(ctx, &backend_pid, &rows), OK);
	assert_true(rows_next(&rows));
	pid = (pid_t)col_i64(&rows);
	if (kill(pid, SIGSTOP) != 0) {
		print_message("skipped: the server belongs to another user\n");
		skip();
	}
	start = clock_monotonic();
	assert_int_equal(db_query(ctx, item_count_statement, &rows), ERR_UNAVAILABLE);
	kill(pid, SIGCONT);
	assert_true(clock_monotonic() - start < 4 * CLOCK_SECOND);
	assert_int_equal(count_items(ctx), 0);
}

/* Connections ---------------------------------------------------------- */

/* Ends every connection of that application name, by another one. */
static void terminate(const char *name)
{
	struct ctx ctx = { .arena = arena_new(DB_ARENA_BYTES),
			   .db = db_fixture_open(" application_name=test_killer", 5000) };

	assert_int_equal(db_query(&ctx, &terminate_others, NULL, param_text(name)), OK);
	/* The farewell travels on another connection than our answer. */
	poll(NULL, 0, 100);
	arena_free(ctx.arena);
	db_close(ctx.db);
}

static void test_lost_connection_is_made_anew(void **state)
{
	struct ctx *ctx = *state;

	db_fixture_reopen(ctx, " application_name=test_victim", 5000);
	poll(NULL, 0, 1050);
	terminate("test_victim");
	assert_int_equal(count_items(ctx), 0);
	assert_true(db_is_connected(ctx->db));
}

static void test_reconnect_is_tried_once_a_second(void **state)
{
	struct ctx *ctx = *state;
	int64_t opened;
	struct rows rows;

	db_fixture_reopen(ctx, " application_name=test_victim", 5000);
	opened = clock_monotonic();
	terminate("test_victim");
	assert_false(db_is_connected(ctx->db));
	assert_int_equal(db_socket(ctx->db), -1);
	/* On a machine so busy that the second is over this would prove nothing. */
	if (clock_monotonic() - opened < CLOCK_SECOND * 9 / 10)
		assert_int_equal(db_query(ctx, item_count_statement, &rows), ERR_UNAVAILABLE);
	poll(NULL, 0, 1050);
	assert_int_equal(db_query(ctx, item_count_statement, &rows), OK);
	assert_true(db_socket(ctx->db) >= 0);
}

static void test_lost_transaction_is_not_continued(void **state)
{
	struct ctx *ctx = *state;

	db_fixture_reopen(ctx, " application_name=test_victim", 5000);
	poll(NULL, 0, 1050);
	db_begin(ctx);
	insert_item(ctx, "a", 1);
	terminate("test_victim");
	assert_int_equal(db_query(ctx, item_insert_statement, NULL, param_text("b"), param_i64(1)),
			 ERR_UNAVAILABLE);
	assert_int_equal(db_query(ctx, item_insert_statement, NULL, param_text("c"), param_i64(1)),
			 ERR_UNAVAILABLE);
	assert_int_equal(db_commit(ctx), ERR_UNAVAILABLE);
	assert_false(db_in_transaction(ctx));
	error_clear(ctx);
	assert_int_equal(count_items(ctx), 0);
}

static void test_absent_database_is_unavailable_at_once(void **state)
{
	struct db_options options = { .conninfo = "host=/nonexistent dbname=none" };
	struct ctx ctx = { .arena = arena_new(DB_ARENA_BYTES) };
	int64_t start = clock_monotonic();
	const char *message;
	struct rows rows;

	(void)state;
	assert_true(db_open(&ctx.db, &options, &message));
	assert_false(db_is_connected(ctx.db));
	for (int i = 0; i < 100; i++)
		assert_int_equal(db_query(&ctx, item_count_statement, &rows), ERR_UNAVAILABLE);
	db_begin(&ctx);
	assert_int_equal(db_query(&ctx, item_count_statement, &rows), ERR_UNAVAILABLE);
	assert_int_equal(db_commit(&ctx), OK);
	assert_int_equal(db_script(&ctx, "select 1"), ERR_UNAVAILABLE);
	assert_int_equal(db_copy_begin(&ctx, "copy t from stdin"), ERR_UNAVAILABLE);
	assert_true(clock_monotonic() - start < CLOCK_SECOND);
	arena_free(ctx.arena);
	db_close(ctx.db);
}

static void test_wrong_conninfo_is_refused(void **state)
{
	struct db_options options = { .conninfo = "hots=nowhere" };
	const char *message;
	struct db *db;

	(void)state;
	assert_false(db_open(&db, &options, &message));
	assert_non_null(strstr(message, "hots"));
}

static void test_unfit_statement_is_named_at_open(void **state)
{
	struct ctx *ctx = *state;
	struct db_options options = { .conninfo = db_fixture_plain_conninfo(), .is_checked = true };
	const char *message;
	struct db *db;

	/* Without the search_path the statements find no table. */
	assert_false(db_open(&db, &options, &message));
	assert_non_null(strstr(message, "statement "));
	assert_non_null(strstr(message, "does not exist"));
	assert_int_equal(count_items(ctx), 0);
}

static void test_changed_table_is_prepared_anew(void **state)
{
	static const struct stmt alter = { NULL, "alter table items alter name type text", 0 };
	struct ctx *ctx = *state;
	struct rows rows;
	int64_t id = insert_item(ctx, "a", 1);

	/* Long enough used that PostgreSQL keeps the plan, then altered. */
	for (int i = 0; i < 10; i++)
		assert_int_equal(db_query(ctx, &item_by_id, &rows, param_i64(id)), OK);
	assert_int_equal(db_query(ctx, &alter, NULL), OK);
	assert_int_equal(db_query(ctx, &item_by_id, &rows, param_i64(id)), ERR_INTERNAL);
	poll(NULL, 0, 1050);
	assert_int_equal(db_query(ctx, &item_by_id, &rows, param_i64(id)), OK);
}

/* Notifications --------------------------------------------------------- */

static bool wait_for_notification(struct ctx *ctx, const char **channel, const char **payload)
{
	struct pollfd poll_fd = { .fd = db_socket(ctx->db), .events = POLLIN };

	if (db_notification(ctx, channel, payload))
		return true;
	return poll(&poll_fd, 1, 2000) > 0 && db_notification(ctx, channel, payload);
}

static void test_notification_arrives(void **state)
{
	struct ctx *ctx = *state;
	struct ctx sender = { .arena = arena_new(DB_ARENA_BYTES), .db = db_fixture_open("", 0) };
	const char *channel, *payload;

	assert_false(db_notification(ctx, &channel, &payload));
	assert_int_equal(db_listen(ctx, "jobs"), OK);
	assert_int_equal(
		db_query(&sender, &notify_channel, NULL, param_text("jobs"), param_text("mail é")),
		OK);
	assert_true(wait_for_notification(ctx, &channel, &payload));
	assert_string_equal(channel, "jobs");
	assert_string_equal(payload, "mail é");
	assert_false(db_notification(ctx, &channel, &payload));
	arena_free(sender.arena);
	db_close(sender.db);
}

static void test_listening_survives_a_lost_connection(void **state)
{
	struct ctx *ctx = *state;
	struct ctx sender = { .arena = arena_new(DB_ARENA_BYTES), .db = db_fixture_open("", 0) };
	const char *channel, *payload;

	db_fixture_reopen(ctx, " application_name=test_victim", 5000);
	assert_int_equal(db_listen(ctx, "jobs"), OK);
	poll(NULL, 0, 1050);
	terminate("test_victim");
	assert_false(db_notification(ctx, &channel, &payload));
	assert_int_equal(db_socket(ctx->db), -1);
	assert_int_equal(count_items(ctx), 0);
	assert_int_equal(
		db_query(&sender, &notify_channel, NULL, param_text("jobs"), param_text("again")),
		OK);
	assert_true(wait_for_notification(ctx, &channel, &payload));
	assert_string_equal(payload, "again");
	arena_free(sender.arena);
	db_close(sender.db);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		DB_TEST(test_slow_statement_is_stopped),
		DB_TEST(test_silent_server_is_given_up),
		DB_TEST(test_lost_connection_is_made_anew),
		DB_TEST(test_reconnect_is_tried_once_a_second),
		DB_TEST(test_lost_transaction_is_not_continued),
		DB_TEST(test_absent_database_is_unavailable_at_once),
		DB_TEST(test_wrong_conninfo_is_refused),
		DB_TEST(test_unfit_statement_is_named_at_open),
		DB_TEST(test_changed_table_is_prepared_anew),
		DB_TEST(test_notification_arrives),
		DB_TEST(test_listening_survives_a_lost_connection),
	};

	return db_run_tests(tests);
}
