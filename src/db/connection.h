/*
 * What the files of this folder share and nobody else sees: the state of a
 * connection. connection.c makes and loses it, batch.c talks over it, rows.c
 * reads what comes back, bulk.c leaves pipeline mode for scripts and COPY.
 */
#ifndef DB_CONNECTION_H
#define DB_CONNECTION_H

#include <libpq-fe.h>

#include "db/db.h"

/* How long making a connection may block; also for each statement that is checked. */
#define CONNECT_TIMEOUT_MS 2000

/* How much later than its own limit the server may answer before we hang up. */
#define ANSWER_GRACE_MS 2000

#define CHANNELS_MAX      8
#define CHANNEL_MAX_BYTES 63 /* NAMEDATALEN - 1 */

/* libpq's numbers for the form of a value. */
#define FORMAT_TEXT   0
#define FORMAT_BINARY 1

/* Room for any number or time as text. */
#define PARAM_SCRATCH_BYTES 64

/* One statement waiting to be sent, its parameters in libpq's form. */
struct queued {
	const struct stmt *statement;
	bool is_preparing; /* the first of it on this connection: it is prepared on the way */
	struct rows *rows;
	int parameter_count;
	const char *values[DB_PARAMETERS_MAX];
	int lengths[DB_PARAMETERS_MAX];
	int formats[DB_PARAMETERS_MAX];
	char scratch[DB_PARAMETERS_MAX][PARAM_SCRATCH_BYTES];
};

struct copy {
	char *data; /* rows not handed to libpq yet */
	size_t length;
	size_t capacity;
	enum err failed; /* the first failure; told by db_copy_end */
};

/* What a connection has prepared so far; all zero: nothing. */
struct prepared {
	struct prepared_place {
		const struct stmt *statement; /* NULL: free */
	} * places;
	size_t room, count;
};

enum connect_result { CONNECT_DONE, CONNECT_AWAY, CONNECT_UNFIT };

struct db {
	PGconn *connection; /* NULL: none */
	char *conninfo;
	char *session_options; /* libpq's "options": -c name=value … */
	int64_t statement_timeout_ms;
	bool is_unprepared;
	int64_t number;                   /* of the connection: db_connection_number */
	int64_t next_attempt_at;          /* monotonic; before it no reconnect is tried */
	enum connect_result last_outcome; /* each change is logged, once */
	char message[512];                /* why the last attempt failed */
	struct prepared prepared;

	/*
	 * The batch. It belongs to one arena and to the error state it was
	 * begun under: both tell when it was left behind by a TRY.
	 */
	struct queued batch[DB_BATCH_MAX];
	int batch_count;
	int64_t batch_serial;
	const struct arena *batch_arena;
	struct error batch_error;

	bool is_in_transaction;
	bool is_begin_queued;     /* nothing of it has been sent */
	bool is_transaction_lost; /* the connection went: only rollback is left */
	int64_t transaction_serial;

	struct copy *copy; /* not NULL between db_copy_begin and _end */
	int64_t copy_serial;

	char channels[CHANNELS_MAX][CHANNEL_MAX_BYTES + 1];
	size_t channel_count;

	struct db_counts counts;
};

/* Something to be undone in db when an arena ends, unless it is over by then. */
struct db_leftover {
	struct db *db;
	int64_t serial;
};

/* Has undo(struct db_leftover *) called when ctx's arena ends. */
void undo_at_end(struct ctx *ctx, void (*undo)(void *), int64_t serial);

/* By the address of the statement, so of statements that stay where they are. */
bool prepared_has(const struct prepared *prepared, const struct stmt *statement);
void prepared_add(struct prepared *prepared, const struct stmt *statement);
void prepared_forget(struct prepared *prepared);

/* A name that two of them have, or NULL: PostgreSQL would refuse the second. */
const char *prepared_name_twice(const struct stmt *const *statements, size_t count);

/* One attempt to connect and set up. db->message says what went wrong. */
enum connect_result connection_open(struct db *db);
void connection_close(struct db *db);

/* Looks, without waiting, whether the server has hung up; closes if so. */
bool connection_is_alive(struct db *db);

/* Connects when there is none and one may be tried again. */
bool connection_ensure(struct db *db);

/* Next result, at most timeout_ms (0: for ever) later. False: closed, lost. */
bool connection_result(struct db *db, int64_t timeout_ms, PGresult **out);

/* The time that one statement may take before we hang up; 0: for ever. */
int64_t connection_patience_ms(const struct db *db);

/* Sends LISTEN for one channel into the pipeline. */
bool connection_send_listen(struct db *db, const char *channel);

/* What a failed result (or a lost connection: NULL) means. */
enum err error_code_of(const PGresult *result);

/* Records a failed result in ctx; what is the statement's name, for the log. */
enum err error_from_result(struct ctx *ctx, const PGresult *result, const char *what) MUST_CHECK;

/* Sends the queued begin and statements now. */
enum err batch_flush(struct ctx *ctx) MUST_CHECK;

/* Ends a COPY that was left open, as if it had failed. */
void copy_abandon(struct db *db);

/* A parameter in libpq's form; value is NULL for null. */
struct wire {
	const char *value; /* the caller's own text, or in scratch */
	int length;        /* of bytes; text ends with NUL */
	int format;
};

struct wire param_to_wire(const struct param *param, char *scratch);

/*
 * Ties the result to the arena and sets rows before its first row. Without
 * rows it is cleared at once.
 */
void result_to_rows(struct arena *arena, PGresult *result, struct rows *rows);

#endif
