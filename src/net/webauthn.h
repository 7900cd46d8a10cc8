/*
 * Passkeys: what a browser answers when somebody registers one or signs in with it,
 * checked as W3C Web Authentication level 2 says (sections 7.1 and 7.2). Signatures and
 * keys are libfido2's; cbor.h and json.h stand before it.
 *
 * A ceremony has two halves here, because the challenge lies in the database: first
 * webauthn_challenge says which challenge a client answered, then, when that was found
 * and used up, one of the others checks the rest. *problem: what was wrong, in English,
 * for the log.
 *
 * Attestation is "none": which make of authenticator it is, is nobody's business. That
 * of a key by itself ("packed" without certificates) is verified, others are refused.
 */
#ifndef NET_WEBAUTHN_H
#define NET_WEBAUTHN_H

#include "base/ctx.h"
#include "base/slice.h"

#define WEBAUTHN_CREDENTIAL_ID_MAX 1023 /* level 2, section 4 */
#define WEBAUTHN_PUBLIC_KEY_MAX    1024
#define WEBAUTHN_PART_MAX          4096 /* client data, attestation object, signature … */

/* In this order of preference (RFC 8152, RFC 8812). */
#define WEBAUTHN_EDDSA (-8)
#define WEBAUTHN_ES256 (-7)
#define WEBAUTHN_RS256 (-257)

struct webauthn_site {
	const char *rp_id;  /* a host's name */
	const char *origin; /* https://host */
};
/*
 * False: browsers have no passkeys there. They want a name, not a number, and https
 * (but on "localhost"). base_url: config.site.base_url.
 */
bool webauthn_site_of(struct arena *arena, const char *base_url, struct webauthn_site *out);

#define WEBAUTHN_CREATE "webauthn.create"
#define WEBAUTHN_GET    "webauthn.get"
/*
 * Reads the client data: of that type, from this site's own pages. *challenge: as it was
 * sent, in base64url.
 */
bool webauthn_challenge(struct ctx *ctx, const struct webauthn_site *site, const char *type,
			struct slice client_data, const char **challenge,
			const char **problem) MUST_CHECK;

/* What is kept of a passkey. Slices point into what was read. */
struct webauthn_credential {
	struct slice id;
	int algorithm;
	struct slice public_key; /* as libfido2 has it, by algorithm */
	int64_t sign_count;
	bool is_verified; /* the person was: by PIN, finger, face */
};
bool webauthn_register(struct ctx *ctx, const struct webauthn_site *site, struct slice client_data,
		       struct slice attestation_object, struct webauthn_credential *out,
		       const char **problem) MUST_CHECK;

struct webauthn_assertion {
	struct slice client_data, authenticator_data, signature;
};
/*
 * Did that key sign it? known: id, algorithm and public_key; out: sign_count and
 * is_verified of now, for the caller to compare.
 */
bool webauthn_verify(struct ctx *ctx, const struct webauthn_site *site,
		     const struct webauthn_assertion *assertion,
		     const struct webauthn_credential *known, struct webauthn_credential *out,
		     const char **problem) MUST_CHECK;

#endif
