/*
 * Between the password and the code. Whoever has a second factor gets no session by
 * the password or a mailed link alone, but a token for SIGN_IN_STEP_MINUTES with which
 * the code may be given; no page but that of the second step knows it.
 */
#ifndef FORUM_SIGN_IN_STEP_H
#define FORUM_SIGN_IN_STEP_H

#include "base/ctx.h"

#define SIGN_IN_STEP_MINUTES 10

/* *token: NULL where the person has no second factor and may have a session at once. */
enum err sign_in_step_begin(struct ctx *ctx, int64_t person_id, const char **token) MUST_CHECK;

/* ERR_GONE: used, too old or unknown. */
enum err sign_in_step_load(struct ctx *ctx, const char *token, int64_t *person_id) MUST_CHECK;

/*
 * With a right code the token is used up: *person_id gets a session that began *by
 * (second_factor.h). ERR_GONE; ERR_INVALID (field "code"); ERR_THROTTLED.
 */
enum err sign_in_step_finish(struct ctx *ctx, const char *token, const char *code,
			     int64_t *person_id, const char **by) MUST_CHECK;

/* The same with a passkey of theirs. ERR_INVALID (field "passkey"). */
struct passkey_answer;
enum err sign_in_step_finish_passkey(struct ctx *ctx, const char *token,
				     const struct passkey_answer *answer,
				     int64_t *person_id) MUST_CHECK;

/* For the nightly upkeep: those that are over. */
enum err sign_in_step_purge(struct ctx *ctx) MUST_CHECK;

#endif
