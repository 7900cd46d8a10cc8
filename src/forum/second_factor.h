/*
 * What a person has beside the password: an app that shows one-time codes (TOTP),
 * passkeys (passkey.h), or both, and ten recovery codes for the day they are lost. The
 * app's secret is sealed under the configuration's secret; recovery codes are kept as an
 * HMAC and shown once. A code counts once, and guessing is limited by person, whoever asks.
 *
 * The team (advisors and above) cannot act without one: session.h says how.
 */
#ifndef FORUM_SECOND_FACTOR_H
#define FORUM_SECOND_FACTOR_H

#include "base/ctx.h"

#define RECOVERY_CODE_COUNT   10
#define SECOND_FACTOR_URI_MAX 600

/* How a session began, as it stands in sessions.authenticated_by. */
#define BY_PASSWORD      "password"
#define BY_MAIL          "mail" /* a link that was mailed */
#define BY_TOTP          "totp"
#define BY_RECOVERY_CODE "recovery_code"
#define BY_PASSKEY       "passkey"
/* Whether that was with a second factor. */
bool is_second_factor(const char *authenticated_by);

/* The actor's own. */
struct second_factor {
	bool has_app, is_setting_up;
	int64_t app_since;
	int64_t codes_left;
	int64_t passkey_count;
	bool is_required; /* it belongs to the team, and the team must have one */
};
enum err second_factor_load(struct ctx *ctx, struct second_factor *out) MUST_CHECK;
/* The same of whoever stands at the second step. */
enum err second_factor_of(struct ctx *ctx, int64_t person_id, struct second_factor *out) MUST_CHECK;
/* Whether the password alone opens no session: an app is in force, or there is a passkey. */
bool second_factor_is_on(const struct second_factor *state);

/* Makes a new secret, in place of one that was never confirmed. */
enum err second_factor_begin(struct ctx *ctx) MUST_CHECK;

/* What an app must be told. ERR_NOT_FOUND: nothing is being set up. */
struct totp_setup {
	const char *secret; /* in base32 */
	const char *uri;    /* otpauth://totp/… */
	const char *issuer, *account;
};
enum err second_factor_setup(struct ctx *ctx, struct totp_setup *out) MUST_CHECK;

/*
 * The first right code puts the app in force: the session in hand is one with a
 * second factor from then on, all others end, a mail tells of it. codes:
 * RECOVERY_CODE_COUNT of them, to be shown this once; NULL where the person has codes
 * left from an app before. ERR_INVALID (field "code"); ERR_THROTTLED.
 */
enum err second_factor_confirm(struct ctx *ctx, const char *code,
			       const char *const **codes) MUST_CHECK;

/* Ten new ones; the old ones are void. ERR_FORBIDDEN: there is nothing that they stand in for. */
enum err second_factor_new_codes(struct ctx *ctx, const char *const **codes) MUST_CHECK;

/*
 * No app any more, and without a passkey no recovery codes. ERR_FORBIDDEN: the actor's
 * role needs a second factor, and this was the only one.
 */
enum err second_factor_remove(struct ctx *ctx) MUST_CHECK;

/* For who lost everything, passkeys too, by the operator: entraide user reset-second-factor. */
enum err second_factor_reset(struct ctx *ctx, const char *email) MUST_CHECK;

/*
 * Is it a right code, of the app or for recovery? *by: BY_TOTP or BY_RECOVERY_CODE.
 * Not inside a transaction. ERR_INVALID (at field): wrong, or used before;
 * ERR_THROTTLED: 5 in 10 minutes, 50 a day.
 */
enum err second_factor_check(struct ctx *ctx, int64_t person_id, const char *code,
			     const char *field, const char **by) MUST_CHECK;

#endif
