/*
 * What does not fit into a pipeline of prepared statements: scripts of several
 * statements, COPY, and notifications. Scripts and COPY leave pipeline mode
 * for as long as they last.
 */
#include "db/connection.h"

#include <assert.h>
#include <limits.h>

#include "base/slice.h"

/* COPY rows are handed to libpq in pieces of about this size. */
#define COPY_FLUSH_BYTES   (64 << 10)
#define COPY_ROW_MAX_BYTES (64 << 20)

/*
 * A script may run for as long as the server lets it: migrations connect
 * without a statement_timeout.
 */
#define FOR_EVER 0

static enum err lost(struct ctx *ctx, const char *what)
{
	return fail_log(ctx, ERR_UNAVAILABLE, "%s: database: %s", what, ctx->db->message);
}

/* Sends what is queued and makes the connection one for simple queries. */
static enum err leave_pipeline(struct ctx *ctx, const char *what)
{
	struct db *db = ctx->db;

	assert(!db->copy);
	TRY(batch_flush(ctx));
	if (db->is_transaction_lost ||
	    (db->is_in_transaction ? !connection_is_alive(db) : !connection_ensure(db)))
		return lost(ctx, what);
	if (!PQexitPipelineMode(db->connection))
		return fail_log(ctx, ERR_INTERNAL, "%s: %s", what, PQerrorMessage(db->connection));
	db->counts.statements++;
	db->counts.round_trips++;
	return OK;
}

static void enter_pipeline(struct db *db)
{
	if (db->connection && !PQenterPipelineMode(db->connection))
		connection_close(db);
}

/* Line of the script that the error points to, or 0. */
static int64_t line_of_error(const PGresult *result, const char *sql)
{
	const char *position = PQresultErrorField(result, PG_DIAG_STATEMENT_POSITION);
	long long points = position ? strtoll(position, NULL, 10) : 0;
	int64_t line = 1;

	if (points < 1)
		return 0;
	/* The position counts characters; continuation bytes are not some. */
	for (; *sql && points > 1; sql++) {
		line += *sql == '\n';
		points -= (sql[1] & 0xC0) != 0x80;
	}
	return line;
}

static enum err script_error(struct ctx *ctx, const PGresult *result, const char *sql)
{
	int64_t line = line_of_error(result, sql);

	if (line == 0)
		return error_from_result(ctx, result, "script");
	return error_from_result(ctx, result,
				 arena_printf(ctx->arena, "script line %lld", (long long)line));
}

/* Reads all results of a simple query; the first failure counts. */
static enum err read_script(struct ctx *ctx, const char *sql)
{
	enum err code = OK;
	PGresult *result;

	for (;;) {
		if (!connection_result(ctx->db, FOR_EVER, &result))
			return lost(ctx, "script");
		if (!result)
			return code;
		switch (PQresultStatus(result)) {
		case PGRES_COMMAND_OK:
		case PGRES_TUPLES_OK:
		case PGRES_EMPTY_QUERY:
			break;
		default:
			if (code == OK)
				code = script_error(ctx, result, sql);
		}
		PQclear(result);
	}
}

enum err db_script(struct ctx *ctx, const char *sql)
{
	struct db *db = ctx->db;
	enum err code;

	TRY(leave_pipeline(ctx, "script"));
	if (PQsendQuery(db->connection, sql))
		code = read_script(ctx, sql);
	else
		code = fail_log(ctx, ERR_UNAVAILABLE, "script: %s", PQerrorMessage(db->connection));
	enter_pipeline(db);
	return code;
}

/* COPY ----------------------------------------------------------------- */

static void copy_free(struct db *db)
{
	if (!db->copy)
		return;
	free(db->copy->data);
	free(db->copy);
	db->copy = NULL;
	db->copy_serial++;
}

void copy_abandon(struct db *db)
{
	PGresult *result = NULL;

	if (!db->copy)
		return;
	copy_free(db);
	if (db->connection && PQputCopyEnd(db->connection, "abandoned") > 0)
		while (connection_result(db, FOR_EVER, &result) && result)
			PQclear(result);
	enter_pipeline(db);
}

static void abandon_left_copy(void *thing)
{
	struct db_leftover *leftover = thing;

	if (leftover->db->copy && leftover->serial == leftover->db->copy_serial)
		copy_abandon(leftover->db);
}

static void copy_start(struct ctx *ctx)
{
	struct db *db = ctx->db;

	db->copy = calloc(1, sizeof *db->copy);
	if (!db->copy)
		abort();
	undo_at_end(ctx, abandon_left_copy, db->copy_serial);
}

enum err db_copy_begin(struct ctx *ctx, const char *copy)
{
	struct db *db = ctx->db;
	PGresult *result = NULL;
	enum err code;

	TRY(leave_pipeline(ctx, "copy"));
	if (!PQsendQuery(db->connection, copy) ||
	    !connection_result(db, connection_patience_ms(db), &result)) {
		connection_close(db);
		return lost(ctx, "copy");
	}
	if (PQresultStatus(result) == PGRES_COPY_IN) {
		PQclear(result);
		copy_start(ctx);
		return OK;
	}
	code = error_from_result(ctx, result, "copy");
	PQclear(result);
	while (connection_result(db, connection_patience_ms(db), &result) && result)
		PQclear(result);
	enter_pipeline(db);
	return code;
}

static void copy_bytes(struct copy *copy, const char *bytes, size_t length)
{
	if (copy->capacity - copy->length < length) {
		copy->capacity = 2 * copy->capacity + length + COPY_FLUSH_BYTES;
		copy->data = realloc(copy->data, copy->capacity);
		if (!copy->data)
			abort();
	}
	memcpy(copy->data + copy->length, bytes, length);
	copy->length += length;
}

