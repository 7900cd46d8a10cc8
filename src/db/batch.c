/*
 * Statements, one round trip a batch, and transactions.
 *
 * A batch is filled by db_add and sent by db_run with one synchronisation point
 * at its end, which makes it one implicit transaction. "begin" travels at the
 * head of the next batch and "commit" at the tail of the last.
 *
 * Two things can be left behind when a rule stops in the middle: a batch that
 * was never run, whose rows lie on a stack that is gone, and an open
 * transaction. Both are tied to the arena, and to a serial number that tells
 * whether they are still the ones that were meant.
 */
#include "db/connection.h"

#include <assert.h>

#include "base/log.h"

static const struct stmt begin_statement = { NULL, "begin", 0 };
static const struct stmt commit_statement = { NULL, "commit", 0 };
static const struct stmt rollback_statement = { NULL, "rollback", 0 };

static const char *statement_label(const struct stmt *statement)
{
	return statement->name ? statement->name : statement->sql;
}

/* Queueing ------------------------------------------------------------- */

static void drop_batch(struct db *db)
{
	db->batch_count = 0;
	db->batch_arena = NULL;
	db->batch_serial++;
}

static void drop_left_batch(void *thing)
{
	struct db_leftover *leftover = thing;

	if (leftover->serial == leftover->db->batch_serial)
		drop_batch(leftover->db);
}

void undo_at_end(struct ctx *ctx, void (*undo)(void *), int64_t serial)
{
	struct db_leftover *leftover = arena_new_of(ctx->arena, struct db_leftover);

	*leftover = (struct db_leftover){ .db = ctx->db, .serial = serial };
	arena_defer(ctx->arena, undo, leftover);
}

static void start_batch(struct ctx *ctx)
{
	struct db *db = ctx->db;

	db->batch_serial++;
	db->batch_arena = ctx->arena;
	db->batch_error = ctx->error;
	undo_at_end(ctx, drop_left_batch, db->batch_serial);
}

/* A failure recorded since the batch began: somebody left before db_run. */
static bool is_batch_left(const struct ctx *ctx)
{
	const struct db *db = ctx->db;

	return db->batch_count > 0 &&
	       (db->batch_arena != ctx->arena || db->batch_error.code != ctx->error.code ||
		db->batch_error.message != ctx->error.message ||
		db->batch_error.details != ctx->error.details);
}

/* True when there was such a batch; it is gone now. */
static bool drop_if_left(struct ctx *ctx)
{
	if (!is_batch_left(ctx))
		return false;
	log_event(LOG_LEVEL_WARNING, "db_batch_left", "id", ctx->request_id, "statement",
		  statement_label(ctx->db->batch[0].statement), NULL);
	drop_batch(ctx->db);
	return true;
}

void db_add_params(struct ctx *ctx, const struct stmt *statement, struct rows *rows,
		   const struct param *params, size_t count)
{
	struct db *db = ctx->db;
	struct queued *queued;

	drop_if_left(ctx);
	assert(!db->copy);
	assert(db->batch_count < DB_BATCH_MAX);
	assert(count <= DB_PARAMETERS_MAX && (int)count == statement->parameter_count);
	if (db->batch_count == 0)
		start_batch(ctx);
	queued = &db->batch[db->batch_count++];
	queued->statement = statement;
	queued->rows = rows;
	queued->parameter_count = (int)count;
	for (size_t i = 0; i < count; i++) {
		struct wire wire = param_to_wire(&params[i], queued->scratch[i]);

		queued->values[i] = wire.value;
		queued->lengths[i] = wire.length;
		queued->formats[i] = wire.format;
	}
	if (rows)
		*rows = (struct rows){ .current = -1 };
}

/* Sending and reading -------------------------------------------------- */

/* Not when the same batch has it already: a name can be given once. */
static bool must_prepare(const struct db *db, const struct queued *queued)
{
	if (prepared_has(&db->prepared, queued->statement))
		return false;
	for (const struct queued *earlier = db->batch; earlier < queued; earlier++)
		if (earlier->is_preparing && earlier->statement == queued->statement)
			return false;
	return true;
}

