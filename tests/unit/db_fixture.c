/*
 * Connections and tables for the tests of src/db.
 */
#include "db_fixture.h"

#include <errno.h>

#include "base/log.h"

DB_STATEMENT(item_insert, "insert into items (name, size) values ($1, $2) returning id", 2);
DB_STATEMENT(item_count, "select count(*) from items", 0);

const struct stmt *const item_insert_statement = &item_insert;
const struct stmt *const item_count_statement = &item_count;

static const char tables_sql[] =
	"create table items (\n"
	"	id bigint generated always as identity primary key,\n"
	"	name varchar(20) not null constraint items_name_once unique,\n"
	"	size bigint constraint items_size_positive check (size > 0));\n"
	"create table labels (item_id bigint constraint labels_item references items,\n"
	"	text text, late bigint constraint labels_late unique deferrable initially deferred);\n";

static const char *schema(void)
{
	return program_invocation_short_name;
}

const char *db_fixture_plain_conninfo(void)
{
	return getenv("ENTRAIDE_TEST_DATABASE");
}

bool db_fixture_init(void)
{
	const char *conninfo = db_fixture_plain_conninfo();

	if (!conninfo || !*conninfo) {
		puts("skipped: ENTRAIDE_TEST_DATABASE names no database "
		     "(tests/postgres.sh makes one)");
		return false;
	}
	log_set_level(LOG_LEVEL_ERROR);
	return true;
}

static struct db *open_db(const char *settings, int64_t statement_timeout_ms, bool is_unprepared)
{
	struct arena *arena = arena_new(DB_ARENA_BYTES);
	struct db_options options = {
		.conninfo = arena_printf(arena, "%s options='-c search_path=%s' %s",
					 db_fixture_plain_conninfo(), schema(), settings),
		.statement_timeout_ms = statement_timeout_ms,
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

struct db *db_fixture_open(const char *settings, int64_t statement_timeout_ms)
{
	return open_db(settings, statement_timeout_ms, false);
}

void db_fixture_reopen(struct ctx *ctx, const char *settings, int64_t statement_timeout_ms)
{
	db_close(ctx->db);
	ctx->db = open_db(settings, statement_timeout_ms, false);
}

/* Takes the schema away, and makes it again with the tables. */
static void make_schema(bool is_made_again)
{
	struct ctx ctx = { .arena = arena_new(DB_ARENA_BYTES), .db = open_db("", 0, true) };
	const char *drop = arena_printf(ctx.arena, "drop schema if exists %s cascade", schema());
	const char *create = arena_printf(ctx.arena, "create schema %s;\n%s", schema(), tables_sql);

	assert_int_equal(db_script(&ctx, drop), OK);
	if (is_made_again)
		assert_int_equal(db_script(&ctx, create), OK);
	arena_free(ctx.arena);
	db_close(ctx.db);
}

int db_set_up(void **state)
{
	struct ctx *ctx = calloc(1, sizeof *ctx);

	make_schema(true);
	ctx->arena = arena_new(DB_ARENA_BYTES);
	ctx->db = db_fixture_open("", 5000);
	*state = ctx;
	return 0;
}

int db_tear_down(void **state)
{
	struct ctx *ctx = *state;

	arena_free(ctx->arena);
	db_close(ctx->db);
	free(ctx);
	make_schema(false);
	return 0;
}

int64_t count_items(struct ctx *ctx)
{
	struct rows rows;

	assert_int_equal(db_query(ctx, &item_count, &rows), OK);
	assert_true(rows_next(&rows));
	return col_i64(&rows);
}

int64_t insert_item(struct ctx *ctx, const char *name, int64_t size)
{
	struct rows rows;

	assert_int_equal(db_query(ctx, &item_insert, &rows, param_text(name), param_i64(size)), OK);
	assert_true(rows_next(&rows));
	return col_i64(&rows);
}
