/*
 * What a connection keeps prepared, against a real PostgreSQL: what was used, once.
 */
#include "db_fixture.h"

#include "db/connection.h"

DB_STATEMENT(kept_one, "select $1::bigint + 1", 1);
DB_STATEMENT(kept_two, "select $1::bigint + 2", 1);
DB_STATEMENT(kept_never, "select $1::bigint + 3", 1);
DB_STATEMENT(kept_wrong, "select 1 / $1::bigint", 1);

static const struct stmt kept_now = { NULL,
				      "select coalesce(string_agg(name, ',' order by name), '')"
				      " from pg_prepared_statements",
				      0 };

static const char *kept(struct ctx *ctx)
{
	struct rows rows;

	assert_int_equal(db_query(ctx, &kept_now, &rows), OK);
	assert_true(rows_next(&rows));
	return col_text(&rows);
}

static void ask(struct ctx *ctx, const struct stmt *statement, int64_t expected)
{
	struct rows rows;

	assert_int_equal(db_query(ctx, statement, &rows, param_i64(10)), OK);
	assert_true(rows_next(&rows));
	assert_int_equal(col_i64(&rows), expected);
}

static void test_nothing_is_kept_before_it_is_used(void **state)
{
	struct ctx *ctx = *state;

	db_fixture_reopen(ctx, "", 0);
	assert_string_equal(kept(ctx), "");
	ask(ctx, &kept_one, 11);
	ask(ctx, &kept_one, 11);
	assert_string_equal(kept(ctx), "kept_one");
	ask(ctx, &kept_two, 12);
	assert_string_equal(kept(ctx), "kept_one,kept_two");
}

static void test_statement_may_stand_in_its_first_batch_twice(void **state)
{
	struct ctx *ctx = *state;
	struct rows rows[3];

	db_fixture_reopen(ctx, "", 0);
	for (int i = 0; i < 3; i++)
		db_add(ctx, i == 1 ? &kept_two : &kept_one, &rows[i], param_i64(i));
	assert_int_equal(db_run(ctx), OK);
	for (int i = 0; i < 3; i++) {
		assert_true(rows_next(&rows[i]));
		assert_int_equal(col_i64(&rows[i]), i == 1 ? 3 : i + 1);
	}
	assert_string_equal(kept(ctx), "kept_one,kept_two");
}

/* What stands behind a failure in a batch was passed over, its preparation too. */
static void test_statement_that_was_passed_over_is_prepared_later(void **state)
{
	struct ctx *ctx = *state;
	struct rows rows;

	db_fixture_reopen(ctx, "", 0);
	db_add(ctx, &kept_wrong, &rows, param_i64(0));
	db_add(ctx, &kept_one, &rows, param_i64(0));
	assert_int_not_equal(db_run(ctx), OK);
	assert_string_equal(kept(ctx), "kept_wrong");
	ask(ctx, &kept_one, 11);
	assert_string_equal(kept(ctx), "kept_one,kept_wrong");
}

static void test_statement_outlives_the_transaction_it_was_prepared_in(void **state)
{
	struct ctx *ctx = *state;

	db_fixture_reopen(ctx, "", 0);
	db_begin(ctx);
	ask(ctx, &kept_one, 11);
	db_rollback(ctx);
	ask(ctx, &kept_one, 11);
	db_begin(ctx);
	ask(ctx, &kept_one, 11);
	ask(ctx, &kept_two, 12);
	assert_int_equal(db_commit(ctx), OK);
	ask(ctx, &kept_two, 12);
}

static void test_preparing_is_no_statement_and_no_round_trip_of_its_own(void **state)
{
	struct ctx *ctx = *state;

	db_fixture_reopen(ctx, "", 0);
	db_count_reset(ctx->db);
	ask(ctx, &kept_one, 11);
	assert_int_equal(db_counts(ctx->db).statements, 1);
	assert_int_equal(db_counts(ctx->db).round_trips, 1);
}

/* The set itself ------------------------------------------------------------------ */

static void test_set_holds_what_was_added_and_forgets_all(void **state)
{
	static struct stmt many[1000];
	struct prepared prepared = { 0 };

	(void)state;
	assert_false(prepared_has(&prepared, &many[0]));
	for (size_t i = 0; i < ARRAY_COUNT(many); i += 2) {
		prepared_add(&prepared, &many[i]);
		prepared_add(&prepared, &many[i]);
	}
	assert_int_equal(prepared.count, ARRAY_COUNT(many) / 2);
	for (size_t i = 0; i < ARRAY_COUNT(many); i++)
		assert_int_equal(prepared_has(&prepared, &many[i]), i % 2 == 0);
	prepared_forget(&prepared);
	for (size_t i = 0; i < ARRAY_COUNT(many); i++)
		assert_false(prepared_has(&prepared, &many[i]));
}

static void test_name_that_two_statements_have_is_found(void **state)
{
	static const struct stmt one = { "one", "select 1", 0 }, two = { "two", "select 2", 0 },
				 other = { "one", "select 3", 0 };
	const struct stmt *const apart[] = { &one, &two }, *const twice[] = { &one, &two, &other };

	(void)state;
	assert_null(prepared_name_twice(apart, 0));
	assert_null(prepared_name_twice(apart, 2));
	assert_string_equal(prepared_name_twice(twice, 3), "one");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		DB_TEST(test_nothing_is_kept_before_it_is_used),
		DB_TEST(test_statement_may_stand_in_its_first_batch_twice),
		DB_TEST(test_statement_that_was_passed_over_is_prepared_later),
		DB_TEST(test_statement_outlives_the_transaction_it_was_prepared_in),
		DB_TEST(test_preparing_is_no_statement_and_no_round_trip_of_its_own),
		DB_TEST(test_set_holds_what_was_added_and_forgets_all),
		DB_TEST(test_name_that_two_statements_have_is_found),
	};

	return db_run_tests(tests);
}
