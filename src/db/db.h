/*
 * PostgreSQL, as the rest of the program sees it: prepared statements with a
 * fixed number of parameters, sent in batches of one round trip (libpq's
 * pipeline mode), answered in binary. The only folder that includes libpq-fe.h.
 *
 * A statement is a named constant beside the function that uses it. DB_STATEMENT
 * registers it in a linker section, so db_open can hold every statement of the
 * program against the schema (db_options.is_checked): a mismatch stops the process
 * at start, not a reader later.
 *
 *	DB_STATEMENT(topic_by_id,
 *		"select " TOPIC_COLUMNS " from topics t where t.id = $1", 1);
 *
 *	struct rows rows;
 *	TRY(db_query(ctx, &topic_by_id, &rows, param_i64(topic_id)));
 *	if (!rows_next(&rows))
 *		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
 *	topic_read(&rows, &topic);
 *
 * Several statements of a page, in one round trip:
 *
 *	db_add(ctx, &topic_by_id, &topics, param_i64(id));
 *	db_add(ctx, &posts_of_topic, &posts, param_i64(id));
 *	TRY(db_run(ctx));
 */
#ifndef DB_DB_H
#define DB_DB_H

#include "base/ctx.h"

/*
 * A prepared statement; a connection prepares it when it is first sent. It must stay
 * where it is as long as there are connections. Without a name it is not prepared: its text goes along
 * each time (migrations, tests).
 */
struct stmt {
	const char *name;
	const char *sql;
	int parameter_count; /* at most DB_PARAMETERS_MAX */
};

#define DB_PARAMETERS_MAX 24
#define DB_BATCH_MAX      24 /* statements in one round trip */

