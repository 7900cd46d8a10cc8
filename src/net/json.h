/*
 * Reading JSON of other services (jansson), made safe and whole first:
 *
 * - Numbers become strings, digit by digit: ids pass 2^53 and even 2^63.
 * - NUL, half surrogate pairs and bytes that are no UTF-8 become U+FFFD, so that
 *   one bad character does not lose the rest; every string is valid UTF-8 and ends
 *   at its first NUL. Control characters that stand bare in a string are taken.
 * - Of keys that occur twice the last counts, as in browsers.
 * - Bounded in bytes, depth and number of values.
 */
#ifndef NET_JSON_H
#define NET_JSON_H

#include <jansson.h>

#include "base/ctx.h"

#define JSON_READ_DEPTH_MAX  64
#define JSON_READ_VALUES_MAX 400000

/*
 * The root, of any type, or NULL: it is no JSON, or passes a limit; then *problem
 * says what, in English, for the log. Lives as long as ctx->arena.
 */
const json_t *json_read(struct ctx *ctx, const char *bytes, size_t length, const char **problem);

/* The same for files of the operator's own, which may have more values. */
const json_t *json_read_large(struct ctx *ctx, const char *bytes, size_t length, int values_max,
			      const char **problem);

/*
 * Values of an object by key; object may be NULL or of another type. A number is
 * its digits.
 */
const json_t *json_at(const json_t *object, const char *key);
/* NULL unless it is a string (or was a number). */
const char *json_text_at(const json_t *object, const char *key);
/* "" unless it is a string. */
const char *json_text_or_empty(const json_t *object, const char *key);
/* fallback unless it is a whole number, or a text of one. */
int64_t json_i64_at(const json_t *object, const char *key, int64_t fallback);
/* true, "true" and numbers but 0; false, "false" and 0; else fallback. */
bool json_bool_at(const json_t *object, const char *key, bool fallback);
bool json_has(const json_t *object, const char *key); /* null does not count */

#endif
