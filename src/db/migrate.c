/*
 * Brings the schema to what this program came with. Each file is one transaction
 * that takes an advisory lock, looks whether the file was run already, runs it
 * and says so in schema_migrations: two runs at once wait for each other, and
 * one that is cut off leaves whole files behind it.
 *
 * functions.sql stands in the same table as number 0, since its row is replaced.
 */
#include "db/migrate.h"

#include <dirent.h>
#include <errno.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/crypto.h"
#include "base/slice.h"
#include "db/db.h"
#include "db/migrate_triggers.h"

#define FILES_MAX      1000
#define FILE_MAX_BYTES (4 << 20)
#define FUNCTIONS_NAME "functions.sql"
#define NUMBER_DIGITS  4

/*
 * A file locks one table after the other, while people write in another order. It waits for
 * less than PostgreSQL's deadlock_timeout of a second, then steps back, lets everybody
 * through and begins anew: so it is never a person whom the server sends away.
 */
#define LOCK_WAIT     "700ms"
#define LOCK_PAUSE_US 300000
#define LOCK_TRIES    120

struct migration {
	int64_t number;   /* 0: functions.sql */
	const char *name; /* of the file */
	const char *sql;
	const char *sha256;
};

struct migrations {
	struct migration files[FILES_MAX];
	int count;
	struct migration functions;
};

/*
 * None of these has a name: they run before there is a schema that statements
 * could be prepared against. The lock's number is "entraide" in ASCII.
 */
static const struct stmt migration_lock = { NULL,
					    "select pg_advisory_xact_lock(7308907279878284389)",
					    0 };

static const struct stmt table_create = { NULL,
					  "create table if not exists schema_migrations (\n"
					  "	number integer primary key,\n"
					  "	name text not null unique,\n"
					  "	sha256 text not null,\n"
					  "	applied_at timestamptz not null default now()\n"
					  ")",
					  0 };

static const struct stmt table_exists = { NULL,
					  "select to_regclass('schema_migrations') is not null",
					  0 };

static const struct stmt migration_all = {
	NULL, "select number, name, sha256, applied_at from schema_migrations order by number", 0
};

static const struct stmt migration_by_number = {
	NULL,
	"select name, sha256, applied_at >= (select max(applied_at) from schema_migrations)\n"
	"from schema_migrations where number = $1",
	1
};

static const struct stmt migration_insert = {
	NULL,
	"insert into schema_migrations (number, name, sha256)\n"
	"values ($1, $2, $3)\n"
	"on conflict (number) do update\n"
	"set sha256 = excluded.sha256, applied_at = now()",
	3
};

/* The files ------------------------------------------------------------ */

static enum err file_load(struct ctx *ctx, const char *directory, const char *name,
			  struct migration *file)
{
	const char *path = arena_printf(ctx->arena, "%s/%s", directory, name);
	FILE *stream = fopen(path, "re");
	uint8_t hash[CRYPTO_HASH_BYTES];
	char piece[16384];
	struct buf sql;
	size_t length;
	bool has_failed;

	if (!stream)
		return fail_log(ctx, ERR_INTERNAL, "%s: %s", path, strerror(errno));
	buf_init(&sql, ctx->arena, FILE_MAX_BYTES);
	while ((length = fread(piece, 1, sizeof piece, stream)) > 0)
		buf_bytes(&sql, piece, length);
	has_failed = ferror(stream) != 0;
	fclose(stream);
	if (has_failed || sql.is_overflown || strlen(sql.data) != sql.length)
		return fail_log(ctx, ERR_INTERNAL,
				"%s: cannot be read, is too long or holds a NUL byte", path);
	crypto_sha256(hash, sql.data, sql.length);
	file->name = arena_strdup(ctx->arena, name);
	file->sql = sql.data;
	file->sha256 = crypto_hex(ctx->arena, hash, sizeof hash);
	return OK;
}

