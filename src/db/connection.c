/*
 * Making a connection, noticing that it is gone, and making it again.
 *
 * A program's first connection may hold every statement registered with DB_STATEMENT
 * against the schema (db_options.is_checked): one that does not fit is found there and not
 * by a reader. What is used is prepared on its way (prepared.c).
 *
 * A database that is away must not hold up those who ask: one attempt blocks
 * for at most CONNECT_TIMEOUT_MS (per host, where several are given), and the
 * longer it blocked, the longer nothing is tried.
 */
#include "db/connection.h"

#include <errno.h>
#include <poll.h>

#include "base/clock.h"
#include "base/log.h"

/* The section's bounds; weak, because a program may have no statement at all. */
extern const struct stmt *const __start_db_statements[] __attribute__((weak));
extern const struct stmt *const __stop_db_statements[] __attribute__((weak));

/*
 * After a failed attempt nothing is tried for a second, or for four times as
 * long as it took: a host that swallows packets costs one request in five.
 */
#define RETRY_PAUSE        CLOCK_SECOND
#define RETRY_PAUSE_FACTOR 4

/* By this process, to any database. */
static int64_t connections_made;

static void remember_message(struct db *db, const char *what, const char *message)
{
	size_t length = strcspn(message, "\n");

	snprintf(db->message, sizeof db->message, "%s%.*s", what, (int)length, message);
}

static void log_notice(void *context, const PGresult *result)
{
	const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);

	(void)context;
	log_event(LOG_LEVEL_DEBUG, "db_notice", "message", message, NULL);
}

/*
 * conninfo stands after the settings that an operator may change and before
 * those that the program relies on: the last one of a name wins.
 */
static PGconn *connect_to_server(const struct db *db)
{
	const char *const names[] = {
		"application_name",
		"connect_timeout",
		"keepalives",
		"keepalives_idle",
		"keepalives_interval",
		"keepalives_count",
		"tcp_user_timeout",
		"dbname",
		"client_encoding",
		"options",
		NULL,
	};
	const char *const values[] = {
		"entraide",          "2",  "1", "10", "3", "3", "5000", db->conninfo, "UTF8",
		db->session_options, NULL,
	};

	return PQconnectdbParams(names, values, 1);
}

static int milliseconds_left(int64_t deadline)
{
	int64_t left = (deadline - clock_monotonic() + 999) / 1000;

	return left <= 0 ? 0 : left > 1000 * 3600 ? 1000 * 3600 : (int)left;
}

/* Waits until a result can be read without waiting. */
static bool wait_for_result(struct db *db, int64_t timeout_ms)
{
	int64_t deadline = clock_monotonic() + timeout_ms * 1000;

	while (PQisBusy(db->connection)) {
		struct pollfd poll_fd = { .fd = PQsocket(db->connection), .events = POLLIN };
		int ready = poll(&poll_fd, 1, timeout_ms ? milliseconds_left(deadline) : -1);

		if (ready < 0 && errno == EINTR)
			continue;
		if (ready <= 0) {
			remember_message(db, "the server did not answer in time", "");
			return false;
		}
		if (!PQconsumeInput(db->connection)) {
			remember_message(db, "", PQerrorMessage(db->connection));
			return false;
		}
	}
	return true;
}

bool connection_result(struct db *db, int64_t timeout_ms, PGresult **out)
{
	*out = NULL;
	if (!db->connection)
		return false;
	if (wait_for_result(db, timeout_ms)) {
		*out = PQgetResult(db->connection);
		if (PQstatus(db->connection) == CONNECTION_OK)
			return true;
		remember_message(db, "", PQerrorMessage(db->connection));
		PQclear(*out);
		*out = NULL;
	}
	connection_close(db);
	return false;
}

int64_t connection_patience_ms(const struct db *db)
{
	return db->statement_timeout_ms ? db->statement_timeout_ms + ANSWER_GRACE_MS : 0;
}

/* How many statements the program has. */
static size_t statement_count(void)
{
	/* One array to the linker, two to whoever reads the source. */
	/* cppcheck-suppress comparePointers */
	return (size_t)(__stop_db_statements - __start_db_statements);
}

bool connection_send_listen(struct db *db, const char *channel)
{
	char sql[CHANNEL_MAX_BYTES + 16];

	snprintf(sql, sizeof sql, "listen \"%s\"", channel);
	return PQsendQueryParams(db->connection, sql, 0, NULL, NULL, NULL, NULL, 0);
}

