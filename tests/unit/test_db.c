/*
 * Statements of src/db against a real PostgreSQL: values, batches, errors and
 * transactions.
 */
#include "db_fixture.h"

#include "base/clock.h"

DB_STATEMENT(item_by_id, "select name, size from items where id = $1", 1);
DB_STATEMENT(item_delete, "delete from items", 0);
DB_STATEMENT(label_insert, "insert into labels (item_id, text) values ($1, $2)", 2);
DB_STATEMENT(every_type,
	     "select $1::text, $2::bigint, $3::boolean, $4::timestamptz, $5::float8,"
	     " $6::bytea, $7::bigint[]::text, $8::text[]::text, $9::text, 7::int2, -8::int4",
	     9);
DB_STATEMENT(parameter_types, "select 'infinity'::timestamptz, $1::timestamptz::text, null::bigint",
	     1);
DB_STATEMENT(settings_now,
	     "select current_setting('TimeZone'), current_setting('statement_timeout'),"
	     " current_setting('jit'), current_setting('application_name'),"
	     " current_setting('search_path'), current_setting('default_transaction_isolation')",
	     0);

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

	db_add(ctx, item_insert_statement, &inserted, param_text("a"), param_i64(5));
	db_add(ctx, &item_by_id, &found, param_i64(1));
	db_add(ctx, item_count_statement, &counted);
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

	db_add(ctx, item_insert_statement, &first, param_text("a"), param_i64(1));
	db_add(ctx, item_insert_statement, NULL, param_text("b"), param_i64(-1));
	db_add(ctx, item_insert_statement, &last, param_text("c"), param_i64(1));
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
	db_add(ctx, item_insert_statement, NULL, param_text("a"), param_i64(1));
	assert_int_equal(fail(ctx, ERR_FORBIDDEN, NULL, NULL), ERR_FORBIDDEN);
	assert_int_equal(db_query(ctx, item_count_statement, &rows), OK);
	assert_true(rows_next(&rows));
	assert_int_equal(col_i64(&rows), 0);

	db_add(ctx, item_insert_statement, NULL, param_text("a"), param_i64(1));
	arena_reset(ctx->arena);
	assert_int_equal(db_run(ctx), OK);
	assert_int_equal(count_items(ctx), 0);

	db_add(ctx, item_insert_statement, NULL, param_text("a"), param_i64(1));
	assert_int_equal(fail(ctx, ERR_NOT_FOUND, NULL, NULL), ERR_NOT_FOUND);
	assert_int_equal(db_run(ctx), ERR_INTERNAL);
	assert_int_equal(count_items(ctx), 0);
}

/* Errors --------------------------------------------------------------- */

static void test_violated_constraints_are_named(void **state)
{
	struct ctx *ctx = *state;

	insert_item(ctx, "a", 1);
	assert_int_equal(db_query(ctx, item_insert_statement, NULL, param_text("a"), param_i64(1)),
			 ERR_CONFLICT);
	assert_string_equal(ctx->error.constraint, "items_name_once");
	assert_non_null(strstr(ctx->error.details, "item_insert: 23505"));
	assert_int_equal(db_query(ctx, &label_insert, NULL, param_i64(99), param_text("x")),
			 ERR_INVALID);
	assert_string_equal(ctx->error.constraint, "labels_item");
	assert_int_equal(db_query(ctx, item_insert_statement, NULL, param_null(), param_i64(1)),
			 ERR_INVALID);
	assert_string_equal(ctx->error.constraint, "name");
	assert_int_equal(db_query(ctx, item_insert_statement, NULL,
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

/* Transactions --------------------------------------------------------- */

static void test_transaction_costs_no_round_trip_of_its_own(void **state)
{
	struct ctx *ctx = *state;

	db_begin(ctx);
	assert_true(db_in_transaction(ctx));
	assert_int_equal(db_counts(ctx->db).round_trips, 0);
	db_add(ctx, item_insert_statement, NULL, param_text("a"), param_i64(1));
	assert_int_equal(db_run(ctx), OK);
	assert_int_equal(db_counts(ctx->db).round_trips, 1);
	db_add(ctx, item_insert_statement, NULL, param_text("b"), param_i64(1));
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
	assert_int_equal(db_query(ctx, item_insert_statement, NULL, param_text("b"), param_i64(-1)),
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
	struct ctx job = { .arena = arena_new(DB_ARENA_BYTES), .db = ctx->db };

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
		DB_TEST(test_transaction_costs_no_round_trip_of_its_own),
		DB_TEST(test_empty_transaction_costs_nothing),
		DB_TEST(test_failed_transaction_cannot_be_committed),
		DB_TEST(test_deferred_constraint_fails_the_commit),
		DB_TEST(test_rollback_undoes),
		DB_TEST(test_arena_end_rolls_back),
		DB_TEST(test_arena_end_leaves_the_next_transaction_alone),
	};

	return db_run_tests(tests);
}
