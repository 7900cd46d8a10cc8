/*
 * The migrator, with files written for each test and a real PostgreSQL, named
 * by $ENTRAIDE_TEST_DATABASE.
 */
#include <ftw.h>
#include <sys/stat.h>

#include "unit.h"

#include "base/crypto.h"
#include "base/log.h"
#include "db/db.h"
#include "db/migrate.h"

#define ARENA_BYTES   (16 << 20)
#define AUTOMAKE_SKIP 77

static const char *database;
static char directory[] = "/tmp/entraide-migrate-XXXXXX";

static struct db *open_db(void)
{
	char conninfo[1024];
	struct db_options options = { .conninfo = conninfo, .is_unprepared = true };
	const char *message;
	struct db *db = NULL;

	snprintf(conninfo, sizeof conninfo, "%s options='-c search_path=test_migrate'", database);
	assert_true(db_open(&db, &options, &message));
	return db;
}

static int set_up(void **state)
{
	struct ctx *ctx = calloc(1, sizeof *ctx);

	ctx->arena = arena_new(ARENA_BYTES);
	ctx->db = open_db();
	if (db_script(ctx, "drop schema if exists test_migrate cascade;"
			   "create schema test_migrate") != OK)
		return 1;
	memcpy(directory, "/tmp/entraide-migrate-XXXXXX", sizeof directory);
	*state = ctx;
	return mkdtemp(directory) ? 0 : 1;
}

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *walk)
{
	(void)status;
	(void)type;
	(void)walk;
	return remove(path);
}