static bool send_channels(struct db *db)
{
	if (!PQenterPipelineMode(db->connection))
		return false;
	for (size_t i = 0; i < db->channel_count; i++)
		if (!connection_send_listen(db, db->channels[i]))
			return false;
	return PQpipelineSync(db->connection);
}

/* The answer to one PQsendPrepare or LISTEN. */
static enum connect_result read_preparation(struct db *db, const char *name)
{
	enum connect_result outcome = CONNECT_DONE;
	PGresult *result, *end;

	if (!connection_result(db, CONNECT_TIMEOUT_MS, &result))
		return CONNECT_AWAY;
	if (PQresultStatus(result) != PGRES_COMMAND_OK) {
		bool is_away = error_code_of(result) == ERR_UNAVAILABLE;
		char what[128];

		snprintf(what, sizeof what, "statement %s: ", name);
		remember_message(db, what, PQresultErrorMessage(result));
		outcome = is_away ? CONNECT_AWAY : CONNECT_UNFIT;
	}
	PQclear(result);
	if (outcome == CONNECT_DONE && !connection_result(db, CONNECT_TIMEOUT_MS, &end))
		outcome = CONNECT_AWAY;
	return outcome;
}

static enum connect_result read_end(struct db *db)
{
	PGresult *sync;

	if (!connection_result(db, CONNECT_TIMEOUT_MS, &sync))
		return CONNECT_AWAY;
	PQclear(sync);
	return CONNECT_DONE;
}

static enum connect_result read_channels(struct db *db)
{
	for (size_t i = 0; i < db->channel_count; i++) {
		enum connect_result outcome = read_preparation(db, db->channels[i]);

		if (outcome != CONNECT_DONE)
			return outcome;
	}
	return read_end(db);
}

/*
 * Each in the place of the one before it, so that nothing stays. PostgreSQL's
 * statement_timeout counts from one synchronisation to the next: one each, as a thousand
 * together take longer on a machine that has other things to do.
 */
static enum connect_result check_statements(struct db *db)
{
	const struct stmt *const *statements = __start_db_statements;

	for (size_t i = 0, count = statement_count(); i < count; i++)
		if (!PQsendPrepare(db->connection, "", statements[i]->sql, 0, NULL) ||
		    !PQpipelineSync(db->connection)) {
			remember_message(db, "", PQerrorMessage(db->connection));
			return CONNECT_AWAY;
		}
	for (size_t i = 0, count = statement_count(); i < count; i++) {
		enum connect_result outcome = read_preparation(db, statements[i]->name);

		if (outcome == CONNECT_DONE)
			outcome = read_end(db);
		if (outcome != CONNECT_DONE)
			return outcome;
	}
	return CONNECT_DONE;
}

enum connect_result connection_open(struct db *db)
{
	enum connect_result outcome = CONNECT_AWAY;

	prepared_forget(&db->prepared);
	db->connection = connect_to_server(db);
	if (!db->connection || PQstatus(db->connection) != CONNECTION_OK) {
		remember_message(db, "",
				 db->connection ? PQerrorMessage(db->connection) : "out of memory");
	} else {
		PQsetNoticeReceiver(db->connection, log_notice, NULL);
		if (send_channels(db))
			outcome = read_channels(db);
		else
			remember_message(db, "", PQerrorMessage(db->connection));
	}
	if (outcome == CONNECT_DONE)
		db->number = ++connections_made;
	else
		connection_close(db);
	return outcome;
}

void connection_close(struct db *db)
{
	PQfinish(db->connection);
	db->connection = NULL;
	if (db->is_in_transaction && !db->is_begin_queued)
		db->is_transaction_lost = true;
}

bool connection_is_alive(struct db *db)
{
	struct pollfd poll_fd = { .events = POLLIN };

	if (!db->connection)
		return false;
	poll_fd.fd = PQsocket(db->connection);
	/* Something to read is a notification, or the server's farewell. */
	while (PQstatus(db->connection) == CONNECTION_OK) {
		if (poll(&poll_fd, 1, 0) <= 0)
			return true;
		if (!PQconsumeInput(db->connection))
			break;
	}
	remember_message(db, "", PQerrorMessage(db->connection));
	connection_close(db);
	return false;
}

