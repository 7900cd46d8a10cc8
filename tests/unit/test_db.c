/*
 * The database layer against a real PostgreSQL, named by
 * $ENTRAIDE_TEST_DATABASE (a conninfo; tests/postgres.sh makes one). Everything
 * happens in a schema of its own, made anew for every test.
 */
#include <poll.h>
#include <signal.h>

#include "unit.h"

#include "base/clock.h"
#include "base/log.h"
#include "db/db.h"

#define ARENA_BYTES   (8 << 20)
#define AUTOMAKE_SKIP 77
#define SETTINGS      " options='-c search_path=test_db'"

DB_STATEMENT(item_insert, "insert into items (name, size) values ($1, $2) returning id", 2);
DB_STATEMENT(item_by_id, "select name, size from items where id = $1", 1);
DB_STATEMENT(item_count, "select count(*) from items", 0);
DB_STATEMENT(item_delete, "delete from items", 0);
DB_STATEMENT(label_insert, "insert into labels (item_id, text) values ($1, $2)", 2);
DB_STATEMENT(item_slow, "select pg_sleep($1::float8)::text", 1);
DB_STATEMENT(every_type,
	     "select $1::text, $2::bigint, $3::boolean, $4::timestamptz, $5::float8,"
	     " $6::bytea, $7::bigint[]::text, $8::text[]::text, $9::text, 7::int2, -8::int4",
	     9);
DB_STATEMENT(parameter_types, "select 'infinity'::timestamptz, $1::timestamptz::text, null::bigint",
	     1);
DB_STATEMENT(terminate_others,
	     "select count(pg_terminate_backend(pid)) from pg_stat_activity"
	     " where application_name = $1",
	     1);
DB_STATEMENT(backend_pid, "select pg_backend_pid()", 0);
DB_STATEMENT(settings_now,
	     "select current_setting('TimeZone'), current_setting('statement_timeout'),"
	     " current_setting('jit'), current_setting('application_name'),"
	     " current_setting('search_path'), current_setting('default_transaction_isolation')",
	     0);
DB_STATEMENT(notify_channel, "select pg_notify($1, $2)", 2);

static const char schema_sql[] =
	"drop schema if exists test_db cascade;\n"
	"create schema test_db;\n"
	"create table items (\n"
	"	id bigint generated always as identity primary key,\n"
	"	name varchar(20) not null constraint items_name_once unique,\n"
	"	size bigint constraint items_size_positive check (size > 0));\n"
	"create table labels (item_id bigint constraint labels_item references items,\n"
	"	text text, late bigint constraint labels_late unique deferrable initially deferred);\n";

static char conninfo[1024];

static struct db *open_db(const char *settings, int64_t timeout_ms, bool is_unprepared)
{
	struct arena *arena = arena_new(ARENA_BYTES);
	struct db_options options = {
		.conninfo = arena_printf(arena, "%s%s", conninfo, settings),
		.statement_timeout_ms = timeout_ms,
		.is_unprepared = is_unprepared,
	};
	const char *message;
	struct db *db;

	if (!db_open(&db, &options, &message)) {
		print_error("%s\n", message);
		_fail(__FILE__, __LINE__);
	}
	arena_free(arena);
	return db;
}

static void make_schema(void)
{
	struct ctx ctx = { .arena = arena_new(ARENA_BYTES), .db = open_db(SETTINGS, 0, true) };

	assert_int_equal(db_script(&ctx, schema_sql), OK);
	arena_free(ctx.arena);
	db_close(ctx.db);
}

static int set_up(void **state)
{
	struct ctx *ctx = calloc(1, sizeof *ctx);

	make_schema();
	ctx->arena = arena_new(ARENA_BYTES);
	ctx->db = open_db(SETTINGS, 5000, false);
	db_count_reset(ctx->db);
	*state = ctx;
	return 0;
}

static int tear_down(void **state)
{
	struct ctx *ctx = *state;

	arena_free(ctx->arena);
	db_close(ctx->db);
	free(ctx);
	return 0;
}

static int64_t count_items(struct ctx *ctx)
{
	struct rows rows;

	assert_int_equal(db_query(ctx, &item_count, &rows), OK);
	assert_true(rows_next(&rows));
	return col_i64(&rows);
}

