/*
 * One-time codes that change every 30 seconds (TOTP, RFC 6238, as all common apps
 * have it: SHA-1, six digits), by liboath.
 */
#ifndef BASE_TOTP_H
#define BASE_TOTP_H

#include "base/arena.h"

#define TOTP_SECRET_BYTES 20 /* RFC 4226 section 4, R6: 160 bits */
#define TOTP_STEP_SECONDS 30
#define TOTP_DIGITS       6
#define TOTP_WINDOW       1 /* steps that a clock may be off, either way */

/* In base32, as apps take it typed by hand. */
char *totp_secret_text(struct arena *arena, const uint8_t secret[TOTP_SECRET_BYTES]);

/* The code of a step (Unix time / TOTP_STEP_SECONDS). */
char *totp_code(struct arena *arena, const uint8_t secret[TOTP_SECRET_BYTES], int64_t step);

/*
 * Whether what was typed is the code of this second's step or of TOTP_WINDOW beside it; *step
 * says of which, so that the caller can take each only once.
 */
bool totp_matches(const uint8_t secret[TOTP_SECRET_BYTES], int64_t unix_seconds, const char *typed,
		  int64_t *step);

#endif
