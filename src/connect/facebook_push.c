/*
 * Genuine or not. A notice carries an HMAC of its bytes exactly as they came (Meta
 * signs its own escaped form), so they are hashed before anything is parsed. There
 * is no falling back to the older sha1 header. The subscription's question carries
 * a password of ours.
 */
#include "connect/facebook_push.h"

#include "base/crypto.h"
#include "connect/foreign.h"

#define CHALLENGE_MAX_DIGITS 64
#define SIGNATURE_PREFIX     "sha256="

static enum push_verdict verify_challenge(struct ctx *ctx, const char *query, const char **answer)
{
	const char *mode = foreign_query(ctx->arena, query, "hub.mode");
	const char *token = foreign_query(ctx->arena, query, "hub.verify_token");
	const char *challenge = foreign_query(ctx->arena, query, "hub.challenge");
	const char *wanted = ctx->config->facebook.verify_token;
	size_t digits;

	if (!mode || strcmp(mode, "subscribe") != 0 || !token || !*wanted ||
	    !crypto_equal(token, wanted))
		return PUSH_REFUSED;
	/* An integer, said back as it was written. */
	digits = challenge ? strspn(challenge, "0123456789") : 0;
	if (digits == 0 || digits > CHALLENGE_MAX_DIGITS || challenge[digits])
		return PUSH_MALFORMED;
	*answer = challenge;
	return PUSH_CHALLENGE;
}

static bool is_lower_hex(const char *text)
{
	return strspn(text, "0123456789abcdef") == strlen(text);
}

static bool is_signed(struct ctx *ctx, const struct push_request *request)
{
	const char *secret = ctx->config->facebook.app_secret;
	size_t prefix = strlen(SIGNATURE_PREFIX);
	uint8_t hash[CRYPTO_HASH_BYTES];
	const char *signature = request->signature;

	/* Without a secret anybody could sign. */
	if (!*secret || !signature || strncmp(signature, SIGNATURE_PREFIX, prefix) != 0)
		return false;
	signature += prefix;
	if (strlen(signature) != 2 * (size_t)CRYPTO_HASH_BYTES || !is_lower_hex(signature))
		return false;
	crypto_hmac(hash, secret, strlen(secret), request->body, request->length);
	/* Both are lower-case hexadecimal of one length: the same as comparing the bytes. */
	return crypto_equal(crypto_hex(ctx->arena, hash, sizeof(hash)), signature);
}

enum push_verdict facebook_push_verify(struct ctx *ctx, const struct push_request *request,
				       const char **answer)
{
	*answer = "";
	if (request->is_get)
		return verify_challenge(ctx, request->query ? request->query : "", answer);
	return is_signed(ctx, request) ? PUSH_ACCEPTED : PUSH_REFUSED;
}