static int64_t insert_item(struct ctx *ctx, const char *name, int64_t size)
{
	struct rows rows;

	assert_int_equal(db_query(ctx, &item_insert, &rows, param_text(name), param_i64(size)), OK);
	assert_true(rows_next(&rows));
	return col_i64(&rows);
}

/* Values --------------------------------------------------------------- */

static void test_every_type_comes_back_as_it_went(void **state)
{
	struct ctx *ctx = *state;
	const int64_t numbers[] = { 1, -2, INT64_MAX };
	const char *const texts[] = { "plain", "with \"quotes\" and \\", NULL, "" };
	int64_t time = INT64_C(1766411045123456);
	struct rows rows;
	const char *bytes;
	size_t length;

	assert_int_equal(db_query(ctx, &every_type, &rows, param_text("été ☃"),
				  param_i64(INT64_MIN), param_bool(true), param_time(time),
				  param_f64(0.1), param_bytes("a\0b\\", 4),
				  param_i64s(ctx->arena, numbers, 3),
				  param_texts(ctx->arena, texts, 4), param_text(NULL)),
			 OK);
	assert_int_equal(rows.count, 1);
	assert_true(rows_next(&rows));
	assert_string_equal(col_text(&rows), "été ☃");
	assert_true(col_i64(&rows) == INT64_MIN);
	assert_true(col_bool(&rows));
	assert_true(col_time(&rows) == time);
	assert_true(col_f64(&rows) == 0.1);
	bytes = col_bytes(&rows, &length);
	assert_int_equal(length, 4);
	assert_memory_equal(bytes, "a\0b\\", 4);
	assert_string_equal(col_text(&rows), "{1,-2,9223372036854775807}");
	assert_string_equal(col_text(&rows), "{plain,\"with \\\"quotes\\\" and \\\\\",NULL,\"\"}");
	assert_true(col_is_null(&rows));
	assert_string_equal(col_text(&rows), "");
	assert_int_equal(col_i64(&rows), 7);
	assert_int_equal(col_i64(&rows), -8);
	assert_false(rows_next(&rows));
}

static void check_time(struct ctx *ctx, int64_t time, const char *expected)
{
	struct rows rows;

	assert_int_equal(db_query(ctx, &parameter_types, &rows, param_time(time)), OK);
	assert_true(rows_next(&rows));
	assert_true(col_time(&rows) == INT64_MAX);
	assert_string_equal(col_text(&rows), expected);
	assert_int_equal(col_i64(&rows), 0);
}

static void test_times_of_every_age_are_exact(void **state)
{
	struct ctx *ctx = *state;

	check_time(ctx, 0, "");
	check_time(ctx, 1, "1970-01-01 00:00:00.000001+00");
	check_time(ctx, -1, "1969-12-31 23:59:59.999999+00");
	check_time(ctx, INT64_C(951782400000000), "2000-02-29 00:00:00+00");
	check_time(ctx, INT64_C(-62135596800000000), "0001-01-01 00:00:00+00");
	check_time(ctx, INT64_C(-62135596800000001), "0001-12-31 23:59:59.999999+00 BC");
}

static void test_rows_can_be_read_twice(void **state)
{
	struct ctx *ctx = *state;
	struct rows rows;

	assert_int_equal(db_query(ctx, &item_by_id, &rows, param_i64(insert_item(ctx, "a", 3))),
			 OK);
	for (int turn = 0; turn < 2; turn++) {
		assert_true(rows_next(&rows));
		col_skip(&rows);
		assert_int_equal(col_i64(&rows), 3);
		assert_false(rows_next(&rows));
		rows_rewind(&rows);
	}
}

static void test_affected_rows_are_counted(void **state)
{
	struct ctx *ctx = *state;
	struct rows rows;

	insert_item(ctx, "a", 1);
	insert_item(ctx, "b", 1);
	assert_int_equal(db_query(ctx, &item_delete, &rows), OK);
	assert_int_equal(rows.affected, 2);
	assert_int_equal(rows.count, 0);
	assert_false(rows_next(&rows));
}

static void test_session_settings_hold(void **state)
{
	struct ctx *ctx = *state;
	struct rows rows;

	assert_int_equal(db_query(ctx, &settings_now, &rows), OK);
	assert_true(rows_next(&rows));
	assert_string_equal(col_text(&rows), "UTC");
	assert_string_equal(col_text(&rows), "5s");
	assert_string_equal(col_text(&rows), "off");
	assert_string_equal(col_text(&rows), "entraide");
	assert_string_equal(col_text(&rows), "test_db");
	assert_string_equal(col_text(&rows), "read committed");
}

