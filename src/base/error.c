/*
 * Making an error, once, where it is first known.
 */
#include "base/error.h"

#include <stdarg.h>

#include "base/ctx.h"

static const char *const err_names[] = {
	[OK] = "ok",
	[ERR_BAD_REQUEST] = "bad_request",
	[ERR_UNAUTHENTICATED] = "unauthenticated",
	[ERR_FORBIDDEN] = "forbidden",
	[ERR_NOT_FOUND] = "not_found",
	[ERR_METHOD] = "method",
	[ERR_GONE] = "gone",
	[ERR_CONFLICT] = "conflict",
	[ERR_TOO_LARGE] = "too_large",
	[ERR_UNSUPPORTED] = "unsupported",
	[ERR_INVALID] = "invalid",
	[ERR_THROTTLED] = "throttled",
	[ERR_INTERNAL] = "internal",
	[ERR_UNAVAILABLE] = "unavailable",
};

enum err fail(struct ctx *ctx, enum err code, const char *field, const char *message, ...)
{
	struct error error = { .code = code };
	va_list arguments;

	if (field)
		error.field = arena_strdup(ctx->arena, field);
	if (message) {
		va_start(arguments, message);
		error.message = arena_vprintf(ctx->arena, message, arguments);
		va_end(arguments);
	}
	ctx->error = error;
	return code;
}

enum err fail_log(struct ctx *ctx, enum err code, const char *details, ...)
{
	struct error error = { .code = code };
	va_list arguments;

	va_start(arguments, details);
	error.details = arena_vprintf(ctx->arena, details, arguments);
	va_end(arguments);
	ctx->error = error;
	return code;
}

void error_clear(struct ctx *ctx)
{
	ctx->error = (struct error){ .code = OK };
}

const char *err_name(enum err code)
{
	return (size_t)code < ARRAY_COUNT(err_names) ? err_names[code] : "unknown";
}