static void log_outcome(struct db *db, enum connect_result outcome)
{
	if (outcome == db->last_outcome)
		return;
	if (outcome == CONNECT_DONE)
		log_event(LOG_LEVEL_INFO, "db_back", NULL);
	else if (outcome == CONNECT_AWAY)
		log_event(LOG_LEVEL_WARNING, "db_away", "message", db->message, NULL);
	else
		log_event(LOG_LEVEL_ERROR, "db_unfit", "message", db->message, NULL);
	db->last_outcome = outcome;
}

static enum connect_result attempt(struct db *db)
{
	int64_t start = clock_monotonic();
	enum connect_result outcome = connection_open(db);
	int64_t end = clock_monotonic();
	int64_t pause = (end - start) * RETRY_PAUSE_FACTOR;

	if (outcome == CONNECT_DONE || pause < RETRY_PAUSE)
		pause = RETRY_PAUSE;
	db->next_attempt_at = end + pause;
	log_outcome(db, outcome);
	return outcome;
}

bool connection_ensure(struct db *db)
{
	if (connection_is_alive(db))
		return true;
	if (clock_monotonic() < db->next_attempt_at)
		return false;
	return attempt(db) == CONNECT_DONE;
}

/* The "options" that conninfo itself has, or "". */
static const char *own_options(const PQconninfoOption *settings)
{
	for (; settings->keyword; settings++)
		if (!strcmp(settings->keyword, "options") && settings->val)
			return settings->val;
	return "";
}

static bool build_options(struct db *db, const struct db_options *options)
{
	char *parse_error = NULL;
	PQconninfoOption *settings = PQconninfoParse(options->conninfo, &parse_error);
	int length;

	if (!settings) {
		remember_message(db, "", parse_error ? parse_error : "out of memory");
		PQfreemem(parse_error);
		return false;
	}
	/*
	 * Every statement is written for one plan. Left to itself PostgreSQL
	 * plans some anew at each execution, because it takes an unknown limit
	 * or key for a large part of the table; that cost more than executing
	 * them (measured: a tag's list 1.1 ms instead of 0.2).
	 */
	length = asprintf(&db->session_options,
			  "-c TimeZone=UTC -c jit=off -c plan_cache_mode=force_generic_plan"
			  " -c default_transaction_isolation=read\\ committed"
			  " -c idle_in_transaction_session_timeout=10s"
			  " -c statement_timeout=%lldms%s %s",
			  (long long)options->statement_timeout_ms,
			  options->is_repeatable ? " -c synchronous_commit=off" : "",
			  own_options(settings));
	PQconninfoFree(settings);
	if (length < 0)
		abort();
	return true;
}

/* Each statement one of its own. */
static bool has_names(struct db *db)
{
	const char *twice = prepared_name_twice(__start_db_statements, statement_count());

	if (twice)
		snprintf(db->message, sizeof db->message, "statement %s is there twice", twice);
	return !twice;
}

/* A server that is away is no reason not to begin. */
static bool open_first(struct db *db, bool is_checked)
{
	enum connect_result outcome = attempt(db);

	if (outcome == CONNECT_DONE && is_checked)
		outcome = check_statements(db);
	return outcome != CONNECT_UNFIT;
}

bool db_open(struct db **out, const struct db_options *options, const char **message)
{
	static char message_kept[sizeof((struct db *)0)->message];
	struct db *db = calloc(1, sizeof *db);

	if (!db)
		abort();
	*out = db;
	*message = NULL;
	db->statement_timeout_ms = options->statement_timeout_ms;
	db->is_unprepared = options->is_unprepared;
	db->conninfo = strdup(options->conninfo);
	if (!db->conninfo)
		abort();
	if ((!options->is_checked || has_names(db)) && build_options(db, options) &&
	    open_first(db, options->is_checked))
		return true;
	memcpy(message_kept, db->message, sizeof message_kept);
	*message = message_kept;
	*out = NULL;
	db_close(db);
	return false;
}

void db_close(struct db *db)
{
	if (!db)
		return;
	copy_abandon(db);
	connection_close(db);
	prepared_forget(&db->prepared);
	free(db->session_options);
	free(db->conninfo);
	free(db);
}

bool db_is_connected(struct db *db)
{
	return connection_is_alive(db);
}

int db_socket(struct db *db)
{
	return db->connection ? PQsocket(db->connection) : -1;
}

int64_t db_connection_number(const struct db *db)
{
	return db->number;
}

struct db_counts db_counts(const struct db *db)
{
	return db->counts;
}

void db_count_reset(struct db *db)
{
	db->counts = (struct db_counts){ 0 };
}