static bool send_queued(struct db *db, struct queued *queued)
{
	const struct stmt *statement = queued->statement;

	db->counts.statements++;
	queued->is_preparing = false;
	if (db->is_unprepared || !statement->name)
		return PQsendQueryParams(db->connection, statement->sql, queued->parameter_count,
					 NULL, queued->values, queued->lengths, queued->formats,
					 FORMAT_BINARY);
	queued->is_preparing = must_prepare(db, queued);
	if (queued->is_preparing &&
	    !PQsendPrepare(db->connection, statement->name, statement->sql, 0, NULL))
		return false;
	return PQsendQueryPrepared(db->connection, statement->name, queued->parameter_count,
				   queued->values, queued->lengths, queued->formats, FORMAT_BINARY);
}

/* begin, commit, rollback: nothing to give, nothing to get. */
static bool send_command(struct db *db, const struct stmt *statement)
{
	db->counts.statements++;
	return PQsendQueryParams(db->connection, statement->sql, 0, NULL, NULL, NULL, NULL,
				 FORMAT_BINARY);
}

static bool send_batch(struct db *db, bool has_begin, const struct stmt *ending)
{
	if (has_begin && !send_command(db, &begin_statement))
		return false;
	for (int i = 0; i < db->batch_count; i++)
		if (!send_queued(db, &db->batch[i]))
			return false;
	if (ending && !send_command(db, ending))
		return false;
	db->counts.round_trips++;
	return PQpipelineSync(db->connection);
}

static enum err lost(struct ctx *ctx)
{
	return fail_log(ctx, ERR_UNAVAILABLE, "database: %s", ctx->db->message);
}

/*
 * After these the same connection would fail for ever: the prepared statement
 * is gone or of an older schema, or the server has become a standby.
 */
static bool is_connection_spent(const PGresult *result)
{
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);

	return state &&
	       (!strcmp(state, "26000") || !strcmp(state, "0A000") || !strcmp(state, "25006"));
}

/* What the reading of one batch has found so far. */
struct reading {
	enum err code; /* the first failure */
	bool is_spent;
	bool is_done; /* the last one read: not failed, nor passed over after a failure */
};

/* Takes the result of one statement; false: the connection is lost. */
static bool read_one(struct ctx *ctx, const struct stmt *statement, struct rows *rows,
		     struct reading *reading)
{
	struct db *db = ctx->db;
	PGresult *result, *end;
	ExecStatusType status;

	if (!connection_result(db, connection_patience_ms(db), &result))
		return false;
	status = PQresultStatus(result);
	reading->is_done = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
	if (reading->is_done) {
		/* A commit of a failed transaction succeeds, as "ROLLBACK". */
		if (statement == &commit_statement && strcmp(PQcmdStatus(result), "COMMIT") != 0)
			reading->code = fail_log(ctx, ERR_INTERNAL, "commit was a rollback");
		result_to_rows(ctx->arena, result, rows);
	} else {
		if (reading->code == OK && status != PGRES_PIPELINE_ABORTED) {
			reading->code = error_from_result(ctx, result, statement_label(statement));
			reading->is_spent = is_connection_spent(result);
		}
		PQclear(result);
	}
	/* The NULL that ends every statement's results. */
	return connection_result(db, connection_patience_ms(db), &end);
}

/* And, before it, that of preparing it. */
static bool read_queued(struct ctx *ctx, const struct queued *queued, struct reading *reading)
{
	if (queued->is_preparing) {
		if (!read_one(ctx, queued->statement, NULL, reading))
			return false;
		if (reading->is_done)
			prepared_add(&ctx->db->prepared, queued->statement);
	}
	return read_one(ctx, queued->statement, queued->rows, reading);
}

static bool read_batch(struct ctx *ctx, bool has_begin, const struct stmt *ending,
		       struct reading *reading)
{
	struct db *db = ctx->db;
	PGresult *sync;

	if (has_begin && !read_one(ctx, &begin_statement, NULL, reading))
		return false;
	for (int i = 0; i < db->batch_count; i++)
		if (!read_queued(ctx, &db->batch[i], reading))
			return false;
	if (ending && !read_one(ctx, ending, NULL, reading))
		return false;
	if (!connection_result(db, connection_patience_ms(db), &sync))
		return false;
	PQclear(sync);
	return true;
}

/* All or nothing: rows of statements before the one that failed are hidden. */
static void empty_rows(struct db *db)
{
	for (int i = 0; i < db->batch_count; i++)
		if (db->batch[i].rows)
			*db->batch[i].rows = (struct rows){ .current = -1 };
}

static enum err left_behind(struct ctx *ctx)
{
	return fail_log(ctx, ERR_INTERNAL, "database: a failure between db_add and db_run");
}

