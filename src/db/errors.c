/*
 * What PostgreSQL's error codes mean to us (its appendix A lists them). Only
 * three questions matter: did a rule of the schema refuse the data, may a later
 * try succeed, or is it a mistake of ours?
 */
#include "db/connection.h"

static bool is_one_of(const char *state, const char *const *states, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!strncmp(state, states[i], strlen(states[i])))
			return true;
	return false;
}

enum err error_code_of(const PGresult *result)
{
	static const char *const conflicts[] = {
		"23505", "23P01", /* unique, exclusion */
	};
	static const char *const refusals[] = {
		"23502", "23503", "23514", "22001", /* null, key, check, length */
	};
	static const char *const passing[] = {
		"08",    "53",             /* connection, resources */
		"57P0",  "57014",          /* shutdown, cancelled, timed out */
		"55P03", "40001", "40P01", /* lock, serialization, deadlock */
		"25006", "25P03",          /* became a standby; idle too long */
	};
	const char *state = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;

	/* libpq's own failures have no code: they are about the connection. */
	if (!state)
		return ERR_UNAVAILABLE;
	if (is_one_of(state, conflicts, ARRAY_COUNT(conflicts)))
		return ERR_CONFLICT;
	if (is_one_of(state, refusals, ARRAY_COUNT(refusals)))
		return ERR_INVALID;
	if (is_one_of(state, passing, ARRAY_COUNT(passing)))
		return ERR_UNAVAILABLE;
	return ERR_INTERNAL;
}

/* The constraint's name; a "not null" has none, there the column stands in. */
static const char *constraint_of(const PGresult *result)
{
	const char *name = PQresultErrorField(result, PG_DIAG_CONSTRAINT_NAME);

	return name ? name : PQresultErrorField(result, PG_DIAG_COLUMN_NAME);
}

/* PG_DIAG_MESSAGE_DETAIL is left out: it quotes the row, so people's data. */
enum err error_from_result(struct ctx *ctx, const PGresult *result, const char *what)
{
	enum err code = error_code_of(result);
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
	const char *constraint = constraint_of(result);

	code = fail_log(ctx, code, "%s: %s %s", what, state ? state : "no code",
			message ? message : "no message");
	if (constraint && (code == ERR_CONFLICT || code == ERR_INVALID))
		ctx->error.constraint = arena_strdup(ctx->arena, constraint);
	return code;
}
