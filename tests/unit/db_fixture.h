/*
 * What the tests of src/db share: a real PostgreSQL, named by
 * $ENTRAIDE_TEST_DATABASE (a conninfo; tests/postgres.sh makes one), and two small
 * tables in a schema named after the program, made anew for every test. *state is
 * a struct ctx.
 */
#ifndef TESTS_DB_FIXTURE_H
#define TESTS_DB_FIXTURE_H

#include "unit.h"

#include "db/db.h"

#define DB_ARENA_BYTES ((size_t)8 << 20)

#define DB_TEST(name) cmocka_unit_test_setup_teardown(name, db_set_up, db_tear_down)

int db_set_up(void **state);
int db_tear_down(void **state);

/* Runs the tests, or says that there is no database and skips them. */
#define db_run_tests(tests) \
	(db_fixture_init() ? cmocka_run_group_tests((tests), NULL, NULL) : DB_TESTS_SKIPPED)

#define DB_TESTS_SKIPPED 77 /* automake's code */

bool db_fixture_init(void);

/* Another connection, with more settings of a conninfo ("" for none). */
struct db *db_fixture_open(const char *settings, int64_t statement_timeout_ms);

/* Puts such a connection in the place of the context's own. */
void db_fixture_reopen(struct ctx *ctx, const char *settings, int64_t statement_timeout_ms);

/* The conninfo without the search_path: the test tables are not found by it. */
const char *db_fixture_plain_conninfo(void);

/* The table items (id, name unique, size > 0). */
int64_t count_items(struct ctx *ctx);
int64_t insert_item(struct ctx *ctx, const char *name, int64_t size);
extern const struct stmt *const item_insert_statement, *const item_count_statement;

#endif
