/*
 * Scripts and COPY of src/db, which leave pipeline mode and must come back to it.
 */
#include "db_fixture.h"

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

	assert_int_equal(db_script(ctx, "create table odd (b bytea, t timestamptz, f boolean)"),
			 OK);
	db_begin(ctx);
	assert_int_equal(db_copy_begin(ctx, "copy odd from stdin"), OK);
	assert_int_equal(db_copy_row(ctx, row, 3), OK);
	assert_int_equal(db_copy_end(ctx, NULL), OK);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		DB_TEST(test_script_tells_the_line_of_a_mistake),
		DB_TEST(test_script_belongs_to_the_transaction),
		DB_TEST(test_copy_brings_every_character),
		DB_TEST(test_copy_takes_bytes_and_times),
		DB_TEST(test_copy_error_is_told_at_the_end),
		DB_TEST(test_copy_left_open_is_abandoned),
	};

	return db_run_tests(tests);
}