/* 0001_name.sql */
static bool number_of(const char *name, int64_t *number)
{
	struct slice digits = { name, NUMBER_DIGITS };

	return strspn(name, "0123456789") == NUMBER_DIGITS && name[NUMBER_DIGITS] == '_' &&
	       slice_to_i64(digits, number) && *number > 0;
}

static bool is_sql(const char *name)
{
	const char *dot = strrchr(name, '.');

	return name[0] != '.' && dot && !strcmp(dot, ".sql");
}

static int compare_numbers(const void *a, const void *b)
{
	const struct migration *left = a, *right = b;

	return (left->number > right->number) - (left->number < right->number);
}

static enum err take_file(struct ctx *ctx, const char *directory, const char *name,
			  struct migrations *all)
{
	struct migration *file = &all->files[all->count];

	if (!is_sql(name))
		return OK;
	if (!strcmp(name, FUNCTIONS_NAME))
		return file_load(ctx, directory, name, &all->functions);
	/* A misspelt name must not be a file that silently never runs. */
	if (!number_of(name, &file->number) || all->count == FILES_MAX - 1)
		return fail_log(ctx, ERR_INTERNAL, "%s/%s: migrations are named 0001_name.sql",
				directory, name);
	all->count++;
	return file_load(ctx, directory, name, file);
}

static enum err migrations_load(struct ctx *ctx, const char *directory, struct migrations *all)
{
	DIR *stream = opendir(directory);
	struct dirent *entry;
	enum err code = OK;

	if (!stream)
		return fail_log(ctx, ERR_INTERNAL, "%s: %s", directory, strerror(errno));
	while (code == OK && (entry = readdir(stream)))
		code = take_file(ctx, directory, entry->d_name, all);
	closedir(stream);
	TRY(code);
	qsort(all->files, (size_t)all->count, sizeof all->files[0], compare_numbers);
	for (int i = 0; i < all->count; i++)
		if (all->files[i].number != i + 1)
			return fail_log(ctx, ERR_INTERNAL, "%s: %s stands where number %d should",
					directory, all->files[i].name, i + 1);
	if (all->count == 0)
		return fail_log(ctx, ERR_INTERNAL, "%s: holds no migrations", directory);
	return OK;
}

/* Running them --------------------------------------------------------- */

static enum err table_make(struct ctx *ctx)
{
	db_begin(ctx);
	db_add(ctx, &migration_lock, NULL);
	db_add(ctx, &table_create, NULL);
	return db_commit(ctx);
}

/* Begins the file's transaction and finds the row of an earlier run. */
static enum err look_up(struct ctx *ctx, const struct migration *file, struct rows *row)
{
	db_begin(ctx);
	/* Under "read committed" the second sees what stood when the lock was had. */
	db_add(ctx, &migration_lock, NULL);
	return db_query(ctx, &migration_by_number, row, param_i64(file->number));
}

static enum err run_file(struct ctx *ctx, const struct migration *file, const char *sql)
{
	enum err code;

	TRY(db_script(ctx, "set local lock_timeout = '" LOCK_WAIT "'"));
	code = db_script(ctx, sql);
	if (code != OK)
		return fail_log(ctx, code, "%s: %s", file->name, ctx->error.details);
	db_add(ctx, &migration_insert, NULL, param_i64(file->number), param_text(file->name),
	       param_text(file->sha256));
	return db_commit(ctx);
}

static enum err migrate_file(struct ctx *ctx, const struct migration *file,
			     struct migrate_result *result)
{
	struct rows row;

	TRY(look_up(ctx, file, &row));
	if (!rows_next(&row)) {
		TRY(run_file(ctx, file, file->sql));
		result->applied++;
		return OK;
	}
	if (strcmp(col_text(&row), file->name) != 0 || strcmp(col_text(&row), file->sha256) != 0)
		return fail_log(ctx, ERR_CONFLICT, "%s: changed after it was run", file->name);
	result->already++;
	db_rollback(ctx);
	return OK;
}

/* Also after a new migration: what the functions grant and create, it may need. */
static enum err migrate_functions(struct ctx *ctx, const struct migration *file,
				  struct migrate_result *result)
{
	const char *sql;
	struct rows row;