/* Batches -------------------------------------------------------------- */

static void test_batch_is_one_round_trip(void **state)
{
	struct ctx *ctx = *state;
	struct rows inserted, found, counted;
	struct db_counts counts;

	db_add(ctx, &item_insert, &inserted, param_text("a"), param_i64(5));
	db_add(ctx, &item_by_id, &found, param_i64(1));
	db_add(ctx, &item_count, &counted);
	assert_int_equal(db_run(ctx), OK);
	counts = db_counts(ctx->db);
	assert_int_equal(counts.statements, 3);
	assert_int_equal(counts.round_trips, 1);
	assert_true(rows_next(&inserted));
	assert_true(rows_next(&found));
	assert_string_equal(col_text(&found), "a");
	assert_int_equal(col_i64(&found), 5);
	assert_true(rows_next(&counted));
	assert_int_equal(col_i64(&counted), 1);
}

static void test_batch_outside_transaction_is_all_or_nothing(void **state)
{
	struct ctx *ctx = *state;
	struct rows first, last;

	db_add(ctx, &item_insert, &first, param_text("a"), param_i64(1));
	db_add(ctx, &item_insert, NULL, param_text("b"), param_i64(-1));
	db_add(ctx, &item_insert, &last, param_text("c"), param_i64(1));
	assert_int_equal(db_run(ctx), ERR_INVALID);
	assert_string_equal(ctx->error.constraint, "items_size_positive");
	assert_false(rows_next(&first));
	assert_false(rows_next(&last));
	assert_int_equal(count_items(ctx), 0);
}

static void test_large_batch_does_not_block_itself(void **state)
{
	struct ctx *ctx = *state;
	struct rows rows[DB_BATCH_MAX];
	size_t length = 1 << 20;
	char *big = arena_alloc(ctx->arena, length + 1);

	memset(big, 'x', length);
	for (int i = 0; i < 4; i++)
		db_add(ctx, &every_type, &rows[i], param_text(big), param_null(), param_null(),
		       param_null(), param_null(), param_null(), param_null(), param_null(),
		       param_null());
	assert_int_equal(db_run(ctx), OK);
	for (int i = 0; i < 4; i++) {
		assert_true(rows_next(&rows[i]));
		assert_int_equal(strlen(col_text(&rows[i])), length);
	}
}

static void test_batch_left_behind_is_dropped(void **state)
{
	struct ctx *ctx = *state;
	struct rows rows;

	/* As if TRY had left between db_add and db_run. */
	db_add(ctx, &item_insert, NULL, param_text("a"), param_i64(1));
	assert_int_equal(fail(ctx, ERR_FORBIDDEN, NULL, NULL), ERR_FORBIDDEN);
	assert_int_equal(db_query(ctx, &item_count, &rows), OK);
	assert_true(rows_next(&rows));
	assert_int_equal(col_i64(&rows), 0);

	db_add(ctx, &item_insert, NULL, param_text("a"), param_i64(1));
	arena_reset(ctx->arena);
	assert_int_equal(db_run(ctx), OK);
	assert_int_equal(count_items(ctx), 0);

	db_add(ctx, &item_insert, NULL, param_text("a"), param_i64(1));
	assert_int_equal(fail(ctx, ERR_NOT_FOUND, NULL, NULL), ERR_NOT_FOUND);
	assert_int_equal(db_run(ctx), ERR_INTERNAL);
	assert_int_equal(count_items(ctx), 0);
}

/* Errors --------------------------------------------------------------- */

static void test_violated_constraints_are_named(void **state)
{
	struct ctx *ctx = *state;

	insert_item(ctx, "a", 1);
	assert_int_equal(db_query(ctx, &item_insert, NULL, param_text("a"), param_i64(1)),
			 ERR_CONFLICT);
	assert_string_equal(ctx->error.constraint, "items_name_once");
	assert_non_null(strstr(ctx->error.details, "item_insert: 23505"));
	assert_int_equal(db_query(ctx, &label_insert, NULL, param_i64(99), param_text("x")),
			 ERR_INVALID);
	assert_string_equal(ctx->error.constraint, "labels_item");
	assert_int_equal(db_query(ctx, &item_insert, NULL, param_null(), param_i64(1)),
			 ERR_INVALID);
	assert_string_equal(ctx->error.constraint, "name");
	assert_int_equal(db_query(ctx, &item_insert, NULL,
				  param_text("longer than twenty characters"), param_i64(1)),
			 ERR_INVALID);
	assert_null(ctx->error.constraint);
	error_clear(ctx);
	assert_int_equal(count_items(ctx), 1);
}