static enum err exchange(struct ctx *ctx, bool has_begin, const struct stmt *ending)
{
	struct db *db = ctx->db;
	struct reading reading = { .code = OK };

	if (!send_batch(db, has_begin, ending)) {
		snprintf(db->message, sizeof db->message, "sending: %s",
			 PQerrorMessage(db->connection));
		connection_close(db);
		return lost(ctx);
	}
	if (!read_batch(ctx, has_begin, ending, &reading))
		return lost(ctx);
	if (reading.is_spent)
		connection_close(db);
	return reading.code;
}

/* Sends what is queued, after a begin that waits and before ending (or NULL). */
static enum err run(struct ctx *ctx, const struct stmt *ending)
{
	struct db *db = ctx->db;
	bool has_begin = db->is_begin_queued;
	enum err code;

	assert(!db->copy);
	if (db->is_transaction_lost)
		code = fail_log(ctx, ERR_UNAVAILABLE, "database: the transaction was lost");
	else if (db->is_in_transaction && !has_begin && !connection_is_alive(db))
		code = lost(ctx);
	else if (!connection_ensure(db))
		code = lost(ctx);
	else {
		db->is_begin_queued = false;
		code = exchange(ctx, has_begin, ending);
	}
	if (code != OK)
		empty_rows(db);
	drop_batch(db);
	return code;
}

enum err batch_flush(struct ctx *ctx)
{
	if (drop_if_left(ctx))
		return left_behind(ctx);
	if (ctx->db->batch_count == 0 && !ctx->db->is_begin_queued)
		return OK;
	return run(ctx, NULL);
}

enum err db_run(struct ctx *ctx)
{
	if (drop_if_left(ctx))
		return left_behind(ctx);
	if (ctx->db->batch_count == 0)
		return OK;
	return run(ctx, NULL);
}

enum err db_query_params(struct ctx *ctx, const struct stmt *statement, struct rows *rows,
			 const struct param *params, size_t count)
{
	db_add_params(ctx, statement, rows, params, count);
	return db_run(ctx);
}

/* Transactions --------------------------------------------------------- */

static void forget_transaction(struct db *db)
{
	db->is_in_transaction = false;
	db->is_begin_queued = false;
	db->is_transaction_lost = false;
	db->transaction_serial++;
}

/* Rolls back on the server; a connection that will not is closed. */
static void send_rollback(struct db *db)
{
	PGresult *result = NULL, *end, *sync = NULL;

	db->counts.round_trips++;
	if (send_command(db, &rollback_statement) && PQpipelineSync(db->connection) &&
	    connection_result(db, connection_patience_ms(db), &result) &&
	    connection_result(db, connection_patience_ms(db), &end) &&
	    connection_result(db, connection_patience_ms(db), &sync) &&
	    PQtransactionStatus(db->connection) == PQTRANS_IDLE) {
		PQclear(result);
		PQclear(sync);
		return;
	}
	PQclear(result);
	PQclear(sync);
	connection_close(db);
}

static void roll_back(struct db *db)
{
	copy_abandon(db);
	drop_batch(db);
	if (db->connection && !db->is_begin_queued && !db->is_transaction_lost)
		send_rollback(db);
	forget_transaction(db);
}

static void roll_back_left_transaction(void *thing)
{
	struct db_leftover *leftover = thing;

	if (leftover->db->is_in_transaction && leftover->serial == leftover->db->transaction_serial)
		roll_back(leftover->db);
}

void db_begin(struct ctx *ctx)
{
	struct db *db = ctx->db;

	drop_if_left(ctx);
	assert(!db->is_in_transaction);
	assert(db->batch_count == 0);
	db->is_in_transaction = true;
	db->is_begin_queued = true;
	undo_at_end(ctx, roll_back_left_transaction, db->transaction_serial);
}

enum err db_commit(struct ctx *ctx)
{
	struct db *db = ctx->db;
	enum err code = OK;

	assert(db->is_in_transaction);
	if (drop_if_left(ctx))
		code = left_behind(ctx);
	/* A transaction in which nothing was done costs nothing. */
	else if (!db->is_begin_queued || db->batch_count > 0)
		code = run(ctx, &commit_statement);
	if (code == OK)
		forget_transaction(db);
	else
		roll_back(db);
	return code;
}

void db_rollback(struct ctx *ctx)
{
	if (ctx->db->is_in_transaction)
		roll_back(ctx->db);
}

bool db_in_transaction(const struct ctx *ctx)
{
	return ctx->db->is_in_transaction;
}
