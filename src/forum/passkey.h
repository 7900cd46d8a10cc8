/*
 * Passkeys (W3C Web Authentication): a key pair in somebody's telephone, computer or
 * security key, whose public half is here. One that also knows its person (PIN, finger,
 * face) signs in alone; any is a second step after the password, and answers where the
 * site asks again. net/webauthn.h checks what browsers send; here is whose it is, that a
 * challenge counts once and for a few minutes, and that a counter never goes back.
 *
 * Who has one is asked for it, or for a code, after the password (second_factor.h).
 */
#ifndef FORUM_PASSKEY_H
#define FORUM_PASSKEY_H

#include "base/ctx.h"

#define PASSKEYS_MAX              20 /* of one person */
#define PASSKEY_NAME_MAX          60
#define PASSKEY_CHALLENGE_MINUTES 10

/* False: browsers refuse passkeys at this site's address (no name, or no https). */
bool passkeys_work_here(const struct ctx *ctx);

struct passkey {
	int64_t id, created_at, used_at; /* used_at: 0 for never */
	const char *name;                /* the person's own */
};
/* The actor's, oldest first. */
enum err passkey_list(struct ctx *ctx, struct passkey **out, size_t *count) MUST_CHECK;

/* What a challenge may be answered for. */
enum passkey_purpose {
	PASSKEY_REGISTER, /* by the actor */
	PASSKEY_CHECK,    /* by the actor: asked again */
	PASSKEY_STEP,     /* by whoever gave the right password */
	PASSKEY_SIGN_IN,  /* by anybody: the key says who */
};

/* What the browser is told. Bytes are in base64url. */
struct passkey_options {
	const char *challenge, *rp_id, *rp_name;
	const char *user_id, *user_name, *user_label; /* when registering */
	/* Those that are there already (registering), or that may answer. */
	const char **credentials;
	size_t credential_count;
	bool must_verify; /* the person, not only that somebody is there */
};
/*
 * Makes a challenge. person_id: 0 for PASSKEY_SIGN_IN. client_address: for the limit.
 * ERR_NOT_FOUND: there are no passkeys at this address, or the person has none;
 * ERR_THROTTLED.
 */
enum err passkey_begin(struct ctx *ctx, enum passkey_purpose purpose, int64_t person_id,
		       const char *client_address, struct passkey_options *out) MUST_CHECK;

/*
 * Keeps a new one of the actor's. The session in hand is one with a second factor from
 * then on; with the first factor of all, the other sessions end. codes: new recovery
 * codes, to be shown this once; NULL where there are some left.
 * ERR_INVALID: field "name", or "passkey" with what to do; ERR_FORBIDDEN: PASSKEYS_MAX.
 */
struct passkey_new {
	const char *name;
	const char *client_data, *attestation; /* base64url, as the browser said */
};
enum err passkey_register(struct ctx *ctx, const struct passkey_new *passkey,
			  const char *const **codes) MUST_CHECK;

/* What a browser answered a challenge with; all in base64url. */
struct passkey_answer {
	const char *id, *client_data, *authenticator_data, *signature;
	const char *user_handle; /* "" where the person was known before */
};
/*
 * Whose is it? PASSKEY_SIGN_IN says so in *person_id; for the others it is given there.
 * Not inside a transaction. ERR_INVALID (at "passkey"): not right, too late, used
 * before, or another person's; ERR_THROTTLED.
 */
enum err passkey_check(struct ctx *ctx, enum passkey_purpose purpose,
		       const struct passkey_answer *answer, const char *client_address,
		       int64_t *person_id) MUST_CHECK;

/*
 * One of the actor's. With the last factor the recovery codes go. ERR_FORBIDDEN: the
 * last factor of one who must have one; ERR_NOT_FOUND.
 */
enum err passkey_remove(struct ctx *ctx, int64_t id) MUST_CHECK;

/* For the nightly upkeep: challenges that are over. */
enum err passkey_purge(struct ctx *ctx) MUST_CHECK;

#endif