/* Text format: the separators and the backslash itself are escaped. */
static void copy_escaped(struct copy *copy, const char *text)
{
	for (;;) {
		size_t plain = strcspn(text, "\\\n\r\t");

		copy_bytes(copy, text, plain);
		text += plain;
		switch (*text) {
		case '\0':
			return;
		case '\n':
			copy_bytes(copy, "\\n", 2);
			break;
		case '\r':
			copy_bytes(copy, "\\r", 2);
			break;
		case '\t':
			copy_bytes(copy, "\\t", 2);
			break;
		default:
			copy_bytes(copy, "\\\\", 2);
		}
		text++;
	}
}

/* A bytea is \x and hexadecimal; its backslash is escaped like any other. */
static void copy_bytea(struct copy *copy, const char *bytes, size_t length)
{
	static const char digits[] = "0123456789abcdef";

	copy_bytes(copy, "\\\\x", 3);
	for (size_t i = 0; i < length; i++) {
		unsigned char byte = (unsigned char)bytes[i];
		char pair[2] = { digits[byte >> 4], digits[byte & 15] };

		copy_bytes(copy, pair, 2);
	}
}

static void copy_column(struct copy *copy, const struct param *column)
{
	char scratch[PARAM_SCRATCH_BYTES];
	struct wire wire = param_to_wire(column, scratch);

	if (!wire.value)
		copy_bytes(copy, "\\N", 2);
	else if (wire.format == FORMAT_BINARY)
		copy_bytea(copy, wire.value, (size_t)wire.length);
	else
		copy_escaped(copy, wire.value);
}

static enum err copy_flush(struct ctx *ctx)
{
	struct db *db = ctx->db;
	struct copy *copy = db->copy;

	if (copy->failed != OK || copy->length == 0)
		return copy->failed;
	assert(copy->length <= INT_MAX);
	if (PQputCopyData(db->connection, copy->data, (int)copy->length) != 1)
		copy->failed = fail_log(ctx, ERR_UNAVAILABLE, "copy: %s",
					PQerrorMessage(db->connection));
	copy->length = 0;
	return copy->failed;
}

enum err db_copy_row(struct ctx *ctx, const struct param *columns, size_t count)
{
	struct copy *copy = ctx->db->copy;
	size_t start;

	assert(copy);
	start = copy->length;
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			copy_bytes(copy, "\t", 1);
		copy_column(copy, &columns[i]);
	}
	copy_bytes(copy, "\n", 1);
	assert(copy->length - start <= COPY_ROW_MAX_BYTES);
	return copy->length >= COPY_FLUSH_BYTES ? copy_flush(ctx) : copy->failed;
}

static enum err read_copy_results(struct ctx *ctx, int64_t *rows)
{
	enum err code = OK;
	PGresult *result;

	for (;;) {
		if (!connection_result(ctx->db, FOR_EVER, &result))
			return lost(ctx, "copy");
		if (!result)
			return code;
		if (PQresultStatus(result) != PGRES_COMMAND_OK)
			code = error_from_result(ctx, result, "copy");
		else if (!text_to_i64(PQcmdTuples(result), rows))
			*rows = 0;
		PQclear(result);
	}
}

enum err db_copy_end(struct ctx *ctx, int64_t *rows)
{
	struct db *db = ctx->db;
	int64_t ignored;
	enum err code;

	assert(db->copy);
	if (!rows)
		rows = &ignored;
	*rows = 0;
	code = copy_flush(ctx);
	if (code != OK) {
		copy_abandon(db);
		return code;
	}
	copy_free(db);
	if (PQputCopyEnd(db->connection, NULL) == 1)
		code = read_copy_results(ctx, rows);
	else
		code = fail_log(ctx, ERR_UNAVAILABLE, "copy: %s", PQerrorMessage(db->connection));
	enter_pipeline(db);
	return code;
}

/* LISTEN --------------------------------------------------------------- */

static bool is_channel_name(const char *channel)
{
	size_t length = strspn(channel, "abcdefghijklmnopqrstuvwxyz0123456789_");

	return length > 0 && length <= CHANNEL_MAX_BYTES && channel[length] == '\0';
}

static bool remember_channel(struct db *db, const char *channel)
{
	for (size_t i = 0; i < db->channel_count; i++)
		if (!strcmp(db->channels[i], channel))
			return false;
	assert(db->channel_count < CHANNELS_MAX);
	memcpy(db->channels[db->channel_count++], channel, strlen(channel) + 1);
	return true;
}

enum err db_listen(struct ctx *ctx, const char *channel)
{
	struct stmt listen = { NULL, NULL, 0 };

	assert(is_channel_name(channel));
	assert(!ctx->db->is_in_transaction);
	/* Remembered first: the next connection listens whatever happens now. */
	if (!remember_channel(ctx->db, channel))
		return OK;
	listen.sql = arena_printf(ctx->arena, "listen \"%s\"", channel);
	return db_query_params(ctx, &listen, NULL, NULL, 0);
}

bool db_notification(struct ctx *ctx, const char **channel, const char **payload)
{
	struct db *db = ctx->db;
	PGnotify *notification;

	if (!connection_is_alive(db))
		return false;
	notification = PQnotifies(db->connection);
	if (!notification)
		return false;
	*channel = arena_strdup(ctx->arena, notification->relname);
	*payload = arena_strdup(ctx->arena, notification->extra);
	PQfreemem(notification);
	return true;
}