static int tear_down(void **state)
{
	struct ctx *ctx = *state;

	arena_free(ctx->arena);
	db_close(ctx->db);
	free(ctx);
	return nftw(directory, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

static void write_file(const char *name, const char *sql)
{
	char path[256];
	FILE *stream;

	snprintf(path, sizeof path, "%s/%s", directory, name);
	stream = fopen(path, "we");
	assert_non_null(stream);
	assert_true(fputs(sql, stream) >= 0);
	assert_int_equal(fclose(stream), 0);
}

static int64_t count_of(struct ctx *ctx, const char *table)
{
	struct stmt count = { NULL, arena_printf(ctx->arena, "select count(*) from %s", table), 0 };
	struct rows rows;

	assert_int_equal(db_query(ctx, &count, &rows), OK);
	assert_true(rows_next(&rows));
	return col_i64(&rows);
}

static void write_two_files(void)
{
	write_file("0001_first.sql", "create table a (x int);\ninsert into a values (1), (2);\n");
	write_file("0002_second.sql", "insert into a values (3);\n");
	write_file("functions.sql", "create or replace function f() returns int"
				    " language sql as 'select 1';\n");
	write_file("README.md", "not for the database");
}

static bool is_current(struct ctx *ctx)
{
	bool current;

	assert_int_equal(migrate_check(ctx, directory, &current), OK);
	return current;
}

static void test_each_file_is_run_once(void **state)
{
	struct ctx *ctx = *state;
	struct migrate_result result;

	write_two_files();
	assert_false(is_current(ctx));
	assert_int_equal(migrate_run(ctx, directory, &result), OK);
	assert_int_equal(result.applied, 2);
	assert_int_equal(result.already, 0);
	assert_true(result.functions_replaced);
	assert_int_equal(count_of(ctx, "a"), 3);
	assert_true(is_current(ctx));
	assert_int_equal(migrate_run(ctx, directory, &result), OK);
	assert_int_equal(result.applied, 0);
	assert_int_equal(result.already, 2);
	assert_false(result.functions_replaced);
	assert_int_equal(count_of(ctx, "a"), 3);
	assert_false(db_in_transaction(ctx));
}

static void test_new_file_is_run_alone(void **state)
{
	struct ctx *ctx = *state;
	struct migrate_result result;

	write_two_files();
	assert_int_equal(migrate_run(ctx, directory, &result), OK);
	write_file("0003_third.sql", "delete from a where x = 1;");
	assert_false(is_current(ctx));
	assert_int_equal(migrate_run(ctx, directory, &result), OK);
	assert_int_equal(result.applied, 1);
	assert_int_equal(count_of(ctx, "a"), 2);
	assert_true(is_current(ctx));
}

static void test_functions_are_run_again_after_a_new_file(void **state)
{
	struct ctx *ctx = *state;
	struct migrate_result result;

	write_two_files();
	assert_int_equal(migrate_run(ctx, directory, &result), OK);
	write_file("0003_third.sql", "create table b (x int);");
	assert_int_equal(migrate_run(ctx, directory, &result), OK);
	assert_true(result.functions_replaced);
	/* Cut off between the two: the next run makes up for it. */
	assert_int_equal(db_script(ctx, "update schema_migrations set applied_at = now()"
					" where number = 3"),
			 OK);
	assert_false(is_current(ctx));
	assert_int_equal(migrate_run(ctx, directory, &result), OK);
	assert_int_equal(result.applied, 0);
	assert_true(result.functions_replaced);
	assert_true(is_current(ctx));
}

static void test_changed_functions_are_replaced(void **state)
{
	struct ctx *ctx = *state;
	struct migrate_result result;

	write_two_files();
	assert_int_equal(migrate_run(ctx, directory, &result), OK);
	write_file("functions.sql", "create or replace function f() returns int"
				    " language sql as 'select 2';\n");
	assert_false(is_current(ctx));
	assert_int_equal(migrate_run(ctx, directory, &result), OK);
	assert_true(result.functions_replaced);
	assert_int_equal(count_of(ctx, "a where f() = 2"), 3);
	assert_true(is_current(ctx));
}

#define FUNCTION(body) \
	"create or replace function f() returns trigger language plpgsql" \
	" as $$ begin " body " return null; end $$;\n"
#define TRIGGER(events) \
	"create or replace trigger a_changed\n\tafter " events \
	" on a\n\tfor each row execute function f();\n"

/* Somebody writes to the table all the while. */
static void test_triggers_that_stand_are_left_alone_and_lock_nothing(void **state)
{
	struct ctx writer = { .arena = arena_new(ARENA_BYTES), .db = open_db() };
	struct ctx *ctx = *state;
	struct migrate_result result;

	write_file("0001_first.sql", "create table a (x int); create table b (x int);");
	write_file("functions.sql", FUNCTION("insert into b values (1);") TRIGGER("insert"));
	assert_int_equal(migrate_run(ctx, directory, &result), OK);
	db_begin(&writer);
	assert_int_equal(db_script(&writer, "insert into a values (1)"), OK);
	write_file("functions.sql", FUNCTION("insert into b values (2);") TRIGGER("insert"));
	assert_int_equal(migrate_run(ctx, directory, &result), OK);
	assert_true(result.functions_replaced);
	assert_int_equal(db_script(&writer, "insert into a values (1)"), OK);
	assert_int_equal(db_commit(&writer), OK);
	assert_int_equal(count_of(ctx, "b where x = 1"), 1);
	assert_int_equal(count_of(ctx, "b where x = 2"), 1);
	/* Changed, or gone by another hand, it is made. */
	write_file("functions.sql",
		   FUNCTION("insert into b values (3);") TRIGGER("insert or delete"));
	assert_int_equal(migrate_run(ctx, directory, &result), OK);
	assert_int_equal(db_script(ctx, "delete from a"), OK);
	assert_int_equal(count_of(ctx, "b where x = 3"), 2);
	assert_int_equal(db_script(ctx, "drop trigger a_changed on a"), OK);
	write_file("functions.sql",
		   FUNCTION("insert into b values (4);") TRIGGER("insert or delete"));
	assert_int_equal(migrate_run(ctx, directory, &result), OK);
	assert_int_equal(db_script(ctx, "insert into a values (1)"), OK);
	assert_int_equal(count_of(ctx, "b where x = 4"), 1);
	db_close(writer.db);
	arena_free(writer.arena);
}

static void test_changed_file_is_refused(void **state)
{
	struct ctx *ctx = *state;
	struct migrate_result result;

	write_two_files();
	assert_int_equal(migrate_run(ctx, directory, &result), OK);
	write_file("0002_second.sql", "insert into a values (4);\n");
	assert_false(is_current(ctx));
	assert_int_equal(migrate_run(ctx, directory, &result), ERR_CONFLICT);
	assert_non_null(strstr(ctx->error.details, "0002_second.sql: changed"));
	assert_false(db_in_transaction(ctx));
	error_clear(ctx);
	assert_int_equal(count_of(ctx, "a"), 3);
}

static void test_failing_file_leaves_nothing_half_done(void **state)
{
	struct ctx *ctx = *state;
	struct migrate_result result;

	write_two_files();
	write_file("0002_second.sql", "insert into a values (3);\ninsert into b values (3);\n");
	assert_int_equal(migrate_run(ctx, directory, &result), ERR_INTERNAL);
	assert_non_null(strstr(ctx->error.details, "0002_second.sql: script line 2: 42P01"));
	error_clear(ctx);
	assert_int_equal(count_of(ctx, "a"), 2);
	assert_int_equal(count_of(ctx, "schema_migrations"), 1);
	write_file("0002_second.sql", "insert into a values (3);\n");
	assert_int_equal(migrate_run(ctx, directory, &result), OK);
	assert_int_equal(result.applied, 1);
	assert_int_equal(count_of(ctx, "a"), 3);
}

static void test_older_program_refuses_a_newer_schema(void **state)
{
	struct ctx *ctx = *state;
	struct migrate_result result;

	write_two_files();
	assert_int_equal(migrate_run(ctx, directory, &result), OK);
	assert_int_equal(remove(arena_printf(ctx->arena, "%s/0002_second.sql", directory)), 0);
	assert_false(is_current(ctx));
	assert_int_equal(migrate_run(ctx, directory, &result), ERR_CONFLICT);
	assert_non_null(strstr(ctx->error.details, "0002_second.sql"));
}

static void test_misnamed_files_are_refused(void **state)
{
	struct ctx *ctx = *state;
	struct migrate_result result;

	assert_int_equal(migrate_run(ctx, directory, &result), ERR_INTERNAL);
	write_file("0001_first.sql", "select 1;");
	write_file("0003_third.sql", "select 1;");
	assert_int_equal(migrate_run(ctx, directory, &result), ERR_INTERNAL);
	assert_non_null(strstr(ctx->error.details, "0003_third.sql stands where number 2 should"));
	write_file("0002_second.sql", "select 1;");
	write_file("4_fourth.sql", "select 1;");
	assert_int_equal(migrate_run(ctx, directory, &result), ERR_INTERNAL);
	assert_non_null(strstr(ctx->error.details, "4_fourth.sql"));
	assert_int_equal(migrate_run(ctx, "/nonexistent", &result), ERR_INTERNAL);
}

/* Runs the migrations in a process of its own and tells how many it applied. */
static int run_as_another_process(void)
{
	struct ctx ctx = { .arena = arena_new(ARENA_BYTES), .db = open_db() };
	struct migrate_result result;
	enum err code = migrate_run(&ctx, directory, &result);

	arena_free(ctx.arena);
	db_close(ctx.db);
	return code == OK ? result.applied : 99;
}

/* Somebody holds the table for longer than a file waits; nothing is half done meanwhile. */
static void test_file_steps_back_for_who_was_there_first(void **state)
{
	struct ctx holder = { .arena = arena_new(ARENA_BYTES) };
	struct migrate_result result;
	struct ctx *ctx = *state;
	pid_t child;

	write_file("0001_first.sql", "create table a (x int); create table b (x int);");
	assert_int_equal(migrate_run(ctx, directory, &result), OK);
	write_file("0002_second.sql",
		   "insert into b values (1);\nalter table a add column y int;\n");
	child = fork();
	if (child == 0) {
		holder.db = open_db();
		db_begin(&holder);
		_exit(db_script(&holder, "lock table a; select pg_sleep(1.6)"));
	}
	for (int i = 0; i < 100 && count_of(ctx, "pg_locks where mode = 'AccessExclusiveLock'"
						 " and relation = 'a'::regclass and granted") == 0;
	     i++)
		usleep(20000);
	assert_int_equal(migrate_run(ctx, directory, &result), OK);
	assert_int_equal(result.applied, 1);
	assert_int_equal(result.already, 1);
	assert_int_equal(count_of(ctx, "b"), 1);
	assert_int_equal(waitpid(child, NULL, 0), child);
	arena_free(holder.arena);
}

static void test_two_runs_at_once_wait_for_each_other(void **state)
{
	pid_t children[4];
	int applied = 0, status;

	(void)state;
	write_file("0001_first.sql", "create table a (x int);\nselect pg_sleep(0.3);\n");
	write_file("0002_second.sql", "insert into a values (1);\n");
	for (size_t i = 0; i < ARRAY_COUNT(children); i++) {
		children[i] = fork();
		if (children[i] == 0)
			_exit(run_as_another_process());
		assert_true(children[i] > 0);
	}
	for (size_t i = 0; i < ARRAY_COUNT(children); i++) {
		assert_true(waitpid(children[i], &status, 0) == children[i]);
		assert_true(WIFEXITED(status));
		applied += WEXITSTATUS(status);
	}
	assert_int_equal(applied, 2);
	assert_int_equal(count_of(*state, "a"), 1);
}

#define DB_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		DB_TEST(test_each_file_is_run_once),
		DB_TEST(test_new_file_is_run_alone),
		DB_TEST(test_functions_are_run_again_after_a_new_file),
		DB_TEST(test_changed_functions_are_replaced),
		DB_TEST(test_triggers_that_stand_are_left_alone_and_lock_nothing),
		DB_TEST(test_changed_file_is_refused),
		DB_TEST(test_failing_file_leaves_nothing_half_done),
		DB_TEST(test_older_program_refuses_a_newer_schema),
		DB_TEST(test_misnamed_files_are_refused),
		DB_TEST(test_file_steps_back_for_who_was_there_first),
		DB_TEST(test_two_runs_at_once_wait_for_each_other),
	};

	database = getenv("ENTRAIDE_TEST_DATABASE");
	if (!database || !*database) {
		puts("skipped: ENTRAIDE_TEST_DATABASE names no database (tests/postgres.sh makes one)");
		return AUTOMAKE_SKIP;
	}
	if (!crypto_init())
		return 1;
	log_set_level(LOG_LEVEL_ERROR);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
