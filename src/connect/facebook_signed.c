/*
 * b64url(HMAC) "." b64url(JSON): the HMAC is over the second part as it stands, so
 * it is compared before anything is decoded.
 */
#include "connect/facebook_signed.h"

#include <strings.h>

#include "base/crypto.h"
#include "connect/facebook_call.h"
#include "connect/foreign.h"
#include "net/json.h"

#define SIGNED_MAX_BYTES 8192

static int digit_of(char c)
{
	return c >= 'A' && c <= 'Z'   ? c - 'A'
	       : c >= 'a' && c <= 'z' ? c - 'a' + 26
	       : c >= '0' && c <= '9' ? c - '0' + 52
	       : c == '-'             ? 62
	       : c == '_'             ? 63
				      : -1;
}

/*
 * base64url (RFC 4648 section 5), strict but for padding, which may be there or
 * not: no foreign character, no stray bits at the end. NULL: it is not.
 */
static char *decode(struct arena *arena, const char *text, size_t length, size_t *out_length)
{
	char *out = arena_alloc(arena, length + 1);
	uint32_t bits = 0;
	int count = 0;

	*out_length = 0;
	for (int padding = 0; padding < 2 && length > 0 && text[length - 1] == '='; padding++)
		length--;
	if (length % 4 == 1)
		return NULL;
	for (size_t i = 0; i < length; i++) {
		int digit = digit_of(text[i]);

		if (digit < 0)
			return NULL;
		bits = bits << 6 | (uint32_t)digit;
		count += 6;
		if (count >= 8) {
			count -= 8;
			out[(*out_length)++] = (char)(bits >> count & 0xFF);
		}
	}
	return (bits & ((1U << count) - 1)) == 0 ? out : NULL;
}

static bool is_ours(struct ctx *ctx, const char *text, const char *dot)
{
	const char *secret = ctx->config->facebook.app_secret;
	const char *payload = dot + 1;
	uint8_t hash[CRYPTO_HASH_BYTES];
	size_t length;
	const char *signature = decode(ctx->arena, text, (size_t)(dot - text), &length);

	if (!*secret || !signature || length != CRYPTO_HASH_BYTES)
		return false;
	crypto_hmac(hash, secret, strlen(secret), payload, strlen(payload));
	return crypto_equal(crypto_hex(ctx->arena, hash, sizeof(hash)),
			    crypto_hex(ctx->arena, signature, length));
}

static const char *id_at(const json_t *payload, const char *key)
{
	const char *id = json_text_at(payload, key);

	return id && fb_is_id(id) ? id : "";
}

bool facebook_signed_read(struct ctx *ctx, const char *text, struct facebook_signed *out)
{
	const char *dot = strchr(text, '.'), *problem, *bytes;
	const json_t *payload;
	int64_t expires;
	size_t length;

	*out = (struct facebook_signed){ .user_id = "", .profile_id = "" };
	if (strlen(text) > SIGNED_MAX_BYTES || !dot || strchr(dot + 1, '.') ||
	    !is_ours(ctx, text, dot))
		return false;
	bytes = decode(ctx->arena, dot + 1, strlen(dot + 1), &length);
	payload = bytes ? json_read(ctx, bytes, length, &problem) : NULL;
	if (!json_is_object(payload) ||
	    strcasecmp(json_text_or_empty(payload, "algorithm"), "HMAC-SHA256") != 0)
		return false;
	expires = foreign_time(json_text_at(payload, "expires"));
	if (expires > 0 && expires < ctx->now)
		return false;
	out->user_id = id_at(payload, "user_id");
	out->profile_id = id_at(payload, "profile_id");
	out->issued_at = foreign_time(json_text_at(payload, "issued_at"));
	return true;
}