#define DB_STATEMENT(identifier, sql_text, parameters) \
	static const struct stmt identifier = { #identifier, sql_text, parameters }; \
	static const struct stmt *const identifier##_registered \
		__attribute__((used, section("db_statements"))) = &identifier

/*
 * A parameter. Text form on the wire; the type is what the statement's context
 * or an explicit cast ($1::bigint) says. Strings are not copied: they must live
 * until db_run returns.
 */
struct param {
	enum {
		PARAM_NULL,
		PARAM_TEXT,
		PARAM_I64,
		PARAM_BOOL,
		PARAM_TIME,
		PARAM_F64,
		PARAM_BYTES
	} kind;
	const char *text;
	int64_t i64;
	double f64;
	size_t length;
};

struct param param_null(void);
struct param param_text(const char *text); /* NULL becomes null */
struct param param_i64(int64_t number);
struct param param_id(int64_t id); /* 0 becomes null */
struct param param_bool(bool value);
struct param param_time(int64_t microseconds); /* 0 becomes null */
struct param param_f64(double number);
struct param param_bytes(const void *bytes, size_t length);
/* A bigint[] literal, made in the arena. */
struct param param_i64s(struct arena *arena, const int64_t *numbers, size_t count);
/* A text[] literal, made in the arena. */
struct param param_texts(struct arena *arena, const char *const *texts, size_t count);

/*
 * The rows of a result. Values point into the PGresult, which lives until the
 * arena is reset. Columns are read in order by the col_ functions; a read past
 * the last column, or of another type, is an assert.
 */
struct rows {
	void *result;
	int count;
	int current; /* -1 before the first rows_next */
	int column;
	int64_t affected; /* rows inserted, updated or deleted */
};

bool rows_next(struct rows *rows);
/* Puts the cursor back before the first row. */
void rows_rewind(struct rows *rows);
int64_t col_i64(struct rows *rows);      /* int2, int4, int8; null is 0 */
bool col_bool(struct rows *rows);        /* null is false */
double col_f64(struct rows *rows);       /* float8; null is 0 */
int64_t col_time(struct rows *rows);     /* timestamptz; null is 0 */
const char *col_text(struct rows *rows); /* text; null is "" */
const char *col_bytes(struct rows *rows, size_t *length);
bool col_is_null(const struct rows *rows); /* looks, does not advance */
void col_skip(struct rows *rows);

/*
 * Queues a statement into the current batch; *rows is filled by db_run. rows may
 * be NULL when the result is of no interest. More than DB_BATCH_MAX is an assert.
 *
 * rows lies on the caller's stack, so nothing that may fail belongs between
 * db_add and db_run. Should it happen all the same, the batch is dropped: by the
 * end of the arena, by the next db_add, or by db_run, which is ERR_INTERNAL then.
 */
#define db_add(ctx, statement, rows, ...) \
	db_add_params((ctx), (statement), (rows), (const struct param[]){ __VA_ARGS__ }, \
		      sizeof((const struct param[]){ __VA_ARGS__ }) / sizeof(struct param))
void db_add_params(struct ctx *ctx, const struct stmt *statement, struct rows *rows,
		   const struct param *params, size_t count);

/*
 * Sends the batch and reads all its results: one round trip.
 * Outside a transaction a batch of several statements is one implicit
 * transaction: all or nothing.
 * ERR_CONFLICT:    a unique or exclusion constraint (ctx->error.constraint)
 * ERR_INVALID:     a check or foreign key constraint (ctx->error.constraint),
 *                  a null (constraint is the column), a text that is too long
 * ERR_UNAVAILABLE: no connection, shutting down, out of disk, timed out, or a
 *                  lock not had in time; safe to show "try again"
 * ERR_INTERNAL:    anything else; the details are in the log
 * After a failure the rows of all its statements are empty.
 * A failed statement inside db_begin…db_commit leaves the transaction to be
 * ended by db_rollback (or the arena's end, which rolls back by itself).
 */
enum err db_run(struct ctx *ctx) MUST_CHECK;

/* db_add and db_run of one statement. */
#define db_query(ctx, statement, rows, ...) \
	db_query_params((ctx), (statement), (rows), (const struct param[]){ __VA_ARGS__ }, \
			sizeof((const struct param[]){ __VA_ARGS__ }) / sizeof(struct param))
enum err db_query_params(struct ctx *ctx, const struct stmt *statement, struct rows *rows,
			 const struct param *params, size_t count) MUST_CHECK;

/*
 * A transaction. begin costs no round trip of its own: it goes with the next
 * batch. Nested db_begin is an assert. If the arena is reset while one is open
 * it is rolled back, so `TRY` may leave a rule in the middle.
 * db_commit sends whatever is queued together with the commit. Whatever it
 * returns, the transaction is over. ERR_UNAVAILABLE from db_commit means "in
 * doubt": form keys (forum/once.h) make a repeat safe.
 * db_rollback outside a transaction does nothing.
 */
void db_begin(struct ctx *ctx);
enum err db_commit(struct ctx *ctx) MUST_CHECK;
void db_rollback(struct ctx *ctx);
bool db_in_transaction(const struct ctx *ctx);

struct db_options {
	const char *conninfo;
	int64_t statement_timeout_ms; /* 0: none; the client gives up 2 s later */
	bool is_unprepared;           /* migrate: nothing is prepared */
	bool is_checked;              /* db_open holds every statement against the schema */
	/*
	 * Commits do not wait for the disk: a machine that loses its power loses the last
	 * half second of them, never one without those after it. For what can be made
	 * again; a transaction of which that is not true sets synchronous_commit for itself.
	 */
	bool is_repeatable;
};

/*
 * A connection; reconnects by itself (at most one attempt a second) when it was
 * lost and nothing was in flight. db_open never fails for a database that is
 * away: db_run then answers ERR_UNAVAILABLE. It does fail (false, *message) when
 * a statement that is checked does not fit the schema, and for a conninfo that cannot be read;
 * *message is static, until the next db_open.
 * A server that does not answer at all is waited for 2 s (a host, if several are
 * given), and then the longer let alone the longer it took.
 */
bool db_open(struct db **out, const struct db_options *options, const char **message) MUST_CHECK;
/* After the arenas of all contexts that used it were reset: they give back to it.
 * NULL is fine. */
void db_close(struct db *db);
bool db_is_connected(struct db *db);
int db_socket(struct db *db); /* for poll; -1 when not connected */
/*
 * Tells one connection from the next, of any struct db of the process; 0 before the
 * first. What was read under another number may have changed without a notice.
 */
int64_t db_connection_number(const struct db *db);

/*
 * Statements run (begin and commit are some) and round trips made since the last
 * call of db_count_reset. What a connect costs is not counted.
 */
struct db_counts {
	int64_t statements, round_trips;
};
struct db_counts db_counts(const struct db *db);
void db_count_reset(struct db *db);

/*
 * LISTEN to a channel ([a-z0-9_]+), outside a transaction; remembered, so that
 * every later connection listens too. db_notification does not wait: true, with
 * copies in the arena, when one has arrived. What was notified while there was no
 * connection is lost, so a listener looks for work after each reconnect as well.
 */
enum err db_listen(struct ctx *ctx, const char *channel) MUST_CHECK;
bool db_notification(struct ctx *ctx, const char **channel, const char **payload);

/*
 * A script of several statements without parameters: migrations and tests only.
 * A mistake in it is reported with its line. No limit on the time it takes.
 */
enum err db_script(struct ctx *ctx, const char *sql) MUST_CHECK;

/*
 * COPY … FROM STDIN in text format, for the importer: open, rows of columns,
 * close. Columns are escaped here; NULL is a null. copy is a "copy t (a, b) from
 * stdin" statement. Nothing else may use the connection in between. A bad row
 * shows at db_copy_end, which ends the COPY whatever it returns; one that is left
 * open is abandoned by db_rollback or the arena's end. Uses no arena memory a row.
 * db_copy_end's rows (how many) may be NULL.
 */
enum err db_copy_begin(struct ctx *ctx, const char *copy) MUST_CHECK;
enum err db_copy_row(struct ctx *ctx, const struct param *columns, size_t count) MUST_CHECK;
enum err db_copy_end(struct ctx *ctx, int64_t *rows) MUST_CHECK;

#endif
