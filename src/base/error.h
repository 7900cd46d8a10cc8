/*
 * How a function says that it could not do its work: it returns an enum err,
 * made once by `return fail(...)` where it is first known and passed up with
 * TRY. The sentence for the person and the details for the log stay in
 * ctx->error until web/respond.c (or the command, or the job loop) uses them.
 */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include "base/base.h"

/* What went wrong, in words that page, job and command can each translate. */
enum err {
	OK = 0,
	ERR_BAD_REQUEST,     /* the request itself is malformed: 400 */
	ERR_UNAUTHENTICATED, /* one must sign in first: to the login page */
	ERR_FORBIDDEN,       /* 403 */
	ERR_NOT_FOUND,       /* 404; also what one may not know exists */
	ERR_METHOD,          /* the page exists, not with this method: 405 */
	ERR_GONE,            /* was here, was taken away: 410 */
	ERR_CONFLICT,        /* somebody was faster: 409 */
	ERR_TOO_LARGE,       /* 413 */
	ERR_UNSUPPORTED,     /* media type: 415 */
	ERR_INVALID,         /* a field does not hold: 422, ctx->error.field */
	ERR_THROTTLED,       /* 429, ctx->error.retry_after_seconds */
	ERR_INTERNAL,        /* our fault: 500 */
	ERR_UNAVAILABLE,     /* database away, queue full: 503 */
};

struct ctx;

struct error {
	enum err code;
	const char *field;      /* form field the sentence belongs to, or NULL */
	const char *message;    /* for the person, translated; or NULL */
	const char *details;    /* for the log only; or NULL */
	const char *constraint; /* violated database constraint, or NULL */
	int retry_after_seconds;
};

#define TRY(call) \
	do { \
		enum err try_result_ = (call); \
		if (try_result_ != OK) \
			return try_result_; \
	} while (0)

/*
 * Records the failure in ctx and returns code. The message is a format for the
 * person, already translated (`_("…")`), or NULL for the general sentence of
 * that code. field may be NULL. The strings live in ctx->arena.
 */
enum err fail(struct ctx *ctx, enum err code, const char *field, const char *message, ...)
	PRINTF_LIKE(4, 5) MUST_CHECK;

/* The same with details for the log instead of a sentence for the person. */
enum err fail_log(struct ctx *ctx, enum err code, const char *details, ...)
	PRINTF_LIKE(3, 4) MUST_CHECK;

/* Forgets a recorded error, after it was dealt with. */
void error_clear(struct ctx *ctx);

const char *err_name(enum err code); /* "not_found", for logs */

#endif