	if (!file->name)
		return OK;
	TRY(look_up(ctx, file, &row));
	if (rows_next(&row)) {
		bool is_same, is_newest;

		col_skip(&row);
		is_same = !strcmp(col_text(&row), file->sha256);
		is_newest = col_bool(&row);
		if (is_same && is_newest) {
			db_rollback(ctx);
			return OK;
		}
	}
	result->functions_replaced = true;
	TRY(triggers_left(ctx, file->sql, &sql));
	return run_file(ctx, file, sql);
}

/* lock_not_available, deadlock_detected: people were faster, and go on undisturbed. */
static bool is_stepping_back(const struct ctx *ctx, enum err code)
{
	const char *details = ctx->error.details;

	return code == ERR_UNAVAILABLE && details &&
	       (strstr(details, "55P03") || strstr(details, "40P01"));
}

static enum err when_there_is_room(struct ctx *ctx, const struct migration *file,
				   struct migrate_result *result,
				   enum err (*migrate)(struct ctx *, const struct migration *,
						       struct migrate_result *))
{
	enum err code = migrate(ctx, file, result);

	for (int i = 1; i < LOCK_TRIES && is_stepping_back(ctx, code); i++) {
		db_rollback(ctx);
		usleep(LOCK_PAUSE_US);
		code = migrate(ctx, file, result);
	}
	return code;
}

/* An older program must not work on a newer schema. */
static enum err refuse_newer(struct ctx *ctx, const struct migrations *all)
{
	struct rows rows;

	TRY(db_query(ctx, &migration_all, &rows));
	while (rows_next(&rows)) {
		int64_t number = col_i64(&rows);

		if (number > all->count)
			return fail_log(ctx, ERR_CONFLICT,
					"%s was run by a newer version of this program",
					col_text(&rows));
	}
	return OK;
}

static enum err run_all(struct ctx *ctx, const struct migrations *all,
			struct migrate_result *result)
{
	TRY(table_make(ctx));
	TRY(refuse_newer(ctx, all));
	for (int i = 0; i < all->count; i++)
		TRY(when_there_is_room(ctx, &all->files[i], result, migrate_file));
	return when_there_is_room(ctx, &all->functions, result, migrate_functions);
}

enum err migrate_run(struct ctx *ctx, const char *directory, struct migrate_result *result)
{
	struct migrations *all = arena_new_of(ctx->arena, struct migrations);
	enum err code;

	*result = (struct migrate_result){ 0 };
	TRY(migrations_load(ctx, directory, all));
	code = run_all(ctx, all, result);
	db_rollback(ctx);
	return code;
}

static const struct migration *migration_of(const struct migrations *all, int64_t number)
{
	if (number == 0)
		return all->functions.name ? &all->functions : NULL;
	return number <= all->count ? &all->files[number - 1] : NULL;
}

/* Are these rows, ordered by number, the files, and the functions no older? */
static bool is_same(struct rows *rows, const struct migrations *all)
{
	int64_t functions_at = INT64_MAX;

	if (rows->count != all->count + (all->functions.name != NULL))
		return false;
	while (rows_next(rows)) {
		int64_t number = col_i64(rows), applied_at;
		const struct migration *file = migration_of(all, number);

		col_skip(rows);
		if (!file || strcmp(col_text(rows), file->sha256) != 0)
			return false;
		applied_at = col_time(rows);
		if (number == 0)
			functions_at = applied_at;
		else if (applied_at > functions_at)
			return false;
	}
	return true;
}

enum err migrate_check(struct ctx *ctx, const char *directory, bool *is_current)
{
	struct migrations *all = arena_new_of(ctx->arena, struct migrations);
	struct rows rows;

	*is_current = false;
	TRY(migrations_load(ctx, directory, all));
	TRY(db_query(ctx, &table_exists, &rows));
	if (!rows_next(&rows) || !col_bool(&rows))
		return OK;
	TRY(db_query(ctx, &migration_all, &rows));
	*is_current = is_same(&rows, all);
	return OK;
}