static void check_raised(struct ctx *ctx, const char *state_code, enum err expected)
{
	struct stmt raise = {
		NULL,
		arena_printf(ctx->arena,
			     "do $$ begin raise exception 'no' using errcode = '%s'; end $$",
			     state_code),
		0
	};

	assert_int_equal(db_query(ctx, &raise, NULL), expected);
	assert_int_equal(ctx->error.code, expected);
}

static void test_codes_are_sorted(void **state)
{
	struct ctx *ctx = *state;

	check_raised(ctx, "23P01", ERR_CONFLICT);
	check_raised(ctx, "53100", ERR_UNAVAILABLE);
	check_raised(ctx, "55P03", ERR_UNAVAILABLE);
	check_raised(ctx, "40001", ERR_UNAVAILABLE);
	check_raised(ctx, "40P01", ERR_UNAVAILABLE);
	check_raised(ctx, "57P03", ERR_UNAVAILABLE);
	check_raised(ctx, "08006", ERR_UNAVAILABLE);
	check_raised(ctx, "P0001", ERR_INTERNAL);
	check_raised(ctx, "22012", ERR_INTERNAL);
	assert_int_equal(count_items(ctx), 0);
}

static void test_slow_statement_is_stopped(void **state)
{
	struct ctx *ctx = *state;

	db_close(ctx->db);
	ctx->db = open_db(SETTINGS, 100, false);
	assert_int_equal(db_query(ctx, &item_slow, NULL, param_f64(5)), ERR_UNAVAILABLE);
	assert_int_equal(count_items(ctx), 0);
}

static void test_silent_server_is_given_up(void **state)
{
	struct ctx *ctx = *state;
	struct rows rows;
	int64_t start;
	pid_t pid;

	db_close(ctx->db);
	ctx->db = open_db(SETTINGS, 100, false);
	assert_int_equal(db_query(ctx, &backend_pid, &rows), OK);
	assert_true(rows_next(&rows));
	pid = (pid_t)col_i64(&rows);
	if (kill(pid, SIGSTOP) != 0) {
		print_message("skipped: the server belongs to another user\n");
		skip();
	}
	start = clock_monotonic();
	assert_int_equal(db_query(ctx, &item_count, &rows), ERR_UNAVAILABLE);
	kill(pid, SIGCONT);
	assert_true(clock_monotonic() - start < 4 * CLOCK_SECOND);
	assert_int_equal(count_items(ctx), 0);
}

/* Connections ---------------------------------------------------------- */

/* Ends every connection of that application name, by another one. */
static void terminate(const char *name)
{
	struct ctx ctx = { .arena = arena_new(ARENA_BYTES),
			   .db = open_db(SETTINGS " application_name=test_killer", 5000, false) };

	assert_int_equal(db_query(&ctx, &terminate_others, NULL, param_text(name)), OK);
	/* The farewell travels on another connection than our answer. */
	poll(NULL, 0, 100);
	arena_free(ctx.arena);
	db_close(ctx.db);
}

static void test_lost_connection_is_made_anew(void **state)
{
	struct ctx *ctx = *state;

	db_close(ctx->db);
	ctx->db = open_db(SETTINGS " application_name=test_victim", 5000, false);
	poll(NULL, 0, 1050);
	terminate("test_victim");
	assert_int_equal(count_items(ctx), 0);
	assert_true(db_is_connected(ctx->db));
}

static void test_reconnect_is_tried_once_a_second(void **state)
{
	struct ctx *ctx = *state;
	struct rows rows;

	db_close(ctx->db);
	ctx->db = open_db(SETTINGS " application_name=test_victim", 5000, false);
	terminate("test_victim");
	assert_int_equal(db_query(ctx, &item_count, &rows), ERR_UNAVAILABLE);
	assert_false(db_is_connected(ctx->db));
	assert_int_equal(db_socket(ctx->db), -1);
	poll(NULL, 0, 1050);
	assert_int_equal(db_query(ctx, &item_count, &rows), OK);
	assert_true(db_socket(ctx->db) >= 0);
}

static void test_lost_transaction_is_not_continued(void **state)
{
	struct ctx *ctx = *state;

	db_close(ctx->db);
	ctx->db = open_db(SETTINGS " application_name=test_victim", 5000, false);
	poll(NULL, 0, 1050);
	db_begin(ctx);
	insert_item(ctx, "a", 1);
	terminate("test_victim");
	assert_int_equal(db_query(ctx, &item_insert, NULL, param_text("b"), param_i64(1)),
			 ERR_UNAVAILABLE);
	assert_int_equal(db_query(ctx, &item_insert, NULL, param_text("c"), param_i64(1)),
			 ERR_UNAVAILABLE);
	assert_int_equal(db_commit(ctx), ERR_UNAVAILABLE);
	assert_false(db_in_transaction(ctx));
	error_clear(ctx);
	assert_int_equal(count_items(ctx), 0);
}

static void test_absent_database_is_unavailable_at_once(void **state)
{
	struct db_options options = { .conninfo = "host=/nonexistent dbname=none" };
	struct ctx ctx = { .arena = arena_new(ARENA_BYTES) };
	int64_t start = clock_monotonic();
	const char *message;
	struct rows rows;

	(void)state;
	assert_true(db_open(&ctx.db, &options, &message));
	assert_false(db_is_connected(ctx.db));
	for (int i = 0; i < 100; i++)
		assert_int_equal(db_query(&ctx, &item_count, &rows), ERR_UNAVAILABLE);
	db_begin(&ctx);
	assert_int_equal(db_query(&ctx, &item_count, &rows), ERR_UNAVAILABLE);
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
	struct db_options options = { .conninfo = conninfo };
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

/* Transactions --------------------------------------------------------- */

static void test_transaction_costs_no_round_trip_of_its_own(void **state)
{
	struct ctx *ctx = *state;

	db_begin(ctx);
	assert_true(db_in_transaction(ctx));
	assert_int_equal(db_counts(ctx->db).round_trips, 0);
	db_add(ctx, &item_insert, NULL, param_text("a"), param_i64(1));
	assert_int_equal(db_run(ctx), OK);
	assert_int_equal(db_counts(ctx->db).round_trips, 1);
	db_add(ctx, &item_insert, NULL, param_text("b"), param_i64(1));
	assert_int_equal(db_commit(ctx), OK);
	assert_int_equal(db_counts(ctx->db).round_trips, 2);
	assert_false(db_in_transaction(ctx));
	assert_int_equal(count_items(ctx), 2);
}

static void test_empty_transaction_costs_nothing(void **state)
{
	struct ctx *ctx = *state;

	db_begin(ctx);
	assert_int_equal(db_commit(ctx), OK);
	db_begin(ctx);
	db_rollback(ctx);
	db_rollback(ctx);
	assert_int_equal(db_counts(ctx->db).round_trips, 0);
}

static void test_failed_transaction_cannot_be_committed(void **state)
{
	struct ctx *ctx = *state;

	db_begin(ctx);
	insert_item(ctx, "a", 1);
	assert_int_equal(db_query(ctx, &item_insert, NULL, param_text("b"), param_i64(-1)),
			 ERR_INVALID);
	assert_true(db_in_transaction(ctx));
	assert_int_equal(db_commit(ctx), ERR_INTERNAL);
	assert_false(db_in_transaction(ctx));
	error_clear(ctx);
	assert_int_equal(count_items(ctx), 0);
}

static void test_deferred_constraint_fails_the_commit(void **state)
{
	static const struct stmt late = { NULL, "insert into labels (late) values (1), (1)", 0 };
	struct ctx *ctx = *state;

	db_begin(ctx);
	insert_item(ctx, "a", 1);
	assert_int_equal(db_query(ctx, &late, NULL), OK);
	assert_int_equal(db_commit(ctx), ERR_CONFLICT);
	assert_string_equal(ctx->error.constraint, "labels_late");
	assert_false(db_in_transaction(ctx));
	error_clear(ctx);
	assert_int_equal(count_items(ctx), 0);
}

static void test_rollback_undoes(void **state)
{
	struct ctx *ctx = *state;

	db_begin(ctx);
	insert_item(ctx, "a", 1);
	db_rollback(ctx);
	assert_false(db_in_transaction(ctx));
	assert_int_equal(count_items(ctx), 0);
}

static void test_arena_end_rolls_back(void **state)
{
	struct ctx *ctx = *state;

	db_begin(ctx);
	insert_item(ctx, "a", 1);
	arena_reset(ctx->arena);
	assert_false(db_in_transaction(ctx));
	assert_int_equal(count_items(ctx), 0);
}

static void test_arena_end_leaves_the_next_transaction_alone(void **state)
{
	struct ctx *ctx = *state;
	struct ctx job = { .arena = arena_new(ARENA_BYTES), .db = ctx->db };

	db_begin(ctx);
	insert_item(ctx, "a", 1);
	assert_int_equal(db_commit(ctx), OK);
	db_begin(&job);
	insert_item(&job, "b", 1);
	arena_reset(ctx->arena);
	assert_true(db_in_transaction(&job));
	assert_int_equal(db_commit(&job), OK);
	arena_free(job.arena);
	assert_int_equal(count_items(ctx), 2);
}

/* Scripts, COPY, notifications ----------------------------------------- */

static void test_script_tells_the_line_of_a_mistake(void **state)
{
	struct ctx *ctx = *state;

	assert_int_equal(db_script(ctx, "select 1;\n-- é\nselect 2;\nselct 3;\n"), ERR_INTERNAL);
	assert_non_null(strstr(ctx->error.details, "script line 4: 42601"));
	error_clear(ctx);
	assert_int_equal(db_script(ctx, ""), OK);
	assert_int_equal(count_items(ctx), 0);
}

static void test_script_belongs_to_the_transaction(void **state)
{
	struct ctx *ctx = *state;

	db_begin(ctx);
	assert_int_equal(db_script(ctx, "insert into items (name) values ('a');"
					"insert into items (name) values ('b')"),
			 OK);
	assert_int_equal(count_items(ctx), 2);
	db_rollback(ctx);
	assert_int_equal(count_items(ctx), 0);
}

static void test_copy_brings_every_character(void **state)
{
	static const struct stmt first_and_sum = {
		NULL,
		"select text, (select sum(late)::bigint from labels) from labels where late = 1", 0
	};
	struct ctx *ctx = *state;
	const char *text = "tab\t line\nreturn\r \\. \\N é";
	struct rows rows;
	int64_t copied;

	assert_int_equal(db_copy_begin(ctx, "copy labels (text, late) from stdin"), OK);
	for (int64_t i = 1; i <= 20000; i++) {
		struct param row[] = { i == 1 ? param_text(text) : param_null(), param_i64(i) };

		assert_int_equal(db_copy_row(ctx, row, 2), OK);
	}
	assert_int_equal(db_copy_end(ctx, &copied), OK);
	assert_int_equal(copied, 20000);
	assert_int_equal(db_query(ctx, &first_and_sum, &rows), OK);
	assert_true(rows_next(&rows));
	assert_string_equal(col_text(&rows), text);
	assert_int_equal(col_i64(&rows), 200010000);
}

static void test_copy_takes_bytes_and_times(void **state)
{
	static const struct stmt all_of_odd = { NULL, "select b, t, f from odd", 0 };
	struct ctx *ctx = *state;
	struct param row[] = { param_bytes("\0\xff\\", 3), param_time(1), param_bool(false) };
	struct rows rows;
	size_t length;
	int64_t copied;

	assert_int_equal(db_script(ctx, "create table odd (b bytea, t timestamptz, f boolean)"),
			 OK);
	db_begin(ctx);
	assert_int_equal(db_copy_begin(ctx, "copy odd from stdin"), OK);
	assert_int_equal(db_copy_row(ctx, row, 3), OK);
	assert_int_equal(db_copy_end(ctx, &copied), OK);
	assert_int_equal(db_commit(ctx), OK);
	assert_int_equal(db_query(ctx, &all_of_odd, &rows), OK);
	assert_true(rows_next(&rows));
	assert_memory_equal(col_bytes(&rows, &length), "\0\xff\\", 3);
	assert_int_equal(length, 3);
	assert_int_equal(col_time(&rows), 1);
	assert_false(col_bool(&rows));
}

static void test_copy_error_is_told_at_the_end(void **state)
{
	struct ctx *ctx = *state;
	struct param row[] = { param_text("same"), param_i64(1) };
	int64_t copied;

	assert_int_equal(db_copy_begin(ctx, "copy items (name, size) from stdin"), OK);
	assert_int_equal(db_copy_row(ctx, row, 2), OK);
	assert_int_equal(db_copy_row(ctx, row, 2), OK);
	assert_int_equal(db_copy_end(ctx, &copied), ERR_CONFLICT);
	assert_string_equal(ctx->error.constraint, "items_name_once");
	assert_int_equal(db_copy_begin(ctx, "copy nothing from stdin"), ERR_INTERNAL);
	error_clear(ctx);
	assert_int_equal(count_items(ctx), 0);
}

static void test_copy_left_open_is_abandoned(void **state)
{
	struct ctx *ctx = *state;
	struct param row[] = { param_text("a"), param_i64(1) };

	assert_int_equal(db_copy_begin(ctx, "copy items (name, size) from stdin"), OK);
	assert_int_equal(db_copy_row(ctx, row, 2), OK);
	arena_reset(ctx->arena);
	assert_int_equal(count_items(ctx), 0);
	db_begin(ctx);
	assert_int_equal(db_copy_begin(ctx, "copy items (name, size) from stdin"), OK);
	assert_int_equal(db_copy_row(ctx, row, 2), OK);
	db_rollback(ctx);
	assert_int_equal(count_items(ctx), 0);
}

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
	struct ctx sender = { .arena = arena_new(ARENA_BYTES), .db = open_db(SETTINGS, 0, false) };
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
	struct ctx sender = { .arena = arena_new(ARENA_BYTES), .db = open_db(SETTINGS, 0, false) };
	const char *channel, *payload;

	db_close(ctx->db);
	ctx->db = open_db(SETTINGS " application_name=test_victim", 5000, false);
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

#define DB_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		DB_TEST(test_every_type_comes_back_as_it_went),
		DB_TEST(test_times_of_every_age_are_exact),
		DB_TEST(test_rows_can_be_read_twice),
		DB_TEST(test_affected_rows_are_counted),
		DB_TEST(test_session_settings_hold),
		DB_TEST(test_batch_is_one_round_trip),
		DB_TEST(test_batch_outside_transaction_is_all_or_nothing),
		DB_TEST(test_large_batch_does_not_block_itself),
		DB_TEST(test_batch_left_behind_is_dropped),
		DB_TEST(test_violated_constraints_are_named),
		DB_TEST(test_codes_are_sorted),
		DB_TEST(test_slow_statement_is_stopped),
		DB_TEST(test_silent_server_is_given_up),
		DB_TEST(test_lost_connection_is_made_anew),
		DB_TEST(test_reconnect_is_tried_once_a_second),
		DB_TEST(test_lost_transaction_is_not_continued),
		cmocka_unit_test(test_absent_database_is_unavailable_at_once),
		cmocka_unit_test(test_wrong_conninfo_is_refused),
		DB_TEST(test_unfit_statement_is_named_at_open),
		DB_TEST(test_changed_table_is_prepared_anew),
		DB_TEST(test_transaction_costs_no_round_trip_of_its_own),
		DB_TEST(test_empty_transaction_costs_nothing),
		DB_TEST(test_failed_transaction_cannot_be_committed),
		DB_TEST(test_deferred_constraint_fails_the_commit),
		DB_TEST(test_rollback_undoes),
		DB_TEST(test_arena_end_rolls_back),
		DB_TEST(test_arena_end_leaves_the_next_transaction_alone),
		DB_TEST(test_script_tells_the_line_of_a_mistake),
		DB_TEST(test_script_belongs_to_the_transaction),
		DB_TEST(test_copy_brings_every_character),
		DB_TEST(test_copy_takes_bytes_and_times),
		DB_TEST(test_copy_error_is_told_at_the_end),
		DB_TEST(test_copy_left_open_is_abandoned),
		DB_TEST(test_notification_arrives),
		DB_TEST(test_listening_survives_a_lost_connection),
	};
	const char *database = getenv("ENTRAIDE_TEST_DATABASE");

	if (!database || !*database) {
		puts("skipped: ENTRAIDE_TEST_DATABASE names no database (tests/postgres.sh makes one)");
		return AUTOMAKE_SKIP;
	}
	snprintf(conninfo, sizeof conninfo, "%s", database);
	log_set_level(LOG_LEVEL_ERROR);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
